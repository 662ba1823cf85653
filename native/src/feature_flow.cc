#include "feature_flow.h"

#include <opencv2/video/tracking.hpp>

namespace loci {

namespace {
struct Settings {
  int window;
  int levels;
  int levelsBack;  // the way back starts at the known answer, so few levels suffice to see whether it holds
  float maxReturnErrorPixels;
};
// From frame to frame the prediction is good to a few pixels, which three levels bridge.
constexpr Settings kUsual{15, 3, 1, 0.7f};
constexpr Settings kPatient{kMaxFlowWindow, kFlowLevels, kFlowLevels, 2.5f};

const cv::TermCriteria kCriteria(cv::TermCriteria::COUNT + cv::TermCriteria::EPS, 12, 0.03);
constexpr double kMinEigenvalue = 1e-4;
}  // namespace

std::vector<uint8_t> followFeatures(const FramePyramid& previous, const FramePyramid& current,
                                    const std::vector<cv::Point2f>& from, std::vector<cv::Point2f>& to,
                                    FlowCare care) {
  std::vector<uint8_t> found(from.size(), 0);
  if (from.empty()) {
    return found;
  }
  const Settings& settings = care == FlowCare::usual ? kUsual : kPatient;
  const cv::Size window(settings.window, settings.window);
  std::vector<float> error;
  cv::calcOpticalFlowPyrLK(previous.levels(), current.levels(), from, to, found, error, window, settings.levels - 1,
                           kCriteria, cv::OPTFLOW_USE_INITIAL_FLOW, kMinEigenvalue);

  std::vector<cv::Point2f> back = from;
  std::vector<uint8_t> foundBack;
  cv::calcOpticalFlowPyrLK(current.levels(), previous.levels(), to, back, foundBack, error, window,
                           settings.levelsBack - 1, kCriteria, cv::OPTFLOW_USE_INITIAL_FLOW, kMinEigenvalue);
  const cv::Rect2f inside(2, 2, float(current.gray().cols - 5), float(current.gray().rows - 5));
  for (size_t i = 0; i < from.size(); ++i) {
    found[i] = found[i] && foundBack[i] && inside.contains(to[i]) &&
               cv::norm(back[i] - from[i]) < settings.maxReturnErrorPixels;
  }
  return found;
}

}  // namespace loci
