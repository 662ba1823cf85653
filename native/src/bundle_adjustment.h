#pragma once

#include <Eigen/Core>
#include <vector>

#include "pinhole.h"
#include "se3.h"

namespace loci {

/// A least-squares problem over camera poses and points; `adjustBundle` changes both in place.
struct Bundle {
  struct Camera {
    Se3 cameraFromWorld;
    bool fixed = false;
  };
  struct Observation {
    int camera = 0;
    int point = 0;
    Eigen::Vector2d pixel = Eigen::Vector2d::Zero();
    double depthMetres = 0;  ///< measured depth, 0 when unknown
  };

  std::vector<Camera> cameras;
  std::vector<Eigen::Vector3d> points;  ///< world coordinates
  std::vector<Observation> observations;
};

/// Levenberg–Marquardt on reprojection and depth residuals with Huber weights. Points are eliminated by the Schur
/// complement (Triggs 2000, section 6.1), so the dense system left has six unknowns a free camera. With no fixed camera
/// and no depth the gauge is held by the damping alone. Answers the root mean square reprojection error in pixels.
double adjustBundle(const Pinhole& camera, Bundle& bundle, int maxIterations);

}  // namespace loci
