#pragma once

#include <Eigen/Core>

#include "frame_pyramid.h"
#include "pinhole.h"

namespace loci {

/// Rotation `currentFromPrevious` that best lays one whole frame over the next, found on thumbnails: an exhaustive
/// search over shifts, then Gauss–Newton on SO(3) (after Klein and Murray 2008, section 3.4). Good to about a pixel of
/// the full image for fast turns, which optical flow alone cannot bridge; `predicted` is tried as a start as well.
Eigen::Matrix3d alignRotation(const FramePyramid& previous, const FramePyramid& current, const Pinhole& camera,
                              const Eigen::Matrix3d& predicted);

}  // namespace loci
