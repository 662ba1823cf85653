#include "descriptors.h"

#include <bit>
#include <cstring>
#include <opencv2/features2d.hpp>

namespace loci {

namespace {

constexpr int kMaxDistance = 64;  // of 256 bits
constexpr double kRatio = 0.85;

}  // namespace

int hammingDistance(const Descriptor& a, const Descriptor& b) {
  int distance = 0;
  for (size_t i = 0; i < a.size(); i += 8) {
    uint64_t x, y;
    std::memcpy(&x, a.data() + i, 8);
    std::memcpy(&y, b.data() + i, 8);
    distance += std::popcount(x ^ y);
  }
  return distance;
}

std::vector<Descriptor> describe(const cv::Mat& gray, const std::vector<cv::Point2f>& pixels) {
  std::vector<cv::KeyPoint> keypoints;
  for (size_t i = 0; i < pixels.size(); ++i) {
    keypoints.emplace_back(pixels[i], 31.0f, 0.0f, 1.0f, 0, int(i));
  }
  // One level and angle 0: the caller's corners live at full size, and people hold a camera upright.
  static thread_local const cv::Ptr<cv::ORB> orb = cv::ORB::create(1, 1.2f, 1);
  cv::Mat rows;
  orb->compute(gray, keypoints, rows);
  std::vector<Descriptor> descriptors(pixels.size(), Descriptor{});
  for (int i = 0; i < rows.rows; ++i) {
    std::memcpy(descriptors[size_t(keypoints[size_t(i)].class_id)].data(), rows.ptr(i), 32);
  }
  return descriptors;
}

std::vector<Match> matchDescriptors(const std::vector<Descriptor>& query, const std::vector<Descriptor>& train) {
  std::vector<int> bestQueryOf(train.size(), -1), bestDistanceOf(train.size(), 257);
  std::vector<Match> candidates;
  for (size_t q = 0; q < query.size(); ++q) {
    if (!isDescribed(query[q])) {
      continue;
    }
    int best = 257, second = 257, bestTrain = -1;
    for (size_t t = 0; t < train.size(); ++t) {
      const int distance = hammingDistance(query[q], train[t]);
      if (distance < bestDistanceOf[t]) {
        bestDistanceOf[t] = distance;
        bestQueryOf[t] = int(q);
      }
      if (distance < best) {
        second = best;
        best = distance;
        bestTrain = int(t);
      } else if (distance < second) {
        second = distance;
      }
    }
    if (bestTrain >= 0 && best <= kMaxDistance && best < kRatio * second) {
      candidates.push_back({int(q), bestTrain});
    }
  }
  std::vector<Match> matches;
  for (const Match& match : candidates) {
    if (bestQueryOf[size_t(match.train)] == match.query) {
      matches.push_back(match);
    }
  }
  return matches;
}

}  // namespace loci
