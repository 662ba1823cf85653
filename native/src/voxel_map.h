#pragma once

#include <Eigen/Core>
#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "byte_view.h"
#include "depth_samples.h"
#include "depth_view.h"
#include "frame_pyramid.h"
#include "pinhole.h"
#include "se3.h"
#include "tile_store.h"

namespace loci {

/// The surface of a place on a voxel grid: each voxel keeps the weighted mean of the points, normals and colours that
/// fell into it. What later depth looks through loses its evidence until it goes, so what moves does not stay. Each
/// voxel moves with the keyframe that saw it first. Memory is bounded: tiles that were not seen for long lie in files,
/// or, without a folder for them, the voxels are doubled in size.
class VoxelMap {
 public:
  struct Options {
    double voxelMetres = 0.02;
    size_t maxVoxels = 1'500'000;  ///< held in memory
    std::string folder = {};       ///< for tiles; a folder of this map's own
  };

  struct Point {
    Eigen::Vector3f position;
    Eigen::Vector3f normal;
    std::array<uint8_t, 3> colour;
    uint8_t confidence;  ///< 255: seen often and never through
    int64_t firstSeenMicros, lastSeenMicros;
  };

  /// A keyframe with depth. `depth.camera` and `camera` share their centre and axes.
  struct Frame {
    int64_t ptsMicros = 0;
    ImageView image;
    DepthView depth;
    ByteView confidence;  ///< of the depth: 255 is full; none: full everywhere
    ByteView moving;      ///< not 0 where the pixel does not belong to the place
    Se3 worldFromCamera;
  };

  /// How a keyframe's part of the map moves: p ↦ to · (scale · (from⁻¹ · p)).
  struct Correction {
    int64_t ptsMicros = 0;
    Se3 from, to;
    double scale = 1;
  };

  explicit VoxelMap(const Options& options);

  /// Adds a keyframe. Drops depth that is missing, far, at a jump, seen at a grazing angle, or moving.
  void integrate(const Pinhole& camera, const Frame& frame);

  /// Moves what the keyframes saw, after their poses have changed. Keyframes that are not in the map are passed over.
  void correct(const std::vector<Correction>& corrections);

  /// Places of the tiles that hold a surface, in order.
  std::vector<uint64_t> tiles() const { return store_.keys(); }

  /// Points of one tile that were seen often enough to be more than noise. Holds no more tiles than before.
  std::vector<Point> points(uint64_t tile);

  /// Points of all tiles.
  std::vector<Point> points();

  double voxelMetres() const { return voxelMetres_; }
  size_t voxels() const { return store_.voxels(); }
  size_t heldVoxels() const { return store_.heldVoxels(); }

 private:
  struct Place {
    uint64_t tile;
    uint32_t cell;
  };

  Place placeOf(const Eigen::Vector3f& position) const;
  Eigen::Vector3f centreOf(uint64_t tile) const;
  void insert(TileStore& store, const Voxel& voxel);
  void seeThrough(const DepthSamples& depth, const Se3& worldFromCamera);
  void bound();
  void coarsen();

  double voxelMetres_;
  size_t maxVoxels_;
  TileStore store_;
  std::vector<int64_t> keyframes_;  ///< time stamps, by the numbers that voxels hold
  std::unordered_map<int64_t, uint32_t> keyframeNumbers_;
};

}  // namespace loci
