#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

#include "pinhole.h"

namespace loci {

/// Interleaved 8-bit RGB that someone else owns.
struct ImageView {
  const uint8_t* data = nullptr;
  int width = 0, height = 0;
};

/// By how much frames of this size are shrunk before tracking: full-HD corners are not better corners, only dearer.
int trackingReduction(int width, int height);

/// The grey pyramid of one frame, built once and used by everything that looks at the frame.
class FramePyramid {
 public:
  FramePyramid() = default;
  /// From colour, shrunk by `reduction`.
  FramePyramid(const ImageView& image, int reduction);
  /// From the grey image of an earlier pyramid.
  explicit FramePyramid(cv::Mat gray);

  bool empty() const { return gray_.empty(); }
  const cv::Mat& gray() const { return gray_; }
  /// Images and derivatives in the layout of cv::buildOpticalFlowPyramid.
  const std::vector<cv::Mat>& levels() const { return levels_; }
  /// A float image 1/16 the size, for aligning whole frames.
  const cv::Mat& thumbnail() const { return thumbnail_; }

 private:
  void build();

  cv::Mat gray_;
  std::vector<cv::Mat> levels_;
  cv::Mat thumbnail_;
};

inline constexpr int kThumbnailReduction = 16;
inline constexpr int kFlowWindow = 15;
inline constexpr int kFlowLevels = 4;

}  // namespace loci
