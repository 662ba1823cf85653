#pragma once

#include <cstdint>
#include <Eigen/Core>

#include "pinhole.h"

namespace loci {

/// A depth image that someone else owns, and the camera that took it.
struct DepthView {
  const uint16_t* data = nullptr;
  double metresPerUnit = 0.001;
  Pinhole camera;

  explicit operator bool() const { return data != nullptr; }

  /// Depth in metres at one pixel of the depth image; 0 when the sensor gave none (0 or 65535) or it lies out of range.
  float at(int x, int y) const;

  /// Depth in metres along a colour pixel's line of sight (`ray` with z = 1), averaged over 3 × 3 depth pixels. Both
  /// cameras are taken to share their centre and axes. 0 when missing, or near a jump in depth, where the colour pixel
  /// may belong to either side.
  float along(const Eigen::Vector3d& ray) const;
};

/// Farther depth is dropped: the error of a structured-light sensor is decimetres there.
inline constexpr float kMaxDepthMetres = 6.0f;

/// Standard deviation of a depth measurement, metres: constant plus quadratic in depth, as triangulating sensors have
/// (Khoshelham and Elberink 2012, eq. 10, with room for imperfect registration).
double depthSigma(double depthMetres);

}  // namespace loci
