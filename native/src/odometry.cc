#include "odometry.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

namespace loci {

namespace {

// A camera that goes on as it went is half a second later still about where it would be expected.
constexpr int64_t kMaxPredictedMicros = 500'000;

double seconds(int64_t micros) { return double(micros) * 1e-6; }

}  // namespace

Odometry::Odometry(const OdometryOptions& options) : options_(options) {
  const Pinhole& camera = options.camera;
  reduction_ = trackingReduction(camera.width, camera.height);
  camera_ = camera.resized(camera.width / reduction_, camera.height / reduction_);
  focal_ = FocalCalibration(camera_);
  setInitialPose(options.initialWorldFromCamera);
}

void Odometry::setInitialPose(const Se3& worldFromCamera) {
  options_.initialWorldFromCamera = worldFromCamera;
  cameraFromWorld_ = worldFromCamera.inverse();
}

std::vector<FrameRecord> Odometry::track(const OdometryFrame& given) {
  OdometryFrame frame = given;
  if (options_.monocular) {
    frame.depth = DepthView();
  }
  if (frame.depth) {
    const int width = frame.depth.camera.width, height = frame.depth.camera.height;
    frame.depth.camera = options_.depthCamera.width > 0 ? options_.depthCamera : options_.camera.resized(width, height);
  }
  if (frame.image.width != options_.camera.width || frame.image.height != options_.camera.height) {
    throw std::runtime_error("the image is " + std::to_string(frame.image.width) + " × " +
                             std::to_string(frame.image.height) + " but the intrinsics are of " +
                             std::to_string(options_.camera.width) + " × " + std::to_string(options_.camera.height));
  }
  FramePyramid pyramid(frame.image, reduction_);
  revisions_.clear();
  std::vector<FrameRecord> records;
  if (phase_ == Phase::initialising) {
    records = initialise(frame, pyramid);
  } else {
    records.push_back(phase_ == Phase::empty ? startFrame(frame, pyramid) : trackFrame(frame, pyramid));
  }
  previous_ = std::move(pyramid);
  previousPts_ = frame.ptsMicros;
  records.insert(records.end(), revisions_.begin(), revisions_.end());
  return records;
}

void Odometry::exclude(int64_t ptsMicros, const ByteView& moving) { exclusions_.add(ptsMicros, moving); }

std::vector<FrameRecord> Odometry::finish() {
  revisions_.clear();
  takeAdjustment();
  releaseFinal(0);
  return revisions_;
}

FrameRecord Odometry::trackFrame(const OdometryFrame& frame, const FramePyramid& pyramid) {
  const FrameAlignment alignment = align(pyramid, frame.ptsMicros);
  // Following takes guesses only, so it need not wait for the adjustment that the last keyframe may have started.
  TrackedPixels followed = follow(trackedPixels(), pyramid, predict(alignment, frame.ptsMicros), FlowCare::usual);
  takeAdjustment();
  exclusions_.apply(map_, camera_, frame.index);
  std::erase_if(followed, [&](const auto& pixel) {
    const Landmark* landmark = map_.landmark(pixel.first);
    return landmark == nullptr || !landmark->tracked;
  });
  const Prediction prediction = predict(alignment, frame.ptsMicros);
  const TrackedPixels before = trackedPixels();
  std::optional<Located> located = lostFrames_ == 0 ? trackLandmarks(pyramid, prediction, followed) : std::nullopt;
  if (!located && options_.monocular && lostFrames_ == 0) {
    setTracked(follow(before, pyramid, turnOf(prediction), FlowCare::usual));
    located = trackTurn(before, prediction);
    if (!located && beginRestart(frame, prediction)) {
      return unlocated(frame);
    }
  }
  if (!located) {
    located = relocalise(pyramid);
  }
  if (!located) {
    return loseFrame(frame, pyramid, prediction);
  }
  const Se3& cameraFromWorld = located->cameraFromWorld;
  const int inliers = located->inliers;

  const double elapsed = std::max(1e-3, seconds(frame.ptsMicros - previousPts_));
  const Se3 worldFromCamera = cameraFromWorld.inverse(), worldFromPrevious = cameraFromWorld_.inverse();
  velocity_.head<3>() = logSo3(cameraFromWorld.rotation * worldFromPrevious.rotation) / elapsed;
  velocity_.tail<3>() = (worldFromCamera.translation - worldFromPrevious.translation) / elapsed;
  cameraFromWorld_ = cameraFromWorld;
  locatedPts_ = frame.ptsMicros;
  lostFrames_ = 0;

  const KeyframeReason reason = keyframeReason(cameraFromWorld, inliers, frame.ptsMicros);
  if (reason != KeyframeReason::none) {
    insertKeyframe(frame, pyramid, cameraFromWorld, inliers, reason);
  } else {
    Keyframe& keyframe = map_.keyframes.back();
    keyframe.frames.push_back({frame.ptsMicros, frame.index, inliers, int32_t(KeyframeReason::none), false,
                               cameraFromWorld * keyframe.cameraFromWorld.inverse()});
  }
  FrameRecord record = posed(frame, cameraFromWorld_, inliers);
  record.keyframe = reason;
  return record;
}

FrameAlignment Odometry::align(const FramePyramid& pyramid, int64_t ptsMicros) const {
  const double elapsed = seconds(std::min(kMaxPredictedMicros, ptsMicros - previousPts_));
  return alignFrames(previous_, pyramid, camera_, expSo3(velocity_.head<3>() * elapsed));
}

Odometry::Prediction Odometry::predict(const FrameAlignment& alignment, int64_t ptsMicros) const {
  const double elapsed = seconds(std::min(kMaxPredictedMicros, ptsMicros - previousPts_));
  Prediction prediction;
  prediction.alignment = alignment;
  const Eigen::Vector3d centre = cameraFromWorld_.inverse().translation + velocity_.tail<3>() * elapsed;
  prediction.cameraFromWorld.rotation = prediction.alignment.currentFromPrevious * cameraFromWorld_.rotation;
  prediction.cameraFromWorld.translation = -(prediction.cameraFromWorld.rotation * centre);
  return prediction;
}

Odometry::Prediction Odometry::turnOf(const Prediction& prediction) const {
  Prediction turn = prediction;
  turn.cameraFromWorld = {prediction.alignment.currentFromPrevious * cameraFromWorld_.rotation,
                          prediction.alignment.currentFromPrevious * cameraFromWorld_.translation};
  return turn;
}

FrameRecord Odometry::posed(const OdometryFrame& frame, const Se3& cameraFromWorld, int inliers) const {
  FrameRecord record;
  record.ptsMicros = frame.ptsMicros;
  record.index = frame.index;
  record.tracking = Tracking::tracked;
  record.hasPose = true;
  record.worldFromCamera = cameraFromWorld.inverse();
  record.inliers = inliers;
  record.subMap = subMap_;
  return record;
}

FrameRecord Odometry::unlocated(const OdometryFrame& frame) const {
  if (sceneDepth_ > 0 && frame.ptsMicros - locatedPts_ <= kMaxPredictedMicros) {
    FrameRecord record = posed(frame, cameraFromWorld_, 0);
    record.tracking = Tracking::predicted;
    return record;
  }
  const bool before = options_.monocular && sceneDepth_ == 0;
  return {frame.ptsMicros, frame.index, before ? Tracking::initialising : Tracking::lost};
}

std::vector<View> Odometry::takeViews() { return std::exchange(views_, {}); }

std::vector<ArchivedPoint> Odometry::points() const {
  std::vector<ArchivedPoint> points = archive_.points();
  for (const Landmark& landmark : map_.landmarks) {
    if (landmark.located && landmark.keyframeCount > 1) {
      points.push_back({landmark.position.cast<float>(), landmark.colour});
    }
  }
  return points;
}

Odometry::Intrinsics Odometry::intrinsics() const {
  Intrinsics known{options_.camera, 0};
  if (findsFocalLength()) {
    known.camera.fx = camera_.fx * options_.camera.width / camera_.width;
    known.camera.fy = camera_.fy * options_.camera.height / camera_.height;
    known.focalSigmaPixels = focal_.sigmaPixels() * options_.camera.width / camera_.width;
  }
  return known;
}

}  // namespace loci
