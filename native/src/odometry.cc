#include "odometry.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "feature_grid.h"
#include "pose_refinement.h"

namespace loci {

namespace {

constexpr int kTargetFeatures = 450;
constexpr int kMinInliers = 15;
constexpr double kMinInlierShare = 0.3;
constexpr double kTrustedInlierShare = 0.6;
constexpr double kEasyShare = 0.35;  // of the landmarks tracked before; fewer call for more patience
constexpr int kMinRelocalisedInliers = 25;
constexpr int kRelocalisationFeatures = 900;

constexpr double kKeyframeInlierShare = 0.7;       // of what the last keyframe saw
constexpr double kKeyframeTranslationShare = 0.05; // of the median depth of the scene
constexpr double kKeyframeTurnRadians = 0.1;
constexpr int64_t kKeyframeMicros = 2'000'000;

// A camera that goes on as it went is half a second later still about where it would be expected.
constexpr int64_t kMaxPredictedMicros = 500'000;
// Depth gives a new local map its scale, so little is lost by starting one; without depth the scale is a guess.
constexpr int64_t kPatienceMicrosMonocular = 350'000;
constexpr int kPatienceFramesDepth = 1;
constexpr size_t kMinSceneFeatures = 60;
constexpr int kMinTurnInliers = 40;
constexpr double kMinTurnShare = 0.6;
constexpr double kMaxTurnErrorPixels = 2;
constexpr size_t kMinRestartFeatures = 80;
constexpr double kMonocularSceneDepth = 2;         // units given to the median depth of a first monocular start
constexpr size_t kMaxStartFrames = 60;
constexpr double kMinStartShare = 0.5;
constexpr size_t kMaxArchivedPoints = 40'000;

cv::Point2f toCv(const Eigen::Vector2d& pixel) { return {float(pixel.x()), float(pixel.y())}; }

double seconds(int64_t micros) { return double(micros) * 1e-6; }

double median(std::vector<double>& values) {
  const auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

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

void Odometry::exclude(int64_t ptsMicros, const ByteView& moving) {
  const size_t size = size_t(moving.width) * size_t(moving.height);
  exclusions_.push_back({ptsMicros, moving.width, moving.height, {moving.data, moving.data + size}});
}

void Odometry::letGoOfExcluded(int32_t index) {
  // What a keyframe saw is asked at one frame only, for adjustments change it.
  std::erase_if(exclusions_, [&](const Exclusion& exclusion) {
    const auto keyframe = std::ranges::find_if(map_.keyframes, [&](const Keyframe& candidate) {
      return !candidate.frames.empty() && candidate.frames.front().ptsMicros == exclusion.ptsMicros;
    });
    if (keyframe == map_.keyframes.end()) {
      return true;
    }
    if (index < keyframe->frames.front().index + 2) {
      return false;
    }
    const ByteView moving{exclusion.moving.data(), exclusion.width, exclusion.height};
    for (Landmark& landmark : map_.landmarks) {
      const bool moves = std::ranges::any_of(landmark.observations, [&](const Observation& seen) {
        const int x = std::clamp(int(std::lround(seen.pixel.x())), 0, camera_.width - 1);
        const int y = std::clamp(int(std::lround(seen.pixel.y())), 0, camera_.height - 1);
        return seen.keyframe == keyframe->id && moving.at(x, y, camera_.width, camera_.height) != 0;
      });
      if (moves) {
        landmark.located = landmark.tracked = false;
        landmark.observations.clear();  // the next trim drops it
      }
    }
    return true;
  });
}

std::vector<FrameRecord> Odometry::finish() {
  revisions_.clear();
  takeAdjustment();
  releaseFinal(0);
  return revisions_;
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

// --- starting ---------------------------------------------------------------------------------------------------

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
  letGoOfExcluded(frame.index);
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

// --- one frame --------------------------------------------------------------------------------------------------

FrameRecord Odometry::trackFrame(const OdometryFrame& frame, const FramePyramid& pyramid) {
  const FrameAlignment alignment = align(pyramid, frame.ptsMicros);
  // Following takes guesses only, so it need not wait for the adjustment that the last keyframe may have started.
  TrackedPixels followed = follow(trackedPixels(), pyramid, predict(alignment, frame.ptsMicros), FlowCare::usual);
  takeAdjustment();
  letGoOfExcluded(frame.index);
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

std::optional<Odometry::Located> Odometry::trackLandmarks(const FramePyramid& pyramid, const Prediction& prediction,
                                                          const TrackedPixels& followed) {
  const TrackedPixels before = trackedPixels();
  setTracked(followed);
  const std::optional<Located> usual = locateCamera(prediction.cameraFromWorld);
  if (usual && usual->inliers > kEasyShare * double(before.size())) {
    return usual;
  }
  const TrackedPixels afterUsual = trackedPixels();
  setTracked(follow(before, pyramid, prediction, FlowCare::patient));
  const std::optional<Located> patient = locateCamera(prediction.cameraFromWorld);
  if (!usual || (patient && patient->inliers > usual->inliers)) {
    return patient;
  }
  setTracked(afterUsual);
  return usual;
}

Odometry::Prediction Odometry::turnOf(const Prediction& prediction) const {
  Prediction turn = prediction;
  turn.cameraFromWorld = {prediction.alignment.currentFromPrevious * cameraFromWorld_.rotation,
                          prediction.alignment.currentFromPrevious * cameraFromWorld_.translation};
  return turn;
}

std::optional<Odometry::Located> Odometry::trackTurn(const TrackedPixels& before, const Prediction& prediction) {
  // A turn on the spot moves every pixel alike, however far away what it shows: rays of the last frame serve as points.
  std::vector<Sighting> sightings;
  std::vector<Landmark*> sighted;
  for (const auto& [id, pixel] : before) {
    Landmark* landmark = map_.landmark(id);
    if (landmark->tracked) {
      sightings.push_back({camera_.ray(pixel.cast<double>()), landmark->pixel.cast<double>()});
      sighted.push_back(landmark);
    }
  }
  if (int(sightings.size()) < kMinTurnInliers) {
    return std::nullopt;
  }
  const Eigen::Matrix3d turn = refineTurn(camera_, sightings, prediction.alignment.currentFromPrevious);
  std::vector<Landmark*> outliers;
  for (size_t i = 0; i < sightings.size(); ++i) {
    const Eigen::Vector3d ray = turn * sightings[i].point;
    if (ray.z() < 0.1 || (camera_.project(ray) - sightings[i].pixel).norm() > kMaxTurnErrorPixels) {
      outliers.push_back(sighted[i]);
    }
  }
  const int inliers = int(sightings.size() - outliers.size());
  if (inliers < kMinTurnInliers || inliers < kMinTurnShare * double(sightings.size())) {
    return std::nullopt;
  }
  for (Landmark* landmark : outliers) {
    landmark->tracked = false;
  }
  return Located{{turn * cameraFromWorld_.rotation, turn * cameraFromWorld_.translation}, inliers};
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

Odometry::TrackedPixels Odometry::trackedPixels() const {
  TrackedPixels pixels;
  for (const Landmark& landmark : map_.landmarks) {
    if (landmark.tracked) {
      pixels.emplace_back(landmark.id, landmark.pixel);
    }
  }
  return pixels;
}

void Odometry::setTracked(const TrackedPixels& pixels) {
  for (Landmark& landmark : map_.landmarks) {
    landmark.tracked = false;
  }
  for (const auto& [id, pixel] : pixels) {
    Landmark* landmark = map_.landmark(id);
    landmark->tracked = true;
    landmark->pixel = pixel;
  }
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

FrameRecord Odometry::unlocated(const OdometryFrame& frame) const {
  if (sceneDepth_ > 0 && frame.ptsMicros - locatedPts_ <= kMaxPredictedMicros) {
    FrameRecord record = posed(frame, cameraFromWorld_, 0);
    record.tracking = Tracking::predicted;
    return record;
  }
  const bool before = options_.monocular && sceneDepth_ == 0;
  return {frame.ptsMicros, frame.index, before ? Tracking::initialising : Tracking::lost};
}

void Odometry::leaveMap() {
  releaseFinal(0);
  for (const Landmark& landmark : map_.landmarks) {
    if (landmark.located && landmark.keyframeCount > 1) {
      archive({{landmark.position.cast<float>(), landmark.colour}});
    }
  }
  map_.clear();
  focal_.leaveWindow();
  finalKeyframes_ = 0;
  ++subMap_;
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

Odometry::TrackedPixels Odometry::follow(const TrackedPixels& pixels, const FramePyramid& pyramid,
                                         const Prediction& prediction, FlowCare care) const {
  std::vector<cv::Point2f> from, to;
  std::vector<int64_t> ids;
  for (const auto& [id, pixel] : pixels) {
    const Landmark* landmark = map_.landmark(id);
    const Eigen::Vector3d point = landmark->located
                                      ? prediction.cameraFromWorld * landmark->position
                                      : prediction.alignment.currentFromPrevious * camera_.ray(pixel.cast<double>());
    const Eigen::Vector2d guess = point.z() > 0.05 ? camera_.project(point) : Eigen::Vector2d(-1, -1);
    if (camera_.contains(guess, 1)) {
      from.emplace_back(pixel.x(), pixel.y());
      to.push_back(toCv(guess));
      ids.push_back(id);
    }
  }
  const Exposure& exposure = prediction.alignment.exposure;
  const std::vector<uint8_t> found =
      followFeatures(exposure.changes() ? previous_.exposed(exposure) : previous_, pyramid, from, to, care);
  TrackedPixels followed;
  for (size_t i = 0; i < ids.size(); ++i) {
    if (found[i]) {
      followed.emplace_back(ids[i], Eigen::Vector2f(to[i].x, to[i].y));
    }
  }
  return followed;
}

std::optional<Odometry::Located> Odometry::locateCamera(const Se3& predicted) {
  std::vector<Sighting> sightings;
  std::vector<Landmark*> sighted;
  for (Landmark& landmark : map_.landmarks) {
    if (landmark.tracked && landmark.located) {
      sightings.push_back({landmark.position, landmark.pixel.cast<double>()});
      sighted.push_back(&landmark);
    }
  }
  if (sightings.size() < size_t(kMinInliers)) {
    return std::nullopt;
  }
  PoseEstimate estimate = refinePose(camera_, sightings, predicted);
  if (estimate.inliers < kTrustedInlierShare * double(sightings.size())) {
    const auto searched = searchPose(camera_, sightings);
    if (searched && searched->inliers > estimate.inliers) {
      estimate = *searched;
    }
  }
  if (estimate.inliers < kMinInliers || estimate.inliers < kMinInlierShare * double(sightings.size())) {
    return std::nullopt;
  }
  std::vector<double> depths;
  for (size_t i = 0; i < sighted.size(); ++i) {
    if (estimate.inlier[i]) {
      depths.push_back((estimate.cameraFromWorld * sightings[i].point).z());
    } else {
      sighted[i]->tracked = false;
    }
  }
  sceneDepth_ = median(depths);
  return Located{estimate.cameraFromWorld, estimate.inliers};
}

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

// --- keyframes --------------------------------------------------------------------------------------------------

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
  archive(map_.trim());
  finalKeyframes_ -= std::min(finalKeyframes_, before - map_.keyframes.size());
  keyframeInliers_ = 0;
  for (const Landmark& landmark : map_.landmarks) {
    keyframeInliers_ += landmark.tracked && landmark.located;
  }
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

std::vector<View> Odometry::takeViews() { return std::exchange(views_, {}); }

void Odometry::archive(const std::vector<ArchivedPoint>& points) {
  archive_.insert(archive_.end(), points.begin(), points.end());
  if (archive_.size() > kMaxArchivedPoints) {
    // Thin the whole path alike: every second point goes.
    for (size_t i = 0; 2 * i < archive_.size(); ++i) {
      archive_[i] = archive_[2 * i];
    }
    archive_.resize((archive_.size() + 1) / 2);
  }
}

std::vector<ArchivedPoint> Odometry::points() const {
  std::vector<ArchivedPoint> points = archive_;
  for (const Landmark& landmark : map_.landmarks) {
    if (landmark.located && landmark.keyframeCount > 1) {
      points.push_back({landmark.position.cast<float>(), landmark.colour});
    }
  }
  return points;
}

}  // namespace loci
