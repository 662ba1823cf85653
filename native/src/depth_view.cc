#include "depth_view.h"

#include <algorithm>
#include <cmath>

namespace loci {

namespace {
constexpr int kNeighbourhood = 3;          // pixels either side that must show no jump
constexpr float kJumpShare = 0.05f;        // of the depth itself
constexpr float kMinDepthMetres = 0.1f;
}  // namespace

float DepthView::at(int x, int y) const {
  const uint16_t value = data[size_t(y) * camera.width + x];
  if (value == 0 || value == 65535) {
    return 0;
  }
  const float metres = float(value * metresPerUnit);
  return metres < kMinDepthMetres || metres > kMaxDepthMetres ? 0 : metres;
}

float DepthView::along(const Eigen::Vector3d& ray) const {
  const Eigen::Vector2d pixel = camera.project(ray);
  const int x = int(std::lround(pixel.x())), y = int(std::lround(pixel.y()));
  if (x < kNeighbourhood || y < kNeighbourhood || x >= camera.width - kNeighbourhood ||
      y >= camera.height - kNeighbourhood) {
    return 0;
  }
  float nearest = kMaxDepthMetres, farthest = 0, sum = 0;
  int count = 0, missing = 0;
  for (int dy = -kNeighbourhood; dy <= kNeighbourhood; ++dy) {
    for (int dx = -kNeighbourhood; dx <= kNeighbourhood; ++dx) {
      const float depth = at(x + dx, y + dy);
      if (depth == 0) {
        ++missing;
        continue;
      }
      nearest = std::min(nearest, depth);
      farthest = std::max(farthest, depth);
      if (std::abs(dx) <= 1 && std::abs(dy) <= 1) {
        sum += depth;
        ++count;
      }
    }
  }
  const int area = (2 * kNeighbourhood + 1) * (2 * kNeighbourhood + 1);
  if (count < 3 || missing > area / 2 || farthest - nearest > kJumpShare * nearest + 0.02f) {
    return 0;
  }
  return sum / float(count);
}

double depthSigma(double depthMetres) { return 0.003 + 0.004 * depthMetres * depthMetres; }

}  // namespace loci
