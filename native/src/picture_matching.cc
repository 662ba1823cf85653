#include "picture_matching.h"

#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "descriptors.h"

namespace loci {

namespace {

constexpr int kMaxCorners = 1000;
constexpr double kCornerQuality = 0.01;
constexpr double kCornerGapPixels = 5;
constexpr double kSamePlaceShare = 0.01;  // of the picture's diagonal

struct Corners {
  std::vector<cv::Point2f> pixels;
  std::vector<Descriptor> descriptors;
};

Corners findCorners(const ImageView& image) {
  const cv::Mat colour(image.height, image.width, CV_8UC3, const_cast<uint8_t*>(image.data));
  cv::Mat gray;
  cv::cvtColor(colour, gray, cv::COLOR_RGB2GRAY);
  Corners corners;
  cv::goodFeaturesToTrack(gray, corners.pixels, kMaxCorners, kCornerQuality, kCornerGapPixels);
  corners.descriptors = describe(gray, corners.pixels);
  return corners;
}

}  // namespace

MatchCount countKeptMatches(const ImageView& first, const ImageView& second) {
  const Corners from = findCorners(first), to = findCorners(second);
  std::vector<bool> confident(from.pixels.size(), false);
  MatchCount count;
  for (const Match& match : matchDescriptors(from.descriptors, from.descriptors)) {
    if (match.query == match.train) {
      confident[size_t(match.query)] = true;
      ++count.confident;
    }
  }
  const double samePlace = kSamePlaceShare * std::hypot(first.width, first.height);
  for (const Match& match : matchDescriptors(from.descriptors, to.descriptors)) {
    const cv::Point2f apart = from.pixels[size_t(match.query)] - to.pixels[size_t(match.train)];
    if (confident[size_t(match.query)] && std::hypot(apart.x, apart.y) <= samePlace) {
      ++count.kept;
    }
  }
  return count;
}

}  // namespace loci
