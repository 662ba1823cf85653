#include <napi.h>

#include <atomic>
#include <memory>
#include <mutex>

#include "addon_classes.h"
#include "addon_support.h"
#include "addon_views.h"
#include "session_map.h"

namespace loci {

namespace {

constexpr size_t kCorrectionLength = 35;

void writePose(double* numbers, const Se3& pose) {
  Eigen::Map<Eigen::Matrix<double, 4, 4, Eigen::RowMajor>> matrix(numbers);
  matrix.setIdentity();
  matrix.topLeftCorner<3, 3>() = pose.rotation;
  matrix.topRightCorner<3, 1>() = pose.translation;
}

/// `new SessionMap({ metric, refineFocal })`
class SessionMapObject : public Napi::ObjectWrap<SessionMapObject> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "SessionMap",
                       {InstanceMethod("add", &SessionMapObject::add),
                        InstanceMethod("restore", &SessionMapObject::restore),
                        InstanceMethod("adjust", &SessionMapObject::adjust),
                        InstanceMethod("isAdjusted", &SessionMapObject::isAdjusted),
                        InstanceMethod("camera", &SessionMapObject::camera),
                        InstanceMethod("locateIn", &SessionMapObject::locateIn),
                        InstanceMethod("views", &SessionMapObject::views),
                        InstanceMethod("corrections", &SessionMapObject::corrections),
                        InstanceMethod("points", &SessionMapObject::points),
                        InstanceMethod("apart", &SessionMapObject::apart),
                        InstanceMethod("cancel", &SessionMapObject::cancel)});
  }

  explicit SessionMapObject(const Napi::CallbackInfo& info)
      : ObjectWrap(info),
        map_(info[0].As<Napi::Object>().Get("metric").ToBoolean() ? Units::same : Units::unknown,
             info[0].As<Napi::Object>().Get("refineFocal").ToBoolean()) {}

 private:
  /// `add(views)` → promise of the views as they are kept
  Napi::Value add(const Napi::CallbackInfo& info) {
    auto views = std::make_shared<std::vector<View>>(readPacked<View>(info[0].As<Napi::Array>()));
    return Task<std::vector<MappedView>>::run(
        info.Env(), keepAlive(info),
        [this, views] {
          const std::scoped_lock lock(mutex_);
          std::vector<MappedView> kept;
          for (View& view : *views) {
            if (const auto number = map_.add(std::move(view))) {
              kept.push_back(map_.views()[size_t(*number)]);
            }
          }
          return kept;
        },
        [](Napi::Env env, std::vector<MappedView>& kept) { return writePacked(env, kept); });
  }

  void restore(const Napi::CallbackInfo& info) {
    const std::scoped_lock lock(mutex_);
    map_.restore(readPacked<MappedView>(info[0].As<Napi::Array>()));
  }

  /// `adjust()` → promise of nothing
  Napi::Value adjust(const Napi::CallbackInfo& info) {
    return Task<bool>::run(
        info.Env(), keepAlive(info),
        [this] {
          const std::scoped_lock lock(mutex_);
          map_.adjust(cancelled_);
          return true;
        },
        [](Napi::Env env, bool&) { return env.Undefined(); });
  }

  /// `locateIn(other)` → promise of `{ metresPerUnit, pose }` or undefined
  Napi::Value locateIn(const Napi::CallbackInfo& info) {
    SessionMapObject* known = Unwrap(info[0].As<Napi::Object>());
    return Task<std::optional<Sim3>>::run(
        info.Env(), keepAlive(info),
        [this, known] {
          const std::scoped_lock lock(mutex_, known->mutex_);
          return map_.locateIn(known->map_, cancelled_);
        },
        [](Napi::Env env, std::optional<Sim3>& found) -> Napi::Value {
          if (!found) {
            return env.Undefined();
          }
          auto pose = Napi::Float64Array::New(env, 16);
          writePose(pose.Data(), found->motion);
          auto similarity = Napi::Object::New(env);
          similarity.Set("metresPerUnit", found->scale);
          similarity.Set("pose", pose);
          return similarity;
        });
  }

  Napi::Value isAdjusted(const Napi::CallbackInfo& info) {
    const std::scoped_lock lock(mutex_);
    return Napi::Boolean::New(info.Env(), !map_.views().empty() && map_.views().back().adjusted);
  }

  /// `{ fx, fy, cx, cy, width, height }` of the newest whole view, or undefined.
  Napi::Value camera(const Napi::CallbackInfo& info) {
    const std::scoped_lock lock(mutex_);
    const std::optional<Pinhole> camera = map_.camera();
    return camera ? writePinhole(info.Env(), *camera) : info.Env().Undefined();
  }

  /// All views as they are kept.
  Napi::Value views(const Napi::CallbackInfo& info) {
    const std::scoped_lock lock(mutex_);
    return writePacked(info.Env(), map_.views());
  }

  /// Rows of float64: PTS µs, sub-map, scale, 16 numbers of the pose as tracked, 16 of the pose as adjusted.
  Napi::Value corrections(const Napi::CallbackInfo& info) {
    const std::scoped_lock lock(mutex_);
    auto rows = Napi::Float64Array::New(info.Env(), map_.views().size() * kCorrectionLength);
    double* row = rows.Data();
    for (const MappedView& mapped : map_.views()) {
      row[0] = double(mapped.view.ptsMicros);
      row[1] = mapped.view.subMap;
      row[2] = mapped.placed().scale;
      writePose(row + 3, mapped.view.worldFromCamera);
      writePose(row + 19, mapped.placed().motion);
      row += kCorrectionLength;
    }
    return rows;
  }

  Napi::Value points(const Napi::CallbackInfo& info) {
    const std::scoped_lock lock(mutex_);
    return writePoints(info.Env(), map_.points());
  }

  /// Pairs of PTS µs.
  Napi::Value apart(const Napi::CallbackInfo& info) {
    const std::scoped_lock lock(mutex_);
    auto spans = Napi::Float64Array::New(info.Env(), map_.apart().size() * 2);
    for (size_t i = 0; i < map_.apart().size(); ++i) {
      spans[2 * i] = double(map_.apart()[i].fromPtsMicros);
      spans[2 * i + 1] = double(map_.apart()[i].toPtsMicros);
    }
    return spans;
  }

  void cancel(const Napi::CallbackInfo&) { cancelled_ = true; }

  std::mutex mutex_;
  std::atomic<bool> cancelled_ = false;
  SessionMap map_;
};

}  // namespace

Napi::Function defineSessionMap(Napi::Env env) { return SessionMapObject::define(env); }

}  // namespace loci
