#pragma once

#include <Eigen/Core>
#include <cmath>

namespace loci {

/// A pinhole camera: focal lengths and principal point in pixels of an image of `width` × `height`.
/// Camera frame: x right, y down, z forward.
struct Pinhole {
  double fx = 0, fy = 0, cx = 0, cy = 0;
  int width = 0, height = 0;

  /// Pixel of a point in camera coordinates; the point must lie in front of the camera.
  Eigen::Vector2d project(const Eigen::Vector3d& point) const {
    return {fx * point.x() / point.z() + cx, fy * point.y() / point.z() + cy};
  }

  /// Point on the pixel's line of sight at depth 1.
  Eigen::Vector3d ray(const Eigen::Vector2d& pixel) const {
    return {(pixel.x() - cx) / fx, (pixel.y() - cy) / fy, 1.0};
  }

  bool contains(const Eigen::Vector2d& pixel, double margin = 0) const {
    return pixel.x() >= margin && pixel.y() >= margin && pixel.x() < width - margin && pixel.y() < height - margin;
  }

  /// The same camera with focal lengths e^`logFocal` times as long.
  Pinhole zoomed(double logFocal) const {
    Pinhole zoomed = *this;
    zoomed.fx *= std::exp(logFocal);
    zoomed.fy *= std::exp(logFocal);
    return zoomed;
  }

  /// The same camera seen through an image of another size whose pixels cover the same field of view.
  Pinhole resized(int newWidth, int newHeight) const {
    const double sx = double(newWidth) / width, sy = double(newHeight) / height;
    return {fx * sx, fy * sy, (cx + 0.5) * sx - 0.5, (cy + 0.5) * sy - 0.5, newWidth, newHeight};
  }
};

}  // namespace loci
