#include <napi.h>

#include <opencv2/imgproc.hpp>
#include <vector>

#include "addon_classes.h"
#include "addon_support.h"

namespace loci {

namespace {

/// `new Remap({ width, height, map })`: `map` holds for every pixel of the new image, row by row, the place (u, v) in the
/// old one that it shows. The table is made once, in fixed point; places outside the old image become 0.
class RemapObject : public Napi::ObjectWrap<RemapObject> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(
        env, "Remap",
        {InstanceMethod("colour", &RemapObject::colour), InstanceMethod("depth", &RemapObject::depth)});
  }

  explicit RemapObject(const Napi::CallbackInfo& info) : ObjectWrap(info) {
    const auto given = info[0].As<Napi::Object>();
    const int width = int(number(given, "width")), height = int(number(given, "height"));
    auto map = given.Get("map").As<Napi::Float32Array>();
    if (width <= 0 || height <= 0 || map.ElementLength() != size_t(width) * height * 2) {
      throw Napi::TypeError::New(info.Env(), "map must hold width × height places");
    }
    const cv::Mat places(height, width, CV_32FC2, map.Data());
    cv::convertMaps(places, cv::noArray(), bilinearPlaces_, bilinearWeights_, CV_16SC2);
    cv::convertMaps(places, cv::noArray(), nearestPlaces_, unused_, CV_16SC2, true);
  }

 private:
  /// `colour(image)` → promise of the new image's bytes, between four old pixels
  Napi::Value colour(const Napi::CallbackInfo& info) {
    const ImageView image = readImage(info[0].As<Napi::Object>());
    const auto work = [this, image] {
      const cv::Mat from(image.height, image.width, CV_8UC3, const_cast<uint8_t*>(image.data));
      std::vector<uint8_t> to(bilinearPlaces_.total() * 3);
      cv::Mat view(bilinearPlaces_.size(), CV_8UC3, to.data());
      cv::remap(from, view, bilinearPlaces_, bilinearWeights_, cv::INTER_LINEAR, cv::BORDER_CONSTANT);
      return to;
    };
    return Task<std::vector<uint8_t>>::run(info.Env(), keepAlive(info), work,
                                           [](Napi::Env env, std::vector<uint8_t>& bytes) -> Napi::Value {
                                             auto array = Napi::Uint8Array::New(env, bytes.size());
                                             std::copy(bytes.begin(), bytes.end(), array.Data());
                                             return array;
                                           });
  }

  /// `depth(image)` → promise of the new image's values, each that of the nearest old pixel
  Napi::Value depth(const Napi::CallbackInfo& info) {
    const DepthView depth = readDepth(info[0].As<Napi::Object>());
    const auto work = [this, depth] {
      const cv::Mat from(depth.camera.height, depth.camera.width, CV_16UC1, const_cast<uint16_t*>(depth.data));
      std::vector<uint16_t> to(nearestPlaces_.total());
      cv::Mat view(nearestPlaces_.size(), CV_16UC1, to.data());
      cv::remap(from, view, nearestPlaces_, cv::noArray(), cv::INTER_NEAREST, cv::BORDER_CONSTANT);
      return to;
    };
    return Task<std::vector<uint16_t>>::run(info.Env(), keepAlive(info), work,
                                            [](Napi::Env env, std::vector<uint16_t>& values) -> Napi::Value {
                                              auto array = Napi::Uint16Array::New(env, values.size());
                                              std::copy(values.begin(), values.end(), array.Data());
                                              return array;
                                            });
  }

  cv::Mat bilinearPlaces_, bilinearWeights_, nearestPlaces_, unused_;
};

}  // namespace

Napi::Function defineRemap(Napi::Env env) { return RemapObject::define(env); }

}  // namespace loci
