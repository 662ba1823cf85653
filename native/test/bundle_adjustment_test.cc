#include "bundle_adjustment.h"

#include <gtest/gtest.h>

#include <cmath>

#include "synthetic.h"

namespace loci::test {
namespace {

class BundleAdjustment : public ::testing::Test {
 protected:
  /// All cameras see all points with `noise` pixels; poses but the first and points start centimetres off.
  Bundle disturbed(double noise, bool withDepth) {
    std::normal_distribution<double> unit(0, 1);
    Bundle bundle;
    for (const Eigen::Vector3d& point : points_) {
      bundle.points.push_back(point + 0.05 * Eigen::Vector3d(unit(random_), unit(random_), unit(random_)));
    }
    for (size_t c = 0; c < cameras_.size(); ++c) {
      Vector6d step = Vector6d::Zero();
      if (c > 0) {
        for (int k = 0; k < 6; ++k) {
          step[k] = 0.02 * unit(random_);
        }
      }
      bundle.cameras.push_back({cameras_[c].moved(step), c == 0});
      for (size_t p = 0; p < points_.size(); ++p) {
        const Eigen::Vector3d seen = cameras_[c] * points_[p];
        const Eigen::Vector2d pixel = kCamera.project(seen) + noise * Eigen::Vector2d(unit(random_), unit(random_));
        bundle.observations.push_back({int(c), int(p), pixel, withDepth ? seen.z() : 0});
      }
    }
    return bundle;
  }

  std::mt19937 random_{11};
  const std::vector<Se3> cameras_ = makeCameras(8);
  const std::vector<Eigen::Vector3d> points_ = makePoints(150, random_);
};

TEST_F(BundleAdjustment, FindsExactPosesAndPointsFromExactPixelsAndDepth) {
  Bundle bundle = disturbed(0, true);
  const double rms = adjustBundle(kCamera, bundle, 30).rmsPixels;
  EXPECT_LT(rms, 1e-3);
  for (size_t c = 0; c < cameras_.size(); ++c) {
    EXPECT_LT(positionError(bundle.cameras[c].cameraFromWorld, cameras_[c]), 1e-4);
  }
  for (size_t p = 0; p < points_.size(); ++p) {
    EXPECT_LT((bundle.points[p] - points_[p]).norm(), 1e-3);
  }
}

TEST_F(BundleAdjustment, AveragesPixelNoise) {
  Bundle bundle = disturbed(0.5, true);
  adjustBundle(kCamera, bundle, 30);
  for (size_t c = 0; c < cameras_.size(); ++c) {
    EXPECT_LT(positionError(bundle.cameras[c].cameraFromWorld, cameras_[c]), 0.003);
    EXPECT_LT(turnError(bundle.cameras[c].cameraFromWorld, cameras_[c]), 0.002);
  }
}

TEST_F(BundleAdjustment, FindsTheShapeWithoutDepth) {
  Bundle bundle = disturbed(0, false);
  EXPECT_LT(adjustBundle(kCamera, bundle, 50).rmsPixels, 0.01);
  // Scale is free: compare ratios of distances between cameras.
  const auto step = [](const Se3& a, const Se3& b) { return positionError(a, b); };
  const double truth = step(cameras_[0], cameras_[4]) / step(cameras_[0], cameras_[7]);
  const double found = step(bundle.cameras[0].cameraFromWorld, bundle.cameras[4].cameraFromWorld) /
                       step(bundle.cameras[0].cameraFromWorld, bundle.cameras[7].cameraFromWorld);
  EXPECT_NEAR(found, truth, 1e-3);
}

/// By how many of its standard deviations the focal length, guessed a fifth too short, is off after an adjustment.
double focalDeviation(Bundle bundle) {
  Pinhole guess = kCamera;
  guess.fx = guess.fy = 0.8 * kCamera.fx;
  bundle.focalPrior = FocalBelief{0, 1e-6};
  const BundleResult result = adjustBundle(guess, bundle, 100);
  return (bundle.logFocal - std::log(kCamera.fx / guess.fx)) * std::sqrt(result.focalInformation);
}

TEST_F(BundleAdjustment, FindsTheFocalLength) { EXPECT_LT(std::abs(focalDeviation(disturbed(0, false))), 0.02); }

TEST_F(BundleAdjustment, SaysHowSureTheFocalLengthIs) {
  // One pixel of noise, along each axis, is what the adjustment assumes.
  double squares = 0;
  constexpr int kTrials = 12;
  for (int i = 0; i < kTrials; ++i) {
    const double deviation = focalDeviation(disturbed(1, false));
    squares += deviation * deviation;
  }
  const double spread = std::sqrt(squares / kTrials);
  EXPECT_GT(spread, 0.5);
  EXPECT_LT(spread, 1.7);
}

TEST_F(BundleAdjustment, KeepsToWhatIsBelievedOfTheFocalLength) {
  Bundle bundle = disturbed(1, false);
  bundle.focalPrior = FocalBelief{std::log(1.1), 1e9};
  adjustBundle(kCamera, bundle, 50);
  EXPECT_NEAR(bundle.logFocal, std::log(1.1), 1e-3);
}

TEST_F(BundleAdjustment, LeavesFixedCamerasWhereTheyAre) {
  Bundle bundle = disturbed(0.5, true);
  bundle.cameras[5].fixed = true;
  const Se3 before = bundle.cameras[5].cameraFromWorld;
  adjustBundle(kCamera, bundle, 10);
  EXPECT_EQ(bundle.cameras[5].cameraFromWorld.translation, before.translation);
}

TEST_F(BundleAdjustment, IsNotDraggedAwayByAFewWrongMatches) {
  Bundle bundle = disturbed(0.5, true);
  for (size_t i = 0; i < bundle.observations.size(); i += 50) {
    bundle.observations[i].pixel += Eigen::Vector2d(40, -25);
  }
  adjustBundle(kCamera, bundle, 30);
  for (size_t c = 0; c < cameras_.size(); ++c) {
    EXPECT_LT(positionError(bundle.cameras[c].cameraFromWorld, cameras_[c]), 0.01);
  }
}

}  // namespace
}  // namespace loci::test
