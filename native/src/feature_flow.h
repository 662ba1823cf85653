#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "frame_pyramid.h"

namespace loci {

/// How patiently to look: `usual` from frame to frame; `patient` with a larger window and a laxer check, for frames that
/// are blurred or far from where they were expected, whose answers need robust estimation.
enum class FlowCare { usual, patient };

/// Follows pixels from one frame to the next with pyramidal Lucas–Kanade (Bouguet 2001), starting at the guess in `to`
/// and leaving the result there. Entry i of the answer is 1 when the way back ends where it began (Kalal 2010).
std::vector<uint8_t> followFeatures(const FramePyramid& previous, const FramePyramid& current,
                                    const std::vector<cv::Point2f>& from, std::vector<cv::Point2f>& to,
                                    FlowCare care);

}  // namespace loci
