#pragma once

#include <Eigen/Core>
#include <random>
#include <vector>

#include "pinhole.h"
#include "se3.h"

namespace loci::test {

inline const Pinhole kCamera{500, 500, 319.5, 239.5, 640, 480};

/// Random points in a box 2–5 m in front of the origin, which every camera of `makeCameras` sees.
inline std::vector<Eigen::Vector3d> makePoints(int count, std::mt19937& random) {
  std::uniform_real_distribution<double> across(-0.8, 0.8), deep(2, 5);
  std::vector<Eigen::Vector3d> points;
  for (int i = 0; i < count; ++i) {
    points.emplace_back(across(random), across(random), deep(random));
  }
  return points;
}

/// cameraFromWorld of cameras 8 cm apart on an arc, looking ahead.
inline std::vector<Se3> makeCameras(int count) {
  std::vector<Se3> cameras;
  for (int i = 0; i < count; ++i) {
    Se3 worldFromCamera;
    worldFromCamera.rotation = expSo3({0.01 * i, -0.02 * i, 0.005 * i});
    worldFromCamera.translation = {0.08 * i, 0.01 * i * i, 0.02 * i};
    cameras.push_back(worldFromCamera.inverse());
  }
  return cameras;
}

inline double positionError(const Se3& a, const Se3& b) {
  return (a.inverse().translation - b.inverse().translation).norm();
}

inline double turnError(const Se3& a, const Se3& b) { return rotationAngle(a.rotation * b.rotation.transpose()); }

}  // namespace loci::test
