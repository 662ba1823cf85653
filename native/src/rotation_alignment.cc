#include "rotation_alignment.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>

#include "se3.h"

namespace loci {

namespace {

constexpr int kIterations = 8;
constexpr float kHuberGrey = 12;
constexpr double kMinOverlap = 0.35;
constexpr double kMaxShiftShare = 0.35;
constexpr double kMinContrast = 3;  // grey values; less is a covered lens or a bare wall, which says nothing of motion

Pinhole thumbnailCamera(const Pinhole& camera, const cv::Mat& thumbnail) {
  return camera.resized(thumbnail.cols, thumbnail.rows);
}

/// One pass over the thumbnail: mean Huber error after removing the mean difference in brightness, and the normal
/// equations for a small further turn when asked for.
double photometricError(const cv::Mat& previous, const cv::Mat& current, const Pinhole& camera,
                        const Eigen::Matrix3d& rotation, float brightness, float& meanDifference,
                        Eigen::Matrix3d* hessian, Eigen::Vector3d* gradient) {
  double error = 0, differences = 0;
  int count = 0;
  for (int y = 0; y < previous.rows; ++y) {
    for (int x = 0; x < previous.cols; ++x) {
      const Eigen::Vector3d point = rotation * camera.ray({double(x), double(y)});
      if (point.z() < 0.1) {
        continue;
      }
      const Eigen::Vector2d pixel = camera.project(point);
      const int left = int(std::floor(pixel.x())), top = int(std::floor(pixel.y()));
      if (left < 0 || top < 0 || left + 1 >= current.cols || top + 1 >= current.rows) {
        continue;
      }
      const float fx = float(pixel.x() - left), fy = float(pixel.y() - top);
      const float* upper = current.ptr<float>(top) + left;
      const float* lower = current.ptr<float>(top + 1) + left;
      const float value = (1 - fy) * ((1 - fx) * upper[0] + fx * upper[1]) +
                          fy * ((1 - fx) * lower[0] + fx * lower[1]);
      const float difference = value - previous.at<float>(y, x);
      const float residual = difference - brightness;
      const float size = std::abs(residual);
      const float weight = size > kHuberGrey ? kHuberGrey / size : 1.0f;
      error += weight * residual * residual;
      differences += difference;
      ++count;
      if (hessian) {
        const double gx = (1 - fy) * (upper[1] - upper[0]) + fy * (lower[1] - lower[0]);
        const double gy = (1 - fx) * (lower[0] - upper[0]) + fx * (lower[1] - upper[1]);
        const double inverseZ = 1 / point.z();
        const Eigen::Vector3d towards(gx * camera.fx * inverseZ, gy * camera.fy * inverseZ,
                                      -(gx * camera.fx * point.x() + gy * camera.fy * point.y()) * inverseZ * inverseZ);
        // d(exp(w) p) = w × p, hence the row −towardsᵀ [p]× = (p × towards)ᵀ.
        const Eigen::Vector3d row = point.cross(towards);
        *hessian += weight * row * row.transpose();
        *gradient += weight * residual * row;
      }
    }
  }
  meanDifference = count > 0 ? float(differences / count) : 0;
  return count < kMinOverlap * previous.rows * previous.cols ? std::numeric_limits<double>::infinity() : error / count;
}

struct Alignment {
  Eigen::Matrix3d rotation;
  double error;
};

Alignment refine(const cv::Mat& previous, const cv::Mat& current, const Pinhole& camera, Eigen::Matrix3d rotation) {
  float brightness = 0;
  photometricError(previous, current, camera, rotation, 0, brightness, nullptr, nullptr);
  Alignment best{rotation, std::numeric_limits<double>::infinity()};
  for (int iteration = 0; iteration < kIterations; ++iteration) {
    Eigen::Matrix3d hessian = Eigen::Matrix3d::Identity() * 1e-3;
    Eigen::Vector3d gradient = Eigen::Vector3d::Zero();
    const double error =
        photometricError(previous, current, camera, rotation, brightness, brightness, &hessian, &gradient);
    if (!(error < best.error)) {
      break;
    }
    best = {rotation, error};
    const Eigen::Vector3d step = hessian.ldlt().solve(-gradient);
    if (step.norm() < 1e-4) {
      break;
    }
    rotation = expSo3(step) * rotation;
  }
  return best;
}

/// The shift of the whole thumbnail with the least mean squared difference, as a rotation about x and y.
Eigen::Matrix3d searchShift(const cv::Mat& previous, const cv::Mat& current, const Pinhole& camera) {
  const int rangeX = int(previous.cols * kMaxShiftShare), rangeY = int(previous.rows * kMaxShiftShare);
  double best = std::numeric_limits<double>::infinity();
  int bestX = 0, bestY = 0;
  for (int dy = -rangeY; dy <= rangeY; ++dy) {
    for (int dx = -rangeX; dx <= rangeX; ++dx) {
      const int x0 = std::max(0, -dx), x1 = std::min(previous.cols, previous.cols - dx);
      const int y0 = std::max(0, -dy), y1 = std::min(previous.rows, previous.rows - dy);
      float sum = 0, squares = 0;
      for (int y = y0; y < y1; ++y) {
        const float* a = previous.ptr<float>(y) + x0;
        const float* b = current.ptr<float>(y + dy) + x0 + dx;
        for (int x = 0; x < x1 - x0; ++x) {
          const float difference = b[x] - a[x];
          sum += difference;
          squares += difference * difference;
        }
      }
      const double count = double(x1 - x0) * (y1 - y0);
      const double variance = squares / count - (sum / count) * (sum / count);
      if (variance < best) {
        best = variance;
        bestX = dx;
        bestY = dy;
      }
    }
  }
  return expSo3({-std::atan(bestY / camera.fy), std::atan(bestX / camera.fx), 0});
}

/// Gain and bias from the means and deviations of the pixels that both frames show.
Exposure compareExposure(const cv::Mat& previous, const cv::Mat& current, const Pinhole& camera,
                         const Eigen::Matrix3d& rotation) {
  double count = 0, sumA = 0, sumB = 0, squaresA = 0, squaresB = 0;
  for (int y = 0; y < previous.rows; ++y) {
    for (int x = 0; x < previous.cols; ++x) {
      const Eigen::Vector3d point = rotation * camera.ray({double(x), double(y)});
      const Eigen::Vector2d pixel = point.z() > 0.1 ? camera.project(point) : Eigen::Vector2d(-1, -1);
      const int u = int(std::lround(pixel.x())), v = int(std::lround(pixel.y()));
      if (u < 0 || v < 0 || u >= current.cols || v >= current.rows) {
        continue;
      }
      const double a = previous.at<float>(y, x), b = current.at<float>(v, u);
      ++count;
      sumA += a;
      sumB += b;
      squaresA += a * a;
      squaresB += b * b;
    }
  }
  if (count < kMinOverlap * previous.rows * previous.cols) {
    return {};
  }
  const double meanA = sumA / count, meanB = sumB / count;
  const double varianceA = squaresA / count - meanA * meanA, varianceB = squaresB / count - meanB * meanB;
  const double gain = varianceA > 1 ? std::clamp(std::sqrt(varianceB / varianceA), 0.5, 2.0) : 1;
  return {gain, meanB - gain * meanA};
}

/// Standard deviation of the grey values.
double contrast(const cv::Mat& thumbnail) {
  cv::Scalar mean, deviation;
  cv::meanStdDev(thumbnail, mean, deviation);
  return deviation[0];
}

}  // namespace

FrameAlignment alignFrames(const FramePyramid& previous, const FramePyramid& current, const Pinhole& camera,
                           const Eigen::Matrix3d& predicted) {
  const cv::Mat& a = previous.thumbnail();
  const cv::Mat& b = current.thumbnail();
  if (contrast(a) < kMinContrast || contrast(b) < kMinContrast) {
    return {predicted, {}};
  }
  const Pinhole small = thumbnailCamera(camera, a);
  const Alignment fromShift = refine(a, b, small, searchShift(a, b, small));
  const Alignment fromPrediction = refine(a, b, small, predicted);
  const Alignment& best = fromShift.error < fromPrediction.error ? fromShift : fromPrediction;
  if (!std::isfinite(best.error)) {
    return {predicted, {}};
  }
  return {best.rotation, compareExposure(a, b, small, best.rotation)};
}

}  // namespace loci
