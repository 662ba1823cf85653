#include "splat_renderer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

namespace loci {

namespace {

constexpr size_t kSpacingSamples = 128;
constexpr size_t kSpacingNeighbours = 4;
constexpr float kTileSpacings = 24;    // side of a cube: a few thousand points of a surface
constexpr float kDiscSpacings = 0.8f;  // radius: discs round the corners of a square grid close its middle at 0.71
constexpr float kMinDiscPixels = 0.71f;
constexpr float kMaxDiscPixels = 24;
constexpr float kKernelSpacings = 1.1f;
constexpr float kMinKernelPixels = 1;
constexpr float kToleranceSpacings = 2;
constexpr float kNearSpacings = 2;
constexpr float kOutOfView = -1e6f;
constexpr float kNothing = std::numeric_limits<float>::infinity();

/// Median distance from a point to its fourth nearest neighbour, over points taken evenly from the cloud.
float medianSpacing(const CloudView& cloud) {
  const size_t samples = std::min(cloud.count, kSpacingSamples);
  std::vector<float> distances;
  for (size_t s = 0; s < samples; ++s) {
    const float* p = cloud.positions + 3 * (s * cloud.count / samples);
    std::array<float, kSpacingNeighbours + 1> nearest;  // itself and its neighbours
    nearest.fill(kNothing);
    for (size_t i = 0; i < cloud.count; ++i) {
      const float* q = cloud.positions + 3 * i;
      const float dx = q[0] - p[0], dy = q[1] - p[1], dz = q[2] - p[2];
      const float squared = dx * dx + dy * dy + dz * dz;
      if (squared < nearest.back()) {
        nearest.back() = squared;
        for (size_t k = nearest.size() - 1; k > 0 && nearest[k] < nearest[k - 1]; --k) {
          std::swap(nearest[k], nearest[k - 1]);
        }
      }
    }
    distances.push_back(std::sqrt(nearest.back()));
  }
  if (distances.empty()) {
    return 0;
  }
  const auto middle = distances.begin() + std::ptrdiff_t(distances.size() / 2);
  std::nth_element(distances.begin(), middle, distances.end());
  return *middle;
}

/// The pixels from −`radius` to +`radius` about a place on one axis, within an image of `size`: `[first, last]`.
struct Span {
  int first, last;

  Span(float centre, float radius, int size)  // truncation rounds down: neither number is negative
      : first(int(std::max(0.0f, centre - radius + 1))), last(std::min(size - 1, int(centre + radius))) {}
};

/// The pixel nearest to a place, within an image of `size`.
int nearestPixel(float place, int size) { return std::clamp(int(place + 0.5f), 0, size - 1); }

}  // namespace

SplatRenderer::SplatRenderer(const CloudView& cloud) : spacing_(medianSpacing(cloud)) {
  if (!(spacing_ > 0) || !std::isfinite(spacing_)) {
    spacing_ = 0.01f;  // one point, or all in one place: any size shows it
  }
  buildTiles(cloud);
}

void SplatRenderer::buildTiles(const CloudView& cloud) {
  constexpr int kBits = 21;
  const float side = kTileSpacings * spacing_;
  std::vector<std::pair<uint64_t, uint32_t>> order(cloud.count);
  for (size_t i = 0; i < cloud.count; ++i) {
    uint64_t key = 0;
    for (size_t axis = 0; axis < 3; ++axis) {
      const auto cell = int64_t(std::floor(cloud.positions[3 * i + axis] / side));
      key = (key << kBits) | (uint64_t(cell) & ((uint64_t(1) << kBits) - 1));
    }
    order[i] = {key, uint32_t(i)};
  }
  std::sort(order.begin(), order.end());
  for (auto* axis : {&x_, &y_, &z_}) {
    axis->resize(cloud.count);
  }
  colours_.resize(3 * cloud.count);
  for (size_t i = 0; i < cloud.count; ++i) {
    const size_t from = 3 * size_t(order[i].second);
    x_[i] = cloud.positions[from];
    y_[i] = cloud.positions[from + 1];
    z_[i] = cloud.positions[from + 2];
    std::copy_n(cloud.colours + from, 3, colours_.begin() + std::ptrdiff_t(3 * i));
  }
  for (size_t begin = 0, end = 0; begin < cloud.count; begin = end) {
    Eigen::Array3f low = Eigen::Array3f::Constant(kNothing), high = -low;
    for (end = begin; end < cloud.count && order[end].first == order[begin].first; ++end) {
      const Eigen::Array3f point(x_[end], y_[end], z_[end]);
      low = low.min(point);
      high = high.max(point);
    }
    tiles_.push_back({begin, end, ((low + high) / 2).matrix(), (high - low).matrix().norm() / 2 + spacing_});
  }
}

float SplatRenderer::tolerance(float z) const {
  // Far away a pixel spans more of a slanted surface than the points are apart.
  return kToleranceSpacings * spacing_ + 0.005f * z;
}

void SplatRenderer::findSeenTiles(const Pinhole& camera, const Se3& cameraFromWorld) {
  const Eigen::Matrix3f rotation = cameraFromWorld.rotation.cast<float>();
  const Eigen::Vector3f translation = cameraFromWorld.translation.cast<float>();
  // Inward normals of the planes through the camera's centre and the image's sides.
  const auto side = [&](double x, double y, double atBorder) {
    return Eigen::Vector3d(x, y, atBorder).normalized().cast<float>().eval();
  };
  const std::array<Eigen::Vector3f, 4> sides{
      side(camera.fx, 0, camera.cx + 0.5), side(-camera.fx, 0, camera.width - 0.5 - camera.cx),
      side(0, camera.fy, camera.cy + 0.5), side(0, -camera.fy, camera.height - 0.5 - camera.cy)};
  seen_.clear();
  for (const Tile& tile : tiles_) {
    const Eigen::Vector3f centre = rotation * tile.centre + translation;
    const bool outside = centre.z() + tile.radius < 0 || std::any_of(sides.begin(), sides.end(), [&](const auto& normal) {
                           return normal.dot(centre) < -tile.radius;
                         });
    if (!outside) {
      seen_.push_back({&tile, centre.norm() - tile.radius, 0});
    }
  }
  // Front to back, so that most of what is hidden is known to be when it comes.
  std::sort(seen_.begin(), seen_.end(), [](const SeenTile& a, const SeenTile& b) {
    return a.distance != b.distance ? a.distance < b.distance : a.tile->begin < b.tile->begin;
  });
  size_t count = 0;
  for (SeenTile& seen : seen_) {
    seen.first = count;
    count += seen.tile->end - seen.tile->begin;
  }
  for (auto* values : {&seenU_, &seenV_, &seenZ_}) {
    values->resize(count);
  }
}

void SplatRenderer::projectTile(const SeenTile& seen, const Pinhole& camera, const Se3& cameraFromWorld) {
  const Eigen::Matrix3f r = cameraFromWorld.rotation.cast<float>();
  const Eigen::Vector3f t = cameraFromWorld.translation.cast<float>();
  const float fx = float(camera.fx), fy = float(camera.fy), cx = float(camera.cx), cy = float(camera.cy);
  const float nearest = kNearSpacings * spacing_;
  const size_t begin = seen.tile->begin, count = seen.tile->end - begin;
  const float *x = x_.data() + begin, *y = y_.data() + begin, *z = z_.data() + begin;
  float *u = seenU_.data() + seen.first, *v = seenV_.data() + seen.first, *depth = seenZ_.data() + seen.first;
  const float r00 = r(0, 0), r01 = r(0, 1), r02 = r(0, 2), r10 = r(1, 0), r11 = r(1, 1), r12 = r(1, 2);
  const float r20 = r(2, 0), r21 = r(2, 1), r22 = r(2, 2), tx = t.x(), ty = t.y(), tz = t.z();
  for (size_t i = 0; i < count; ++i) {  // without a branch, so that the compiler makes vectors of it
    const float cameraZ = r20 * x[i] + r21 * y[i] + r22 * z[i] + tz;
    const float inverse = 1 / std::max(cameraZ, nearest);
    const float pixel = fx * (r00 * x[i] + r01 * y[i] + r02 * z[i] + tx) * inverse + cx;
    u[i] = cameraZ > nearest ? pixel : kOutOfView;
    v[i] = fy * (r10 * x[i] + r11 * y[i] + r12 * z[i] + ty) * inverse + cy;
    depth[i] = cameraZ;
  }
}

void SplatRenderer::splatDepth(const SeenTile& seen, const Pinhole& camera) {
  const float discScale = kDiscSpacings * spacing_ * float(camera.fx);
  const size_t last = seen.first + (seen.tile->end - seen.tile->begin);
  const float right = float(camera.width - 1), bottom = float(camera.height - 1);
  for (size_t i = seen.first; i < last; ++i) {
    const float u = seenU_[i], v = seenV_[i], z = seenZ_[i];
    const float radius = std::clamp(discScale / z, kMinDiscPixels, kMaxDiscPixels);
    const bool reaches = u > -radius && v > -radius && u < right + radius && v < bottom + radius;
    if (!reaches || !isInFront(i, camera)) {
      seenU_[i] = kOutOfView;
      continue;
    }
    const Span rows(v, radius, camera.height);
    for (int y = rows.first; y <= rows.last; ++y) {
      const float dy = float(y) - v;
      const Span columns(u, std::sqrt(std::max(0.0f, radius * radius - dy * dy)), camera.width);
      float* line = nearest_.data() + size_t(y) * size_t(camera.width);
      for (int x = columns.first; x <= columns.last; ++x) {
        line[x] = std::min(line[x], z);
      }
    }
  }
}

bool SplatRenderer::isInFront(size_t i, const Pinhole& camera) const {
  const size_t row = size_t(nearestPixel(seenV_[i], camera.height));
  const float nearest = nearest_[row * size_t(camera.width) + size_t(nearestPixel(seenU_[i], camera.width))];
  return seenZ_[i] <= nearest + tolerance(seenZ_[i]);
}

void SplatRenderer::splatColour(const SeenTile& seen, const Pinhole& camera) {
  const float kernelScale = kKernelSpacings * spacing_ * float(camera.fx);
  const size_t count = seen.tile->end - seen.tile->begin;
  std::array<float, 2 * size_t(kMaxDiscPixels) + 2> across;
  for (size_t k = 0; k < count; ++k) {
    const size_t i = seen.first + k;
    if (seenU_[i] == kOutOfView || !isInFront(i, camera)) {
      continue;
    }
    const float u = seenU_[i], v = seenV_[i], z = seenZ_[i];
    const float radius = std::clamp(kernelScale / z, kMinKernelPixels, kMaxDiscPixels);
    const float shrink = 1 / (radius * radius);
    const auto kernel = [shrink](float distance) {
      const float near = 1 - distance * distance * shrink;
      return near * near + 1e-3f;
    };
    const float front = z - tolerance(z);
    const uint8_t* rgb = colours_.data() + 3 * (seen.tile->begin + k);
    const Eigen::Array4f colour(rgb[0], rgb[1], rgb[2], 1);
    const Span rows(v, radius, camera.height), columns(u, radius, camera.width);
    for (int x = columns.first; x <= columns.last; ++x) {
      across[size_t(x - columns.first)] = kernel(float(x) - u);
    }
    for (int y = rows.first; y <= rows.last; ++y) {
      const float down = kernel(float(y) - v);
      const size_t line = size_t(y) * size_t(camera.width);
      for (int x = columns.first; x <= columns.last; ++x) {
        const size_t pixel = line + size_t(x);
        if (nearest_[pixel] >= front) {
          const float weight = down * across[size_t(x - columns.first)];
          colourSums_[pixel] += weight * colour;
          depthSums_[pixel] += weight * z;
        }
      }
    }
  }
}

void SplatRenderer::renderDepth(const Pinhole& camera, const Se3& worldFromCamera) {
  const Se3 cameraFromWorld = worldFromCamera.inverse();
  nearest_.assign(size_t(camera.width) * size_t(camera.height), kNothing);
  findSeenTiles(camera, cameraFromWorld);
  for (const SeenTile& seen : seen_) {
    projectTile(seen, camera, cameraFromWorld);
    splatDepth(seen, camera);
  }
}

void SplatRenderer::render(const Pinhole& camera, const Se3& worldFromCamera, SplatImage& image) {
  renderDepth(camera, worldFromCamera);
  const size_t pixels = nearest_.size();
  colourSums_.assign(pixels, Eigen::Array4f::Zero());
  depthSums_.assign(pixels, 0);
  for (const SeenTile& seen : seen_) {
    splatColour(seen, camera);
  }
  image.camera = camera;
  image.depth.assign(pixels, 0);
  image.colour.assign(3 * pixels, 0);
  for (size_t pixel = 0; pixel < pixels; ++pixel) {
    // What only a kernel's rim reached, beyond every disc, is not known to be surface.
    if (nearest_[pixel] == kNothing || !(colourSums_[pixel][3] > 0)) {
      continue;
    }
    const float weight = colourSums_[pixel][3];
    const Eigen::Array4f colour = colourSums_[pixel] / weight + 0.5f;
    for (size_t channel = 0; channel < 3; ++channel) {
      image.colour[3 * pixel + channel] = uint8_t(colour[Eigen::Index(channel)]);
    }
    image.depth[pixel] = depthSums_[pixel] / weight;
  }
}

std::vector<uint32_t> SplatRenderer::visiblePoints(const Pinhole& camera, const Se3& worldFromCamera) {
  renderDepth(camera, worldFromCamera);
  std::vector<uint32_t> bits((size() + 31) / 32, 0);
  for (const SeenTile& seen : seen_) {
    for (size_t point = seen.tile->begin; point < seen.tile->end; ++point) {
      const size_t i = seen.first + (point - seen.tile->begin);
      const bool inImage = seenU_[i] > -0.5f && seenV_[i] > -0.5f && seenU_[i] < float(camera.width) - 0.5f &&
                           seenV_[i] < float(camera.height) - 0.5f;
      if (inImage && isInFront(i, camera)) {
        bits[point / 32] |= uint32_t(1) << (point % 32);
      }
    }
  }
  return bits;
}

}  // namespace loci
