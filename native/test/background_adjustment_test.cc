#include "background_adjustment.h"

#include <gtest/gtest.h>

#include <random>

#include "synthetic.h"

namespace loci::test {
namespace {

constexpr int kPoints = 150;

/// Cameras on an arc, the first as it is, the others and the points somewhat off.
LocalMap disturbedMap(int cameraCount) {
  std::mt19937 random(7);
  std::normal_distribution<double> off(0, 0.01);
  const std::vector<Eigen::Vector3d> points = makePoints(kPoints, random);
  const std::vector<Se3> cameras = makeCameras(cameraCount);
  LocalMap map;
  for (const Se3& camera : cameras) {
    Se3 disturbed = camera;
    if (!map.keyframes.empty()) {
      disturbed.translation += Eigen::Vector3d(off(random), off(random), off(random));
    }
    map.addKeyframe(disturbed);
  }
  for (const Eigen::Vector3d& point : points) {
    Landmark& landmark = map.addLandmark(Eigen::Vector2f::Zero(), {});
    landmark.position = point + Eigen::Vector3d(off(random), off(random), off(random));
    landmark.located = true;
    landmark.keyframeCount = cameraCount;
    for (int i = 0; i < cameraCount; ++i) {
      const Eigen::Vector3d seen = cameras[size_t(i)] * point;
      landmark.observations.push_back({i, kCamera.project(seen).cast<float>(), float(seen.z())});
    }
    landmark.pixel = landmark.observations.back().pixel;
  }
  return map;
}

double worstPositionError(const LocalMap& map) {
  const std::vector<Se3> truth = makeCameras(int(map.keyframes.size()));
  double worst = 0;
  for (size_t i = 0; i < truth.size(); ++i) {
    worst = std::max(worst, positionError(map.keyframes[i].cameraFromWorld, truth[i]));
  }
  return worst;
}

TEST(BackgroundAdjustment, FindsWhereTheCamerasStand) {
  BackgroundAdjustment adjustment;
  EXPECT_FALSE(adjustment.isStarted());
  adjustment.start({disturbedMap(6), kCamera, FocalCalibration(kCamera), false});
  EXPECT_TRUE(adjustment.isStarted());

  const CalibratedMap adjusted = adjustment.take();
  EXPECT_FALSE(adjustment.isStarted());
  EXPECT_GT(worstPositionError(disturbedMap(6)), 0.01);
  EXPECT_LT(worstPositionError(adjusted.map), 0.001);
  EXPECT_EQ(adjusted.camera.fx, kCamera.fx);
}

TEST(BackgroundAdjustment, DoesNotSeeWhatItsOwnerDoesMeanwhile) {
  CalibratedMap owned{disturbedMap(6), kCamera, FocalCalibration(kCamera), false};
  BackgroundAdjustment undisturbed, adjustment;
  undisturbed.start(owned);
  adjustment.start(owned);
  owned.map.trim();
  for (Landmark& landmark : owned.map.landmarks) {
    landmark.position.setZero();
    landmark.observations.clear();
  }
  owned.map.clear();

  const LocalMap map = adjustment.take().map, same = undisturbed.take().map;
  ASSERT_EQ(map.landmarks.size(), size_t(kPoints));
  for (size_t i = 0; i < map.landmarks.size(); ++i) {
    EXPECT_EQ(map.landmarks[i].position, same.landmarks[i].position);
    EXPECT_EQ(map.landmarks[i].observations.size(), 6u);
  }
  for (size_t i = 0; i < map.keyframes.size(); ++i) {
    EXPECT_EQ(map.keyframes[i].cameraFromWorld.translation, same.keyframes[i].cameraFromWorld.translation);
  }
}

TEST(BackgroundAdjustment, LeavesTheCameraAloneWhileItsWindowIsTooSmall) {
  FocalCalibration focal(kCamera);
  focal.keyframeAdded();
  BackgroundAdjustment adjustment;
  adjustment.start({disturbedMap(3), kCamera, focal, true});
  const CalibratedMap adjusted = adjustment.take();
  EXPECT_EQ(adjusted.camera.fx, kCamera.fx);
  EXPECT_EQ(adjusted.focal.sigmaPixels(), focal.sigmaPixels());
}

}  // namespace
}  // namespace loci::test
