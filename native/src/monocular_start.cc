#include "monocular_start.h"

#include <Eigen/Geometry>
#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <opencv2/calib3d.hpp>
#include <opencv2/core/eigen.hpp>

#include "bundle_adjustment.h"
#include "median.h"
#include "pose_refinement.h"
#include "triangulation.h"

namespace loci {

namespace {

constexpr double kMinMotionShare = 0.03;  // median motion of a pixel, of the image width
constexpr double kRansacPixels = 1.0;
constexpr double kMinParallaxRadians = 0.017;
constexpr double kMaxErrorPixels = 2;
constexpr size_t kMinPoints = 60;
constexpr double kMinPointShare = 0.5;

// Mur-Artal, Montiel and Tardós 2015 (ORB-SLAM), section IV: χ² thresholds at 95 % for one and two degrees of freedom,
// and the share of the score from which on a plane explains the pixels as well.
constexpr double kEpipolarThreshold = 3.84;
constexpr double kHomographyThreshold = 5.99;
constexpr double kHomographyShare = 0.45;
// A plane has two readings; one must be clearly better than the other, in points or in how it fits the frames between.
constexpr double kMaxRunnerUpShare = 0.75;
constexpr double kMaxSquareBetween = 9;
// Readings as near to each other as this are one: adjusting the first keyframes leads either of them to the truth.
constexpr double kAlikeTurnRadians = 0.05, kAlikeDirectionCosine = 0.966;

using Pixels = std::vector<cv::Point2d>;

Eigen::Vector3d homogeneous(const cv::Point2d& pixel) { return {pixel.x, pixel.y, 1}; }

/// Section IV, equation 2: the better a model explains a pixel the more it scores; outliers score nothing.
double score(double squaredPixels, double threshold) {
  return squaredPixels < threshold ? kHomographyThreshold - squaredPixels : 0;
}

double homographyScore(const Eigen::Matrix3d& homography, const Pixels& from, const Pixels& to) {
  const Eigen::Matrix3d inverse = homography.inverse();
  double sum = 0;
  for (size_t i = 0; i < from.size(); ++i) {
    const Eigen::Vector3d a = homogeneous(from[i]), b = homogeneous(to[i]);
    sum += score(((homography * a).hnormalized() - b.head<2>()).squaredNorm(), kHomographyThreshold);
    sum += score(((inverse * b).hnormalized() - a.head<2>()).squaredNorm(), kHomographyThreshold);
  }
  return sum;
}

double epipolarScore(const Eigen::Matrix3d& fundamental, const Pixels& from, const Pixels& to) {
  double sum = 0;
  for (size_t i = 0; i < from.size(); ++i) {
    const Eigen::Vector3d a = homogeneous(from[i]), b = homogeneous(to[i]);
    const Eigen::Vector3d lineTo = fundamental * a, lineFrom = fundamental.transpose() * b;
    const double off = b.dot(lineTo);
    sum += score(off * off / lineTo.head<2>().squaredNorm(), kEpipolarThreshold);
    sum += score(off * off / lineFrom.head<2>().squaredNorm(), kEpipolarThreshold);
  }
  return sum;
}

Se3 toSe3(const cv::Mat& rotation, const cv::Mat& translation) {
  Se3 motion;
  cv::cv2eigen(rotation, motion.rotation);
  motion.translation = {translation.at<double>(0), translation.at<double>(1), translation.at<double>(2)};
  motion.translation.normalize();
  return motion;
}

/// Motions that may explain the pixels: one through the essential matrix, or the readings of a homography when all that
/// is seen lies on a plane (or the camera only turned, which shows later in that no parallax is left).
std::vector<Se3> possibleMotions(const Pinhole& camera, const Pixels& from, const Pixels& to) {
  const cv::Matx33d k(camera.fx, 0, camera.cx, 0, camera.fy, camera.cy, 0, 0, 1);
  cv::Mat inliers, rotation, translation;
  const cv::Mat essential = cv::findEssentialMat(from, to, k, cv::RANSAC, 0.999, kRansacPixels, inliers);
  const cv::Mat homography = cv::findHomography(from, to, cv::RANSAC, std::sqrt(kHomographyThreshold));
  double epipolar = 0, planar = 0;
  if (essential.rows == 3) {
    Eigen::Matrix3d e, calibration;
    cv::cv2eigen(essential, e);
    cv::cv2eigen(k, calibration);
    const Eigen::Matrix3d inverse = calibration.inverse();
    epipolar = epipolarScore(inverse.transpose() * e * inverse, from, to);
  }
  if (!homography.empty()) {
    Eigen::Matrix3d h;
    cv::cv2eigen(homography, h);
    planar = homographyScore(h, from, to);
  }
  std::vector<Se3> motions;
  if (planar > kHomographyShare * (planar + epipolar)) {
    std::vector<cv::Mat> rotations, translations, normals;
    cv::decomposeHomographyMat(homography, k, rotations, translations, normals);
    for (size_t i = 0; i < rotations.size(); ++i) {
      if (cv::norm(translations[i]) > 0) {
        motions.push_back(toSe3(rotations[i], translations[i]));
      }
    }
  } else if (essential.rows == 3 &&
             cv::recoverPose(essential, from, to, k, rotation, translation, inliers) >= int(kMinPoints)) {
    motions.push_back(toSe3(rotation, translation));
  }
  return motions;
}

/// What both cameras see, and which of the pixels that is.
struct Reconstruction {
  Bundle bundle;
  std::vector<int64_t> ids;
};

Reconstruction reconstruct(const Pinhole& camera, const Se3& secondFromFirst, const std::vector<int64_t>& ids,
                           const Pixels& from, const Pixels& to) {
  Reconstruction out;
  out.bundle.cameras = {{Se3{}, true}, {secondFromFirst, false}};
  for (size_t i = 0; i < ids.size(); ++i) {
    const Eigen::Vector2d a(from[i].x, from[i].y), b(to[i].x, to[i].y);
    const auto point =
        triangulate(camera, {{Se3{}, a}, {secondFromFirst, b}}, kMinParallaxRadians, kMaxErrorPixels);
    if (point) {
      const int index = int(out.bundle.points.size());
      out.bundle.points.push_back(*point);
      out.bundle.observations.push_back({0, index, a, 0});
      out.bundle.observations.push_back({1, index, b, 0});
      out.ids.push_back(ids[i]);
    }
  }
  return out;
}

bool areAlike(const Se3& a, const Se3& b) {
  return rotationAngle(a.rotation.transpose() * b.rotation) < kAlikeTurnRadians &&
         a.translation.normalized().dot(b.translation.normalized()) > kAlikeDirectionCosine;
}

/// Mean squared pixels by which the points miss the frame midway, which none of them was located by; the same for all
/// when there is none.
double misfitBetween(const Pinhole& camera, const Reconstruction& reconstruction,
                     const std::vector<StartFrame>& frames) {
  if (frames.size() < 3) {
    return 1;
  }
  std::vector<Sighting> sightings;
  auto seen = frames[frames.size() / 2].pixels.begin();
  const auto end = frames[frames.size() / 2].pixels.end();
  for (size_t i = 0; i < reconstruction.ids.size(); ++i) {
    seen = std::find_if(seen, end, [&](const auto& pixel) { return pixel.first >= reconstruction.ids[i]; });
    if (seen != end && seen->first == reconstruction.ids[i]) {
      sightings.push_back({reconstruction.bundle.points[i], seen->second.cast<double>()});
    }
  }
  if (sightings.size() < kMinPoints) {
    return kMaxSquareBetween;
  }
  const PoseEstimate estimate = refinePose(camera, sightings, Se3{});
  double sum = 0;
  for (const Sighting& sighting : sightings) {
    const Eigen::Vector3d point = estimate.cameraFromWorld * sighting.point;
    const double square = point.z() > 0 ? (camera.project(point) - sighting.pixel).squaredNorm() : kMaxSquareBetween;
    sum += std::min(square, kMaxSquareBetween);
  }
  return sum / double(sightings.size());
}

}  // namespace

std::optional<TwoViews> MonocularStart::solve(const Pinhole& camera) const {
  if (frames.size() < 2) {
    return std::nullopt;
  }
  const StartFrame& reference = frames.front();
  const StartFrame& latest = frames.back();
  std::vector<int64_t> ids;
  std::vector<cv::Point2d> from, to;
  std::vector<double> motion;
  auto candidate = reference.pixels.begin();
  for (const auto& [id, pixel] : latest.pixels) {
    while (candidate != reference.pixels.end() && candidate->first < id) {
      ++candidate;
    }
    if (candidate == reference.pixels.end() || candidate->first != id) {
      continue;
    }
    ids.push_back(id);
    from.emplace_back(candidate->second.x(), candidate->second.y());
    to.emplace_back(pixel.x(), pixel.y());
    motion.push_back((pixel - candidate->second).norm());
  }
  if (ids.size() < kMinPoints || median(motion) < kMinMotionShare * camera.width) {
    return std::nullopt;
  }

  Reconstruction best;
  bool unambiguous = true;
  for (const Se3& motion : possibleMotions(camera, from, to)) {
    Reconstruction other = reconstruct(camera, motion, ids, from, to);
    if (other.ids.size() > best.ids.size()) {
      std::swap(best, other);
    }
    if (double(other.ids.size()) <= kMaxRunnerUpShare * double(best.ids.size())) {
      continue;
    }
    const double fit = misfitBetween(camera, best, frames), otherFit = misfitBetween(camera, other, frames);
    if (otherFit < fit) {
      std::swap(best, other);
    }
    unambiguous = areAlike(best.bundle.cameras[1].cameraFromWorld, other.bundle.cameras[1].cameraFromWorld) ||
                  std::min(fit, otherFit) < kMaxRunnerUpShare * std::max(fit, otherFit);
  }
  const std::vector<int64_t>& kept = best.ids;
  Bundle& bundle = best.bundle;
  // A turn alone leaves no parallax, so few points survive the triangulation's gate.
  if (!unambiguous || kept.size() < kMinPoints || double(kept.size()) < kMinPointShare * double(ids.size())) {
    return std::nullopt;
  }
  adjustBundle(camera, bundle, 10);
  TwoViews views;
  views.secondFromFirst = bundle.cameras[1].cameraFromWorld;
  for (size_t i = 0; i < kept.size(); ++i) {
    const Eigen::Vector3d& point = bundle.points[i];
    const Eigen::Vector3d second = views.secondFromFirst * point;
    if (point.z() > 0.05 && second.z() > 0.05 &&
        (camera.project(second) - bundle.observations[2 * i + 1].pixel).norm() < kMaxErrorPixels) {
      views.points.emplace_back(kept[i], point);
    }
  }
  return views.points.size() >= kMinPoints ? std::optional(views) : std::nullopt;
}

}  // namespace loci
