#include <napi.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <mutex>

#include "addon_classes.h"
#include "addon_support.h"
#include "hole_filling.h"
#include "picture_matching.h"
#include "splat_renderer.h"
#include "view_blending.h"

namespace loci {

namespace {

constexpr int kReferenceMapWidth = 320;

/// Where a rendering is written to; the buffers belong to the caller.
struct Target {
  uint8_t* colour = nullptr;
  uint16_t* depth = nullptr;
  uint8_t* visibility = nullptr;
  double metresPerUnit = 0;
};

template <class Array>
auto* bufferOf(const Napi::Object& object, const char* name, size_t length) {
  auto array = object.Get(name).As<Array>();
  if (array.ElementLength() < length) {
    throw Napi::TypeError::New(object.Env(), std::string(name) + " is smaller than the picture");
  }
  return array.Data();
}

Target readTarget(const Napi::Object& object, const Pinhole& camera) {
  const size_t pixels = size_t(camera.width) * size_t(camera.height);
  return {bufferOf<Napi::Uint8Array>(object, "colour", 3 * pixels),
          bufferOf<Napi::Uint16Array>(object, "depth", pixels),
          bufferOf<Napi::Uint8Array>(object, "visibility", pixels), number(object, "metresPerUnit")};
}

void write(const SplatImage& image, const Target& target) {
  std::copy(image.colour.begin(), image.colour.end(), target.colour);
  const float unitsPerMetre = float(1 / target.metresPerUnit);
  for (size_t pixel = 0; pixel < image.depth.size(); ++pixel) {
    const float z = image.depth[pixel];
    target.depth[pixel] = z == 0 ? 0 : uint16_t(std::clamp(z * unitsPerMetre + 0.5f, 1.0f, 65535.0f));
    target.visibility[pixel] = z == 0 ? 0 : 255;
  }
}

/// `new SplatRenderer({ positions, colours })`
class SplatRendererObject : public Napi::ObjectWrap<SplatRendererObject> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "SplatRenderer",
                       {InstanceMethod("render", &SplatRendererObject::render),
                        InstanceMethod("addReference", &SplatRendererObject::addReference),
                        InstanceMethod("dropReference", &SplatRendererObject::dropReference),
                        InstanceMethod("visiblePoints", &SplatRendererObject::visiblePoints),
                        InstanceMethod("spacing", &SplatRendererObject::spacing)});
  }

  explicit SplatRendererObject(const Napi::CallbackInfo& info) : ObjectWrap(info) {
    const auto given = info[0].As<Napi::Object>();
    const auto positions = given.Get("positions").As<Napi::Float32Array>();
    const auto colours = given.Get("colours").As<Napi::Uint8Array>();
    const size_t count = std::min(positions.ElementLength(), colours.ElementLength()) / 3;
    renderer_ = std::make_unique<SplatRenderer>(CloudView{positions.Data(), colours.Data(), count});
  }

 private:
  /// `render(worldFromCamera, intrinsics, { colour, depth, visibility, metresPerUnit }, referenceIds)` → promise
  Napi::Value render(const Napi::CallbackInfo& info) {
    const Se3 pose = readPose(info[0].As<Napi::Array>());
    const Pinhole camera = readPinhole(info[1].As<Napi::Object>());
    const Target target = readTarget(info[2].As<Napi::Object>(), camera);
    const auto ids = info[3].As<Napi::Array>();
    std::vector<std::shared_ptr<const ReferenceView>> references;
    for (uint32_t i = 0; i < ids.Length(); ++i) {
      references.push_back(references_.at(ids.Get(i).As<Napi::Number>().Int64Value()));
    }
    return Task<bool>::run(
        info.Env(), keepAlive(info),
        [this, pose, camera, target, references = std::move(references)] {
          const std::scoped_lock lock(mutex_);
          renderer_->render(camera, pose, image_);
          fillHoles(image_);
          if (!references.empty()) {
            std::vector<const ReferenceView*> views;
            for (const auto& reference : references) {
              views.push_back(reference.get());
            }
            blendReferences(image_, pose, views, 2 * renderer_->spacing());
          }
          write(image_, target);
          return true;
        },
        [](Napi::Env env, bool&) { return env.Undefined(); });
  }

  /// `addReference(id, image, intrinsics, worldFromCamera)` → promise; the image is copied
  Napi::Value addReference(const Napi::CallbackInfo& info) {
    const int64_t id = info[0].As<Napi::Number>().Int64Value();
    const ImageView image = readImage(info[1].As<Napi::Object>());
    const Pinhole camera = readPinhole(info[2].As<Napi::Object>()).resized(image.width, image.height);
    const Se3 pose = readPose(info[3].As<Napi::Array>());
    auto reference = std::make_shared<ReferenceView>();
    references_[id] = reference;
    return Task<bool>::run(
        info.Env(), keepAlive(info),
        [this, image, camera, pose, reference] {
          const int width = std::min(camera.width, kReferenceMapWidth);
          const int height = std::max(1, camera.height * width / camera.width);
          reference->camera = camera;
          reference->worldFromCamera = pose;
          reference->colour.assign(image.data, image.data + size_t(image.width) * size_t(image.height) * 3);
          const std::scoped_lock lock(mutex_);
          renderer_->render(camera.resized(width, height), pose, reference->map);
          return true;
        },
        [](Napi::Env env, bool&) { return env.Undefined(); });
  }

  /// `dropReference(id)`
  void dropReference(const Napi::CallbackInfo& info) { references_.erase(info[0].As<Napi::Number>().Int64Value()); }

  /// `visiblePoints(worldFromCamera, intrinsics)` → promise of a bit for each point, in 32-bit words
  Napi::Value visiblePoints(const Napi::CallbackInfo& info) {
    const Se3 pose = readPose(info[0].As<Napi::Array>());
    const Pinhole camera = readPinhole(info[1].As<Napi::Object>());
    return Task<std::vector<uint32_t>>::run(
        info.Env(), keepAlive(info),
        [this, pose, camera] {
          const std::scoped_lock lock(mutex_);
          return renderer_->visiblePoints(camera, pose);
        },
        [](Napi::Env env, std::vector<uint32_t>& words) {
          auto bits = Napi::Uint32Array::New(env, words.size());
          std::copy(words.begin(), words.end(), bits.Data());
          return bits;
        });
  }

  Napi::Value spacing(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), renderer_->spacing()); }

  std::mutex mutex_;  ///< guards the renderer and its image; `references_` belongs to the event loop alone
  std::unique_ptr<SplatRenderer> renderer_;
  SplatImage image_;
  std::map<int64_t, std::shared_ptr<ReferenceView>> references_;
};

/// `countKeptMatches(first, second)` → promise of `{ confident, kept }`
Napi::Value countMatches(const Napi::CallbackInfo& info) {
  const ImageView first = readImage(info[0].As<Napi::Object>()), second = readImage(info[1].As<Napi::Object>());
  if (first.width != second.width || first.height != second.height) {
    throw Napi::TypeError::New(info.Env(), "both pictures must be of one size");
  }
  return Task<MatchCount>::run(
      info.Env(), keepAlive(info), [first, second] { return countKeptMatches(first, second); },
      [](Napi::Env env, MatchCount& count) {
        auto answer = Napi::Object::New(env);
        answer.Set("confident", count.confident);
        answer.Set("kept", count.kept);
        return answer;
      });
}

}  // namespace

Napi::Function defineSplatRenderer(Napi::Env env) { return SplatRendererObject::define(env); }

Napi::Function definePictureMatching(Napi::Env env) { return Napi::Function::New(env, countMatches, "countKeptMatches"); }

}  // namespace loci
