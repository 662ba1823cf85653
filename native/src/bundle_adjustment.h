#pragma once

#include <Eigen/Core>
#include <optional>
#include <vector>

#include "pinhole.h"
#include "se3.h"

namespace loci {

/// What is known of a focal length before an adjustment, or after it: the logarithm of its ratio to a reference.
struct FocalBelief {
  double logFactor = 0;
  double information = 0;  ///< inverse variance of `logFactor`; 0 when nothing is known

  template <class Archive>
  void exchange(Archive& archive) {
    archive(logFactor, information);
  }
};

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
  /// Both focal lengths, which all cameras share, are multiplied by e^`logFocal`.
  double logFocal = 0;
  /// When given, `logFocal` is adjusted too, drawn to this belief.
  std::optional<FocalBelief> focalPrior;
};

struct BundleResult {
  double rmsPixels = 0;  ///< reprojection error
  double cost = 0;       ///< half the sum of squared residuals, in standard deviations and after Huber
  /// Of `Bundle::logFocal`, all poses and points being free (the Schur complement of everything else); 0 when it was
  /// not adjusted. Residuals are taken to have the standard deviations that the adjustment assumes.
  double focalInformation = 0;
};

/// Levenberg–Marquardt on reprojection and depth residuals with Huber weights. Points are eliminated by the Schur
/// complement (Triggs 2000, section 6.1), so the dense system left has six unknowns a free camera, and one for the focal
/// length. With no fixed camera and no depth the gauge is held by the damping alone.
BundleResult adjustBundle(const Pinhole& camera, Bundle& bundle, int maxIterations);

}  // namespace loci
