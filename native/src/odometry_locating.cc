#include "odometry.h"

#include "median.h"
#include "pose_refinement.h"

namespace loci {

namespace {

constexpr double kMinInlierShare = 0.3;
constexpr double kTrustedInlierShare = 0.6;
constexpr double kEasyShare = 0.35;  // of the landmarks tracked before; fewer call for more patience
constexpr int kMinTurnInliers = 40;
constexpr double kMinTurnShare = 0.6;
constexpr double kMaxTurnErrorPixels = 2;

cv::Point2f toCv(const Eigen::Vector2d& pixel) { return {float(pixel.x()), float(pixel.y())}; }

}  // namespace

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

}  // namespace loci
