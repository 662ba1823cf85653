#pragma once

#include "frame_pyramid.h"

namespace loci {

/// How much of one picture is found again in another one of the same view.
struct MatchCount {
  int confident = 0;  ///< corners of the first picture that match themselves: no other corner looks like them
  int kept = 0;       ///< those of them that match a corner of the second picture at the same place
};

/// Matches corners by ORB descriptors; both pictures are of one size.
MatchCount countKeptMatches(const ImageView& first, const ImageView& second);

}  // namespace loci
