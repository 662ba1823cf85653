#pragma once

#include <Eigen/Core>

#include "frame_pyramid.h"
#include "pinhole.h"

namespace loci {

/// How one whole frame lies over the next.
struct FrameAlignment {
  Eigen::Matrix3d currentFromPrevious = Eigen::Matrix3d::Identity();  ///< rotation
  Exposure exposure;                                                  ///< of the current frame against the previous
};

/// The rotation and the change of exposure that best lay one frame over the next, found on thumbnails: an exhaustive
/// search over shifts, then Gauss–Newton on SO(3) (after Klein and Murray 2008, section 3.4). Good to a few pixels of
/// the full image even for fast turns, which optical flow alone cannot bridge; `predicted` is tried as a start as well.
FrameAlignment alignFrames(const FramePyramid& previous, const FramePyramid& current, const Pinhole& camera,
                           const Eigen::Matrix3d& predicted);

}  // namespace loci
