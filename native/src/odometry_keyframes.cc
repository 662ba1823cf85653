#include "odometry.h"

#include <algorithm>

#include "feature_grid.h"
#include "median.h"

namespace loci {

namespace {

constexpr double kKeyframeInlierShare = 0.7;        // of what the last keyframe saw
constexpr double kKeyframeTranslationShare = 0.05;  // of the median depth of the scene
constexpr double kKeyframeTurnRadians = 0.1;
constexpr int64_t kKeyframeMicros = 2'000'000;

}  // namespace

KeyframeReason Odometry::keyframeReason(const Se3& cameraFromWorld, int inliers, int64_t ptsMicros) const {
  if (inliers < kKeyframeInlierShare * keyframeInliers_) {
    return KeyframeReason::overlap;
  }
  const Se3 motion = cameraFromWorld * map_.keyframes.back().cameraFromWorld.inverse();
  if (motion.translation.norm() > kKeyframeTranslationShare * sceneDepth_ ||
      rotationAngle(motion.rotation) > kKeyframeTurnRadians) {
    return KeyframeReason::motion;
  }
  return ptsMicros - keyframePts_ > kKeyframeMicros ? KeyframeReason::time : KeyframeReason::none;
}

void Odometry::insertKeyframe(const OdometryFrame& frame, const FramePyramid& pyramid, const Se3& cameraFromWorld,
                              int inliers, KeyframeReason reason) {
  Keyframe& keyframe = map_.addKeyframe(cameraFromWorld);
  const int id = keyframe.id;
  keyframe.subMap = subMap_;
  keyframe.frames.push_back({frame.ptsMicros, frame.index, inliers, int32_t(reason), false, Se3{}});
  observeTracked(frame, id);
  detectLandmarks(frame, pyramid, id);
  describeTracked(pyramid);
  map_.locateLandmarks(camera_);
  keyframePts_ = frame.ptsMicros;
  if (findsFocalLength()) {
    focal_.keyframeAdded();
  }
  if (map_.keyframes.size() > 1) {
    startAdjustment();
  } else {
    settleKeyframe();
  }
}

void Odometry::observeTracked(const OdometryFrame& frame, int keyframe) {
  for (Landmark& landmark : map_.landmarks) {
    if (landmark.tracked) {
      const float depth = frame.depth ? frame.depth.along(camera_.ray(landmark.pixel.cast<double>())) : 0;
      landmark.observations.push_back({keyframe, landmark.pixel, depth});
      ++landmark.keyframeCount;
    }
  }
}

void Odometry::detectLandmarks(const OdometryFrame& frame, const FramePyramid& pyramid, int keyframe) {
  std::vector<cv::Point2f> occupied;
  for (const Landmark& landmark : map_.landmarks) {
    if (landmark.tracked) {
      occupied.emplace_back(landmark.pixel.x(), landmark.pixel.y());
    }
  }
  for (const cv::Point2f& pixel : detectFeatures(pyramid.gray(), occupied, kTargetFeatures)) {
    const int x = std::min(int(pixel.x) * reduction_, frame.image.width - 1);
    const int y = std::min(int(pixel.y) * reduction_, frame.image.height - 1);
    const uint8_t* rgb = frame.image.data + (size_t(y) * frame.image.width + x) * 3;
    Landmark& landmark = map_.addLandmark({pixel.x, pixel.y}, {rgb[0], rgb[1], rgb[2]});
    const float depth = frame.depth ? frame.depth.along(camera_.ray({pixel.x, pixel.y})) : 0;
    landmark.observations.push_back({keyframe, landmark.pixel, depth});
    landmark.keyframeCount = 1;
  }
}

void Odometry::describeTracked(const FramePyramid& pyramid) {
  std::vector<cv::Point2f> pixels;
  std::vector<Landmark*> tracked;
  for (Landmark& landmark : map_.landmarks) {
    if (landmark.tracked) {
      pixels.emplace_back(landmark.pixel.x(), landmark.pixel.y());
      tracked.push_back(&landmark);
    }
  }
  const std::vector<Descriptor> descriptors = describe(pyramid.gray(), pixels);
  for (size_t i = 0; i < tracked.size(); ++i) {
    if (isDescribed(descriptors[i])) {
      tracked[i]->descriptor = descriptors[i];
      map_.keyframes.back().appearances.push_back({tracked[i]->id, descriptors[i]});
    }
  }
}

void Odometry::startAdjustment() { adjustment_.start({map_, camera_, focal_, findsFocalLength()}); }

void Odometry::takeAdjustment() {
  if (!adjustment_.isStarted()) {
    return;
  }
  CalibratedMap window = adjustment_.take();
  map_ = std::move(window.map);
  camera_ = window.camera;
  focal_ = window.focal;
  cameraFromWorld_ = map_.keyframes.back().cameraFromWorld;
  settleKeyframe();
}

void Odometry::settleKeyframe() {
  releaseFinal(LocalMap::kFreeKeyframes);
  const size_t before = map_.keyframes.size();
  archive_.add(map_.trim());
  finalKeyframes_ -= std::min(finalKeyframes_, before - map_.keyframes.size());
  keyframeInliers_ = 0;
  for (const Landmark& landmark : map_.landmarks) {
    keyframeInliers_ += landmark.tracked && landmark.located;
  }
}

void Odometry::releaseFinal(size_t keep) {
  while (finalKeyframes_ + keep < map_.keyframes.size()) {
    Keyframe& keyframe = map_.keyframes[finalKeyframes_++];
    for (const AttachedFrame& attached : keyframe.frames) {
      FrameRecord record;
      record.ptsMicros = attached.ptsMicros;
      record.index = attached.index;
      record.tracking = attached.predicted ? Tracking::predicted : Tracking::tracked;
      record.hasPose = true;
      record.subMap = keyframe.subMap;
      record.worldFromCamera = (attached.frameFromKeyframe * keyframe.cameraFromWorld).inverse();
      record.inliers = attached.inliers;
      record.keyframe = KeyframeReason(attached.keyframeReason);
      record.revision = true;
      revisions_.push_back(record);
    }
    if (!keyframe.frames.empty()) {
      handOut(keyframe, keyframe.frames.front().ptsMicros);
    }
    keyframe.frames.clear();
  }
}

void Odometry::handOut(Keyframe& keyframe, int64_t ptsMicros) {
  View view;
  view.ptsMicros = ptsMicros;
  view.subMap = keyframe.subMap;
  view.camera = camera_;
  view.worldFromCamera = keyframe.cameraFromWorld.inverse();
  std::vector<double> depths;
  auto landmark = map_.landmarks.begin();
  for (const Appearance& appearance : keyframe.appearances) {
    while (landmark != map_.landmarks.end() && landmark->id < appearance.landmark) {
      ++landmark;
    }
    if (landmark == map_.landmarks.end() || landmark->id != appearance.landmark || !landmark->located) {
      continue;
    }
    const auto seen = std::find_if(landmark->observations.begin(), landmark->observations.end(),
                                   [&](const Observation& o) { return o.keyframe == keyframe.id; });
    const Eigen::Vector3d point = keyframe.cameraFromWorld * landmark->position;
    if (seen == landmark->observations.end() || point.z() <= 0) {
      continue;
    }
    view.landmarks.push_back(
        {landmark->id, seen->pixel, point.cast<float>(), seen->depthMetres, landmark->colour, appearance.descriptor});
    depths.push_back(point.z());
  }
  keyframe.appearances.clear();
  if (!depths.empty()) {
    view.sceneDepth = median(depths);
    views_.push_back(std::move(view));
  }
}

}  // namespace loci
