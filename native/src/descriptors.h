#pragma once

#include <array>
#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

namespace loci {

using Descriptor = std::array<uint8_t, 32>;

/// Upright ORB descriptors (Rublee 2011) at the given pixels, so that a landmark can be found again without a guess.
/// Pixels too near the border get an all-zero descriptor.
std::vector<Descriptor> describe(const cv::Mat& gray, const std::vector<cv::Point2f>& pixels);

inline bool isDescribed(const Descriptor& descriptor) { return descriptor != Descriptor{}; }

/// Bits in which two descriptors differ.
int hammingDistance(const Descriptor& a, const Descriptor& b);

struct Match {
  int query = 0;
  int train = 0;
};

/// Nearest neighbours by Hamming distance that pass the ratio test (Lowe 2004) and are mutual.
std::vector<Match> matchDescriptors(const std::vector<Descriptor>& query, const std::vector<Descriptor>& train);

}  // namespace loci
