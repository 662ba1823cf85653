#include "bundle_adjustment.h"

#include <Eigen/Cholesky>
#include <Eigen/LU>
#include <algorithm>
#include <cmath>

#include "depth_view.h"
#include "pose_refinement.h"

namespace loci {

namespace {

constexpr double kHuberPixel = 1.5;
constexpr double kHuberDepth = 1.0;
constexpr double kMinDepth = 0.05;
constexpr double kMinRelativeDecrease = 1e-4;

using Matrix63 = Eigen::Matrix<double, 6, 3>;

/// Residuals of one observation and their derivatives by the point in camera coordinates.
struct Linearised {
  bool valid = false;
  double cost = 0;
  Eigen::Matrix3d hessian;   // by the point in camera coordinates
  Eigen::Vector3d gradient;  // likewise
  Eigen::Vector3d point;     // in camera coordinates
};

Linearised linearise(const Pinhole& camera, const Se3& pose, const Eigen::Vector3d& point,
                     const Bundle::Observation& observation, bool derivatives) {
  Linearised out;
  out.point = pose * point;
  const Eigen::Vector3d& p = out.point;
  if (p.z() < kMinDepth) {
    out.cost = kHuberPixel * 100;
    return out;
  }
  out.valid = true;
  const double iz = 1 / p.z();
  const double rx = (camera.fx * p.x() * iz + camera.cx - observation.pixel.x()) / kPixelSigma;
  const double ry = (camera.fy * p.y() * iz + camera.cy - observation.pixel.y()) / kPixelSigma;
  const double size = std::sqrt(rx * rx + ry * ry);
  const bool linear = size > kHuberPixel;
  out.cost = linear ? kHuberPixel * (size - 0.5 * kHuberPixel) : 0.5 * size * size;
  double rz = 0, sigma = 0, depthWeight = 0;
  if (observation.depthMetres > 0) {
    sigma = depthSigma(observation.depthMetres);
    rz = (p.z() - observation.depthMetres) / sigma;
    const double depthSize = std::abs(rz);
    const bool depthLinear = depthSize > kHuberDepth;
    out.cost += depthLinear ? kHuberDepth * (depthSize - 0.5 * kHuberDepth) : 0.5 * rz * rz;
    depthWeight = depthLinear ? kHuberDepth / depthSize : 1;
  }
  if (!derivatives) {
    return out;
  }
  const double weight = linear ? kHuberPixel / size : 1;
  const double jx = camera.fx * iz / kPixelSigma, jxz = -jx * p.x() * iz;
  const double jy = camera.fy * iz / kPixelSigma, jyz = -jy * p.y() * iz;
  out.hessian << jx * jx, 0, jx * jxz, 0, jy * jy, jy * jyz, jx * jxz, jy * jyz, jxz * jxz + jyz * jyz;
  out.hessian *= weight;
  out.gradient = weight * Eigen::Vector3d(jx * rx, jy * ry, jxz * rx + jyz * ry);
  if (depthWeight > 0) {
    out.hessian(2, 2) += depthWeight / (sigma * sigma);
    out.gradient.z() += depthWeight * rz / sigma;
  }
  return out;
}

double totalCost(const Pinhole& camera, const Bundle& bundle) {
  double cost = 0;
  for (const Bundle::Observation& o : bundle.observations) {
    cost += linearise(camera, bundle.cameras[size_t(o.camera)].cameraFromWorld, bundle.points[size_t(o.point)], o,
                      false).cost;
  }
  return cost;
}

double reprojectionRms(const Pinhole& camera, const Bundle& bundle) {
  double squares = 0;
  size_t count = 0;
  for (const Bundle::Observation& o : bundle.observations) {
    const Eigen::Vector3d p = bundle.cameras[size_t(o.camera)].cameraFromWorld * bundle.points[size_t(o.point)];
    if (p.z() >= kMinDepth) {
      squares += (camera.project(p) - o.pixel).squaredNorm();
      ++count;
    }
  }
  return count > 0 ? std::sqrt(squares / double(count)) : 0;
}

/// What one point contributes: its own block, and the blocks that tie it to the free cameras that see it.
struct PointBlock {
  Eigen::Matrix3d hessian = Eigen::Matrix3d::Zero();
  Eigen::Vector3d gradient = Eigen::Vector3d::Zero();
  std::vector<std::pair<int, Matrix63>> ties;  // free camera, mixed block
};

}  // namespace

double adjustBundle(const Pinhole& camera, Bundle& bundle, int maxIterations) {
  std::vector<int> freeIndex(bundle.cameras.size(), -1);
  int freeCameras = 0;
  for (size_t i = 0; i < bundle.cameras.size(); ++i) {
    if (!bundle.cameras[i].fixed) {
      freeIndex[i] = freeCameras++;
    }
  }
  std::stable_sort(bundle.observations.begin(), bundle.observations.end(),
                   [](const auto& a, const auto& b) { return a.point < b.point; });

  const int unknowns = 6 * freeCameras;
  std::vector<PointBlock> blocks(bundle.points.size());
  double lambda = 1e-4;
  double cost = totalCost(camera, bundle);

  for (int iteration = 0; iteration < maxIterations; ++iteration) {
    Eigen::MatrixXd cameraHessian = Eigen::MatrixXd::Zero(unknowns, unknowns);
    Eigen::VectorXd cameraGradient = Eigen::VectorXd::Zero(unknowns);
    for (PointBlock& block : blocks) {
      block.hessian.setZero();
      block.gradient.setZero();
      block.ties.clear();
    }
    for (const Bundle::Observation& o : bundle.observations) {
      const Se3& pose = bundle.cameras[size_t(o.camera)].cameraFromWorld;
      const Linearised l = linearise(camera, pose, bundle.points[size_t(o.point)], o, true);
      if (!l.valid) {
        continue;
      }
      PointBlock& block = blocks[size_t(o.point)];
      const Eigen::Matrix3d weighted = l.hessian * pose.rotation;
      block.hessian.noalias() += pose.rotation.transpose() * weighted;
      block.gradient.noalias() += pose.rotation.transpose() * l.gradient;
      const int free = freeIndex[size_t(o.camera)];
      if (free < 0) {
        continue;
      }
      // d p = [−[p]×, I]: the transposed Jacobian by the camera is [[p]×; I].
      const Eigen::Matrix3d cross = skew(l.point);
      Matrix63 tie;
      tie.topRows<3>().noalias() = cross * weighted;
      tie.bottomRows<3>() = weighted;
      block.ties.emplace_back(free, tie);
      const Eigen::Matrix3d crossHessian = cross * l.hessian;
      auto diagonal = cameraHessian.block<6, 6>(6 * free, 6 * free);
      diagonal.topLeftCorner<3, 3>() += crossHessian * cross.transpose();
      diagonal.topRightCorner<3, 3>() += crossHessian;
      diagonal.bottomLeftCorner<3, 3>() += crossHessian.transpose();
      diagonal.bottomRightCorner<3, 3>() += l.hessian;
      cameraGradient.segment<3>(6 * free) += cross * l.gradient;
      cameraGradient.segment<3>(6 * free + 3) += l.gradient;
    }

    bool improved = false;
    for (int attempt = 0; attempt < 4 && !improved; ++attempt) {
      Eigen::MatrixXd reduced = cameraHessian;
      reduced.diagonal() *= 1 + lambda;
      reduced.diagonal().array() += 1e-8;
      Eigen::VectorXd right = -cameraGradient;
      std::vector<Eigen::Matrix3d> inverses(blocks.size());
      for (size_t i = 0; i < blocks.size(); ++i) {
        const PointBlock& block = blocks[i];
        Eigen::Matrix3d damped = block.hessian;
        damped.diagonal() *= 1 + lambda;
        damped.diagonal().array() += 1e-8;
        inverses[i] = damped.inverse();
        for (const auto& [a, tieA] : block.ties) {
          const Matrix63 scaled = tieA * inverses[i];
          right.segment<6>(6 * a).noalias() += scaled * block.gradient;
          for (const auto& [b, tieB] : block.ties) {
            if (b <= a) {
              reduced.block<6, 6>(6 * a, 6 * b).noalias() -= scaled * tieB.transpose();
            }
          }
        }
      }
      Eigen::VectorXd step = Eigen::VectorXd::Zero(unknowns);
      if (unknowns > 0) {
        step = reduced.selfadjointView<Eigen::Lower>().ldlt().solve(right);
      }
      Bundle candidate;
      candidate.cameras = bundle.cameras;
      candidate.points = bundle.points;
      for (size_t i = 0; i < bundle.cameras.size(); ++i) {
        if (freeIndex[i] >= 0) {
          candidate.cameras[i].cameraFromWorld =
              bundle.cameras[i].cameraFromWorld.moved(step.segment<6>(6 * freeIndex[i]));
        }
      }
      for (size_t i = 0; i < blocks.size(); ++i) {
        Eigen::Vector3d pull = blocks[i].gradient;
        for (const auto& [free, tie] : blocks[i].ties) {
          pull.noalias() += tie.transpose() * step.segment<6>(6 * free);
        }
        candidate.points[i] -= inverses[i] * pull;
      }
      std::swap(candidate.observations, bundle.observations);
      const double newCost = totalCost(camera, candidate);
      std::swap(candidate.observations, bundle.observations);
      if (std::isfinite(newCost) && newCost < cost) {
        const bool converged = cost - newCost < kMinRelativeDecrease * cost;
        bundle.cameras = std::move(candidate.cameras);
        bundle.points = std::move(candidate.points);
        cost = newCost;
        lambda = std::max(lambda / 10, 1e-9);
        improved = true;
        if (converged) {
          return reprojectionRms(camera, bundle);
        }
      } else {
        lambda *= 10;
      }
    }
    if (!improved) {
      break;
    }
  }
  return reprojectionRms(camera, bundle);
}

}  // namespace loci
