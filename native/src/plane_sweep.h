#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

#include "frame_pyramid.h"
#include "pinhole.h"
#include "se3.h"

namespace loci {

/// A grey picture prepared to be compared window by window.
struct SweepImage {
  Pinhole camera;
  std::vector<float> values;             ///< grey levels around 0
  std::vector<uint32_t> quads;           ///< of each pixel: it, its right, its lower and its lower right neighbour
  std::vector<float> sums;               ///< of the values in the window around each pixel
  std::vector<float> inverseDeviations;  ///< 1 / (deviation in the window × its area); less where it is flat
};

/// A picture with a known pose, at the size at which depth is estimated and at half of it.
struct SweepView {
  int64_t ptsMicros = 0;
  Se3 worldFromCamera;
  SweepImage fine, coarse;
  std::vector<uint8_t> colours;  ///< of the fine image, RGB
};

/// Shrinks the image to the size of `camera`, whose sides are even.
SweepView makeSweepView(int64_t ptsMicros, const ImageView& image, const Pinhole& camera, const Se3& worldFromCamera);

/// What was found at each pixel of the fine image.
struct SweptDepth {
  int width = 0, height = 0;
  std::vector<float> inverseDepths;  ///< 0: none
  std::vector<float> scores;         ///< correlation, 0 … 1
  std::vector<float> margins;        ///< by how much the depth was better than any other one, in units of correlation
};

/// Depth of `reference` by plane-sweep stereo (Collins 1996; Gallup et al. 2007): pictures of the `sources` are warped
/// by planes that face the reference, evenly spaced in inverse depth from infinity to `nearest`, and compared with it
/// by zero-mean normalised cross-correlation. The better half of the sources counts, so that what hides a surface from
/// some does not matter. The planes are swept at half the size and chosen by semi-global matching; the surface so
/// found is then swept up and down at the full size, which also tilts the windows with it.
SweptDepth sweepPlanes(const SweepView& reference, const std::vector<const SweepView*>& sources, double nearest);

}  // namespace loci
