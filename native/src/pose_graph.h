#pragma once

#include <atomic>
#include <vector>

#include "sim3.h"

namespace loci {

/// Poses and what is known of how they stand to each other.
struct PoseGraph {
  struct Node {
    Sim3 worldFromNode;
    bool fixed = false;
  };
  struct Edge {
    int a = 0, b = 0;
    Sim3 aFromB;                         ///< as measured
    Vector7d sigma = Vector7d::Ones();   ///< of the turn (radians), the place (units of b) and the logarithm of the scale
    bool switchable = false;             ///< may be wrong, and then counts for little
  };

  std::vector<Node> nodes;
  std::vector<Edge> edges;
};

/// Whether lengths may change: `fixed` for metric recordings.
enum class GraphScale { fixed, free };

/// How far an edge is from what its nodes say: turn (rotation vector), place and logarithm of scale of the difference.
Vector7d edgeError(const Sim3& worldFromA, const Sim3& worldFromB, const Sim3& aFromB);

/// Levenberg–Marquardt over SE(3) or Sim(3) with a sparse Cholesky factorisation. Switchable edges are weighted by
/// dynamic covariance scaling (Agarwal 2013, eq. 10), which is loosened at first so that an edge that closes a long loop
/// is not taken for a wrong one. Every connected part needs a fixed node. Stops early once `cancelled`.
void optimiseGraph(PoseGraph& graph, GraphScale scale, const std::atomic<bool>& cancelled);

}  // namespace loci
