#include "monocular_start.h"

#include <algorithm>
#include <opencv2/calib3d.hpp>
#include <opencv2/core/eigen.hpp>

#include "bundle_adjustment.h"
#include "triangulation.h"

namespace loci {

namespace {

constexpr double kMinMotionShare = 0.03;  // median motion of a pixel, of the image width
constexpr double kRansacPixels = 1.0;
constexpr double kMinParallaxRadians = 0.017;
constexpr double kMaxErrorPixels = 2;
constexpr size_t kMinPoints = 60;
constexpr double kMinPointShare = 0.5;

double median(std::vector<double>& values) {
  const auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

std::optional<TwoViews> MonocularStart::solve(const Pinhole& camera) const {
  if (frames.size() < 2) {
    return std::nullopt;
  }
  const StartFrame& reference = frames.front();
  const StartFrame& latest = frames.back();
  std::vector<int64_t> ids;
  std::vector<cv::Point2d> from, to;
  std::vector<double> motion;
  auto candidate = reference.pixels.begin();
  for (const auto& [id, pixel] : latest.pixels) {
    while (candidate != reference.pixels.end() && candidate->first < id) {
      ++candidate;
    }
    if (candidate == reference.pixels.end() || candidate->first != id) {
      continue;
    }
    ids.push_back(id);
    from.emplace_back(candidate->second.x(), candidate->second.y());
    to.emplace_back(pixel.x(), pixel.y());
    motion.push_back((pixel - candidate->second).norm());
  }
  if (ids.size() < kMinPoints || median(motion) < kMinMotionShare * camera.width) {
    return std::nullopt;
  }

  const cv::Matx33d k(camera.fx, 0, camera.cx, 0, camera.fy, camera.cy, 0, 0, 1);
  cv::Mat inliers, rotation, translation;
  const cv::Mat essential = cv::findEssentialMat(from, to, k, cv::RANSAC, 0.999, kRansacPixels, inliers);
  if (essential.rows != 3 || cv::recoverPose(essential, from, to, k, rotation, translation, inliers) < int(kMinPoints)) {
    return std::nullopt;
  }
  TwoViews views;
  cv::cv2eigen(rotation, views.secondFromFirst.rotation);
  for (int i = 0; i < 3; ++i) {
    views.secondFromFirst.translation[i] = translation.at<double>(i);
  }

  Bundle bundle;
  bundle.cameras = {{Se3{}, true}, {views.secondFromFirst, false}};
  std::vector<int64_t> kept;
  for (size_t i = 0; i < ids.size(); ++i) {
    const Eigen::Vector2d a(from[i].x, from[i].y), b(to[i].x, to[i].y);
    const auto point = triangulate(camera, {{Se3{}, a}, {views.secondFromFirst, b}}, kMinParallaxRadians,
                                   kMaxErrorPixels);
    if (point) {
      const int index = int(bundle.points.size());
      bundle.points.push_back(*point);
      bundle.observations.push_back({0, index, a, 0});
      bundle.observations.push_back({1, index, b, 0});
      kept.push_back(ids[i]);
    }
  }
  // A turn alone leaves no parallax, so few points survive the triangulation's gate.
  if (kept.size() < kMinPoints || double(kept.size()) < kMinPointShare * double(ids.size())) {
    return std::nullopt;
  }
  adjustBundle(camera, bundle, 10);
  views.secondFromFirst = bundle.cameras[1].cameraFromWorld;
  for (size_t i = 0; i < kept.size(); ++i) {
    const Eigen::Vector3d& point = bundle.points[i];
    const Eigen::Vector3d second = views.secondFromFirst * point;
    if (point.z() > 0.05 && second.z() > 0.05 &&
        (camera.project(second) - bundle.observations[2 * i + 1].pixel).norm() < kMaxErrorPixels) {
      views.points.emplace_back(kept[i], point);
    }
  }
  return views.points.size() >= kMinPoints ? std::optional(views) : std::nullopt;
}

}  // namespace loci
