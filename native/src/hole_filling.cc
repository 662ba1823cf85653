#include "hole_filling.h"

#include <algorithm>
#include <vector>

namespace loci {

namespace {

struct Level {
  int width = 0, height = 0;
  std::vector<Eigen::Array4f> cells;  ///< red, green, blue, weight 0 or 1

  const Eigen::Array4f& at(int x, int y) const {
    return cells[size_t(std::clamp(y, 0, height - 1)) * size_t(width) + size_t(std::clamp(x, 0, width - 1))];
  }
};

Level levelOf(const SplatImage& image) {
  Level level{image.camera.width, image.camera.height, {}};
  level.cells.resize(image.depth.size());
  for (size_t pixel = 0; pixel < image.depth.size(); ++pixel) {
    const uint8_t* rgb = image.colour.data() + 3 * pixel;
    level.cells[pixel] = image.depth[pixel] == 0 ? Eigen::Array4f::Zero().eval() : Eigen::Array4f(rgb[0], rgb[1], rgb[2], 1);
  }
  return level;
}

Level halved(const Level& fine) {
  Level coarse{(fine.width + 1) / 2, (fine.height + 1) / 2, {}};
  coarse.cells.resize(size_t(coarse.width) * size_t(coarse.height));
  for (int y = 0; y < coarse.height; ++y) {
    for (int x = 0; x < coarse.width; ++x) {
      const Eigen::Array4f sum = fine.at(2 * x, 2 * y) + fine.at(2 * x + 1, 2 * y) + fine.at(2 * x, 2 * y + 1) +
                                 fine.at(2 * x + 1, 2 * y + 1);
      coarse.cells[size_t(y) * size_t(coarse.width) + size_t(x)] = sum[3] > 0 ? (sum / sum[3]).eval() : sum;
    }
  }
  return coarse;
}

/// Fills the empty cells of a level from the next coarser, full one, linearly between its cells' middles.
void fillFrom(const Level& coarse, Level& fine) {
  for (int y = 0; y < fine.height; ++y) {
    for (int x = 0; x < fine.width; ++x) {
      Eigen::Array4f& cell = fine.cells[size_t(y) * size_t(fine.width) + size_t(x)];
      if (cell[3] > 0) {
        continue;
      }
      const int nearX = x / 2, nearY = y / 2;
      const int farX = x % 2 == 0 ? nearX - 1 : nearX + 1, farY = y % 2 == 0 ? nearY - 1 : nearY + 1;
      cell = (9 * coarse.at(nearX, nearY) + 3 * coarse.at(farX, nearY) + 3 * coarse.at(nearX, farY) +
              coarse.at(farX, farY)) /
             16;
    }
  }
}

}  // namespace

void fillHoles(SplatImage& image) {
  const auto isKnown = [](float depth) { return depth != 0; };
  if (std::all_of(image.depth.begin(), image.depth.end(), isKnown) ||
      std::none_of(image.depth.begin(), image.depth.end(), isKnown)) {
    return;
  }
  std::vector<Level> levels{levelOf(image)};
  const auto isFull = [](const Level& level) {
    return std::all_of(level.cells.begin(), level.cells.end(), [](const Eigen::Array4f& cell) { return cell[3] > 0; });
  };
  while (!isFull(levels.back())) {
    levels.push_back(halved(levels.back()));
  }
  for (size_t i = levels.size() - 1; i > 0; --i) {
    fillFrom(levels[i], levels[i - 1]);
  }
  for (size_t pixel = 0; pixel < image.depth.size(); ++pixel) {
    if (image.depth[pixel] == 0) {
      for (size_t channel = 0; channel < 3; ++channel) {
        image.colour[3 * pixel + channel] = uint8_t(levels.front().cells[pixel][Eigen::Index(channel)] + 0.5f);
      }
    }
  }
}

}  // namespace loci
