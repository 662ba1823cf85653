#pragma once

#include <Eigen/Core>
#include <optional>
#include <vector>

#include "pinhole.h"
#include "se3.h"

namespace loci {

/// One line of sight to a point.
struct View {
  Se3 cameraFromWorld;
  Eigen::Vector2d pixel;
};

/// Intersects lines of sight linearly (Hartley and Zisserman 2004, section 12.2). Nothing when the widest angle between
/// two of them is below `minParallaxRadians`, when the point lies behind a camera, or when it misses a pixel by more
/// than `maxErrorPixels`.
std::optional<Eigen::Vector3d> triangulate(const Pinhole& camera, const std::vector<View>& views,
                                           double minParallaxRadians, double maxErrorPixels);

}  // namespace loci
