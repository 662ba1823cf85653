#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

#include "depth_view.h"
#include "pinhole.h"

namespace loci {

/// A depth image thinned to about `columns` columns and turned to metres once, since every step of mapping reads it
/// again. 0 means that there is no depth.
class DepthSamples {
 public:
  DepthSamples() = default;
  DepthSamples(const DepthView& depth, int columns);

  const Pinhole& camera() const { return camera_; }
  float at(int x, int y) const { return metres_[size_t(y) * size_t(camera_.width) + size_t(x)]; }

  /// The point at a sample's depth, in camera coordinates.
  Eigen::Vector3f point(int x, int y, float z) const {
    return {(float(x) - cx_) * inverseFx_ * z, (float(y) - cy_) * inverseFy_ * z, z};
  }

  /// The nearest depth within `radius` samples of each one; 0 where one of them has none. What lies in front of it is
  /// seen through, even when it is a little beside where it was thought to be.
  std::vector<float> nearest(int radius) const;

 private:
  Pinhole camera_;
  float cx_ = 0, cy_ = 0, inverseFx_ = 0, inverseFy_ = 0;
  std::vector<float> metres_;
};

}  // namespace loci
