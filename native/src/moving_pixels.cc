#include "moving_pixels.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace loci {

namespace {

constexpr size_t kReferences = 8;
constexpr int kColumns = 320;
constexpr int kRadius = 2;   // samples around a line of sight that must be empty as well
constexpr int kThinning = 2; // samples to a pixel of the mask
constexpr int kMinFree = 2;  // references that saw a place empty
constexpr float kMarginMetres = 0.04f;
constexpr float kSigmas = 3;
constexpr double kMaxShare = 0.5;  // of the pixels with depth; if more seems to move, the pose is wrong
constexpr int kMinArea = 24; // pixels of the mask; less is noise at edges

float margin(float depth) { return kMarginMetres + kSigmas * float(depthSigma(depth)); }

MovingPixels::Reference reference(int64_t ptsMicros, const DepthView& depth, const Se3& worldFromCamera) {
  const DepthSamples samples(depth, kColumns);
  const std::vector<float> nearest = samples.nearest(kRadius);
  MovingPixels::Reference made{ptsMicros, worldFromCamera, samples.camera(), {}, {}};
  Pinhole& camera = made.camera;
  camera = {camera.fx / kThinning, camera.fy / kThinning,    camera.cx / kThinning,
            camera.cy / kThinning, camera.width / kThinning, camera.height / kThinning};
  for (int y = 0; y < camera.height; ++y) {
    for (int x = 0; x < camera.width; ++x) {
      made.depth.push_back(samples.at(x * kThinning, y * kThinning));
      made.nearest.push_back(nearest[size_t(y * kThinning) * size_t(samples.camera().width) + size_t(x * kThinning)]);
    }
  }
  return made;
}

/// Drops specks, and takes in the rim, whose depth is mixed with what lies behind. False when nothing is left.
bool clean(cv::Mat& mask) {
  const cv::Mat square = cv::getStructuringElement(cv::MORPH_RECT, {3, 3});
  cv::morphologyEx(mask, mask, cv::MORPH_OPEN, square);
  cv::Mat labels, areas, centres;
  const int count = cv::connectedComponentsWithStats(mask, labels, areas, centres, 8);
  bool left = false;
  for (int label = 1; label < count; ++label) {
    if (areas.at<int>(label, cv::CC_STAT_AREA) < kMinArea) {
      mask.setTo(0, labels == label);
    } else {
      left = true;
    }
  }
  cv::dilate(mask, mask, square, {-1, -1}, 2);
  return left;
}

}  // namespace

MovingPixels::Mask MovingPixels::add(int64_t ptsMicros, const DepthView& depth, const Se3& worldFromCamera) {
  Reference now = reference(ptsMicros, depth, worldFromCamera);
  Mask mask = find(now);
  references_.push_back(std::move(now));
  if (references_.size() > kReferences) {
    references_.pop_front();
  }
  return mask;
}

void MovingPixels::remember(int64_t ptsMicros, const DepthView& depth, const Se3& worldFromCamera) {
  references_.push_back(reference(ptsMicros, depth, worldFromCamera));
}

void MovingPixels::move(int64_t ptsMicros, const Se3& worldFromCamera, double scale) {
  for (Reference& reference : references_) {
    if (reference.ptsMicros == ptsMicros) {
      reference.worldFromCamera = worldFromCamera;
      for (std::vector<float>* metres : {&reference.depth, &reference.nearest}) {
        for (float& value : *metres) {
          value *= float(scale);
        }
      }
    }
  }
}

MovingPixels::Mask MovingPixels::find(const Reference& now) const {
  if (references_.size() < size_t(kMinFree)) {
    return {};
  }
  const Pinhole& camera = now.camera;
  const size_t pixels = now.depth.size();
  std::vector<uint8_t> empty(pixels), occupied(pixels);
  for (const Reference& other : references_) {
    const Se3 otherFromNow = other.worldFromCamera.inverse() * now.worldFromCamera;
    const Eigen::Matrix3f rotation = otherFromNow.rotation.cast<float>();
    const Eigen::Vector3f translation = otherFromNow.translation.cast<float>();
    const float fx = float(other.camera.fx), fy = float(other.camera.fy);
    const float cx = float(other.camera.cx) + 0.5f, cy = float(other.camera.cy) + 0.5f;
    for (int y = 0; y < camera.height; ++y) {
      const auto rayY = float((y - camera.cy) / camera.fy);
      for (int x = 0; x < camera.width; ++x) {
        const size_t i = size_t(y) * size_t(camera.width) + size_t(x);
        const float z = now.depth[i];
        if (z == 0) {
          continue;
        }
        const Eigen::Vector3f p =
            rotation * Eigen::Vector3f(float((x - camera.cx) / camera.fx) * z, rayY * z, z) + translation;
        const float u = fx * p.x() / p.z() + cx, v = fy * p.y() / p.z() + cy;
        if (!(p.z() > 0.1f) || u < 0 || v < 0 || u >= float(other.camera.width) || v >= float(other.camera.height)) {
          continue;
        }
        const size_t j = size_t(v) * size_t(other.camera.width) + size_t(u);
        const float near = other.nearest[j];
        if (near > p.z() && near > p.z() + margin(near)) {
          ++empty[i];
        } else if (other.depth[j] > 0 && std::abs(other.depth[j] - p.z()) < margin(p.z())) {
          ++occupied[i];
        }
      }
    }
  }
  Mask mask{camera.width, camera.height, std::vector<uint8_t>(pixels)};
  for (size_t i = 0; i < pixels; ++i) {
    mask.data[i] = empty[i] >= kMinFree && empty[i] > occupied[i] ? 255 : 0;
  }
  const auto withDepth = pixels - size_t(std::ranges::count(now.depth, 0.0f));
  if (double(std::ranges::count(mask.data, uint8_t(255))) > kMaxShare * double(withDepth)) {
    return {};
  }
  cv::Mat view(camera.height, camera.width, CV_8U, mask.data.data());
  return clean(view) ? mask : Mask();
}

}  // namespace loci
