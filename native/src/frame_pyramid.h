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

/// How grey values change from one frame to the next: value ↦ gain · value + bias.
struct Exposure {
  double gain = 1, bias = 0;

  /// Whether optical flow, which compares values as they are, would suffer.
  bool changes() const;
};

/// The grey pyramid of one frame, built once and used by everything that looks at the frame.
class FramePyramid {
 public:
  FramePyramid() = default;
  /// From colour, shrunk by `reduction`.
  FramePyramid(const ImageView& image, int reduction);
  /// From the grey image of an earlier pyramid.
  explicit FramePyramid(cv::Mat gray);

  /// The same frame, as another exposure would show it.
  FramePyramid exposed(const Exposure& exposure) const;

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
/// Side of the largest window that optical flow may use on `levels`.
inline constexpr int kMaxFlowWindow = 31;
inline constexpr int kFlowLevels = 4;

}  // namespace loci
