#pragma once

#include <Eigen/Core>
#include <array>
#include <cstdint>
#include <vector>

#include "depth_view.h"
#include "frame_pyramid.h"
#include "pinhole.h"
#include "se3.h"

namespace loci {

/// A coloured point cloud on a voxel grid: each voxel keeps the weighted mean of the points and colours that fell into
/// it. When it is full the voxels are doubled in size, so memory is bounded whatever the place.
class VoxelMap {
 public:
  struct Point {
    Eigen::Vector3f position;
    std::array<uint8_t, 3> colour;
  };

  VoxelMap(double voxelMetres, size_t maxVoxels);

  /// Adds a depth image seen from `worldFromCamera`. Drops depth that is missing, far, at a jump or seen at a grazing
  /// angle. `depth.camera` and `camera` share their centre and axes.
  void integrate(const ImageView& image, const Pinhole& camera, const DepthView& depth, const Se3& worldFromCamera);

  /// Adds a point as if it had been seen often enough to count.
  void add(const Point& point);

  /// Points that were hit often enough to be more than noise.
  std::vector<Point> points() const;

  double voxelMetres() const { return voxelMetres_; }
  size_t size() const { return count_; }

 private:
  struct Voxel {
    uint64_t key = 0;  ///< 0 marks an empty slot
    float weight = 0;
    float hits = 0;
    Eigen::Vector3f position = Eigen::Vector3f::Zero();  ///< weighted sums
    Eigen::Vector3f colour = Eigen::Vector3f::Zero();
  };

  uint64_t keyOf(const Eigen::Vector3f& position) const;
  Voxel& slot(uint64_t key);
  void accumulate(const Eigen::Vector3f& position, const Eigen::Vector3f& colour, float weight, float hits);
  void rehash(size_t slots);
  void coarsen();

  double voxelMetres_;
  size_t maxVoxels_;
  size_t count_ = 0;
  std::vector<Voxel> slots_;
};

}  // namespace loci
