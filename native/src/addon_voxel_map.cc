#include <napi.h>

#include <memory>
#include <mutex>

#include "addon_classes.h"
#include "addon_support.h"
#include "voxel_map.h"

namespace loci {

namespace {

/// `new VoxelMap({ voxelMetres, maxVoxels, intrinsics, depthIntrinsics? })`
class VoxelMapObject : public Napi::ObjectWrap<VoxelMapObject> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "VoxelMap",
                       {InstanceMethod("integrate", &VoxelMapObject::integrate),
                        InstanceMethod("add", &VoxelMapObject::add),
                        InstanceMethod("points", &VoxelMapObject::points),
                        InstanceMethod("voxelMetres", &VoxelMapObject::voxelMetres)});
  }

  explicit VoxelMapObject(const Napi::CallbackInfo& info) : ObjectWrap(info) {
    const auto given = info[0].As<Napi::Object>();
    camera_ = readPinhole(given.Get("intrinsics").As<Napi::Object>());
    if (given.Get("depthIntrinsics").IsObject()) {
      depthCamera_ = readPinhole(given.Get("depthIntrinsics").As<Napi::Object>());
    }
    map_ = std::make_unique<VoxelMap>(number(given, "voxelMetres"), size_t(number(given, "maxVoxels")));
  }

 private:
  /// `integrate(image, depth, worldFromCamera)` → promise
  Napi::Value integrate(const Napi::CallbackInfo& info) {
    const ImageView image = readImage(info[0].As<Napi::Object>());
    DepthView depth = readDepth(info[1].As<Napi::Object>());
    const Se3 pose = readPose(info[2].As<Napi::Array>());
    depth.camera = depthCamera_.width > 0 ? depthCamera_ : camera_.resized(depth.camera.width, depth.camera.height);
    return Task<bool>::run(
        info.Env(), keepAlive(info),
        [this, image, depth, pose] {
          const std::scoped_lock lock(mutex_);
          map_->integrate(image, camera_, depth, pose);
          return true;
        },
        [](Napi::Env env, bool&) { return env.Undefined(); });
  }

  /// `add(positions, colours)`
  void add(const Napi::CallbackInfo& info) {
    const auto positions = info[0].As<Napi::Float32Array>();
    const auto colours = info[1].As<Napi::Uint8Array>();
    const std::scoped_lock lock(mutex_);
    for (size_t i = 0; 3 * i + 2 < std::min(positions.ElementLength(), colours.ElementLength()); ++i) {
      const float* p = positions.Data() + 3 * i;
      const uint8_t* c = colours.Data() + 3 * i;
      map_->add({{p[0], p[1], p[2]}, {c[0], c[1], c[2]}});
    }
  }

  Napi::Value points(const Napi::CallbackInfo& info) {
    const std::scoped_lock lock(mutex_);
    return writePoints(info.Env(), map_->points());
  }

  Napi::Value voxelMetres(const Napi::CallbackInfo& info) {
    const std::scoped_lock lock(mutex_);
    return Napi::Number::New(info.Env(), map_->voxelMetres());
  }

  std::mutex mutex_;
  Pinhole camera_, depthCamera_;
  std::unique_ptr<VoxelMap> map_;
};

}  // namespace

Napi::Function defineVoxelMap(Napi::Env env) { return VoxelMapObject::define(env); }

}  // namespace loci
