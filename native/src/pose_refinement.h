#pragma once

#include <Eigen/Core>
#include <optional>
#include <vector>

#include "pinhole.h"
#include "se3.h"

namespace loci {

/// A landmark seen in one frame.
struct Sighting {
  Eigen::Vector3d point;   ///< world coordinates
  Eigen::Vector2d pixel;
  double depthMetres = 0;  ///< measured along the camera's z axis; 0 when unknown
};

/// A camera pose and what agrees with it.
struct PoseEstimate {
  Se3 cameraFromWorld;
  std::vector<uint8_t> inlier;  ///< one per sighting
  int inliers = 0;
  double rmsPixels = 0;         ///< of the inliers
};

/// Refines a camera pose on all sightings by Levenberg–Marquardt with Huber weights, dropping outliers between rounds
/// by the χ² test at 95 % (Mur-Artal 2015, section V).
PoseEstimate refinePose(const Pinhole& camera, const std::vector<Sighting>& sightings, const Se3& initial);

/// Finds a camera pose with no initial guess, by P3P in RANSAC with a fixed seed, then refines it.
std::optional<PoseEstimate> searchPose(const Pinhole& camera, const std::vector<Sighting>& sightings);

/// Refines the rotation of a camera that turns on the spot: each sighting's `point` is its ray in the frame before.
Eigen::Matrix3d refineTurn(const Pinhole& camera, const std::vector<Sighting>& sightings,
                           const Eigen::Matrix3d& initial);

/// Pixels; what the corners of a tracked feature scatter by.
inline constexpr double kPixelSigma = 1.0;

}  // namespace loci
