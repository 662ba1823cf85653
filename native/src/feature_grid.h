#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace loci {

/// Finds corners (Shi and Tomasi 1994) spread evenly: at most one in each square cell that holds none of `occupied`.
/// The cell size makes the grid hold about `target` cells. Strongest first.
std::vector<cv::Point2f> detectFeatures(const cv::Mat& gray, const std::vector<cv::Point2f>& occupied, int target);

}  // namespace loci
