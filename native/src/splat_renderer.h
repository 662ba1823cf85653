#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "pinhole.h"
#include "se3.h"

namespace loci {

/// A coloured point cloud that someone else owns: xyz in float32, RGB in bytes, `count` of each.
struct CloudView {
  const float* positions = nullptr;
  const uint8_t* colours = nullptr;
  size_t count = 0;
};

/// What a camera sees of a cloud. A pixel without a surface has depth 0 and is black.
struct SplatImage {
  Pinhole camera;
  std::vector<float> depth;     ///< along the camera's z axis, in the cloud's unit
  std::vector<float> guess;     ///< depth, continued smoothly where no surface is known (`fillHoles`)
  std::vector<uint8_t> colour;  ///< interleaved RGB
};

/// Renders a point cloud as a surface by splatting in two passes (Zwicker et al. 2001; Botsch and Kobbelt 2003): discs as
/// large as the points lie apart give the depth of the front surface, then all points within a tolerance of it are
/// averaged under a smooth kernel. Points lie sorted into cubes, so that what is out of view costs nothing.
///
/// Not thread-safe: a rendering works in buffers that are kept from call to call.
class SplatRenderer {
 public:
  /// Takes a copy of the cloud.
  explicit SplatRenderer(const CloudView& cloud);

  void render(const Pinhole& camera, const Se3& worldFromCamera, SplatImage& image);

  /// Which points a camera sees, hidden ones excluded: bit i of the words stands for a point, the same one in every call.
  std::vector<uint32_t> visiblePoints(const Pinhole& camera, const Se3& worldFromCamera);

  /// How far neighbouring points lie apart on a surface: the median distance to the fourth nearest.
  float spacing() const { return spacing_; }
  size_t size() const { return x_.size(); }

 private:
  /// A cube's points `[begin, end)` and a sphere round them.
  struct Tile {
    size_t begin = 0, end = 0;
    Eigen::Vector3f centre = Eigen::Vector3f::Zero();
    float radius = 0;
  };

  /// Points of one tile in view, as the camera sees them, at `[first, first + count)` of the seen arrays.
  struct SeenTile {
    const Tile* tile = nullptr;
    float distance = 0;
    size_t first = 0;
  };

  void buildTiles(const CloudView& cloud);
  void findSeenTiles(const Pinhole& camera, const Se3& cameraFromWorld);
  void projectTile(const SeenTile& seen, const Pinhole& camera, const Se3& cameraFromWorld);
  void renderDepth(const Pinhole& camera, const Se3& worldFromCamera);
  void splatDepth(const SeenTile& seen, const Pinhole& camera);
  void splatColour(const SeenTile& seen, const Pinhole& camera);
  /// Whether seen point i lies on the front surface at its own pixel.
  bool isInFront(size_t i, const Pinhole& camera) const;
  float tolerance(float z) const;

  float spacing_ = 0;
  std::vector<float> x_, y_, z_;
  std::vector<uint8_t> colours_;
  std::vector<Tile> tiles_;

  std::vector<SeenTile> seen_;
  std::vector<float> seenU_, seenV_, seenZ_;
  std::vector<float> nearest_;
  std::vector<Eigen::Array4f> colourSums_;  ///< red, green, blue, weight
  std::vector<float> depthSums_;
};

}  // namespace loci
