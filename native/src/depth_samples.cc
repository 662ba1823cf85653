#include "depth_samples.h"

#include <algorithm>

namespace loci {

DepthSamples::DepthSamples(const DepthView& depth, int columns) {
  const int step = std::max(1, (depth.camera.width + columns / 2) / columns);
  camera_ = depth.camera;
  camera_.width = (depth.camera.width + step - 1) / step;
  camera_.height = (depth.camera.height + step - 1) / step;
  camera_.fx /= step;
  camera_.fy /= step;
  camera_.cx /= step;
  camera_.cy /= step;
  cx_ = float(camera_.cx);
  cy_ = float(camera_.cy);
  inverseFx_ = float(1 / camera_.fx);
  inverseFy_ = float(1 / camera_.fy);
  metres_.resize(size_t(camera_.width) * size_t(camera_.height));
  for (int y = 0; y < camera_.height; ++y) {
    for (int x = 0; x < camera_.width; ++x) {
      metres_[size_t(y) * size_t(camera_.width) + size_t(x)] = depth.at(x * step, y * step);
    }
  }
}

std::vector<float> DepthSamples::nearest(int radius) const {
  const int width = camera_.width, height = camera_.height;
  std::vector<float> rows(metres_.size()), result(metres_.size());
  for (int y = 0; y < height; ++y) {
    const float* from = metres_.data() + size_t(y) * size_t(width);
    float* to = rows.data() + size_t(y) * size_t(width);
    for (int x = radius; x + radius < width; ++x) {
      float least = from[x - radius];
      for (int i = x - radius + 1; i <= x + radius; ++i) {
        least = std::min(least, from[i]);
      }
      to[x] = least;
    }
  }
  for (int y = radius; y + radius < height; ++y) {
    float* to = result.data() + size_t(y) * size_t(width);
    std::copy_n(rows.data() + size_t(y - radius) * size_t(width), width, to);
    for (int i = y - radius + 1; i <= y + radius; ++i) {
      const float* from = rows.data() + size_t(i) * size_t(width);
      for (int x = 0; x < width; ++x) {
        to[x] = std::min(to[x], from[x]);
      }
    }
  }
  return result;
}

}  // namespace loci
