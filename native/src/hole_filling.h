#pragma once

#include "splat_renderer.h"

namespace loci {

/// Gives the pixels without a surface the smooth continuation of the colours and depths round them, by pulling means up
/// a pyramid and pushing them back down (Gortler et al. 1996, section 3.4). `depth` stays 0 there: nothing is known.
void fillHoles(SplatImage& image);

}  // namespace loci
