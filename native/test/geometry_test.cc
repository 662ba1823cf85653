#include <gtest/gtest.h>

#include "depth_view.h"
#include "monocular_start.h"
#include "rotation_alignment.h"
#include "snapshot.h"
#include "synthetic.h"
#include "triangulation.h"

namespace loci::test {
namespace {

constexpr double kParallax = 0.02;

TEST(Triangulation, IntersectsLinesOfSight) {
  const Eigen::Vector3d point(0.3, -0.2, 3);
  std::vector<View> views;
  for (const Se3& camera : makeCameras(4)) {
    views.push_back({camera, kCamera.project(camera * point)});
  }
  const auto found = triangulate(kCamera, views, kParallax, 1);
  ASSERT_TRUE(found.has_value());
  EXPECT_LT((*found - point).norm(), 1e-6);
}

TEST(Triangulation, WaitsForParallax) {
  const Eigen::Vector3d point(0.3, -0.2, 60);
  std::vector<View> views;
  for (const Se3& camera : makeCameras(2)) {
    views.push_back({camera, kCamera.project(camera * point)});
  }
  EXPECT_FALSE(triangulate(kCamera, views, kParallax, 1).has_value());
}

TEST(Triangulation, RefusesLinesThatMiss) {
  const std::vector<Se3> cameras = makeCameras(3);
  const Eigen::Vector3d point(0.3, -0.2, 3);
  std::vector<View> views;
  for (const Se3& camera : cameras) {
    views.push_back({camera, kCamera.project(camera * point)});
  }
  views[1].pixel.y() += 12;
  EXPECT_FALSE(triangulate(kCamera, views, kParallax, 2).has_value());
}

TEST(DepthView, LooksAlongTheColourRayWithItsOwnIntrinsics) {
  // The depth camera is wider, so the colour pixel's ray meets another depth pixel.
  std::vector<uint16_t> data(640 * 480, 2000);
  const Pinhole depthCamera{600, 600, 320, 240, 640, 480};
  const Eigen::Vector3d ray(0.2, 0.1, 1);
  const Eigen::Vector2d pixel = depthCamera.project(ray);
  for (int dy = -4; dy <= 4; ++dy) {
    for (int dx = -4; dx <= 4; ++dx) {
      data[size_t(pixel.y() + dy) * 640 + size_t(pixel.x() + dx)] = 1500;
    }
  }
  const DepthView depth{data.data(), 0.001, depthCamera};
  EXPECT_FLOAT_EQ(depth.along(ray), 1.5f);
  EXPECT_FLOAT_EQ(depth.along({-0.2, 0.1, 1}), 2.0f);
}

TEST(DepthView, HasNoneAtAJumpNorWhereTheSensorSawNothing) {
  std::vector<uint16_t> data(640 * 480, 2000);
  for (size_t i = 0; i < data.size(); ++i) {
    data[i] = i % 640 < 320 ? 1000 : i % 640 < 480 ? 2000 : 65535;
  }
  const DepthView depth{data.data(), 0.001, kCamera};
  EXPECT_EQ(depth.along(kCamera.ray({320, 240})), 0);
  EXPECT_EQ(depth.along(kCamera.ray({550, 240})), 0);
  EXPECT_GT(depth.along(kCamera.ray({100, 240})), 0);
}

class TwoViewStart : public ::testing::Test {
 protected:
  /// The reference frame and one more, of random points.
  MonocularStart see(const Se3& second) {
    MonocularStart start;
    start.frames = {{0, 0, {}}, {100'000, 3, {}}};
    int64_t id = 0;
    for (const Eigen::Vector3d& point : makePoints(300, random_)) {
      start.frames[0].pixels.emplace_back(id, kCamera.project(point).cast<float>());
      start.frames[1].pixels.emplace_back(id++, kCamera.project(second * point).cast<float>());
    }
    return start;
  }

  std::mt19937 random_{3};
};

TEST_F(TwoViewStart, TellsTheDirectionOfAStepToTheSide) {
  const Se3 second = makeCameras(7)[6];
  const auto views = see(second).solve(kCamera);
  ASSERT_TRUE(views.has_value());
  EXPECT_LT(turnError(views->secondFromFirst, second), 0.003);
  EXPECT_GT(views->secondFromFirst.translation.normalized().dot(second.translation.normalized()), 0.999);
  EXPECT_GT(views->points.size(), 250u);
}

TEST_F(TwoViewStart, DoesNotTakeATurnForAStep) {
  Se3 turn;
  turn.rotation = expSo3({0.05, -0.15, 0.02});
  EXPECT_FALSE(see(turn).solve(kCamera).has_value());
}

TEST_F(TwoViewStart, StartsBeforeAPlane) {
  // A wall ahead, by a camera that walks towards it and aside; corners are a third of a pixel off. Both
  // readings of two views put all of it in front of the camera, so the view between has to decide.
  std::normal_distribution<double> noise(0, 0.3);
  std::uniform_real_distribution<double> across(-0.9, 0.9);
  std::vector<Eigen::Vector3d> points;
  for (int i = 0; i < 300; ++i) {
    const double x = across(random_), y = 0.7 * across(random_);
    points.emplace_back(x, y, 3 + 0.2 * x - 0.1 * y);
  }
  const auto step = [](double share) {
    Se3 worldFromCamera;
    worldFromCamera.rotation = expSo3(share * Eigen::Vector3d(0.03, -0.08, 0.02));
    worldFromCamera.translation = {0.6 * share, 0.4 * share * share, 0.8 * share};
    return worldFromCamera.inverse();
  };
  MonocularStart start;
  for (int frame = 0; frame <= 4; ++frame) {
    StartFrame& seen = start.frames.emplace_back();
    for (size_t i = 0; i < points.size(); ++i) {
      const Eigen::Vector2d pixel = kCamera.project(step(frame / 4.0) * points[i]);
      seen.pixels.emplace_back(int64_t(i), (pixel + Eigen::Vector2d(noise(random_), noise(random_))).cast<float>());
    }
  }
  const auto views = start.solve(kCamera);
  ASSERT_TRUE(views.has_value());
  const Se3 truth = step(1);
  EXPECT_LT(turnError(views->secondFromFirst, truth), 0.01);
  EXPECT_GT(views->secondFromFirst.translation.normalized().dot(truth.translation.normalized()), 0.995);
  EXPECT_GT(views->points.size(), 250u);
}

TEST_F(TwoViewStart, WaitsWhileNothingMoves) { EXPECT_FALSE(see(Se3{}).solve(kCamera).has_value()); }

TEST(FrameAlignment, FindsAFastTurnAndTheChangeOfExposure) {
  // The same far noise, 15° further, half as bright: x right, so a turn to the right moves the picture to the left.
  const auto picture = [](double turn, double gain) {
    cv::Mat image(480, 640, CV_8UC3);
    const Eigen::Matrix3d worldFromCamera = expSo3({0, turn, 0});
    for (int y = 0; y < image.rows; ++y) {
      for (int x = 0; x < image.cols; ++x) {
        const Eigen::Vector3d d = (worldFromCamera * kCamera.ray({double(x), double(y)})).normalized();
        const double value = 128 + 60 * std::sin(9 * d.x() + 2 * std::sin(7 * d.y())) * std::cos(11 * d.y() - 3 * d.x());
        image.at<cv::Vec3b>(y, x) = cv::Vec3b::all(uchar(gain * value));
      }
    }
    return image;
  };
  const cv::Mat before = picture(0, 1), after = picture(0.26, 0.5);
  const FramePyramid a({before.data, 640, 480}, 1), b({after.data, 640, 480}, 1);
  const auto alignment = alignFrames(a, b, kCamera, Eigen::Matrix3d::Identity());
  EXPECT_LT(rotationAngle(alignment.currentFromPrevious * expSo3({0, 0.26, 0})), 0.02);
  EXPECT_NEAR(alignment.exposure.gain, 0.5, 0.05);
  EXPECT_TRUE(alignment.exposure.changes());
}

TEST(Snapshot, GivesBackWhatWasWritten) {
  std::vector<std::pair<int64_t, Eigen::Vector2f>> values{{1, {0.5f, 2}}, {-7, {3, 4}}};
  Se3 pose = makeCameras(3)[2];
  SnapshotWriter writer;
  writer(values, pose);
  SnapshotReader reader(writer.data.data(), writer.data.size());
  std::vector<std::pair<int64_t, Eigen::Vector2f>> readValues;
  Se3 readPose;
  reader(readValues, readPose);
  EXPECT_EQ(readValues, values);
  EXPECT_EQ(readPose.rotation, pose.rotation);
  EXPECT_EQ(reader.left(), 0u);
}

TEST(Snapshot, RefusesACountLargerThanItself) {
  SnapshotWriter writer;
  uint64_t count = 1ull << 60;
  writer(count);
  SnapshotReader reader(writer.data.data(), writer.data.size());
  std::vector<int> values;
  EXPECT_THROW(reader(values), std::runtime_error);
}

}  // namespace
}  // namespace loci::test
