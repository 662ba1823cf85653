#include "pose_graph.h"

#include <gtest/gtest.h>

#include <numbers>
#include <random>

namespace loci {
namespace {

const std::atomic<bool> kNotCancelled = false;

/// Cameras on a circle of 2 m that look outwards; the last stands where the first does.
std::vector<Sim3> circle(int count) {
  std::vector<Sim3> poses;
  for (int i = 0; i < count; ++i) {
    const double angle = 2 * std::numbers::pi * i / (count - 1);
    poses.push_back({{expSo3({0, 0, angle}), {2 * std::cos(angle), 2 * std::sin(angle), 0.1 * std::sin(3 * angle)}}, 1});
  }
  return poses;
}

PoseGraph::Edge edge(const std::vector<Sim3>& truth, int a, int b, double sigma, bool switchable) {
  return {a, b, truth[size_t(a)].inverse() * truth[size_t(b)], Vector7d::Constant(sigma), switchable};
}

/// A chain along the circle whose every step turns a little too far and grows by `growth`, and its dead reckoning.
PoseGraph driftingChain(const std::vector<Sim3>& truth, double growth) {
  PoseGraph graph;
  graph.nodes.push_back({truth[0], true});
  for (int i = 1; i < int(truth.size()); ++i) {
    PoseGraph::Edge step = edge(truth, i - 1, i, 0.02, false);
    step.aFromB = step.aFromB * Sim3{{expSo3({0, 0, 0.004}), Eigen::Vector3d::Zero()}, growth};
    graph.nodes.push_back({graph.nodes.back().worldFromNode * step.aFromB, false});
    graph.edges.push_back(step);
  }
  return graph;
}

double worst(const PoseGraph& graph, const std::vector<Sim3>& truth) {
  double error = 0;
  for (size_t i = 0; i < truth.size(); ++i) {
    const Eigen::Vector3d off = graph.nodes[i].worldFromNode.motion.translation - truth[i].motion.translation;
    error = std::max(error, off.norm());
  }
  return error;
}

TEST(PoseGraph, ClosesALoopThatDriftedByTurn) {
  const std::vector<Sim3> truth = circle(61);
  PoseGraph graph = driftingChain(truth, 1);
  const double before = worst(graph, truth);
  graph.edges.push_back(edge(truth, 0, 60, 0.002, true));
  optimiseGraph(graph, GraphScale::fixed, kNotCancelled);
  EXPECT_GT(before, 0.3);
  EXPECT_LT(worst(graph, truth), before / 5);
  EXPECT_LT((graph.nodes[60].worldFromNode.motion.translation - truth[60].motion.translation).norm(), 0.01);
}

TEST(PoseGraph, ClosesALoopThatDriftedByScale) {
  const std::vector<Sim3> truth = circle(61);
  PoseGraph graph = driftingChain(truth, 1.004);
  const double before = worst(graph, truth);
  graph.edges.push_back(edge(truth, 0, 60, 0.002, true));
  optimiseGraph(graph, GraphScale::free, kNotCancelled);
  EXPECT_LT(worst(graph, truth), before / 4);
  EXPECT_NEAR(graph.nodes[60].worldFromNode.scale, 1, 0.01);
}

TEST(PoseGraph, IsNotBentByAWrongLoopAmongRightOnes) {
  const std::vector<Sim3> truth = circle(61);
  PoseGraph graph = driftingChain(truth, 1);
  for (const int b : {57, 58, 59, 60}) {
    graph.edges.push_back(edge(truth, 60 - b, b, 0.002, true));
  }
  PoseGraph misled = graph;
  PoseGraph::Edge wrong = edge(truth, 10, 40, 0.002, true);
  wrong.aFromB = Sim3();  // as if the opposite sides of the circle were one place
  misled.edges.push_back(wrong);
  optimiseGraph(graph, GraphScale::fixed, kNotCancelled);
  optimiseGraph(misled, GraphScale::fixed, kNotCancelled);
  EXPECT_LT(worst(misled, truth), worst(graph, truth) + 0.05);
}

TEST(PoseGraph, LeavesFixedNodesAndStopsWhenCancelled) {
  const std::vector<Sim3> truth = circle(21);
  PoseGraph graph = driftingChain(truth, 1);
  graph.edges.push_back(edge(truth, 0, 20, 0.002, true));
  const Eigen::Vector3d last = graph.nodes[20].worldFromNode.motion.translation;
  const std::atomic<bool> cancelled = true;
  optimiseGraph(graph, GraphScale::fixed, cancelled);
  EXPECT_EQ(graph.nodes[20].worldFromNode.motion.translation, last);
  optimiseGraph(graph, GraphScale::fixed, kNotCancelled);
  EXPECT_EQ(graph.nodes[0].worldFromNode.motion.translation, truth[0].motion.translation);
}

}  // namespace
}  // namespace loci
