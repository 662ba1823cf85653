#pragma once

#include "splat_renderer.h"

namespace loci {

/// Gives the pixels without a surface the smooth continuation of the colours round them, by pulling means up a pyramid
/// and pushing them back down (Gortler et al. 1996, section 3.4). Their depth stays 0: nothing is known there.
void fillHoles(SplatImage& image);

}  // namespace loci
