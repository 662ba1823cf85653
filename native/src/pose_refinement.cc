#include "pose_refinement.h"

#include <Eigen/Cholesky>
#include <opencv2/calib3d.hpp>
#include <opencv2/core/eigen.hpp>

#include "depth_view.h"

namespace loci {

namespace {

constexpr double kChiSquarePixel = 5.991;  // 2 degrees of freedom, 95 %
constexpr double kHuberPixel = 1.5;
constexpr double kHuberDepth = 1.5;
constexpr double kMinDepth = 0.05;
constexpr int kRounds = 3;
constexpr int kIterationsPerRound = 5;
constexpr int kTurnIterations = 10;
constexpr double kRansacPixels = 4;
constexpr int kRansacIterations = 200;

double huberWeight(double size, double threshold) { return size <= threshold ? 1 : threshold / size; }

double huberCost(double size, double threshold) {
  return size <= threshold ? 0.5 * size * size : threshold * (size - 0.5 * threshold);
}

/// Robust cost of the sightings in use, and the normal equations when asked for.
double evaluate(const Pinhole& camera, const std::vector<Sighting>& sightings, const std::vector<uint8_t>& use,
                const Se3& pose, Matrix6d* hessian, Vector6d* gradient) {
  double cost = 0;
  for (size_t i = 0; i < sightings.size(); ++i) {
    if (!use[i]) {
      continue;
    }
    const Sighting& sighting = sightings[i];
    const Eigen::Vector3d p = pose * sighting.point;
    if (p.z() < kMinDepth) {
      cost += huberCost(50, kHuberPixel);
      continue;
    }
    const Eigen::Vector2d residual = (camera.project(p) - sighting.pixel) / kPixelSigma;
    const double size = residual.norm();
    cost += huberCost(size, kHuberPixel);
    const double sigma = sighting.depthMetres > 0 ? depthSigma(sighting.depthMetres) : 0;
    const double depthResidual = sigma > 0 ? (p.z() - sighting.depthMetres) / sigma : 0;
    cost += huberCost(std::abs(depthResidual), kHuberDepth);
    if (!hessian) {
      continue;
    }
    const double iz = 1 / p.z();
    Eigen::Matrix<double, 2, 3> projection;
    projection << camera.fx * iz, 0, -camera.fx * p.x() * iz * iz, 0, camera.fy * iz, -camera.fy * p.y() * iz * iz;
    Eigen::Matrix<double, 2, 6> jacobian;
    jacobian << projection * -skew(p), projection;
    jacobian /= kPixelSigma;
    const double weight = huberWeight(size, kHuberPixel);
    hessian->noalias() += weight * jacobian.transpose() * jacobian;
    gradient->noalias() += weight * jacobian.transpose() * residual;
    if (sigma > 0) {
      Vector6d row;
      row << p.y(), -p.x(), 0, 0, 0, 1;  // d p.z: third row of [−[p]×, I]
      row /= sigma;
      const double depthWeight = huberWeight(std::abs(depthResidual), kHuberDepth);
      hessian->noalias() += depthWeight * row * row.transpose();
      gradient->noalias() += depthWeight * depthResidual * row;
    }
  }
  return cost;
}

void classify(const Pinhole& camera, const std::vector<Sighting>& sightings, PoseEstimate& estimate) {
  double squares = 0;
  estimate.inliers = 0;
  for (size_t i = 0; i < sightings.size(); ++i) {
    const Eigen::Vector3d p = estimate.cameraFromWorld * sightings[i].point;
    estimate.inlier[i] = 0;
    if (p.z() < kMinDepth) {
      continue;
    }
    const double square = (camera.project(p) - sightings[i].pixel).squaredNorm();
    if (square <= kChiSquarePixel * kPixelSigma * kPixelSigma) {
      estimate.inlier[i] = 1;
      ++estimate.inliers;
      squares += square;
    }
  }
  estimate.rmsPixels = estimate.inliers > 0 ? std::sqrt(squares / estimate.inliers) : 0;
}

}  // namespace

PoseEstimate refinePose(const Pinhole& camera, const std::vector<Sighting>& sightings, const Se3& initial) {
  PoseEstimate estimate{initial, std::vector<uint8_t>(sightings.size(), 1), 0, 0};
  for (int round = 0; round < kRounds; ++round) {
    double lambda = 1e-4;
    for (int iteration = 0; iteration < kIterationsPerRound; ++iteration) {
      Matrix6d hessian = Matrix6d::Zero();
      Vector6d gradient = Vector6d::Zero();
      const double cost =
          evaluate(camera, sightings, estimate.inlier, estimate.cameraFromWorld, &hessian, &gradient);
      Matrix6d damped = hessian;
      damped.diagonal() *= 1 + lambda;
      damped.diagonal().array() += 1e-9;
      const Vector6d step = damped.ldlt().solve(-gradient);
      if (!step.allFinite()) {
        break;
      }
      const Se3 candidate = estimate.cameraFromWorld.moved(step);
      if (evaluate(camera, sightings, estimate.inlier, candidate, nullptr, nullptr) <= cost) {
        estimate.cameraFromWorld = candidate;
        lambda = std::max(lambda / 10, 1e-8);
        if (step.norm() < 1e-6) {
          break;
        }
      } else {
        lambda *= 100;
      }
    }
    classify(camera, sightings, estimate);
    if (estimate.inliers < 6) {
      break;
    }
  }
  return estimate;
}

std::optional<PoseEstimate> searchPose(const Pinhole& camera, const std::vector<Sighting>& sightings) {
  if (sightings.size() < 6) {
    return std::nullopt;
  }
  std::vector<cv::Point3d> points;
  std::vector<cv::Point2d> pixels;
  for (const Sighting& sighting : sightings) {
    points.emplace_back(sighting.point.x(), sighting.point.y(), sighting.point.z());
    pixels.emplace_back(sighting.pixel.x(), sighting.pixel.y());
  }
  const cv::Matx33d k(camera.fx, 0, camera.cx, 0, camera.fy, camera.cy, 0, 0, 1);
  cv::Mat rotationVector, translation, inliers, rotation;
  if (!cv::solvePnPRansac(points, pixels, k, cv::noArray(), rotationVector, translation, false, kRansacIterations,
                          float(kRansacPixels), 0.999, inliers, cv::SOLVEPNP_P3P) ||
      inliers.rows < 6) {
    return std::nullopt;
  }
  cv::Rodrigues(rotationVector, rotation);
  Se3 pose;
  cv::cv2eigen(rotation, pose.rotation);
  for (int i = 0; i < 3; ++i) {
    pose.translation[i] = translation.at<double>(i);
  }
  // Refine on what RANSAC agreed with first: far outliers would pull Huber's linear tail.
  std::vector<Sighting> agreed;
  for (int i = 0; i < inliers.rows; ++i) {
    agreed.push_back(sightings[size_t(inliers.at<int>(i))]);
  }
  return refinePose(camera, sightings, refinePose(camera, agreed, pose).cameraFromWorld);
}

Eigen::Matrix3d refineTurn(const Pinhole& camera, const std::vector<Sighting>& sightings,
                           const Eigen::Matrix3d& initial) {
  Eigen::Matrix3d turn = initial;
  for (int iteration = 0; iteration < kTurnIterations; ++iteration) {
    Eigen::Matrix3d hessian = Eigen::Matrix3d::Identity() * 1e-6;
    Eigen::Vector3d gradient = Eigen::Vector3d::Zero();
    for (const Sighting& sighting : sightings) {
      const Eigen::Vector3d p = turn * sighting.point;
      if (p.z() < kMinDepth) {
        continue;
      }
      const Eigen::Vector2d residual = camera.project(p) - sighting.pixel;
      const double iz = 1 / p.z();
      Eigen::Matrix<double, 2, 3> projection;
      projection << camera.fx * iz, 0, -camera.fx * p.x() * iz * iz, 0, camera.fy * iz, -camera.fy * p.y() * iz * iz;
      const Eigen::Matrix<double, 2, 3> jacobian = projection * -skew(p);
      const double weight = huberWeight(residual.norm(), kHuberPixel);
      hessian.noalias() += weight * jacobian.transpose() * jacobian;
      gradient.noalias() += weight * jacobian.transpose() * residual;
    }
    const Eigen::Vector3d step = hessian.ldlt().solve(-gradient);
    turn = expSo3(step) * turn;
    if (step.norm() < 1e-7) {
      break;
    }
  }
  return turn;
}

}  // namespace loci
