#include <napi.h>

#include <memory>
#include <mutex>

#include "addon_classes.h"
#include "addon_support.h"
#include "view_depth.h"

namespace loci {

namespace {

Napi::Object image(Napi::Env env, const EstimatedDepth& estimated, Napi::Value data) {
  auto image = Napi::Object::New(env);
  image.Set("width", estimated.width);
  image.Set("height", estimated.height);
  image.Set("data", data);
  return image;
}

Napi::Uint8Array bytes(Napi::Env env, const std::vector<uint8_t>& values) {
  auto copy = Napi::Uint8Array::New(env, values.size());
  std::copy(values.begin(), values.end(), copy.Data());
  return copy;
}

Napi::Array writePose(Napi::Env env, const Se3& pose) {
  Eigen::Matrix<double, 4, 4, Eigen::RowMajor> matrix = Eigen::Matrix4d::Identity();
  matrix.topLeftCorner<3, 3>() = pose.rotation;
  matrix.topRightCorner<3, 1>() = pose.translation;
  auto numbers = Napi::Array::New(env, 16);
  for (uint32_t i = 0; i < 16; ++i) {
    numbers.Set(i, matrix.data()[i]);
  }
  return numbers;
}

/// `[{ ptsMicros, worldFromCamera, image, depth, confidence }]`
Napi::Value writeDepths(Napi::Env env, const std::vector<EstimatedDepth>& depths) {
  auto answers = Napi::Array::New(env, depths.size());
  for (size_t i = 0; i < depths.size(); ++i) {
    const EstimatedDepth& estimated = depths[i];
    auto data = Napi::Uint16Array::New(env, estimated.depths.size());
    std::copy(estimated.depths.begin(), estimated.depths.end(), data.Data());
    auto depth = image(env, estimated, data);
    depth.Set("metresPerUnit", estimated.unit);
    auto answer = Napi::Object::New(env);
    answer.Set("ptsMicros", double(estimated.ptsMicros));
    answer.Set("worldFromCamera", writePose(env, estimated.worldFromCamera));
    answer.Set("image", image(env, estimated, bytes(env, estimated.colours)));
    answer.Set("depth", depth);
    answer.Set("confidence", image(env, estimated, bytes(env, estimated.confidences)));
    answers.Set(uint32_t(i), answer);
  }
  return answers;
}

/// `new ViewDepth({ intrinsics })`
class ViewDepthObject : public Napi::ObjectWrap<ViewDepthObject> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "ViewDepth",
                       {InstanceMethod("add", &ViewDepthObject::add),
                        InstanceMethod("finish", &ViewDepthObject::finish)});
  }

  explicit ViewDepthObject(const Napi::CallbackInfo& info)
      : ObjectWrap(info),
        estimator_(readPinhole(info[0].As<Napi::Object>().Get("intrinsics").As<Napi::Object>())) {}

 private:
  /// `add(ptsMicros, image, worldFromCamera)` → promise of depths
  Napi::Value add(const Napi::CallbackInfo& info) {
    const auto ptsMicros = int64_t(info[0].As<Napi::Number>().DoubleValue());
    const ImageView image = readImage(info[1].As<Napi::Object>());
    const Se3 pose = readPose(info[2].As<Napi::Array>());
    return Task<std::vector<EstimatedDepth>>::run(
        info.Env(), keepAlive(info),
        [this, ptsMicros, image, pose] {
          const std::scoped_lock lock(mutex_);
          return estimator_.add(ptsMicros, image, pose);
        },
        writeDepths);
  }

  /// `finish()` → promise of depths
  Napi::Value finish(const Napi::CallbackInfo& info) {
    return Task<std::vector<EstimatedDepth>>::run(
        info.Env(), keepAlive(info),
        [this] {
          const std::scoped_lock lock(mutex_);
          return estimator_.finish();
        },
        writeDepths);
  }

  std::mutex mutex_;
  ViewDepth estimator_;
};

}  // namespace

Napi::Function defineViewDepth(Napi::Env env) { return ViewDepthObject::define(env); }

}  // namespace loci
