#include "local_map.h"

#include <algorithm>
#include <unordered_map>

#include "bundle_adjustment.h"
#include "triangulation.h"

namespace loci {

namespace {
constexpr double kMinParallaxRadians = 0.02;
constexpr double kMaxTriangulationErrorPixels = 2;
constexpr double kMaxErrorPixels = 3;
constexpr double kMaxDepthSigmas = 5;
constexpr double kMinDepth = 0.05;
constexpr int kConfirmedKeyframes = 3;
constexpr int kMinSightings = 12;
}  // namespace

Keyframe& LocalMap::addKeyframe(const Se3& cameraFromWorld) {
  Keyframe& keyframe = keyframes.emplace_back();
  keyframe.id = nextKeyframe_++;
  keyframe.cameraFromWorld = cameraFromWorld;
  return keyframe;
}

Landmark& LocalMap::addLandmark(const Eigen::Vector2f& pixel, const std::array<uint8_t, 3>& colour) {
  Landmark& landmark = landmarks.emplace_back();
  landmark.id = nextLandmark_++;
  landmark.tracked = true;
  landmark.pixel = pixel;
  landmark.colour = colour;
  return landmark;
}

const Keyframe* LocalMap::keyframe(int id) const {
  const auto found = std::lower_bound(keyframes.begin(), keyframes.end(), id,
                                      [](const Keyframe& keyframe, int wanted) { return keyframe.id < wanted; });
  return found != keyframes.end() && found->id == id ? &*found : nullptr;
}

const Landmark* LocalMap::landmark(int64_t id) const {
  const auto found = std::ranges::lower_bound(landmarks, id, {}, &Landmark::id);
  return found != landmarks.end() && found->id == id ? &*found : nullptr;
}

void LocalMap::clear() {
  keyframes.clear();
  landmarks.clear();
}

void LocalMap::locateLandmarks(const Pinhole& camera) {
  for (Landmark& landmark : landmarks) {
    if (landmark.located || landmark.observations.empty()) {
      continue;
    }
    const Observation& latest = landmark.observations.back();
    if (latest.depthMetres > 0) {
      const Eigen::Vector3d point = camera.ray(latest.pixel.cast<double>()) * latest.depthMetres;
      landmark.position = keyframe(latest.keyframe)->cameraFromWorld.inverse() * point;
      landmark.located = true;
      continue;
    }
    std::vector<View> views;
    for (const Observation& observation : landmark.observations) {
      views.push_back({keyframe(observation.keyframe)->cameraFromWorld, observation.pixel.cast<double>()});
    }
    if (const auto point = triangulate(camera, views, kMinParallaxRadians, kMaxTriangulationErrorPixels)) {
      landmark.position = *point;
      landmark.located = true;
    }
  }
}

void LocalMap::adjust(const Pinhole& camera, int iterations) {
  Bundle bundle;
  std::unordered_map<int, int> cameraOf;
  const int count = int(keyframes.size());
  for (int i = 0; i < count; ++i) {
    cameraOf[keyframes[size_t(i)].id] = i;
    bundle.cameras.push_back({keyframes[size_t(i)].cameraFromWorld, i == 0 || i < count - kFreeKeyframes});
  }
  std::vector<int> sightings(size_t(count), 0);
  for (const Landmark& landmark : landmarks) {
    if (landmark.located && landmark.observations.size() >= 2) {
      for (const Observation& observation : landmark.observations) {
        ++sightings[size_t(cameraOf.at(observation.keyframe))];
      }
    }
  }
  for (int i = 0; i < count; ++i) {
    // A camera that turned away from everything located is known by its turn alone; a few points must not pull it.
    bundle.cameras[size_t(i)].fixed = bundle.cameras[size_t(i)].fixed || sightings[size_t(i)] < kMinSightings;
  }
  std::vector<Landmark*> adjusted;
  for (Landmark& landmark : landmarks) {
    if (!landmark.located || landmark.observations.size() < 2 ||
        bundle.cameras[size_t(cameraOf.at(landmark.observations.back().keyframe))].fixed) {
      continue;
    }
    const int point = int(bundle.points.size());
    bundle.points.push_back(landmark.position);
    adjusted.push_back(&landmark);
    for (const Observation& observation : landmark.observations) {
      bundle.observations.push_back(
          {cameraOf.at(observation.keyframe), point, observation.pixel.cast<double>(), observation.depthMetres});
    }
  }
  adjustBundle(camera, bundle, iterations);
  for (int i = 0; i < count; ++i) {
    keyframes[size_t(i)].cameraFromWorld = bundle.cameras[size_t(i)].cameraFromWorld;
  }
  for (size_t i = 0; i < adjusted.size(); ++i) {
    adjusted[i]->position = bundle.points[i];
  }
  dropOutliers(camera);
}

void LocalMap::dropOutliers(const Pinhole& camera) {
  const int newest = keyframes.back().id;
  for (Landmark& landmark : landmarks) {
    if (!landmark.located || landmark.observations.empty()) {
      continue;
    }
    std::erase_if(landmark.observations, [&](Observation& observation) {
      const Eigen::Vector3d p = keyframe(observation.keyframe)->cameraFromWorld * landmark.position;
      if (observation.depthMetres > 0 &&
          std::abs(p.z() - observation.depthMetres) > kMaxDepthSigmas * depthSigma(observation.depthMetres)) {
        observation.depthMetres = 0;
      }
      const bool outlier = p.z() < kMinDepth ||
                           (camera.project(p) - observation.pixel.cast<double>()).norm() > kMaxErrorPixels;
      if (outlier && observation.keyframe == newest) {
        landmark.tracked = false;
      }
      return outlier;
    });
  }
}

std::vector<ArchivedPoint> LocalMap::trim() {
  const size_t excess = keyframes.size() > kRetainedKeyframes ? keyframes.size() - kRetainedKeyframes : 0;
  keyframes.erase(keyframes.begin(), keyframes.begin() + std::ptrdiff_t(excess));
  const int oldest = keyframes.empty() ? 0 : keyframes.front().id;
  std::vector<ArchivedPoint> archived;
  std::erase_if(landmarks, [&](Landmark& landmark) {
    std::erase_if(landmark.observations, [&](const Observation& o) { return o.keyframe < oldest; });
    if (!landmark.observations.empty()) {
      return false;
    }
    if (landmark.located && landmark.keyframeCount >= kConfirmedKeyframes) {
      archived.push_back({landmark.position.cast<float>(), landmark.colour});
    }
    return true;
  });
  return archived;
}

}  // namespace loci
