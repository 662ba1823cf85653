#include "bundle_adjustment.h"

#include <Eigen/Cholesky>
#include <Eigen/LU>
#include <Eigen/SparseCholesky>
#include <Eigen/SparseCore>
#include <algorithm>
#include <cmath>

#include "depth_view.h"
#include "pose_refinement.h"

namespace loci {

namespace {

constexpr double kHuberPixel = 1.5;
constexpr double kHuberDepth = 1.0;
constexpr double kMinDepth = 0.05;
constexpr Eigen::Index kMaxDenseUnknowns = 180;
constexpr double kMinRelativeDecrease = 1e-4;

using Matrix63 = Eigen::Matrix<double, 6, 3>;

/// Residuals of one observation and their derivatives by the point in camera coordinates, and by the logarithm of the
/// focal length.
struct Linearised {
  bool valid = false;
  double cost = 0;
  Eigen::Vector3d point;          // in camera coordinates
  Eigen::Matrix3d hessian;        // by that point
  Eigen::Vector3d gradient;       // likewise
  Eigen::Vector3d focalTie;       // mixed, by that point and the focal length
  double focalHessian = 0, focalGradient = 0;
};

template <bool derivatives>
Linearised linearise(const Pinhole& camera, const Se3& pose, const Eigen::Vector3d& point,
                     const Bundle::Observation& observation) {
  Linearised out;
  out.point.noalias() = pose.rotation * point + pose.translation;
  const Eigen::Vector3d& p = out.point;
  if (p.z() < kMinDepth) {
    out.cost = kHuberPixel * 100;
    return out;
  }
  out.valid = true;
  const double iz = 1 / p.z();
  const double fromCentreX = camera.fx * p.x() * iz / kPixelSigma, fromCentreY = camera.fy * p.y() * iz / kPixelSigma;
  const double rx = fromCentreX + (camera.cx - observation.pixel.x()) / kPixelSigma;
  const double ry = fromCentreY + (camera.cy - observation.pixel.y()) / kPixelSigma;
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
  if constexpr (derivatives) {
    const double weight = linear ? kHuberPixel / size : 1;
    const double jx = camera.fx * iz / kPixelSigma, jxz = -fromCentreX * iz;
    const double jy = camera.fy * iz / kPixelSigma, jyz = -fromCentreY * iz;
    out.hessian << jx * jx, 0, jx * jxz, 0, jy * jy, jy * jyz, jx * jxz, jy * jyz, jxz * jxz + jyz * jyz;
    out.hessian *= weight;
    out.gradient = weight * Eigen::Vector3d(jx * rx, jy * ry, jxz * rx + jyz * ry);
    out.focalTie = weight * Eigen::Vector3d(jx * fromCentreX, jy * fromCentreY, jxz * fromCentreX + jyz * fromCentreY);
    out.focalHessian = weight * (fromCentreX * fromCentreX + fromCentreY * fromCentreY);
    out.focalGradient = weight * (fromCentreX * rx + fromCentreY * ry);
    if (depthWeight > 0) {
      out.hessian(2, 2) += depthWeight / (sigma * sigma);
      out.gradient.z() += depthWeight * rz / sigma;
    }
  }
  return out;
}

double totalCost(const Pinhole& reference, const Bundle& bundle) {
  const Pinhole camera = reference.zoomed(bundle.logFocal);
  double cost = 0;
  for (const Bundle::Observation& o : bundle.observations) {
    cost += linearise<false>(camera, bundle.cameras[size_t(o.camera)].cameraFromWorld, bundle.points[size_t(o.point)],
                             o).cost;
  }
  if (bundle.focalPrior) {
    const double off = bundle.logFocal - bundle.focalPrior->logFactor;
    cost += 0.5 * bundle.focalPrior->information * off * off;
  }
  return cost;
}

double reprojectionRms(const Pinhole& reference, const Bundle& bundle) {
  const Pinhole camera = reference.zoomed(bundle.logFocal);
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

/// Solves the system of the cameras, of which the lower half is given. Of many cameras most share no point, and a sparse
/// factorisation skips what is zero.
Eigen::VectorXd solveReduced(const Eigen::MatrixXd& reduced, const Eigen::VectorXd& right) {
  if (reduced.rows() <= kMaxDenseUnknowns) {
    return reduced.selfadjointView<Eigen::Lower>().ldlt().solve(right);
  }
  const Eigen::SparseMatrix<double> sparse = reduced.triangularView<Eigen::Lower>().toDenseMatrix().sparseView();
  const Eigen::SimplicialLDLT<Eigen::SparseMatrix<double>, Eigen::Lower> factors(sparse);
  return factors.solve(right);
}

/// Ties a point to one free camera that sees it: their mixed second derivatives.
struct Tie {
  int camera;
  Matrix63 block;
};

/// What one point contributes: its own block, and its ties, a range of all of them.
struct PointBlock {
  Eigen::Matrix3d hessian = Eigen::Matrix3d::Zero();
  Eigen::Vector3d gradient = Eigen::Vector3d::Zero();
  Eigen::Vector3d focalTie = Eigen::Vector3d::Zero();
  size_t firstTie = 0, endTie = 0;
};

/// The normal equations of a bundle. Unknowns: six a free camera, then the focal length when it is adjusted.
class NormalEquations {
 public:
  NormalEquations(const Bundle& bundle) : freeIndex_(bundle.cameras.size(), -1), blocks_(bundle.points.size()) {
    int freeCameras = 0;
    for (size_t i = 0; i < bundle.cameras.size(); ++i) {
      if (!bundle.cameras[i].fixed) {
        freeIndex_[i] = freeCameras++;
      }
    }
    focal_ = bundle.focalPrior ? 6 * freeCameras : -1;
    unknowns_ = 6 * freeCameras + (bundle.focalPrior ? 1 : 0);
    ties_.reserve(bundle.observations.size());
    inverses_.resize(blocks_.size());
  }

  /// Observations must be in order of their points.
  void build(const Pinhole& reference, const Bundle& bundle) {
    hessian_ = Eigen::MatrixXd::Zero(unknowns_, unknowns_);
    gradient_ = Eigen::VectorXd::Zero(unknowns_);
    ties_.clear();
    std::fill(blocks_.begin(), blocks_.end(), PointBlock());
    const Pinhole camera = reference.zoomed(bundle.logFocal);
    auto observation = bundle.observations.begin();
    for (size_t i = 0; i < blocks_.size(); ++i) {
      blocks_[i].firstTie = ties_.size();
      for (; observation != bundle.observations.end() && size_t(observation->point) == i; ++observation) {
        add(camera, bundle, *observation, blocks_[i]);
      }
      blocks_[i].endTie = ties_.size();
    }
    if (focal_ >= 0) {
      hessian_(focal_, focal_) += bundle.focalPrior->information;
      gradient_[focal_] += bundle.focalPrior->information * (bundle.logFocal - bundle.focalPrior->logFactor);
    }
  }

  /// Solves for a step with all points eliminated and makes it.
  void step(double lambda, const Bundle& bundle, Bundle& stepped) {
    Eigen::VectorXd right;
    const Eigen::MatrixXd reduced = eliminatePoints(lambda, &right);
    Eigen::VectorXd change = Eigen::VectorXd::Zero(unknowns_);
    if (unknowns_ > 0) {
      change = solveReduced(reduced, right);
    }
    for (size_t i = 0; i < bundle.cameras.size(); ++i) {
      stepped.cameras[i] = bundle.cameras[i];
      if (freeIndex_[i] >= 0) {
        stepped.cameras[i].cameraFromWorld =
            bundle.cameras[i].cameraFromWorld.moved(change.segment<6>(6 * freeIndex_[i]));
      }
    }
    const double zoom = focal_ >= 0 ? change[focal_] : 0;
    stepped.logFocal = bundle.logFocal + zoom;
    for (size_t i = 0; i < blocks_.size(); ++i) {
      Eigen::Vector3d pull = blocks_[i].gradient + blocks_[i].focalTie * zoom;
      for (size_t t = blocks_[i].firstTie; t < blocks_[i].endTie; ++t) {
        pull.noalias() += ties_[t].block.transpose() * change.segment<6>(6 * ties_[t].camera);
      }
      stepped.points[i] = bundle.points[i] - inverses_[i] * pull;
    }
  }

  /// Inverse variance of the focal length's logarithm when everything else is free.
  double focalInformation() {
    if (focal_ < 0) {
      return 0;
    }
    const Eigen::MatrixXd reduced = eliminatePoints(kGaugeDamping, nullptr);
    const Eigen::VectorXd covariance =
        reduced.selfadjointView<Eigen::Lower>().ldlt().solve(Eigen::VectorXd::Unit(unknowns_, focal_));
    return covariance[focal_] > 0 ? 1 / covariance[focal_] : 0;
  }

 private:
  static constexpr double kGaugeDamping = 1e-9;

  void add(const Pinhole& camera, const Bundle& bundle, const Bundle::Observation& o, PointBlock& block) {
    const Se3& pose = bundle.cameras[size_t(o.camera)].cameraFromWorld;
    const Linearised l = linearise<true>(camera, pose, bundle.points[size_t(o.point)], o);
    if (!l.valid) {
      return;
    }
    const Eigen::Matrix3d weighted = l.hessian * pose.rotation;
    block.hessian.noalias() += pose.rotation.transpose() * weighted;
    block.gradient.noalias() += pose.rotation.transpose() * l.gradient;
    const int free = freeIndex_[size_t(o.camera)];
    if (focal_ >= 0) {
      block.focalTie.noalias() += pose.rotation.transpose() * l.focalTie;
      hessian_(focal_, focal_) += l.focalHessian;
      gradient_[focal_] += l.focalGradient;
      if (free >= 0) {
        hessian_.block<1, 3>(focal_, 6 * free) += l.point.cross(l.focalTie).transpose();
        hessian_.block<1, 3>(focal_, 6 * free + 3) += l.focalTie.transpose();
      }
    }
    if (free < 0) {
      return;
    }
    // d p = [−[p]×, I]: the transposed Jacobian by the camera is [[p]×; I].
    const Eigen::Matrix3d cross = skew(l.point);
    Tie& tie = ties_.emplace_back();
    tie.camera = free;
    tie.block.topRows<3>().noalias() = cross * weighted;
    tie.block.bottomRows<3>() = weighted;
    const Eigen::Matrix3d crossHessian = cross * l.hessian;
    auto diagonal = hessian_.block<6, 6>(6 * free, 6 * free);
    diagonal.topLeftCorner<3, 3>().noalias() += crossHessian * cross.transpose();
    diagonal.topRightCorner<3, 3>() += crossHessian;
    diagonal.bottomLeftCorner<3, 3>() += crossHessian.transpose();
    diagonal.bottomRightCorner<3, 3>() += l.hessian;
    gradient_.segment<3>(6 * free).noalias() += cross * l.gradient;
    gradient_.segment<3>(6 * free + 3) += l.gradient;
  }

  /// The system of cameras and focal length that is left, its lower triangle alone; keeps the inverted point blocks.
  Eigen::MatrixXd eliminatePoints(double lambda, Eigen::VectorXd* right) {
    Eigen::MatrixXd reduced = hessian_;
    reduced.diagonal() *= 1 + lambda;
    reduced.diagonal().array() += 1e-8;
    if (right) {
      *right = -gradient_;
    }
    for (size_t i = 0; i < blocks_.size(); ++i) {
      const PointBlock& block = blocks_[i];
      Eigen::Matrix3d damped = block.hessian;
      damped.diagonal() *= 1 + lambda;
      damped.diagonal().array() += 1e-8;
      inverses_[i] = damped.inverse();
      for (size_t a = block.firstTie; a < block.endTie; ++a) {
        const Matrix63 scaled = ties_[a].block * inverses_[i];
        const int row = 6 * ties_[a].camera;
        if (right) {
          right->segment<6>(row).noalias() += scaled * block.gradient;
        }
        if (focal_ >= 0) {
          reduced.block<1, 6>(focal_, row).noalias() -= (scaled * block.focalTie).transpose();
        }
        for (size_t b = block.firstTie; b < block.endTie; ++b) {
          if (ties_[b].camera <= ties_[a].camera) {
            reduced.block<6, 6>(row, 6 * ties_[b].camera).noalias() -= scaled * ties_[b].block.transpose();
          }
        }
      }
      if (focal_ >= 0) {
        const Eigen::Vector3d scaled = inverses_[i] * block.focalTie;
        reduced(focal_, focal_) -= scaled.dot(block.focalTie);
        if (right) {
          (*right)[focal_] += scaled.dot(block.gradient);
        }
      }
    }
    return reduced;
  }

  std::vector<int> freeIndex_;  ///< of a camera, −1 when fixed
  int focal_ = -1;              ///< unknown that is the focal length, −1 when it is not adjusted
  int unknowns_ = 0;
  std::vector<PointBlock> blocks_;
  std::vector<Tie> ties_;
  std::vector<Eigen::Matrix3d> inverses_;
  Eigen::MatrixXd hessian_;  ///< cameras in full, the focal length's row
  Eigen::VectorXd gradient_;
};

}  // namespace

BundleResult adjustBundle(const Pinhole& camera, Bundle& bundle, int maxIterations) {
  std::stable_sort(bundle.observations.begin(), bundle.observations.end(),
                   [](const auto& a, const auto& b) { return a.point < b.point; });
  NormalEquations equations(bundle);
  Bundle candidate = bundle;
  double lambda = 1e-4;
  double cost = totalCost(camera, bundle);
  bool converged = false;

  for (int iteration = 0; iteration < maxIterations && !converged; ++iteration) {
    equations.build(camera, bundle);
    bool improved = false;
    for (int attempt = 0; attempt < 4 && !improved; ++attempt) {
      equations.step(lambda, bundle, candidate);
      const double newCost = totalCost(camera, candidate);
      improved = std::isfinite(newCost) && newCost < cost;
      if (!improved) {
        lambda *= 10;
        continue;
      }
      converged = cost - newCost < kMinRelativeDecrease * cost;
      std::swap(bundle.cameras, candidate.cameras);
      std::swap(bundle.points, candidate.points);
      bundle.logFocal = candidate.logFocal;
      cost = newCost;
      lambda = std::max(lambda / 10, 1e-9);
    }
    converged = converged || !improved;
  }
  BundleResult result{reprojectionRms(camera, bundle), cost, 0};
  if (bundle.focalPrior) {
    equations.build(camera, bundle);
    result.focalInformation = equations.focalInformation() - bundle.focalPrior->information;
  }
  return result;
}

}  // namespace loci
