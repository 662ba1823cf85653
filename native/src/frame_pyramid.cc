#include "frame_pyramid.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <opencv2/video/tracking.hpp>

namespace loci {

namespace {
constexpr int kLongestTrackedSide = 800;
constexpr double kMaxGainChange = 0.1;
constexpr double kMaxBrightnessChange = 8;
}

int trackingReduction(int width, int height) {
  const int longest = std::max(width, height);
  return (longest + kLongestTrackedSide - 1) / kLongestTrackedSide;
}

FramePyramid::FramePyramid(const ImageView& image, int reduction) {
  const cv::Mat rgb(image.height, image.width, CV_8UC3, const_cast<uint8_t*>(image.data));
  cv::cvtColor(rgb, gray_, cv::COLOR_RGB2GRAY);
  if (reduction > 1) {
    cv::Mat reduced;
    cv::resize(gray_, reduced, {image.width / reduction, image.height / reduction}, 0, 0, cv::INTER_AREA);
    gray_ = reduced;
  }
  build();
}

FramePyramid::FramePyramid(cv::Mat gray) : gray_(std::move(gray)) { build(); }

bool Exposure::changes() const {
  return std::abs(gain - 1) > kMaxGainChange || std::abs(bias + (gain - 1) * 128) > kMaxBrightnessChange;
}

FramePyramid FramePyramid::exposed(const Exposure& exposure) const {
  cv::Mat gray;
  gray_.convertTo(gray, CV_8U, exposure.gain, exposure.bias);
  return FramePyramid(gray);
}

void FramePyramid::build() {
  cv::buildOpticalFlowPyramid(gray_, levels_, {kMaxFlowWindow, kMaxFlowWindow}, kFlowLevels - 1, true);
  cv::Mat reduced;
  cv::resize(gray_, reduced, {gray_.cols / kThumbnailReduction, gray_.rows / kThumbnailReduction}, 0, 0,
             cv::INTER_AREA);
  reduced.convertTo(thumbnail_, CV_32F);
  cv::GaussianBlur(thumbnail_, thumbnail_, {3, 3}, 0.75);
}

}  // namespace loci
