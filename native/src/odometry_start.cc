#include "odometry.h"

#include <algorithm>

#include "median.h"
#include "pose_refinement.h"

namespace loci {

namespace {

constexpr size_t kMinRestartFeatures = 80;
constexpr double kMonocularSceneDepth = 2;  // units given to the median depth of a first monocular start
constexpr size_t kMaxStartFrames = 60;
constexpr double kMinStartShare = 0.5;

}  // namespace

FrameRecord Odometry::startFrame(const OdometryFrame& frame, const FramePyramid& pyramid) {
  if (!options_.monocular) {
    insertKeyframe(frame, pyramid, cameraFromWorld_, 0, KeyframeReason::first);
    int located = 0;
    for (const Landmark& landmark : map_.landmarks) {
      located += landmark.located;
    }
    if (located < kMinInliers) {
      map_.clear();
      return unlocated(frame);
    }
    keyframeInliers_ = located;
    locatedPts_ = frame.ptsMicros;
    map_.keyframes.back().frames.front().inliers = located;
    phase_ = Phase::tracking;
    FrameRecord record = posed(frame, cameraFromWorld_, located);
    record.keyframe = KeyframeReason::first;
    return record;
  }
  insertKeyframe(frame, pyramid, cameraFromWorld_, 0, KeyframeReason::first);
  map_.keyframes.back().frames.clear();
  start_.frames.clear();
  StartFrame& reference = start_.frames.emplace_back();
  reference.ptsMicros = frame.ptsMicros;
  reference.index = frame.index;
  for (const Landmark& landmark : map_.landmarks) {
    reference.pixels.emplace_back(landmark.id, landmark.pixel);
  }
  phase_ = Phase::initialising;
  return unlocated(frame);
}

std::vector<FrameRecord> Odometry::initialise(const OdometryFrame& frame, const FramePyramid& pyramid) {
  exclusions_.apply(map_, camera_, frame.index);
  Prediction prediction;
  prediction.cameraFromWorld = cameraFromWorld_;
  prediction.alignment = alignFrames(previous_, pyramid, camera_, Eigen::Matrix3d::Identity());
  prediction = turnOf(prediction);
  setTracked(follow(trackedPixels(), pyramid, prediction, FlowCare::usual));
  cameraFromWorld_ = prediction.cameraFromWorld;

  StartFrame latest{frame.ptsMicros, frame.index, {}};
  for (const Landmark& landmark : map_.landmarks) {
    if (landmark.tracked) {
      latest.pixels.emplace_back(landmark.id, landmark.pixel);
    }
  }
  // A dark picture has nothing to follow, so that no share of it could get lost.
  const double enough = std::max(double(kMinInliers), kMinStartShare * double(start_.frames.front().pixels.size()));
  if (double(latest.pixels.size()) < enough) {
    leaveMap();
    return {startFrame(frame, pyramid)};
  }
  if (start_.frames.size() >= kMaxStartFrames) {
    start_.frames.erase(start_.frames.begin() + 1);
  }
  start_.frames.push_back(std::move(latest));
  const auto views = start_.solve(camera_);
  if (!views) {
    return {unlocated(frame)};
  }

  // Only ratios are known: the unit is chosen so that the scene lies at the depth seen before, or at a room's.
  std::vector<double> depths;
  for (const auto& [id, point] : views->points) {
    depths.push_back(point.z());
  }
  const double scale = (sceneDepth_ > 0 ? sceneDepth_ : kMonocularSceneDepth) / median(depths);
  const Se3 first = map_.keyframes.back().cameraFromWorld;
  const Se3 worldFromFirst = first.inverse();
  auto located = views->points.begin();
  for (Landmark& landmark : map_.landmarks) {
    while (located != views->points.end() && located->first < landmark.id) {
      ++located;
    }
    if (located != views->points.end() && located->first == landmark.id) {
      landmark.position = worldFromFirst * (located->second * scale);
      landmark.located = true;
    } else {
      landmark.tracked = false;
    }
  }
  Se3 secondFromFirst = views->secondFromFirst;
  secondFromFirst.translation *= scale;

  // The frames in between saw the same landmarks, so their poses are known now too.
  std::vector<FrameRecord> records;
  Keyframe& firstKeyframe = map_.keyframes.back();
  Se3 guess = first;
  const bool restarted = !firstKeyframe.frames.empty();  // then the reference was reported with its pose
  subMap_ += restarted;                                  // for the scale is another one now
  for (size_t i = restarted ? 1 : 0; i + 1 < start_.frames.size(); ++i) {
    const StartFrame& earlier = start_.frames[i];
    std::vector<Sighting> sightings;
    auto landmark = map_.landmarks.begin();
    for (const auto& [id, pixel] : earlier.pixels) {
      while (landmark != map_.landmarks.end() && landmark->id < id) {
        ++landmark;
      }
      if (landmark != map_.landmarks.end() && landmark->id == id && landmark->located) {
        sightings.push_back({landmark->position, pixel.cast<double>()});
      }
    }
    const PoseEstimate estimate = refinePose(camera_, sightings, guess);
    if (estimate.inliers < kMinInliers) {
      continue;
    }
    guess = i == 0 ? first : estimate.cameraFromWorld;
    OdometryFrame then = frame;
    then.ptsMicros = earlier.ptsMicros;
    then.index = earlier.index;
    FrameRecord record = posed(then, guess, estimate.inliers);
    record.keyframe = i == 0 ? KeyframeReason::first : KeyframeReason::none;
    record.revision = true;
    revisions_.push_back(record);
    firstKeyframe.frames.push_back(
        {then.ptsMicros, then.index, estimate.inliers, int32_t(record.keyframe), false, guess * first.inverse()});
  }
  start_.frames.clear();
  phase_ = Phase::tracking;

  const Se3 second = secondFromFirst * first;
  velocity_.setZero();
  locatedPts_ = frame.ptsMicros;
  cameraFromWorld_ = second;
  insertKeyframe(frame, pyramid, second, int(views->points.size()), KeyframeReason::motion);
  FrameRecord record = posed(frame, cameraFromWorld_, int(views->points.size()));
  record.keyframe = KeyframeReason::motion;
  return {record};
}

bool Odometry::beginRestart(const OdometryFrame& frame, const Prediction& prediction) {
  // The camera has begun to walk where nothing is located yet: two views, of which the last keyframe is the first, tell
  // the shape of what is in sight.
  const int reference = map_.keyframes.back().id;
  StartFrame first, latest{frame.ptsMicros, frame.index, {}};
  for (const Landmark& landmark : map_.landmarks) {
    if (!landmark.tracked) {
      continue;
    }
    const auto seen = std::find_if(landmark.observations.begin(), landmark.observations.end(),
                                   [&](const Observation& observation) { return observation.keyframe == reference; });
    if (seen != landmark.observations.end()) {
      first.pixels.emplace_back(landmark.id, seen->pixel);
      latest.pixels.emplace_back(landmark.id, landmark.pixel);
    }
  }
  if (first.pixels.size() < kMinRestartFeatures) {
    return false;
  }
  start_.frames.clear();
  start_.frames.push_back(std::move(first));
  start_.frames.push_back(std::move(latest));
  cameraFromWorld_ = turnOf(prediction).cameraFromWorld;
  velocity_.setZero();
  phase_ = Phase::initialising;
  return true;
}

}  // namespace loci
