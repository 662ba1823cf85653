#include "semi_global.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "simd.h"

namespace loci {

namespace {

constexpr int16_t kUnreachable = 16'000;

/// One step along a path: `next[l] = cost[l] + cheapest way from `before` to l`. Both rows of labels have a guard on
/// either side. Adds `next` to `total`, and answers its least.
LOCI_VECTORISED int16_t stepAlongPath(const uint8_t* __restrict cost, const int16_t* __restrict before,
                                      int16_t beforeLeast, int16_t step, int16_t jump, int labels,
                                      int16_t* __restrict next, int16_t* __restrict total) {
  const auto afterJump = int16_t(beforeLeast + jump);
  int16_t least = kUnreachable;
  for (int label = 0; label < labels; ++label) {
    const int16_t stay = std::min(before[label], afterJump);
    const auto shift = int16_t(std::min(before[label - 1], before[label + 1]) + step);
    const auto value = int16_t(cost[label] + std::min(stay, shift) - beforeLeast);
    next[label] = value;
    total[label] = int16_t(total[label] + value);
    least = std::min(least, value);
  }
  return least;
}

}  // namespace

std::vector<int16_t> aggregateSemiGlobally(const CostVolume& volume, const float* picture,
                                           const Smoothness& smoothness) {
  constexpr int kDirections[4][2] = {{1, 0}, {1, 1}, {0, 1}, {-1, 1}};
  const int width = volume.width, height = volume.height, labels = volume.labels;
  const size_t slot = size_t(labels) + 2;  // labels with their guards
  std::vector<int16_t> total(volume.costs.size(), 0);
  // Costs so far of the paths that end in the present row and in the one before it, for each of the four directions.
  std::vector<int16_t> paths(2 * 4 * size_t(width) * slot);
  std::vector<int16_t> least(2 * 4 * size_t(width));
  for (const int sense : {1, -1}) {  // down the image, then up again along the opposite directions
    std::fill(paths.begin(), paths.end(), kUnreachable);
    for (int row = 0; row < height; ++row) {
      const int y = sense > 0 ? row : height - 1 - row;
      for (int column = 0; column < width; ++column) {
        const int x = sense > 0 ? column : width - 1 - column;
        const uint8_t* cost = volume.costs.data() + volume.at(x, y);
        int16_t* sum = total.data() + volume.at(x, y);
        for (int direction = 0; direction < 4; ++direction) {
          const int fromX = x - sense * kDirections[direction][0], fromY = y - sense * kDirections[direction][1];
          const size_t here = (size_t(row % 2) * 4 + direction) * width + x;
          int16_t* next = paths.data() + here * slot + 1;
          if (fromX < 0 || fromX >= width || fromY < 0 || fromY >= height) {
            for (int label = 0; label < labels; ++label) {
              next[label] = cost[label];
              sum[label] = int16_t(sum[label] + cost[label]);
            }
            least[here] = *std::min_element(next, next + labels);
            continue;
          }
          const int fromRow = direction == 0 ? row : row + 1;
          const size_t from = (size_t(fromRow % 2) * 4 + direction) * width + fromX;
          const float contrast = std::abs(picture[y * width + x] - picture[fromY * width + fromX]);
          const auto jump = int16_t(
              std::max(float(smoothness.step + 1), smoothness.jump / (1 + contrast / smoothness.edgeContrast)));
          least[here] = stepAlongPath(cost, paths.data() + from * slot + 1, least[from], smoothness.step, jump,
                                      labels, next, sum);
        }
      }
    }
  }
  return total;
}

}  // namespace loci
