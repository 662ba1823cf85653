#include <napi.h>

#include <mutex>

#include "addon_classes.h"
#include "addon_support.h"
#include "moving_pixels.h"

namespace loci {

namespace {

/// `new MovingPixels({ intrinsics, depthIntrinsics? })`
class MovingPixelsObject : public Napi::ObjectWrap<MovingPixelsObject> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "MovingPixels",
                       {InstanceMethod("add", &MovingPixelsObject::add),
                        InstanceMethod("remember", &MovingPixelsObject::remember),
                        InstanceMethod("move", &MovingPixelsObject::move)});
  }

  explicit MovingPixelsObject(const Napi::CallbackInfo& info) : ObjectWrap(info) {
    const auto given = info[0].As<Napi::Object>();
    camera_ = readPinhole(given.Get("intrinsics").As<Napi::Object>());
    if (given.Get("depthIntrinsics").IsObject()) {
      depthCamera_ = readPinhole(given.Get("depthIntrinsics").As<Napi::Object>());
    }
  }

 private:
  struct Seen {
    int64_t ptsMicros;
    DepthView depth;
    Se3 worldFromCamera;
  };

  /// `(ptsMicros, depth, worldFromCamera)`
  Seen readSeen(const Napi::CallbackInfo& info) const {
    DepthView depth = readDepth(info[1].As<Napi::Object>());
    depth.camera = depthCamera_.width > 0 ? depthCamera_ : camera_.resized(depth.camera.width, depth.camera.height);
    return {int64_t(info[0].As<Napi::Number>().DoubleValue()), depth, readPose(info[2].As<Napi::Array>())};
  }

  /// `add(ptsMicros, depth, worldFromCamera)` → promise of `{ width, height, data }` or undefined
  Napi::Value add(const Napi::CallbackInfo& info) {
    return Task<MovingPixels::Mask>::run(
        info.Env(), keepAlive(info),
        [this, seen = readSeen(info)] {
          const std::scoped_lock lock(mutex_);
          return moving_.add(seen.ptsMicros, seen.depth, seen.worldFromCamera);
        },
        [](Napi::Env env, MovingPixels::Mask& mask) -> Napi::Value {
          if (mask.data.empty()) {
            return env.Undefined();
          }
          auto data = Napi::Uint8Array::New(env, mask.data.size());
          std::copy(mask.data.begin(), mask.data.end(), data.Data());
          auto image = Napi::Object::New(env);
          image.Set("width", mask.width);
          image.Set("height", mask.height);
          image.Set("data", data);
          return image;
        });
  }

  void remember(const Napi::CallbackInfo& info) {
    const Seen seen = readSeen(info);
    const std::scoped_lock lock(mutex_);
    moving_.remember(seen.ptsMicros, seen.depth, seen.worldFromCamera);
  }

  /// `move(ptsMicros, worldFromCamera, scale)`
  void move(const Napi::CallbackInfo& info) {
    const auto ptsMicros = int64_t(info[0].As<Napi::Number>().DoubleValue());
    const Se3 pose = readPose(info[1].As<Napi::Array>());
    const double scale = info[2].As<Napi::Number>().DoubleValue();
    const std::scoped_lock lock(mutex_);
    moving_.move(ptsMicros, pose, scale);
  }

  std::mutex mutex_;
  Pinhole camera_, depthCamera_;
  MovingPixels moving_;
};

}  // namespace

Napi::Function defineMovingPixels(Napi::Env env) { return MovingPixelsObject::define(env); }

}  // namespace loci
