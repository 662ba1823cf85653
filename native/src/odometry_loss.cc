#include "odometry.h"

#include "feature_grid.h"
#include "pose_refinement.h"

namespace loci {

namespace {

// Depth gives a new local map its scale, so little is lost by starting one; without depth the scale is a guess.
constexpr int64_t kPatienceMicrosMonocular = 350'000;
constexpr int kPatienceFramesDepth = 1;
constexpr size_t kMinSceneFeatures = 60;
constexpr int kMinRelocalisedInliers = 25;
constexpr int kRelocalisationFeatures = 900;

}  // namespace

std::optional<Odometry::Located> Odometry::relocalise(const FramePyramid& pyramid) {
  std::vector<Landmark*> known;
  std::vector<Descriptor> knownDescriptors;
  for (Landmark& landmark : map_.landmarks) {
    if (landmark.located && isDescribed(landmark.descriptor)) {
      known.push_back(&landmark);
      knownDescriptors.push_back(landmark.descriptor);
    }
  }
  const std::vector<cv::Point2f> pixels = detectFeatures(pyramid.gray(), {}, kRelocalisationFeatures);
  const std::vector<Match> matches = matchDescriptors(describe(pyramid.gray(), pixels), knownDescriptors);
  std::vector<Sighting> sightings;
  for (const Match& match : matches) {
    const cv::Point2f& pixel = pixels[size_t(match.query)];
    sightings.push_back({known[size_t(match.train)]->position, {pixel.x, pixel.y}});
  }
  const auto found = searchPose(camera_, sightings);
  if (!found || found->inliers < kMinRelocalisedInliers) {
    return std::nullopt;
  }
  for (Landmark& landmark : map_.landmarks) {
    landmark.tracked = false;
  }
  for (size_t i = 0; i < matches.size(); ++i) {
    if (found->inlier[i]) {
      Landmark& landmark = *known[size_t(matches[i].train)];
      landmark.tracked = true;
      landmark.pixel = sightings[i].pixel.cast<float>();
    }
  }
  return Located{found->cameraFromWorld, found->inliers};
}

FrameRecord Odometry::loseFrame(const OdometryFrame& frame, const FramePyramid& pyramid,
                                const Prediction& prediction) {
  ++lostFrames_;
  for (Landmark& landmark : map_.landmarks) {
    landmark.tracked = false;
  }
  // Dead reckoning: the turn is what the frames themselves show, the walk goes on for a while.
  cameraFromWorld_ = prediction.cameraFromWorld;
  const FrameRecord record = unlocated(frame);
  if (record.tracking == Tracking::predicted) {
    Keyframe& keyframe = map_.keyframes.back();
    keyframe.frames.push_back({frame.ptsMicros, frame.index, 0, int32_t(KeyframeReason::none), true,
                               cameraFromWorld_ * keyframe.cameraFromWorld.inverse()});
  } else {
    velocity_.setZero();
  }
  const bool patient = options_.monocular ? frame.ptsMicros - locatedPts_ <= kPatienceMicrosMonocular
                                          : lostFrames_ <= kPatienceFramesDepth;
  // A covered lens shows nothing to start anew with, and when it is uncovered the old place may be seen again.
  if (patient || detectFeatures(pyramid.gray(), {}, kTargetFeatures).size() < kMinSceneFeatures) {
    return record;
  }
  // Nothing known is in sight any more: go on with a new local map from where the camera seems to be.
  if (record.tracking == Tracking::predicted) {
    map_.keyframes.back().frames.pop_back();
  }
  leaveMap();
  lostFrames_ = 0;
  phase_ = Phase::empty;
  return startFrame(frame, pyramid);
}

void Odometry::leaveMap() {
  releaseFinal(0);
  for (const Landmark& landmark : map_.landmarks) {
    if (landmark.located && landmark.keyframeCount > 1) {
      archive_.add({{landmark.position.cast<float>(), landmark.colour}});
    }
  }
  map_.clear();
  focal_.leaveWindow();
  finalKeyframes_ = 0;
  ++subMap_;
}

}  // namespace loci
