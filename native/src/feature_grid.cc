#include "feature_grid.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace loci {

namespace {
constexpr int kBorder = 12;            // pixels in which neither optical flow nor a descriptor is reliable
constexpr int kBlockSize = 5;
constexpr float kMinResponse = 2e-4f;  // smaller eigenvalue of the structure tensor, as cv::cornerMinEigenVal scales it
}  // namespace

std::vector<cv::Point2f> detectFeatures(const cv::Mat& gray, const std::vector<cv::Point2f>& occupied, int target) {
  const int cell = std::max(8, int(std::lround(std::sqrt(double(gray.cols) * gray.rows / target))));
  const int columns = (gray.cols + cell - 1) / cell, rows = (gray.rows + cell - 1) / cell;

  // A corner next to a tracked one adds nothing, even when a cell border runs between them.
  const int spacing = cell / 2;
  cv::Mat free(gray.size(), CV_8U, cv::Scalar(255));
  std::vector<uint8_t> taken(size_t(columns) * rows, 0);
  for (const cv::Point2f& pixel : occupied) {
    const int x = std::clamp(int(pixel.x), 0, gray.cols - 1), y = std::clamp(int(pixel.y), 0, gray.rows - 1);
    taken[size_t(y / cell) * columns + x / cell] = 1;
    cv::circle(free, {x, y}, spacing, cv::Scalar(0), cv::FILLED);
  }

  cv::Mat response;
  cv::cornerMinEigenVal(gray, response, kBlockSize, 3);

  std::vector<std::pair<float, cv::Point2f>> found;
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      if (taken[size_t(row) * columns + column]) {
        continue;
      }
      float best = kMinResponse;
      cv::Point bestPixel(-1, -1);
      const int yEnd = std::min((row + 1) * cell, gray.rows - kBorder);
      const int xEnd = std::min((column + 1) * cell, gray.cols - kBorder);
      for (int y = std::max(row * cell, kBorder); y < yEnd; ++y) {
        const float* line = response.ptr<float>(y);
        const uint8_t* freeLine = free.ptr<uint8_t>(y);
        for (int x = std::max(column * cell, kBorder); x < xEnd; ++x) {
          if (line[x] > best && freeLine[x]) {
            best = line[x];
            bestPixel = {x, y};
          }
        }
      }
      if (bestPixel.x < 0) {
        continue;
      }
      found.emplace_back(best, cv::Point2f(bestPixel));
      cv::circle(free, bestPixel, spacing, cv::Scalar(0), cv::FILLED);
    }
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<cv::Point2f> pixels;
  pixels.reserve(found.size());
  for (const auto& [strength, pixel] : found) {
    pixels.push_back(pixel);
  }
  return pixels;
}

}  // namespace loci
