#include "hole_filling.h"

#include <algorithm>
#include <vector>

namespace loci {

namespace {

struct Cell {
  Eigen::Array4f value = Eigen::Array4f::Zero();  ///< red, green, blue, depth
  bool isFull = false;
};

struct Level {
  int width = 0, height = 0;
  std::vector<Cell> cells;

  const Cell& at(int x, int y) const {
    return cells[size_t(std::clamp(y, 0, height - 1)) * size_t(width) + size_t(std::clamp(x, 0, width - 1))];
  }

  bool isFull() const {
    return std::all_of(cells.begin(), cells.end(), [](const Cell& cell) { return cell.isFull; });
  }
};

Level levelOf(const SplatImage& image) {
  Level level{image.camera.width, image.camera.height, {}};
  level.cells.resize(image.depth.size());
  for (size_t pixel = 0; pixel < image.depth.size(); ++pixel) {
    if (image.depth[pixel] != 0) {
      const uint8_t* rgb = image.colour.data() + 3 * pixel;
      level.cells[pixel] = {Eigen::Array4f(rgb[0], rgb[1], rgb[2], image.depth[pixel]), true};
    }
  }
  return level;
}

Level halved(const Level& fine) {
  Level coarse{(fine.width + 1) / 2, (fine.height + 1) / 2, {}};
  coarse.cells.resize(size_t(coarse.width) * size_t(coarse.height));
  for (int y = 0; y < coarse.height; ++y) {
    for (int x = 0; x < coarse.width; ++x) {
      Cell& cell = coarse.cells[size_t(y) * size_t(coarse.width) + size_t(x)];
      float full = 0;
      for (int corner = 0; corner < 4; ++corner) {
        const Cell& part = fine.at(2 * x + corner % 2, 2 * y + corner / 2);
        if (part.isFull) {
          cell.value += part.value;
          ++full;
        }
      }
      cell.isFull = full > 0;
      cell.value /= std::max(full, 1.0f);
    }
  }
  return coarse;
}

/// Fills the empty cells of a level from the next coarser, full one, linearly between its cells' middles.
void fillFrom(const Level& coarse, Level& fine) {
  for (int y = 0; y < fine.height; ++y) {
    for (int x = 0; x < fine.width; ++x) {
      Cell& cell = fine.cells[size_t(y) * size_t(fine.width) + size_t(x)];
      if (cell.isFull) {
        continue;
      }
      const int nearX = x / 2, nearY = y / 2;
      const int farX = x % 2 == 0 ? nearX - 1 : nearX + 1, farY = y % 2 == 0 ? nearY - 1 : nearY + 1;
      cell.value = (9 * coarse.at(nearX, nearY).value + 3 * coarse.at(farX, nearY).value +
                    3 * coarse.at(nearX, farY).value + coarse.at(farX, farY).value) /
                   16;
    }
  }
}

}  // namespace

void fillHoles(SplatImage& image) {
  image.guess = image.depth;
  if (std::find(image.depth.begin(), image.depth.end(), 0.0f) == image.depth.end()) {
    return;
  }
  std::vector<Level> levels{levelOf(image)};
  const auto isFull = [](const Cell& cell) { return cell.isFull; };
  if (std::none_of(levels.front().cells.begin(), levels.front().cells.end(), isFull)) {
    return;
  }
  while (!levels.back().isFull()) {
    levels.push_back(halved(levels.back()));
  }
  for (size_t i = levels.size() - 1; i > 0; --i) {
    fillFrom(levels[i], levels[i - 1]);
  }
  for (size_t pixel = 0; pixel < image.depth.size(); ++pixel) {
    if (image.depth[pixel] == 0) {
      const Eigen::Array4f& value = levels.front().cells[pixel].value;
      image.guess[pixel] = value[3];
      for (size_t channel = 0; channel < 3; ++channel) {
        image.colour[3 * pixel + channel] = uint8_t(value[Eigen::Index(channel)] + 0.5f);
      }
    }
  }
}

}  // namespace loci
