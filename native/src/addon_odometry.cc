#include <napi.h>

#include <memory>
#include <mutex>

#include "addon_classes.h"
#include "addon_support.h"
#include "addon_views.h"
#include "odometry.h"

namespace loci {

namespace {

constexpr size_t kRecordLength = 24;

/// Rows of float64: PTS µs, index, tracking, inliers, keyframe reason or −1, revision, has a pose, 16 pose
/// numbers, sub-map.
Napi::Value writeRecords(Napi::Env env, const std::vector<FrameRecord>& records) {
  auto rows = Napi::Float64Array::New(env, records.size() * kRecordLength);
  double* row = rows.Data();
  for (const FrameRecord& record : records) {
    row[0] = double(record.ptsMicros);
    row[1] = record.index;
    row[2] = double(record.tracking);
    row[3] = record.inliers;
    row[4] = double(record.keyframe);
    row[5] = record.revision;
    row[6] = record.hasPose;
    Eigen::Map<Eigen::Matrix<double, 4, 4, Eigen::RowMajor>> pose(row + 7);
    pose.setIdentity();
    pose.topLeftCorner<3, 3>() = record.worldFromCamera.rotation;
    pose.topRightCorner<3, 1>() = record.worldFromCamera.translation;
    row[kRecordLength - 1] = record.subMap;
    row += kRecordLength;
  }
  return rows;
}

/// `new Odometry({ intrinsics, depthIntrinsics?, monocular, refineIntrinsics } | Uint8Array snapshot)`
class OdometryObject : public Napi::ObjectWrap<OdometryObject> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "Odometry",
                       {InstanceMethod("setInitialPose", &OdometryObject::setInitialPose),
                        InstanceMethod("track", &OdometryObject::track),
                        InstanceMethod("exclude", &OdometryObject::exclude),
                        InstanceMethod("finish", &OdometryObject::finish),
                        InstanceMethod("intrinsics", &OdometryObject::intrinsics),
                        InstanceMethod("snapshot", &OdometryObject::snapshot),
                        InstanceMethod("takeViews", &OdometryObject::takeViews),
                        InstanceMethod("points", &OdometryObject::points)});
  }

  explicit OdometryObject(const Napi::CallbackInfo& info) : ObjectWrap(info) {
    if (info[0].IsTypedArray()) {
      const auto bytes = info[0].As<Napi::Uint8Array>();
      try {
        odometry_ = std::make_unique<Odometry>(Odometry::restore(bytes.Data(), bytes.ElementLength()));
      } catch (const std::runtime_error& error) {
        throw Napi::Error::New(info.Env(), error.what());
      }
      return;
    }
    const auto given = info[0].As<Napi::Object>();
    OdometryOptions options;
    options.camera = readPinhole(given.Get("intrinsics").As<Napi::Object>());
    if (given.Get("depthIntrinsics").IsObject()) {
      options.depthCamera = readPinhole(given.Get("depthIntrinsics").As<Napi::Object>());
    }
    options.monocular = given.Get("monocular").ToBoolean();
    options.refineIntrinsics = given.Get("refineIntrinsics").ToBoolean();
    odometry_ = std::make_unique<Odometry>(options);
  }

 private:
  void setInitialPose(const Napi::CallbackInfo& info) {
    const std::scoped_lock lock(mutex_);
    odometry_->setInitialPose(readPose(info[0].As<Napi::Array>()));
  }

  /// `track(ptsMicros, index, image, depth | undefined)` → promise of records
  Napi::Value track(const Napi::CallbackInfo& info) {
    OdometryFrame frame;
    frame.ptsMicros = int64_t(info[0].As<Napi::Number>().DoubleValue());
    frame.index = info[1].As<Napi::Number>().Int32Value();
    frame.image = readImage(info[2].As<Napi::Object>());
    if (info[3].IsObject()) {
      frame.depth = readDepth(info[3].As<Napi::Object>());
    }
    return Task<std::vector<FrameRecord>>::run(
        info.Env(), keepAlive(info),
        [this, frame] {
          const std::scoped_lock lock(mutex_);
          return odometry_->track(frame);
        },
        writeRecords);
  }

  /// `exclude(ptsMicros, moving)`
  void exclude(const Napi::CallbackInfo& info) {
    const ByteView moving = readBytes(info[1]);
    const std::scoped_lock lock(mutex_);
    odometry_->exclude(int64_t(info[0].As<Napi::Number>().DoubleValue()), moving);
  }

  Napi::Value finish(const Napi::CallbackInfo& info) {
    const std::scoped_lock lock(mutex_);
    return writeRecords(info.Env(), odometry_->finish());
  }

  /// `{ intrinsics, focalSigmaPixels }`
  Napi::Value intrinsics(const Napi::CallbackInfo& info) {
    const std::scoped_lock lock(mutex_);
    const Odometry::Intrinsics known = odometry_->intrinsics();
    auto answer = Napi::Object::New(info.Env());
    answer.Set("intrinsics", writePinhole(info.Env(), known.camera));
    answer.Set("focalSigmaPixels", known.focalSigmaPixels);
    return answer;
  }

  Napi::Value snapshot(const Napi::CallbackInfo& info) {
    const std::scoped_lock lock(mutex_);
    const std::vector<uint8_t> bytes = odometry_->snapshot();
    auto copy = Napi::Uint8Array::New(info.Env(), bytes.size());
    std::copy(bytes.begin(), bytes.end(), copy.Data());
    return copy;
  }

  /// Views packed one by one, in order of time.
  Napi::Value takeViews(const Napi::CallbackInfo& info) {
    const std::scoped_lock lock(mutex_);
    return writePacked(info.Env(), odometry_->takeViews());
  }

  Napi::Value points(const Napi::CallbackInfo& info) {
    const std::scoped_lock lock(mutex_);
    return writePoints(info.Env(), odometry_->points());
  }

  std::mutex mutex_;
  std::unique_ptr<Odometry> odometry_;
};

}  // namespace

Napi::Function defineOdometry(Napi::Env env) { return OdometryObject::define(env); }

}  // namespace loci
