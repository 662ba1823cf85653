#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "depth_samples.h"
#include "se3.h"

namespace loci {

/// Finds the pixels of a keyframe that show something moving: surfaces in places that most of the latest keyframes saw
/// empty. What was moved and stays is seen in its new place by ever more of them, and then belongs to the scene.
class MovingPixels {
 public:
  /// A pixel for every 4 × 4 of a VGA depth image; 255 where something moves. Empty when nothing does.
  struct Mask {
    int width = 0, height = 0;
    std::vector<uint8_t> data;
  };

  /// A keyframe that later ones are compared with.
  struct Reference {
    int64_t ptsMicros = 0;
    Se3 worldFromCamera;
    Pinhole camera;
    std::vector<float> depth;    ///< metres
    std::vector<float> nearest;  ///< the same, each pixel as near as any around it
  };

  /// What moves in a keyframe, and the keyframe becomes a reference.
  Mask add(int64_t ptsMicros, const DepthView& depth, const Se3& worldFromCamera);

  /// Makes a keyframe a reference without asking what moves in it.
  void remember(int64_t ptsMicros, const DepthView& depth, const Se3& worldFromCamera);

  /// Corrects where a keyframe was, and the unit of its depth by `scale`; nothing when it is no reference any more.
  void move(int64_t ptsMicros, const Se3& worldFromCamera, double scale);

 private:
  Mask find(const Reference& now) const;

  std::deque<Reference> references_;
};

}  // namespace loci
