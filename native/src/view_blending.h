#pragma once

#include <cstdint>
#include <vector>

#include "pinhole.h"
#include "se3.h"
#include "splat_renderer.h"

namespace loci {

/// A picture of the place, where its camera stood, and the map's depth as that camera sees it.
struct ReferenceView {
  Pinhole camera;
  Se3 worldFromCamera;
  std::vector<uint8_t> colour;  ///< interleaved RGB, of the camera's size
  SplatImage map;               ///< may be smaller than the picture
};

/// Repaints a rendering with the pixels of pictures of the same surface, carried over by the depth of the rendering
/// (unstructured lumigraph, Buehler et al. 2001). A picture counts where its camera sees the surface (depth within
/// `tolerance`, in the map's unit, and a share of the depth), more the smaller the angle between the two lines of sight,
/// the finer it shows the surface and the farther from its border. Where no picture counts, the rendering stays. Holes,
/// filled before (`fillHoles`), are repainted by their guessed depth from where the pictures' cameras know no surface either.
void blendReferences(SplatImage& image, const Se3& worldFromCamera, const std::vector<const ReferenceView*>& views,
                     float tolerance);

}  // namespace loci
