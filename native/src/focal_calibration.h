#pragma once

#include "bundle_adjustment.h"
#include "local_map.h"
#include "pinhole.h"

namespace loci {

/// Finds the focal length of a camera of which nothing is known from what its keyframes saw: the one that explains their
/// corners best when all poses and points are free (Pollefeys 1999 shows that it is determined by general motion). The
/// answers of windows that share no keyframe are averaged, and once their mean is certain it is held.
class FocalCalibration {
 public:
  FocalCalibration() = default;
  /// `guess` is the camera to begin with; its principal point and the ratio of its focal lengths are kept.
  explicit FocalCalibration(const Pinhole& guess);

  /// Whether the window, of this many keyframes, should be asked now.
  bool due(size_t keyframes) const;

  /// Adjusts the whole window with its focal length, and keeps the map in agreement with the new mean. Nothing changes
  /// when the window does not tell. The oldest keyframe and the length of the path stay.
  bool refine(LocalMap& map);

  /// The window is let go of; the next one shares no keyframe with it.
  void leaveWindow();

  void keyframeAdded() { ++keyframesSinceWindow_; }

  Pinhole camera() const;
  /// Standard deviation of fx in pixels.
  double sigmaPixels() const;
  bool certain() const;

  template <class Archive>
  void exchange(Archive& archive) {
    archive(guess_.fx, guess_.fy, guess_.cx, guess_.cy, guess_.width, guess_.height, before_, now_,
            keyframesSinceWindow_, keyframesAsked_);
  }

 private:
  Pinhole guess_;
  FocalBelief before_;  ///< from windows that were let go of
  FocalBelief now_;     ///< with what the present window told
  int32_t keyframesSinceWindow_ = 0;  ///< of the present window
  int32_t keyframesAsked_ = 0;        ///< how many of them there were when it was asked last
};

}  // namespace loci
