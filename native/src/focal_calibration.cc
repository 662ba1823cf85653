#include "focal_calibration.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <unordered_map>
#include <vector>

namespace loci {

namespace {

// A guess of the field of view is right to about a quarter.
constexpr double kGuessSigma = 0.25;
// Lens distortion and rolling shutter are not in the model and differ from window to window.
constexpr double kWindowSigma = 0.015;
constexpr double kCertainSigma = 0.008;
constexpr double kMaxMeasuredSigma = 0.05;
constexpr double kMaxRmsPixels = 1.2;
// Of the longer side of the picture: 136° and 19° of field of view.
constexpr double kMinFocal = 0.2, kMaxFocal = 3;

// Early answers are rough but keep a badly guessed start from breaking; they are asked for again as the window grows.
constexpr int kFirstKeyframes = 6;
constexpr int kKeyframesBetween = 4;
constexpr int kWindowKeyframes = 20;
constexpr size_t kMinObservations = 3;
constexpr int kMinSightings = 20;
constexpr int kMinPoints = 80;
constexpr int kIterations = 25;
constexpr int kSettlingIterations = 8;
constexpr double kWeakPrior = 1e-3;

FocalBelief fused(const FocalBelief& a, const FocalBelief& b) {
  const double information = a.information + b.information;
  return {(a.logFactor * a.information + b.logFactor * b.information) / information, information};
}

/// The window as one problem, with all that ties it to the map.
struct Window {
  Bundle bundle;
  std::vector<Landmark*> landmarks;  ///< one a point
};

std::optional<Window> gather(LocalMap& map) {
  Window window;
  std::unordered_map<int, int> cameraOf;
  for (const Keyframe& keyframe : map.keyframes) {
    cameraOf[keyframe.id] = int(window.bundle.cameras.size());
    window.bundle.cameras.push_back({keyframe.cameraFromWorld, false});
  }
  std::vector<int> sightings(map.keyframes.size(), 0);
  for (Landmark& landmark : map.landmarks) {
    if (!landmark.located || landmark.observations.size() < kMinObservations) {
      continue;
    }
    const int point = int(window.bundle.points.size());
    window.bundle.points.push_back(landmark.position);
    window.landmarks.push_back(&landmark);
    for (const Observation& observation : landmark.observations) {
      const int camera = cameraOf.at(observation.keyframe);
      window.bundle.observations.push_back({camera, point, observation.pixel.cast<double>(), 0});
      ++sightings[size_t(camera)];
    }
  }
  if (int(window.bundle.points.size()) < kMinPoints ||
      *std::min_element(sightings.begin(), sightings.end()) < kMinSightings) {
    return std::nullopt;
  }
  window.bundle.cameras.front().fixed = true;
  return window;
}

/// Roughly the same pictures through another focal length: what the first camera sees moves in depth with it, and turns
/// become smaller as it grows.
Bundle zoomed(const Bundle& bundle, double factor) {
  Bundle out = bundle;
  const Se3 first = bundle.cameras.front().cameraFromWorld, worldFromFirst = first.inverse();
  for (Bundle::Camera& camera : out.cameras) {
    Se3 motion = camera.cameraFromWorld * worldFromFirst;
    Eigen::Vector3d centre = motion.inverse().translation;
    centre.z() *= factor;
    motion.rotation = expSo3(logSo3(motion.rotation) / factor);
    motion.translation = -(motion.rotation * centre);
    camera.cameraFromWorld = motion * first;
  }
  for (Eigen::Vector3d& point : out.points) {
    Eigen::Vector3d seen = first * point;
    seen.z() *= factor;
    point = worldFromFirst * seen;
  }
  out.logFocal = bundle.logFocal + std::log(factor);
  return out;
}

double pathLength(const std::vector<Bundle::Camera>& cameras) {
  double length = 0;
  for (size_t i = 1; i < cameras.size(); ++i) {
    length += (cameras[i].cameraFromWorld.inverse().translation - cameras[i - 1].cameraFromWorld.inverse().translation)
                  .norm();
  }
  return length;
}

/// Scales all about the first camera.
void rescale(Bundle& bundle, double factor) {
  const Se3 first = bundle.cameras.front().cameraFromWorld;
  const Eigen::Vector3d origin = first.inverse().translation;
  for (Bundle::Camera& camera : bundle.cameras) {
    const Eigen::Vector3d centre = camera.cameraFromWorld.inverse().translation;
    camera.cameraFromWorld.translation = -(camera.cameraFromWorld.rotation * (origin + factor * (centre - origin)));
  }
  for (Eigen::Vector3d& point : bundle.points) {
    point = origin + factor * (point - origin);
  }
}

void giveBack(const Window& window, const Bundle& solved, LocalMap& map) {
  for (size_t i = 0; i < map.keyframes.size(); ++i) {
    map.keyframes[i].cameraFromWorld = solved.cameras[i].cameraFromWorld;
  }
  // What was located with another focal length and not adjusted has to be located anew.
  for (Landmark& landmark : map.landmarks) {
    landmark.located = false;
  }
  for (size_t i = 0; i < window.landmarks.size(); ++i) {
    window.landmarks[i]->position = solved.points[i];
    window.landmarks[i]->located = true;
  }
}

}  // namespace

FocalCalibration::FocalCalibration(const Pinhole& guess)
    : guess_(guess), before_{0, 1 / (kGuessSigma * kGuessSigma)}, now_(before_) {}

bool FocalCalibration::certain() const { return now_.information > 1 / (kCertainSigma * kCertainSigma); }

bool FocalCalibration::due(size_t keyframes) const {
  if (certain() || keyframes < size_t(kFirstKeyframes) || keyframesSinceWindow_ < kFirstKeyframes) {
    return false;
  }
  const bool firstWindow = before_.information <= 1 / (kGuessSigma * kGuessSigma);
  const int asked = keyframesSinceWindow_ - keyframesAsked_;
  return keyframesSinceWindow_ >= kWindowKeyframes ? asked > 0 : firstWindow && asked >= kKeyframesBetween;
}

bool FocalCalibration::refine(LocalMap& map) {
  keyframesAsked_ = keyframesSinceWindow_;
  const auto window = gather(map);
  bool told = false;
  if (window) {
    const bool firstTime = now_.information <= 1 / (kGuessSigma * kGuessSigma);
    const std::vector<double> starts = firstTime ? std::vector<double>{0.7, 1, 1.4} : std::vector<double>{1};
    Bundle best;
    BundleResult result;
    for (const double start : starts) {
      Bundle bundle = window->bundle;
      bundle.logFocal = now_.logFactor;
      bundle = zoomed(bundle, start);
      bundle.focalPrior = FocalBelief{now_.logFactor, kWeakPrior};
      const BundleResult found = adjustBundle(guess_, bundle, kIterations);
      if (best.cameras.empty() || found.cost < result.cost) {
        best = std::move(bundle);
        result = found;
      }
    }
    const double focal = guess_.fx * std::exp(best.logFocal) / std::max(guess_.width, guess_.height);
    const double variance = result.focalInformation > 0 ? 1 / result.focalInformation : 1;
    told = result.rmsPixels < kMaxRmsPixels && variance < kMaxMeasuredSigma * kMaxMeasuredSigma && focal > kMinFocal &&
           focal < kMaxFocal;
    if (told) {
      now_ = fused(before_, {best.logFocal, 1 / (variance + kWindowSigma * kWindowSigma)});
      best.focalPrior.reset();
      best.logFocal = now_.logFactor;
      adjustBundle(guess_, best, kSettlingIterations);
      const double length = pathLength(best.cameras);
      if (length > 0) {
        rescale(best, pathLength(window->bundle.cameras) / length);
      }
      giveBack(*window, best, map);
    }
  }
  if (keyframesSinceWindow_ >= kWindowKeyframes) {
    leaveWindow();
  }
  return told;
}

void FocalCalibration::leaveWindow() {
  before_ = now_;
  keyframesSinceWindow_ = 0;
  keyframesAsked_ = 0;
}

Pinhole FocalCalibration::camera() const {
  Pinhole camera = guess_;
  camera.fx *= std::exp(now_.logFactor);
  camera.fy *= std::exp(now_.logFactor);
  return camera;
}

double FocalCalibration::sigmaPixels() const {
  return now_.information > 0 ? camera().fx / std::sqrt(now_.information) : 0;
}

}  // namespace loci
