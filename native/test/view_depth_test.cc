#include "view_depth.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include "semi_global.h"

namespace loci::test {
namespace {

const Pinhole kEye{260, 260, 159.5, 119.5, 320, 240};

/// Pseudo-random number in [0, 1) of a lattice point, joined smoothly between points.
double latticeValue(int64_t x, int64_t y) {
  uint64_t h = uint64_t(x) * 0x9e3779b97f4a7c15 ^ uint64_t(y) * 0xc2b2ae3d27d4eb4f;
  h = (h ^ (h >> 29)) * 0xbf58476d1ce4e5b9;
  return double(h >> 40) / double(1 << 24);
}

double smoothNoise(double x, double y) {
  const double fx = x - std::floor(x), fy = y - std::floor(y);
  const auto i = int64_t(std::floor(x)), j = int64_t(std::floor(y));
  const double top = latticeValue(i, j) * (1 - fx) + latticeValue(i + 1, j) * fx;
  const double bottom = latticeValue(i, j + 1) * (1 - fx) + latticeValue(i + 1, j + 1) * fx;
  return top * (1 - fy) + bottom * fy;
}

/// A wall that leans away to the right, and before it a board that faces the first camera.
struct Scene {
  double size = 1;        ///< of everything
  bool hasTexture = true;
  bool hasBoard = true;

  struct Hit {
    double distance;  ///< times the ray
    double u, v;      ///< place on the surface
    bool isBoard;
  };

  Hit meet(const Eigen::Vector3d& from, const Eigen::Vector3d& ray) const {
    const Eigen::Vector3d normal = Eigen::Vector3d(-0.4, 0.1, -1).normalized();
    const Eigen::Vector3d foot(0, 0, 3 * size);
    const double wall = normal.dot(foot - from) / normal.dot(ray);
    const Eigen::Vector3d onWall = (from + wall * ray) / size;
    const double board = (1.8 * size - from.z()) / ray.z();
    const Eigen::Vector3d onBoard = (from + board * ray) / size;
    if (hasBoard && board > 0 && std::abs(onBoard.x()) < 0.4 && std::abs(onBoard.y()) < 0.5) {
      return {board, onBoard.x() + 40, onBoard.y(), true};
    }
    return {wall, onWall.x() * 1.077, onWall.y(), false};
  }

  double grey(const Hit& hit) const {
    return hasTexture ? 40 + 110 * smoothNoise(hit.u * 14, hit.v * 14) + 70 * smoothNoise(hit.u * 45, hit.v * 45) : 150;
  }

  std::vector<uint8_t> picture(const Se3& worldFromCamera) const {
    std::vector<uint8_t> rgb;
    for (int y = 0; y < kEye.height; ++y) {
      for (int x = 0; x < kEye.width; ++x) {
        const auto value = uint8_t(grey(along(worldFromCamera, x, y)));
        rgb.insert(rgb.end(), {value, value, value});
      }
    }
    return rgb;
  }

  /// The ray has z = 1 in the camera, so its distance is the depth.
  Hit along(const Se3& worldFromCamera, double x, double y) const {
    return meet(worldFromCamera.translation, worldFromCamera.rotation * kEye.ray({x, y}));
  }
};

/// A camera that moves to the right and turns a little.
Se3 walk(int i, double size = 1) {
  Se3 pose;
  pose.rotation = expSo3({0.004 * i, -0.012 * i, 0.003 * i});
  pose.translation = Eigen::Vector3d(-0.5 + 0.12 * i, 0.02 * i, 0.03 * i) * size;
  return pose;
}

constexpr int kViews = 9;

using Poses = std::function<Se3(int)>;

/// What is answered for each view of a walk; `believed` are the poses that the estimator is told.
std::map<int64_t, EstimatedDepth> estimate(const Scene& scene, const Poses& poses, const Poses& believed) {
  ViewDepth estimator(kEye);
  std::map<int64_t, EstimatedDepth> answers;
  const auto take = [&](std::vector<EstimatedDepth> depths) {
    for (EstimatedDepth& depth : depths) {
      EXPECT_TRUE(answers.emplace(depth.ptsMicros, std::move(depth)).second) << "answered twice";
    }
  };
  for (int i = 0; i < kViews; ++i) {
    const std::vector<uint8_t> rgb = scene.picture(poses(i));
    take(estimator.add(i, {rgb.data(), kEye.width, kEye.height}, believed(i)));
  }
  take(estimator.finish());
  return answers;
}

double filled(const EstimatedDepth& depth) {
  const auto found = std::count_if(depth.depths.begin(), depth.depths.end(), [](uint16_t value) { return value > 0; });
  return double(found) / double(depth.depths.size());
}

/// Share of the depths that are off by more than 2 %.
double wrong(const EstimatedDepth& depth, const Scene& scene, const Se3& pose) {
  int found = 0, off = 0;
  for (int y = 0; y < depth.height; ++y) {
    for (int x = 0; x < depth.width; ++x) {
      const double value = depth.depths[size_t(y) * depth.width + x] * depth.unit;
      const double truth = scene.along(pose, x, y).distance;
      found += value > 0;
      off += value > 0 && std::abs(value - truth) > 0.02 * truth;
    }
  }
  return found == 0 ? 1 : double(off) / found;
}

TEST(ViewDepth, FindsALeaningWallAndABoardBeforeIt) {
  const Scene scene;
  const auto poses = [](int i) { return walk(i); };
  const auto answers = estimate(scene, poses, poses);
  ASSERT_EQ(answers.size(), size_t(kViews));
  for (const auto& [pts, depth] : answers) {
    EXPECT_GT(filled(depth), 0.6) << "view " << pts;
    EXPECT_LT(wrong(depth, scene, walk(int(pts))), 0.03) << "view " << pts;
  }
}

TEST(ViewDepth, IsTheSameAtAnyScale) {
  const Scene small{0.01};
  const auto poses = [](int i) { return walk(i, 0.01); };
  const auto answers = estimate(small, poses, poses);
  ASSERT_EQ(answers.size(), size_t(kViews));
  EXPECT_GT(filled(answers.at(4)), 0.6);
  EXPECT_LT(wrong(answers.at(4), small, walk(4, 0.01)), 0.03);
}

TEST(ViewDepth, AnswersTheSameEveryTime) {
  const Scene scene;
  const auto poses = [](int i) { return walk(i); };
  const auto once = estimate(scene, poses, poses), again = estimate(scene, poses, poses);
  for (const auto& [pts, depth] : once) {
    EXPECT_EQ(depth.depths, again.at(pts).depths);
    EXPECT_EQ(depth.confidences, again.at(pts).confidences);
  }
}

TEST(ViewDepth, SaysNothingOfAPlainWall) {
  const auto poses = [](int i) { return walk(i); };
  for (const auto& [pts, depth] : estimate(Scene{1, false, false}, poses, poses)) {
    EXPECT_LT(filled(depth), 0.01) << "view " << pts;
  }
}

TEST(ViewDepth, SaysNothingWhileTheCameraOnlyTurns) {
  const auto turning = [](int i) {
    Se3 pose;
    pose.rotation = expSo3({0, -0.08 * i, 0});
    return pose;
  };
  EXPECT_TRUE(estimate(Scene{}, turning, turning).empty());
}

TEST(ViewDepth, DoesNotBelieveAViewWithAWrongPose) {
  const auto poses = [](int i) { return walk(i); };
  const auto believed = [](int i) {
    Se3 pose = walk(i);
    if (i == 4) {
      pose.translation += Eigen::Vector3d(0.02, 0.15, 0);
    }
    return pose;
  };
  const auto answers = estimate(Scene{}, poses, believed);
  EXPECT_LT(answers.contains(4) ? filled(answers.at(4)) : 0, 0.05);
  EXPECT_GT(filled(answers.at(1)), 0.5);
}

TEST(PlaneSweep, SeesWhatIsHiddenFromHalfOfTheSources) {
  // Left of the board lies wall that the cameras to the right of the reference cannot see.
  const Scene scene;
  const auto view = [&](int i) {
    const std::vector<uint8_t> rgb = scene.picture(walk(i));
    return makeSweepView(i, {rgb.data(), kEye.width, kEye.height}, kEye, walk(i));
  };
  const SweepView reference = view(4);
  const std::vector<SweepView> others = {view(2), view(3), view(5), view(6)};
  const SweptDepth depth =
      sweepPlanes(reference, {&others[0], &others[1], &others[2], &others[3]}, 0.75);
  int hidden = 0, right = 0;
  for (int y = 60; y < 180; ++y) {
    for (int x = 10; x < 310; ++x) {
      const Scene::Hit hit = scene.along(walk(4), x, y);
      const Eigen::Vector3d point = walk(4) * (kEye.ray({double(x), double(y)}) * hit.distance);
      const Eigen::Vector2d there = kEye.project(walk(6).inverse() * point);
      if (hit.isBoard || !scene.along(walk(6), there.x(), there.y()).isBoard) {
        continue;
      }
      ++hidden;
      right += std::abs(depth.inverseDepths[size_t(y) * 320 + x] * hit.distance - 1) < 0.05;
    }
  }
  ASSERT_GT(hidden, 500);
  EXPECT_GT(double(right) / hidden, 0.7);
}

TEST(SemiGlobalMatching, CarriesALabelAcrossWhatIsUnclear) {
  // Label 5 is clear on the left and on the right, and all labels are alike in between.
  CostVolume volume{30, 6, 12, std::vector<uint8_t>(30 * 6 * 12, 20)};
  for (int y = 0; y < 6; ++y) {
    for (int x = 0; x < 30; ++x) {
      if (x < 5 || x > 24) {
        volume.costs[volume.at(x, y) + 5] = 0;
      }
    }
  }
  const std::vector<float> picture(30 * 6, 0);
  const std::vector<int16_t> total = aggregateSemiGlobally(volume, picture.data(), {});
  for (int x = 0; x < 30; ++x) {
    const auto* costs = total.data() + volume.at(x, 3);
    EXPECT_EQ(std::min_element(costs, costs + 12) - costs, 5) << "column " << x;
  }
}

}  // namespace
}  // namespace loci::test
