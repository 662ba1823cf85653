#include "pose_refinement.h"

#include <gtest/gtest.h>

#include "synthetic.h"

namespace loci::test {
namespace {

class PoseRefinement : public ::testing::Test {
 protected:
  /// Sightings of `count` points by a camera, with half a pixel of noise; the first `wrong` are anywhere in the image.
  std::vector<Sighting> see(const Se3& cameraFromWorld, int count, int wrong) {
    std::normal_distribution<double> noise(0, 0.5);
    std::uniform_real_distribution<double> x(0, 640), y(0, 480);
    std::vector<Sighting> sightings;
    for (const Eigen::Vector3d& point : makePoints(count, random_)) {
      Eigen::Vector2d pixel = kCamera.project(cameraFromWorld * point) + Eigen::Vector2d(noise(random_), noise(random_));
      if (int(sightings.size()) < wrong) {
        pixel = {x(random_), y(random_)};
      }
      sightings.push_back({point, pixel});
    }
    return sightings;
  }

  std::mt19937 random_{7};
  const Se3 truth_ = makeCameras(4)[3];
};

TEST_F(PoseRefinement, FindsThePoseFromANearbyGuess) {
  const PoseEstimate estimate = refinePose(kCamera, see(truth_, 200, 0), makeCameras(2)[1]);
  EXPECT_LT(positionError(estimate.cameraFromWorld, truth_), 0.003);
  EXPECT_LT(turnError(estimate.cameraFromWorld, truth_), 0.001);
  EXPECT_GE(estimate.inliers, 190);
  EXPECT_NEAR(estimate.rmsPixels, 0.5 * std::sqrt(2.0), 0.1);
}

TEST_F(PoseRefinement, PutsUpWithAQuarterOfOutliersAndNamesThem) {
  const PoseEstimate estimate = refinePose(kCamera, see(truth_, 200, 50), makeCameras(3)[2]);
  EXPECT_LT(positionError(estimate.cameraFromWorld, truth_), 0.005);
  int wronglyTrusted = 0;
  for (int i = 0; i < 50; ++i) {
    wronglyTrusted += estimate.inlier[size_t(i)];
  }
  EXPECT_LE(wronglyTrusted, 1);
}

TEST_F(PoseRefinement, UsesDepthWherePixelsSayLittle) {
  // One far point on the axis: its pixel does not tell how far away the camera is, its depth does.
  std::vector<Sighting> sightings;
  for (const Eigen::Vector3d& point : makePoints(40, random_)) {
    const Eigen::Vector3d narrow(point.x() * 0.02, point.y() * 0.02, point.z());
    sightings.push_back({narrow, kCamera.project(narrow), narrow.z()});
  }
  Se3 guess;
  guess.translation.z() = 0.2;
  const PoseEstimate estimate = refinePose(kCamera, sightings, guess);
  EXPECT_LT(std::abs(estimate.cameraFromWorld.translation.z()), 0.005);
}

TEST_F(PoseRefinement, SearchesWithNoGuessThroughHalfOutliers) {
  Se3 far = truth_;
  far.rotation = expSo3({0, 0.2, 2.5}) * far.rotation;  // upside down
  const auto estimate = searchPose(kCamera, see(far, 200, 100));
  ASSERT_TRUE(estimate.has_value());
  EXPECT_LT(positionError(estimate->cameraFromWorld, far), 0.01);
}

TEST_F(PoseRefinement, DoesNotSearchAmongTooFewSightings) {
  EXPECT_FALSE(searchPose(kCamera, see(truth_, 5, 0)).has_value());
}

}  // namespace
}  // namespace loci::test
