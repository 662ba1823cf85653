#pragma once

#include <Eigen/Core>
#include <cmath>

#include "se3.h"

namespace loci {

using Vector7d = Eigen::Matrix<double, 7, 1>;

/// A similarity: x ↦ scale · R x + t.
struct Sim3 {
  Se3 motion;
  double scale = 1;

  Eigen::Vector3d operator*(const Eigen::Vector3d& point) const {
    return motion.rotation * (scale * point) + motion.translation;
  }

  Sim3 operator*(const Sim3& other) const {
    return {{motion.rotation * other.motion.rotation, *this * other.motion.translation}, scale * other.scale};
  }

  Sim3 inverse() const {
    const Eigen::Matrix3d back = motion.rotation.transpose();
    return {{back, -(back * motion.translation) / scale}, 1 / scale};
  }

  /// Where a camera stands after the similarity has moved the world that it stands in.
  Se3 moved(const Se3& worldFromCamera) const {
    return {motion.rotation * worldFromCamera.rotation, *this * worldFromCamera.translation};
  }

  template <class Archive>
  void exchange(Archive& archive) {
    archive(motion, scale);
  }
};

}  // namespace loci
