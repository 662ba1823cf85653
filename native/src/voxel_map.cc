#include "voxel_map.h"

#include <algorithm>
#include <cmath>

namespace loci {

namespace {

constexpr float kMinEvidence = 3;
constexpr float kJumpShare = 0.04f;
constexpr float kMinGrazingCosine = 0.2f;
constexpr int kColumns = 320;  // of depth that is sampled: 1 cm apart at 3 m for usual lenses
constexpr int kTileBits = 20;  // of a tile's place on each axis, around the origin

// Seeing through: how much nearer than all depth around it a voxel must be, and what that costs it.
constexpr int kSeeThroughRadius = 2;  // samples
constexpr float kSeeThroughSigmas = 3;
constexpr float kSeeThroughVoxels = 2;
constexpr float kSeeThroughEvidence = 2;

}  // namespace

VoxelMap::VoxelMap(const Options& options)
    : voxelMetres_(options.voxelMetres), maxVoxels_(options.maxVoxels), store_(options.folder) {}

VoxelMap::Place VoxelMap::placeOf(const Eigen::Vector3f& position) const {
  Place place{0, 0};
  const float perMetre = float(1 / voxelMetres_);
  for (int axis = 0; axis < 3; ++axis) {
    const auto index = int64_t(std::floor(position[axis] * perMetre));
    const uint64_t tile = uint64_t((index >> MapTile::kCellBits) + (1 << (kTileBits - 1)));
    place.tile = (place.tile << kTileBits) | (tile & ((uint64_t(1) << kTileBits) - 1));
    place.cell = (place.cell << MapTile::kCellBits) | uint32_t(index & (MapTile::kSide - 1));
  }
  return place;
}

Eigen::Vector3f VoxelMap::centreOf(uint64_t tile) const {
  const double side = voxelMetres_ * MapTile::kSide;
  Eigen::Vector3f centre;
  for (int axis = 2; axis >= 0; --axis, tile >>= kTileBits) {
    const auto index = int64_t(tile & ((uint64_t(1) << kTileBits) - 1)) - (1 << (kTileBits - 1));
    centre[axis] = float((double(index) + 0.5) * side);
  }
  return centre;
}

void VoxelMap::insert(TileStore& store, const Voxel& voxel) {
  const Place place = placeOf(voxel.position);
  Voxel& there = store.at(place.tile).at(place.cell);
  if (there.weight == 0) {
    there = voxel;
    there.cell = place.cell;
  } else {
    there.fuse(voxel);
  }
}

void VoxelMap::integrate(const Pinhole& camera, const Frame& frame) {
  const DepthSamples depth(frame.depth, kColumns);
  const int width = depth.camera().width, height = depth.camera().height;
  seeThrough(depth, frame.worldFromCamera);

  const auto keyframe = uint32_t(keyframes_.size());
  keyframes_.push_back(frame.ptsMicros);
  keyframeNumbers_[frame.ptsMicros] = keyframe;
  const Eigen::Matrix3f rotation = frame.worldFromCamera.rotation.cast<float>();
  const Eigen::Vector3f translation = frame.worldFromCamera.translation.cast<float>();
  const float fx = float(camera.fx), fy = float(camera.fy), cx = float(camera.cx), cy = float(camera.cy);
  uint64_t tileKey = 0;
  MapTile* tile = nullptr;
  for (int y = 1; y + 1 < height; ++y) {
    for (int x = 1; x + 1 < width; ++x) {
      const float z = depth.at(x, y);
      if (z == 0 || (frame.moving && frame.moving.at(x, y, width, height) != 0)) {
        continue;
      }
      const float trust = frame.confidence ? float(frame.confidence.at(x, y, width, height)) / 255 : 1;
      const float left = depth.at(x - 1, y), right = depth.at(x + 1, y);
      const float above = depth.at(x, y - 1), below = depth.at(x, y + 1);
      const float nearest = std::min({left, right, above, below}), farthest = std::max({left, right, above, below});
      if (trust == 0 || nearest == 0 || farthest - nearest > kJumpShare * z * 2) {
        continue;
      }
      const Eigen::Vector3f point = depth.point(x, y, z);
      const Eigen::Vector3f normal = (depth.point(x, y + 1, below) - depth.point(x, y - 1, above))
                                         .cross(depth.point(x + 1, y, right) - depth.point(x - 1, y, left))
                                         .normalized();
      const float cosine = -normal.dot(point.normalized());
      const int u = int(std::lround(fx * point.x() / z + cx)), v = int(std::lround(fy * point.y() / z + cy));
      if (!(cosine > kMinGrazingCosine) || u < 0 || v < 0 || u >= frame.image.width || v >= frame.image.height) {
        continue;
      }
      const uint8_t* rgb = frame.image.data + (size_t(v) * size_t(frame.image.width) + size_t(u)) * 3;
      const auto sigma = float(depthSigma(z));
      Voxel seen;
      seen.first = seen.last = keyframe;
      seen.weight = trust * cosine / (sigma * sigma);
      seen.position = rotation * point + translation;
      seen.normal = rotation * normal;
      seen.colour = {float(rgb[0]), float(rgb[1]), float(rgb[2])};
      const Place place = placeOf(seen.position);
      if (tile == nullptr || place.tile != tileKey) {
        tileKey = place.tile;
        tile = &store_.at(tileKey);
      }
      Voxel& there = tile->at(place.cell);
      // One keyframe is one witness, however many of its pixels fall into the voxel.
      seen.evidence = there.weight > 0 && there.last == keyframe ? 0 : 1;
      seen.cell = place.cell;
      if (there.weight == 0) {
        there = seen;
      } else {
        there.fuse(seen);
      }
    }
  }
  bound();
}

void VoxelMap::seeThrough(const DepthSamples& depth, const Se3& worldFromCamera) {
  const Pinhole& camera = depth.camera();
  const std::vector<float> nearest = depth.nearest(kSeeThroughRadius);
  const Se3 cameraFromWorld = worldFromCamera.inverse();
  const Eigen::Matrix3f rotation = cameraFromWorld.rotation.cast<float>();
  const Eigen::Vector3f translation = cameraFromWorld.translation.cast<float>();
  const float fx = float(camera.fx), fy = float(camera.fy), cx = float(camera.cx), cy = float(camera.cy);
  const float radius = float(voxelMetres_ * MapTile::kSide * std::sqrt(3.0) / 2);
  // Half-spaces of the view, whose bounding planes go through the camera: inward normals.
  const float right = float(camera.width) - cx, below = float(camera.height) - cy;
  const std::array<Eigen::Vector3f, 4> sides{
      Eigen::Vector3f(fx, 0, cx).normalized(), Eigen::Vector3f(-fx, 0, right).normalized(),
      Eigen::Vector3f(0, fy, cy).normalized(), Eigen::Vector3f(0, -fy, below).normalized()};
  const float margin = kSeeThroughVoxels * float(voxelMetres_);
  for (const uint64_t key : store_.keys()) {
    const Eigen::Vector3f centre = rotation * centreOf(key) + translation;
    const bool inView = centre.z() > -radius && centre.z() < kMaxDepthMetres + radius &&
                        std::ranges::all_of(sides, [&](const auto& side) { return side.dot(centre) > -radius; });
    if (!inView) {
      continue;
    }
    MapTile& tile = store_.at(key);
    bool spent = false;
    for (Voxel& voxel : tile.voxels()) {
      const Eigen::Vector3f p = rotation * voxel.position + translation;
      if (p.z() <= 0.1f) {
        continue;
      }
      const float u = fx * p.x() / p.z() + cx + 0.5f, v = fy * p.y() / p.z() + cy + 0.5f;
      if (u < 0 || v < 0 || u >= float(camera.width) || v >= float(camera.height)) {
        continue;
      }
      const float behind = nearest[size_t(v) * size_t(camera.width) + size_t(u)];
      if (behind > p.z() + margin && behind > p.z() + margin + kSeeThroughSigmas * float(depthSigma(behind))) {
        voxel.evidence -= kSeeThroughEvidence;
        spent |= voxel.evidence <= 0;
      }
    }
    if (spent) {
      tile.prune();
    }
  }
}

void VoxelMap::correct(const std::vector<Correction>& corrections) {
  struct Motion {
    Eigen::Matrix3f rotation = Eigen::Matrix3f::Identity();
    Eigen::Vector3f translation = Eigen::Vector3f::Zero();
    float scale = 1;
  };
  std::unordered_map<uint32_t, Motion> motions;
  for (const Correction& correction : corrections) {
    const auto number = keyframeNumbers_.find(correction.ptsMicros);
    if (number != keyframeNumbers_.end()) {
      const Eigen::Matrix3d turn = correction.to.rotation * correction.from.rotation.transpose();
      const Eigen::Vector3d shift =
          correction.to.translation - turn * (correction.scale * correction.from.translation);
      motions[number->second] = {turn.cast<float>(), shift.cast<float>(), float(correction.scale)};
    }
  }
  if (motions.empty()) {
    return;
  }
  TileStore moved(store_.folder(), store_.generation() + 1);
  for (const uint64_t key : store_.keys()) {
    const MapTile tile = store_.take(key);
    for (Voxel voxel : tile.voxels()) {
      const auto motion = motions.find(voxel.first);
      if (motion != motions.end()) {
        const auto& [rotation, translation, scale] = motion->second;
        voxel.position = rotation * (scale * voxel.position) + translation;
        voxel.normal = rotation * voxel.normal;
        voxel.weight /= scale * scale;
      }
      insert(moved, voxel);
    }
    moved.evict(maxVoxels_ / 2);
  }
  store_ = std::move(moved);
  bound();
}

void VoxelMap::bound() {
  store_.evict(maxVoxels_);
  while (store_.heldVoxels() > maxVoxels_) {
    coarsen();
  }
}

void VoxelMap::coarsen() {
  voxelMetres_ *= 2;
  TileStore coarser(store_.folder(), store_.generation() + 1);
  for (const uint64_t key : store_.keys()) {
    const MapTile tile = store_.take(key);
    for (const Voxel& voxel : tile.voxels()) {
      insert(coarser, voxel);
    }
  }
  store_ = std::move(coarser);
}

std::vector<VoxelMap::Point> VoxelMap::points(uint64_t tile) {
  std::vector<Point> points;
  for (const Voxel& voxel : store_.at(tile).voxels()) {
    if (voxel.evidence < kMinEvidence) {
      continue;
    }
    const auto channel = [&](int i) { return uint8_t(std::lround(std::clamp(voxel.colour[i], 0.0f, 255.0f))); };
    points.push_back({voxel.position, voxel.normal.normalized(), {channel(0), channel(1), channel(2)},
                      uint8_t(std::lround(255 * voxel.evidence / kMaxEvidence)), keyframes_[voxel.first],
                      keyframes_[voxel.last]});
  }
  store_.evict(maxVoxels_);
  return points;
}

std::vector<VoxelMap::Point> VoxelMap::points() {
  std::vector<Point> all;
  for (const uint64_t tile : tiles()) {
    const std::vector<Point> some = points(tile);
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

}  // namespace loci
