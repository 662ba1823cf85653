#include "place_recognition.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "pose_refinement.h"

namespace loci {

namespace {

constexpr size_t kMinMatches = 15;
constexpr int kMinSearchInliers = 12;
constexpr int kMinInliers = 25;
constexpr double kPredictedRadiusPixels = 8;
constexpr int kMaxPredictedDistance = 80;  // of 256 bits
constexpr double kMaxErrorPixels = 3;
constexpr double kMaxReverseErrorPixels = 6;  // holds the error of the query's depth as well
constexpr double kMaxDepthDisagreement = 0.15;
constexpr double kMaxScaleError = 0.08;  // of views in the same unit
constexpr int kGridColumns = 4, kGridRows = 3, kMinCells = 5;
constexpr double kMinDepth = 0.05;

std::vector<Descriptor> descriptorsOf(const View& view) {
  std::vector<Descriptor> descriptors;
  for (const ViewLandmark& landmark : view.landmarks) {
    descriptors.push_back(landmark.descriptor);
  }
  return descriptors;
}

Sighting sightingOf(const ViewLandmark& query, const ViewLandmark& known, Units units) {
  return {known.point.cast<double>(), query.pixel.cast<double>(),
          units == Units::same ? double(query.depthMetres) : 0.0};
}

/// Pairs each landmark of the known view with the likest one of the query near to where the pose puts it.
LandmarkMatches predictedMatches(const View& query, const View& known, const Se3& queryFromKnown) {
  LandmarkMatches matches;
  std::vector<uint8_t> taken(query.landmarks.size(), 0);
  for (size_t k = 0; k < known.landmarks.size(); ++k) {
    const Eigen::Vector3d point = queryFromKnown * known.landmarks[k].point.cast<double>();
    if (point.z() < kMinDepth) {
      continue;
    }
    const Eigen::Vector2f pixel = query.camera.project(point).cast<float>();
    int best = kMaxPredictedDistance + 1;
    int32_t found = -1;
    for (size_t q = 0; q < query.landmarks.size(); ++q) {
      const ViewLandmark& landmark = query.landmarks[q];
      if (taken[q] || (landmark.pixel - pixel).squaredNorm() > kPredictedRadiusPixels * kPredictedRadiusPixels) {
        continue;
      }
      const int distance = hammingDistance(landmark.descriptor, known.landmarks[k].descriptor);
      if (distance < best) {
        best = distance;
        found = int32_t(q);
      }
    }
    if (found >= 0) {
      taken[size_t(found)] = 1;
      matches.emplace_back(found, int32_t(k));
    }
  }
  return matches;
}

/// Ratio of the query's unit of length to the known view's, inverted: by what known lengths grow in the query.
double scaleOf(const View& query, const View& known, const Se3& pose,
               const LandmarkMatches& matches) {
  std::vector<double> ratios;
  for (const auto& [q, k] : matches) {
    const double depth = (pose * known.landmarks[size_t(k)].point.cast<double>()).z();
    ratios.push_back(query.landmarks[size_t(q)].point.z() / std::max(depth, kMinDepth));
  }
  std::nth_element(ratios.begin(), ratios.begin() + std::ptrdiff_t(ratios.size() / 2), ratios.end());
  return ratios[ratios.size() / 2];
}

/// Lets go of matches that disagree in the pixels of either view or in depth. `pose` is in the units of the known view.
void dropDisagreeing(const View& query, const View& known, const Se3& pose, double scale, LandmarkMatches& matches) {
  const Se3 back = pose.inverse();
  std::erase_if(matches, [&](const auto& match) {
    const ViewLandmark& q = query.landmarks[size_t(match.first)];
    const ViewLandmark& k = known.landmarks[size_t(match.second)];
    const Eigen::Vector3d there = pose * k.point.cast<double>();
    const Eigen::Vector3d here = back * (q.point.cast<double>() / scale);
    return there.z() < kMinDepth || here.z() < kMinDepth ||
           (query.camera.project(there) - q.pixel.cast<double>()).norm() > kMaxErrorPixels ||
           (known.camera.project(here) - k.pixel.cast<double>()).norm() > kMaxReverseErrorPixels ||
           std::abs(std::log(q.point.z() / (there.z() * scale))) > kMaxDepthDisagreement;
  });
}

class Spread {
 public:
  explicit Spread(const Pinhole& camera) : camera_(camera) {}

  void add(const Eigen::Vector2f& pixel) {
    const int column = std::clamp(int(pixel.x() * kGridColumns / float(camera_.width)), 0, kGridColumns - 1);
    const int row = std::clamp(int(pixel.y() * kGridRows / float(camera_.height)), 0, kGridRows - 1);
    cells_[size_t(row * kGridColumns + column)] = true;
  }

  bool wide() const { return std::count(cells_.begin(), cells_.end(), true) >= kMinCells; }

 private:
  const Pinhole& camera_;
  std::array<bool, kGridColumns * kGridRows> cells_{};
};

}  // namespace

std::optional<Recognition> recognise(const View& query, const View& known, Units units) {
  const std::vector<Match> alike = matchDescriptors(descriptorsOf(query), descriptorsOf(known));
  if (alike.size() < kMinMatches) {
    return std::nullopt;
  }
  std::vector<Sighting> sightings;
  for (const Match& match : alike) {
    sightings.push_back(sightingOf(query.landmarks[size_t(match.query)], known.landmarks[size_t(match.train)],
                                   Units::unknown));
  }
  const auto found = searchPose(query.camera, sightings);
  if (!found || found->inliers < kMinSearchInliers) {
    return std::nullopt;
  }
  Se3 pose = found->cameraFromWorld;
  LandmarkMatches matches;
  for (int round = 0; round < 2; ++round) {
    matches = predictedMatches(query, known, pose);
    sightings.clear();
    for (const auto& [q, k] : matches) {
      sightings.push_back(sightingOf(query.landmarks[size_t(q)], known.landmarks[size_t(k)], units));
    }
    if (sightings.size() < kMinMatches) {
      return std::nullopt;
    }
    pose = refinePose(query.camera, sightings, pose).cameraFromWorld;
  }
  const double scale = scaleOf(query, known, pose, matches);
  if (units == Units::same && std::abs(std::log(scale)) > kMaxScaleError) {
    return std::nullopt;
  }

  dropDisagreeing(query, known, pose, scale, matches);
  Spread queried(query.camera), recalled(known.camera);
  for (const auto& [q, k] : matches) {
    queried.add(query.landmarks[size_t(q)].pixel);
    recalled.add(known.landmarks[size_t(k)].pixel);
  }
  if (int(matches.size()) < kMinInliers || !queried.wide() || !recalled.wide()) {
    return std::nullopt;
  }
  Recognition recognition;
  recognition.queryFromKnown.scale = units == Units::same ? 1 : scaleOf(query, known, pose, matches);
  recognition.queryFromKnown.motion = {pose.rotation, pose.translation * recognition.queryFromKnown.scale};
  recognition.inliers = int(matches.size());
  recognition.matches = std::move(matches);
  return recognition;
}

}  // namespace loci
