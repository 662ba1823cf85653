#include <napi.h>

#include <memory>
#include <mutex>

#include "addon_classes.h"
#include "addon_support.h"
#include "voxel_map.h"

namespace loci {

namespace {

Napi::Object writeMapPoints(Napi::Env env, const std::vector<VoxelMap::Point>& points) {
  Napi::Object cloud = writePoints(env, points);
  auto normals = Napi::Int8Array::New(env, points.size() * 3);
  auto confidences = Napi::Uint8Array::New(env, points.size());
  auto firstSeen = Napi::Float64Array::New(env, points.size());
  auto lastSeen = Napi::Float64Array::New(env, points.size());
  for (size_t i = 0; i < points.size(); ++i) {
    for (size_t axis = 0; axis < 3; ++axis) {
      normals.Data()[3 * i + axis] = int8_t(std::lround(127 * points[i].normal[Eigen::Index(axis)]));
    }
    confidences.Data()[i] = points[i].confidence;
    firstSeen.Data()[i] = double(points[i].firstSeenMicros);
    lastSeen.Data()[i] = double(points[i].lastSeenMicros);
  }
  cloud.Set("normals", normals);
  cloud.Set("confidences", confidences);
  cloud.Set("firstSeenMicros", firstSeen);
  cloud.Set("lastSeenMicros", lastSeen);
  return cloud;
}

/// `new VoxelMap({ voxelMetres, maxVoxels, folder?, intrinsics, depthIntrinsics? })`
class VoxelMapObject : public Napi::ObjectWrap<VoxelMapObject> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "VoxelMap",
                       {InstanceMethod("integrate", &VoxelMapObject::integrate),
                        InstanceMethod("correct", &VoxelMapObject::correct),
                        InstanceMethod("tiles", &VoxelMapObject::tiles),
                        InstanceMethod("tilePoints", &VoxelMapObject::tilePoints),
                        InstanceMethod("points", &VoxelMapObject::points),
                        InstanceMethod("voxelMetres", &VoxelMapObject::voxelMetres),
                        InstanceMethod("voxels", &VoxelMapObject::voxels),
                        InstanceMethod("heldVoxels", &VoxelMapObject::heldVoxels)});
  }

  explicit VoxelMapObject(const Napi::CallbackInfo& info) : ObjectWrap(info) {
    const auto given = info[0].As<Napi::Object>();
    camera_ = readPinhole(given.Get("intrinsics").As<Napi::Object>());
    if (given.Get("depthIntrinsics").IsObject()) {
      depthCamera_ = readPinhole(given.Get("depthIntrinsics").As<Napi::Object>());
    }
    VoxelMap::Options options{number(given, "voxelMetres"), size_t(number(given, "maxVoxels"))};
    if (given.Get("folder").IsString()) {
      options.folder = given.Get("folder").As<Napi::String>().Utf8Value();
    }
    map_ = std::make_unique<VoxelMap>(options);
  }

 private:
  /// `integrate(ptsMicros, image, depth, worldFromCamera, confidence?, moving?)` → promise
  Napi::Value integrate(const Napi::CallbackInfo& info) {
    VoxelMap::Frame frame;
    frame.ptsMicros = int64_t(info[0].As<Napi::Number>().DoubleValue());
    frame.image = readImage(info[1].As<Napi::Object>());
    frame.depth = readDepth(info[2].As<Napi::Object>());
    frame.worldFromCamera = readPose(info[3].As<Napi::Array>());
    frame.confidence = readBytes(info[4]);
    frame.moving = readBytes(info[5]);
    Pinhole& depthCamera = frame.depth.camera;
    depthCamera = depthCamera_.width > 0 ? depthCamera_ : camera_.resized(depthCamera.width, depthCamera.height);
    return Task<bool>::run(
        info.Env(), keepAlive(info),
        [this, frame] {
          const std::scoped_lock lock(mutex_);
          map_->integrate(camera_, frame);
          return true;
        },
        [](Napi::Env env, bool&) { return env.Undefined(); });
  }

  /// `correct([{ ptsMicros, from, to, scale? }])` → promise
  Napi::Value correct(const Napi::CallbackInfo& info) {
    const auto given = info[0].As<Napi::Array>();
    std::vector<VoxelMap::Correction> corrections(given.Length());
    for (uint32_t i = 0; i < given.Length(); ++i) {
      const auto one = given.Get(i).As<Napi::Object>();
      corrections[i].ptsMicros = int64_t(number(one, "ptsMicros"));
      corrections[i].from = readPose(one.Get("from").As<Napi::Array>());
      corrections[i].to = readPose(one.Get("to").As<Napi::Array>());
      corrections[i].scale = one.Get("scale").IsNumber() ? number(one, "scale") : 1;
    }
    return Task<bool>::run(
        info.Env(), keepAlive(info),
        [this, corrections = std::move(corrections)] {
          const std::scoped_lock lock(mutex_);
          map_->correct(corrections);
          return true;
        },
        [](Napi::Env env, bool&) { return env.Undefined(); });
  }

  /// `tiles()` → the keys of all tiles, as decimal strings
  Napi::Value tiles(const Napi::CallbackInfo& info) {
    const std::scoped_lock lock(mutex_);
    const std::vector<uint64_t> keys = map_->tiles();
    auto names = Napi::Array::New(info.Env(), keys.size());
    for (size_t i = 0; i < keys.size(); ++i) {
      names.Set(uint32_t(i), std::to_string(keys[i]));
    }
    return names;
  }

  Napi::Value tilePoints(const Napi::CallbackInfo& info) {
    const std::scoped_lock lock(mutex_);
    return writeMapPoints(info.Env(), map_->points(std::stoull(info[0].As<Napi::String>().Utf8Value())));
  }

  Napi::Value points(const Napi::CallbackInfo& info) {
    const std::scoped_lock lock(mutex_);
    return writeMapPoints(info.Env(), map_->points());
  }

  Napi::Value voxelMetres(const Napi::CallbackInfo& info) {
    const std::scoped_lock lock(mutex_);
    return Napi::Number::New(info.Env(), map_->voxelMetres());
  }

  Napi::Value voxels(const Napi::CallbackInfo& info) {
    const std::scoped_lock lock(mutex_);
    return Napi::Number::New(info.Env(), double(map_->voxels()));
  }

  Napi::Value heldVoxels(const Napi::CallbackInfo& info) {
    const std::scoped_lock lock(mutex_);
    return Napi::Number::New(info.Env(), double(map_->heldVoxels()));
  }

  std::mutex mutex_;
  Pinhole camera_, depthCamera_;
  std::unique_ptr<VoxelMap> map_;
};

}  // namespace

Napi::Function defineVoxelMap(Napi::Env env) { return VoxelMapObject::define(env); }

}  // namespace loci
