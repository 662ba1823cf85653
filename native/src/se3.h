#pragma once

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>

namespace loci {

using Vector6d = Eigen::Matrix<double, 6, 1>;
using Matrix6d = Eigen::Matrix<double, 6, 6>;

inline Eigen::Matrix3d skew(const Eigen::Vector3d& v) {
  Eigen::Matrix3d m;
  m << 0, -v.z(), v.y(), v.z(), 0, -v.x(), -v.y(), v.x(), 0;
  return m;
}

/// Rotation by the angle |w| about the axis w (Rodrigues).
inline Eigen::Matrix3d expSo3(const Eigen::Vector3d& w) {
  const double angle = w.norm();
  if (angle < 1e-12) {
    return Eigen::Matrix3d::Identity() + skew(w);
  }
  return Eigen::AngleAxisd(angle, w / angle).toRotationMatrix();
}

/// Axis times angle of a rotation.
inline Eigen::Vector3d logSo3(const Eigen::Matrix3d& rotation) {
  const Eigen::AngleAxisd angleAxis(rotation);
  return angleAxis.angle() * angleAxis.axis();
}

inline double rotationAngle(const Eigen::Matrix3d& rotation) {
  return std::acos(std::clamp((rotation.trace() - 1) / 2, -1.0, 1.0));
}

/// A rigid transform; `aFromB * pointInB` is the point in a.
struct Se3 {
  Eigen::Matrix3d rotation = Eigen::Matrix3d::Identity();
  Eigen::Vector3d translation = Eigen::Vector3d::Zero();

  Eigen::Vector3d operator*(const Eigen::Vector3d& point) const { return rotation * point + translation; }

  Se3 operator*(const Se3& other) const {
    return {rotation * other.rotation, rotation * other.translation + translation};
  }

  Se3 inverse() const { return {rotation.transpose(), -(rotation.transpose() * translation)}; }

  /// Applies a small motion (rotation vector, then translation) on the left: p ↦ exp(ω)·(T p) + v. Renormalises the
  /// rotation, so that thousands of updates do not leave SO(3).
  Se3 moved(const Vector6d& step) const {
    const Eigen::Matrix3d turn = expSo3(step.head<3>());
    const Eigen::Quaterniond unit = Eigen::Quaterniond(turn * rotation).normalized();
    return {unit.toRotationMatrix(), turn * translation + step.tail<3>()};
  }

  template <class Archive>
  void exchange(Archive& archive) {
    archive(rotation, translation);
  }
};

}  // namespace loci
