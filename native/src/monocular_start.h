#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "pinhole.h"
#include "se3.h"

namespace loci {

/// Pixels of the landmarks that were followed into one frame before the start.
struct StartFrame {
  int64_t ptsMicros = 0;
  int32_t index = 0;
  std::vector<std::pair<int64_t, Eigen::Vector2f>> pixels;  ///< landmark id, pixel; in order of id

  template <class Archive>
  void exchange(Archive& archive) {
    archive(ptsMicros, index, pixels);
  }
};

/// What two views tell: the second camera's pose (the first is the identity) and the points that they see.
struct TwoViews {
  Se3 secondFromFirst;
  std::vector<std::pair<int64_t, Eigen::Vector3d>> points;  ///< landmark id, point in the first camera
};

/// Collects frames of a moving camera until two of them tell its motion.
class MonocularStart {
 public:
  std::vector<StartFrame> frames;  ///< the reference first

  /// Recovers the motion between the reference and the latest frame. Nothing while the parallax is too small, or while
  /// a turn alone explains the pixels as well.
  std::optional<TwoViews> solve(const Pinhole& camera) const;
};

}  // namespace loci
