#include "pose_graph.h"

#include <Eigen/SparseCholesky>
#include <Eigen/SparseCore>
#include <algorithm>
#include <array>
#include <cmath>

namespace loci {

namespace {

constexpr std::array<double, 4> kTolerances = {1e4, 1e3, 100, 20};  // of a switchable edge's χ², from loose to tight
constexpr int kIterations = 12;                                     // at each of them
constexpr double kStep = 1e-6;                                      // of numerical differentiation
constexpr double kMinRelativeDecrease = 1e-5;

using Matrix7d = Eigen::Matrix<double, 7, 7>;

Sim3 moved(const Sim3& pose, const Vector7d& step) {
  const Se3 motion = Se3().moved(step.head<6>());
  return pose * Sim3{motion, std::exp(step[6])};
}

Vector7d scaledError(const PoseGraph& graph, const PoseGraph::Edge& edge) {
  const Vector7d error = edgeError(graph.nodes[size_t(edge.a)].worldFromNode, graph.nodes[size_t(edge.b)].worldFromNode,
                                   edge.aFromB);
  return error.cwiseQuotient(edge.sigma);
}

/// Weight of an edge's squared error.
double weightOf(const PoseGraph::Edge& edge, double squared, double tolerance) {
  if (!edge.switchable) {
    return 1;
  }
  const double s = std::min(1.0, 2 * tolerance / (tolerance + squared));
  return s * s;
}

double totalCost(const PoseGraph& graph, double tolerance) {
  double cost = 0;
  for (const PoseGraph::Edge& edge : graph.edges) {
    const double squared = scaledError(graph, edge).squaredNorm();
    const double s = std::sqrt(weightOf(edge, squared, tolerance));
    // The cost whose minimum dynamic covariance scaling finds: what the switch leaves of the error, and its own price.
    cost += s * s * squared + (edge.switchable ? tolerance * (1 - s) * (1 - s) : 0);
  }
  return cost;
}

Matrix7d derivative(const PoseGraph::Edge& edge, const Sim3& a, const Sim3& b, bool byA) {
  Matrix7d jacobian;
  for (int i = 0; i < 7; ++i) {
    const Vector7d step = Vector7d::Unit(i) * kStep;
    const Vector7d ahead = byA ? edgeError(moved(a, step), b, edge.aFromB) : edgeError(a, moved(b, step), edge.aFromB);
    const Vector7d back = byA ? edgeError(moved(a, -step), b, edge.aFromB) : edgeError(a, moved(b, -step), edge.aFromB);
    jacobian.col(i) = (ahead - back).cwiseQuotient(edge.sigma) / (2 * kStep);
  }
  return jacobian;
}

}  // namespace

Vector7d edgeError(const Sim3& worldFromA, const Sim3& worldFromB, const Sim3& aFromB) {
  const Sim3 difference = aFromB.inverse() * worldFromA.inverse() * worldFromB;
  Vector7d error;
  error << logSo3(difference.motion.rotation), difference.motion.translation, std::log(difference.scale);
  return error;
}

void optimiseGraph(PoseGraph& graph, GraphScale scale, const std::atomic<bool>& cancelled) {
  const int size = scale == GraphScale::fixed ? 6 : 7;
  std::vector<int> firstUnknown(graph.nodes.size(), -1);
  int unknowns = 0;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    if (!graph.nodes[i].fixed) {
      firstUnknown[i] = unknowns;
      unknowns += size;
    }
  }
  if (unknowns == 0 || graph.edges.empty()) {
    return;
  }
  Eigen::SimplicialLDLT<Eigen::SparseMatrix<double>> solver;
  bool analysed = false;
  for (const double tolerance : kTolerances) {
    double lambda = 1e-6;
    double cost = totalCost(graph, tolerance);
    for (int iteration = 0; iteration < kIterations && !cancelled; ++iteration) {
      std::vector<Eigen::Triplet<double>> entries;
      Eigen::VectorXd gradient = Eigen::VectorXd::Zero(unknowns);
      const auto addBlock = [&](int row, int column, const Matrix7d& block) {
        for (int r = 0; r < size; ++r) {
          for (int c = 0; c < size; ++c) {
            entries.emplace_back(row + r, column + c, block(r, c));
          }
        }
      };
      for (const PoseGraph::Edge& edge : graph.edges) {
        const Sim3& a = graph.nodes[size_t(edge.a)].worldFromNode;
        const Sim3& b = graph.nodes[size_t(edge.b)].worldFromNode;
        const int rowA = firstUnknown[size_t(edge.a)], rowB = firstUnknown[size_t(edge.b)];
        const Vector7d error = scaledError(graph, edge);
        const double weight = weightOf(edge, error.squaredNorm(), tolerance);
        const Matrix7d byA = derivative(edge, a, b, true), byB = derivative(edge, a, b, false);
        if (rowA >= 0) {
          addBlock(rowA, rowA, weight * byA.transpose() * byA);
          gradient.segment(rowA, size) += (weight * byA.transpose() * error).head(size);
        }
        if (rowB >= 0) {
          addBlock(rowB, rowB, weight * byB.transpose() * byB);
          gradient.segment(rowB, size) += (weight * byB.transpose() * error).head(size);
        }
        if (rowA >= 0 && rowB >= 0) {
          const Matrix7d tie = weight * byA.transpose() * byB;
          addBlock(rowA, rowB, tie);
          addBlock(rowB, rowA, tie.transpose());
        }
      }
      Eigen::SparseMatrix<double> hessian(unknowns, unknowns);
      hessian.setFromTriplets(entries.begin(), entries.end());
      bool improved = false, converged = false;
      for (int attempt = 0; attempt < 5 && !improved; ++attempt) {
        Eigen::SparseMatrix<double> damped = hessian;
        for (int i = 0; i < unknowns; ++i) {
          damped.coeffRef(i, i) *= 1 + lambda;
          damped.coeffRef(i, i) += 1e-9;
        }
        if (!analysed) {
          solver.analyzePattern(damped);
          analysed = true;
        }
        solver.factorize(damped);
        if (solver.info() != Eigen::Success) {
          lambda = std::max(1e-6, lambda * 10);
          continue;
        }
        const Eigen::VectorXd step = solver.solve(-gradient);
        PoseGraph candidate{graph.nodes, {}};
        for (size_t i = 0; i < graph.nodes.size(); ++i) {
          if (firstUnknown[i] >= 0) {
            Vector7d own = Vector7d::Zero();
            own.head(size) = step.segment(firstUnknown[i], size);
            candidate.nodes[i].worldFromNode = moved(graph.nodes[i].worldFromNode, own);
          }
        }
        std::swap(candidate.edges, graph.edges);
        const double newCost = totalCost(candidate, tolerance);
        std::swap(candidate.edges, graph.edges);
        if (std::isfinite(newCost) && newCost < cost) {
          converged = cost - newCost < kMinRelativeDecrease * cost;
          graph.nodes = std::move(candidate.nodes);
          cost = newCost;
          lambda = std::max(lambda / 10, 1e-12);
          improved = true;
        } else {
          lambda = std::max(1e-6, lambda * 10);
        }
      }
      if (!improved || converged) {
        break;
      }
    }
  }
}

}  // namespace loci
