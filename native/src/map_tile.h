#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <string>
#include <vector>

namespace loci {

/// What the map knows of one voxel: the weighted mean of the surface points that fell into it, and who saw them.
struct Voxel {
  uint32_t cell = 0;      ///< which voxel of its tile
  uint32_t first = 0;     ///< the keyframe that saw it first, with which it moves
  uint32_t last = 0;      ///< the keyframe that saw it last
  float weight = 0;       ///< sum of the inverse variances, 1/m²
  float evidence = 0;     ///< keyframes that saw it, less what was seen through it; none is left at 0
  Eigen::Vector3f position = Eigen::Vector3f::Zero();
  Eigen::Vector3f normal = Eigen::Vector3f::Zero();  ///< the mean of unit vectors, towards the cameras
  Eigen::Vector3f colour = Eigen::Vector3f::Zero();

  /// Takes in another measurement, or another voxel that came to lie in the same place.
  void fuse(const Voxel& other);
};

/// More sightings than this make a voxel no surer: what has stood for an hour may go within a few keyframes.
inline constexpr float kMaxEvidence = 8;

/// A cube of 128³ voxels, of which it holds those with a surface, in the order in which they came. The order, and with
/// it every sum, is the same however often the tile was written to a file and read back.
class MapTile {
 public:
  static constexpr int kCellBits = 7;  ///< of each axis
  static constexpr int kSide = 1 << kCellBits;

  /// The voxel of a cell, made empty when there is none.
  Voxel& at(uint32_t cell);

  /// Drops voxels whose evidence is used up.
  void prune();

  const std::vector<Voxel>& voxels() const { return voxels_; }
  std::vector<Voxel>& voxels() { return voxels_; }

  /// Throws std::runtime_error, naming the file, when it cannot be written or read whole.
  void save(const std::string& path) const;
  static MapTile load(const std::string& path);

 private:
  void index(size_t slots);

  std::vector<Voxel> voxels_;
  std::vector<uint32_t> slots_;  ///< places in `voxels_` plus 1, hashed by cell; 0 is empty
};

}  // namespace loci
