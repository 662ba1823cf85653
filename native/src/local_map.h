#pragma once

#include <Eigen/Core>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "depth_view.h"
#include "descriptors.h"
#include "pinhole.h"
#include "pose_refinement.h"
#include "se3.h"

namespace loci {

/// A landmark's pixel in one keyframe.
struct Observation {
  int keyframe = 0;
  Eigen::Vector2f pixel = Eigen::Vector2f::Zero();
  float depthMetres = 0;  ///< 0 when unknown

  template <class Archive>
  void exchange(Archive& archive) {
    archive(keyframe, pixel, depthMetres);
  }
};

/// A corner that is, or was, followed from frame to frame; `located` once its place in the world is known.
struct Landmark {
  int64_t id = 0;
  bool located = false;
  bool tracked = false;                             ///< seen in the last frame, at `pixel`
  int32_t keyframeCount = 0;                        ///< keyframes that ever saw it
  std::array<uint8_t, 3> colour{};
  Eigen::Vector2f pixel = Eigen::Vector2f::Zero();
  Eigen::Vector3d position = Eigen::Vector3d::Zero();  ///< world
  Descriptor descriptor{};
  std::vector<Observation> observations;            ///< in retained keyframes, oldest first

  template <class Archive>
  void exchange(Archive& archive) {
    archive(id, located, tracked, keyframeCount, colour, pixel, position, descriptor, observations);
  }
};

/// What is reported of a frame and has to be revised when its keyframe moves.
struct AttachedFrame {
  int64_t ptsMicros = 0;
  int32_t index = 0;
  int32_t inliers = 0;
  int32_t keyframeReason = -1;  ///< -1 for frames that are no keyframes
  bool predicted = false;
  Se3 frameFromKeyframe;

  template <class Archive>
  void exchange(Archive& archive) {
    archive(ptsMicros, index, inliers, keyframeReason, predicted, frameFromKeyframe);
  }
};

/// How a keyframe saw a landmark.
struct Appearance {
  int64_t landmark = 0;
  Descriptor descriptor{};

  template <class Archive>
  void exchange(Archive& archive) {
    archive(landmark, descriptor);
  }
};

struct Keyframe {
  int id = 0;
  int32_t subMap = 0;
  Se3 cameraFromWorld;
  std::vector<AttachedFrame> frames;  ///< the keyframe itself first
  std::vector<Appearance> appearances;  ///< in order of landmark; empty once handed out as a view

  template <class Archive>
  void exchange(Archive& archive) {
    archive(id, subMap, cameraFromWorld, frames, appearances);
  }
};

/// A point given up by the window, kept for display.
struct ArchivedPoint {
  Eigen::Vector3f position;
  std::array<uint8_t, 3> colour;

  template <class Archive>
  void exchange(Archive& archive) {
    archive(position, colour);
  }
};

/// The newest keyframes and the landmarks they see. Everything older is let go, so the cost of a frame is constant.
class LocalMap {
 public:
  std::vector<Keyframe> keyframes;  ///< oldest first
  std::vector<Landmark> landmarks;  ///< in order of id

  Keyframe& addKeyframe(const Se3& cameraFromWorld);
  Landmark& addLandmark(const Eigen::Vector2f& pixel, const std::array<uint8_t, 3>& colour);

  const Keyframe* keyframe(int id) const;
  const Landmark* landmark(int64_t id) const;
  Landmark* landmark(int64_t id) { return const_cast<Landmark*>(std::as_const(*this).landmark(id)); }

  /// Lets go of everything; ids are not used again.
  void clear();

  /// Locates what has not been located yet: by depth where measured, else by triangulation over its keyframes.
  void locateLandmarks(const Pinhole& camera);

  /// Bundle adjustment over the newest keyframes; older retained ones hold the gauge. Then drops the observations that
  /// disagree.
  void adjust(const Pinhole& camera, int iterations);

  /// Lets go of the keyframes beyond the retained number, and of landmarks that no retained keyframe sees.
  /// Answers the points of the landmarks let go.
  std::vector<ArchivedPoint> trim();

  /// Passes all state through `archive`, which writes or reads it.
  template <class Archive>
  void exchange(Archive& archive) {
    archive(nextKeyframe_, nextLandmark_, keyframes, landmarks);
  }

  /// Keyframes that the next adjustment will still move are the last `kFreeKeyframes`.
  static constexpr int kFreeKeyframes = 10;
  static constexpr int kRetainedKeyframes = 20;

 private:
  void dropOutliers(const Pinhole& camera);

  int nextKeyframe_ = 0;
  int64_t nextLandmark_ = 0;
};

}  // namespace loci
