#include "voxel_map.h"

#include <algorithm>
#include <cmath>

namespace loci {

namespace {

constexpr size_t kInitialSlots = 1 << 16;
constexpr double kMaxLoad = 0.6;
constexpr float kMinHits = 3;
constexpr float kJumpShare = 0.04f;
constexpr float kMinGrazingCosine = 0.2f;
constexpr int kSampledWidth = 320;  // depth columns that are sampled: 1 cm apart at 3 m for usual lenses
constexpr int kKeyBits = 21;        // per axis, around the origin

uint64_t mix(uint64_t key) {  // finaliser of MurmurHash3
  key ^= key >> 33;
  key *= 0xff51afd7ed558ccd;
  key ^= key >> 33;
  return key;
}

}  // namespace

VoxelMap::VoxelMap(double voxelMetres, size_t maxVoxels)
    : voxelMetres_(voxelMetres), maxVoxels_(maxVoxels), slots_(kInitialSlots) {}

uint64_t VoxelMap::keyOf(const Eigen::Vector3f& position) const {
  uint64_t key = 1;  // so that no voxel has the key of an empty slot
  for (int axis = 0; axis < 3; ++axis) {
    const auto cell = int64_t(std::floor(position[axis] / voxelMetres_));
    key = (key << kKeyBits) | (uint64_t(cell) & ((uint64_t(1) << kKeyBits) - 1));
  }
  return key;
}

VoxelMap::Voxel& VoxelMap::slot(uint64_t key) {
  const size_t mask = slots_.size() - 1;
  size_t i = mix(key) & mask;
  while (slots_[i].key != 0 && slots_[i].key != key) {
    i = (i + 1) & mask;
  }
  return slots_[i];
}

void VoxelMap::accumulate(const Eigen::Vector3f& position, const Eigen::Vector3f& colour, float weight, float hits) {
  const uint64_t key = keyOf(position);
  Voxel* voxel = &slot(key);
  if (voxel->key == 0) {
    if (count_ >= maxVoxels_) {
      coarsen();
      accumulate(position, colour, weight, hits);
      return;
    }
    if (double(count_ + 1) > kMaxLoad * double(slots_.size())) {
      rehash(slots_.size() * 2);
      voxel = &slot(key);
    }
    voxel->key = key;
    ++count_;
  }
  voxel->weight += weight;
  voxel->hits += hits;
  voxel->position += weight * position;
  voxel->colour += weight * colour;
}

void VoxelMap::rehash(size_t slots) {
  std::vector<Voxel> old(slots);
  std::swap(old, slots_);
  for (const Voxel& voxel : old) {
    if (voxel.key != 0) {
      slot(voxel.key) = voxel;
    }
  }
}

void VoxelMap::coarsen() {
  voxelMetres_ *= 2;
  std::vector<Voxel> old(slots_.size());
  std::swap(old, slots_);
  count_ = 0;
  for (const Voxel& voxel : old) {
    if (voxel.key != 0) {
      accumulate(voxel.position / voxel.weight, voxel.colour / voxel.weight, voxel.weight, voxel.hits);
    }
  }
}

void VoxelMap::integrate(const ImageView& image, const Pinhole& camera, const DepthView& depth,
                         const Se3& worldFromCamera) {
  const int step = std::max(1, (depth.camera.width + kSampledWidth / 2) / kSampledWidth);
  const Eigen::Matrix3f rotation = worldFromCamera.rotation.cast<float>();
  const Eigen::Vector3f translation = worldFromCamera.translation.cast<float>();
  const auto pointAt = [&](int x, int y, float z) {
    return Eigen::Vector3f(float((x - depth.camera.cx) / depth.camera.fx) * z,
                           float((y - depth.camera.cy) / depth.camera.fy) * z, z);
  };
  for (int y = step; y + step < depth.camera.height; y += step) {
    for (int x = step; x + step < depth.camera.width; x += step) {
      const float z = depth.at(x, y);
      if (z == 0) {
        continue;
      }
      const float left = depth.at(x - step, y), right = depth.at(x + step, y);
      const float above = depth.at(x, y - step), below = depth.at(x, y + step);
      const float nearest = std::min({left, right, above, below}), farthest = std::max({left, right, above, below});
      if (nearest == 0 || farthest - nearest > kJumpShare * z * float(step)) {
        continue;
      }
      const Eigen::Vector3f point = pointAt(x, y, z);
      const Eigen::Vector3f normal = (pointAt(x + step, y, right) - pointAt(x - step, y, left))
                                         .cross(pointAt(x, y + step, below) - pointAt(x, y - step, above))
                                         .normalized();
      const float cosine = std::abs(normal.dot(point.normalized()));
      if (!(cosine > kMinGrazingCosine)) {
        continue;
      }
      const Eigen::Vector2d pixel = camera.project(point.cast<double>());
      const int u = int(std::lround(pixel.x())), v = int(std::lround(pixel.y()));
      if (u < 0 || v < 0 || u >= image.width || v >= image.height) {
        continue;
      }
      const uint8_t* rgb = image.data + (size_t(v) * image.width + u) * 3;
      accumulate(rotation * point + translation, {float(rgb[0]), float(rgb[1]), float(rgb[2])}, cosine / (z * z), 1);
    }
  }
}

void VoxelMap::add(const Point& point) {
  accumulate(point.position, {float(point.colour[0]), float(point.colour[1]), float(point.colour[2])}, kMinHits,
             kMinHits);
}

std::vector<VoxelMap::Point> VoxelMap::points() const {
  std::vector<Point> points;
  for (const Voxel& voxel : slots_) {
    if (voxel.key != 0 && voxel.hits >= kMinHits) {
      const Eigen::Vector3f colour = voxel.colour / voxel.weight;
      points.push_back({voxel.position / voxel.weight,
                        {uint8_t(std::lround(colour.x())), uint8_t(std::lround(colour.y())),
                         uint8_t(std::lround(colour.z()))}});
    }
  }
  return points;
}

}  // namespace loci
