#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "background_adjustment.h"
#include "byte_view.h"
#include "depth_view.h"
#include "feature_flow.h"
#include "focal_calibration.h"
#include "frame_pyramid.h"
#include "local_map.h"
#include "monocular_start.h"
#include "moving_exclusions.h"
#include "pinhole.h"
#include "point_archive.h"
#include "rotation_alignment.h"
#include "se3.h"
#include "view.h"

namespace loci {

/// `predicted`: not located, but located so shortly before that its motion tells where the camera is.
enum class Tracking : int32_t { tracked = 0, initialising = 1, lost = 2, predicted = 3 };
enum class KeyframeReason : int32_t { none = -1, first = 0, motion = 1, overlap = 2, time = 3 };

struct OdometryOptions {
  Pinhole camera;               ///< of the colour images as they come
  Pinhole depthCamera;          ///< width 0: the colour camera, resized to the depth image
  bool monocular = false;
  bool refineIntrinsics = false;  ///< `camera` is a guess: its focal length is found, which takes a monocular camera
  Se3 initialWorldFromCamera;   ///< pose of the first frame
};

struct OdometryFrame {
  int64_t ptsMicros = 0;
  int32_t index = 0;
  ImageView image;
  DepthView depth;              ///< camera filled in by the odometry
};

struct FrameRecord {
  int64_t ptsMicros = 0;
  int32_t index = 0;
  Tracking tracking = Tracking::lost;
  bool hasPose = false;
  Se3 worldFromCamera = {};
  int32_t inliers = 0;
  KeyframeReason keyframe = KeyframeReason::none;
  bool revision = false;        ///< a better pose of a frame that was reported before
  int32_t subMap = 0;           ///< changes where tracking was lost and started anew
};

/// Visual odometry of one camera. Corners are followed by optical flow, each frame's pose is the one that explains
/// their landmarks, and a window of keyframes is bundle-adjusted. Landmarks come from depth, or by triangulation after
/// a two-view start.
///
/// The window is adjusted on a thread of its own from the keyframe on until the next frame has been followed, whose
/// camera is located in the adjusted window. The answers depend on nothing but the frames given, so a restored copy goes
/// on exactly alike.
class Odometry {
 public:
  explicit Odometry(const OdometryOptions& options);

  /// Sets where the first frame stands; only before it.
  void setInitialPose(const Se3& worldFromCamera);

  /// The record of this frame, then revisions of earlier ones whose pose is final now. A keyframe is reported as it was
  /// located, before its window is adjusted.
  std::vector<FrameRecord> track(const OdometryFrame& frame);

  /// Lets go of landmarks that a keyframe saw where `moving` is not 0, which do not stand still. Takes effect two frames
  /// after the keyframe, whenever it is said before.
  void exclude(int64_t ptsMicros, const ByteView& moving);

  /// Revisions of all frames that are not final yet; to be called once after the last frame.
  std::vector<FrameRecord> finish();

  /// Keyframes that have left the window since the last call, in order of time.
  std::vector<View> takeViews();

  /// Points of the archive and the window.
  std::vector<ArchivedPoint> points() const;

  /// The colour camera as it is known by now.
  struct Intrinsics {
    Pinhole camera;
    double focalSigmaPixels = 0;  ///< of its focal length, when it is being found; 0 when it was given
  };
  Intrinsics intrinsics() const;

  std::vector<uint8_t> snapshot() const;
  /// Throws std::runtime_error when the bytes are no snapshot of this version.
  static Odometry restore(const uint8_t* data, size_t size);

  const OdometryOptions& options() const { return options_; }

 private:
  Odometry() = default;

  /// Passes all state through `archive`, which writes or reads it (snapshot.cc).
  template <class Archive>
  void exchange(Archive& archive);

  enum class Phase : int32_t { empty, initialising, tracking };

  struct Prediction {
    Se3 cameraFromWorld;
    FrameAlignment alignment;
  };

  /// Which landmarks are tracked, by id and in its order, and where.
  using TrackedPixels = std::vector<std::pair<int64_t, Eigen::Vector2f>>;

  struct Located {
    Se3 cameraFromWorld;
    int inliers = 0;
  };

  // The flow of a frame and the records of it (odometry.cc).
  FrameRecord trackFrame(const OdometryFrame& frame, const FramePyramid& pyramid);
  FrameAlignment align(const FramePyramid& pyramid, int64_t ptsMicros) const;
  Prediction predict(const FrameAlignment& alignment, int64_t ptsMicros) const;
  /// What is predicted of a camera that turns on the spot.
  Prediction turnOf(const Prediction& prediction) const;
  FrameRecord posed(const OdometryFrame& frame, const Se3& cameraFromWorld, int inliers) const;
  /// The record of a frame that could not be located; predicted while the last one that was is recent.
  FrameRecord unlocated(const OdometryFrame& frame) const;
  bool findsFocalLength() const { return options_.refineIntrinsics && options_.monocular; }

  // Starting a local map (odometry_start.cc).
  FrameRecord startFrame(const OdometryFrame& frame, const FramePyramid& pyramid);
  std::vector<FrameRecord> initialise(const OdometryFrame& frame, const FramePyramid& pyramid);
  /// Goes back to the two-view start, with the last keyframe as its first view; false when too little of it is in view.
  bool beginRestart(const OdometryFrame& frame, const Prediction& prediction);

  // Following landmarks and locating the camera by them (odometry_locating.cc).
  TrackedPixels trackedPixels() const;
  void setTracked(const TrackedPixels& pixels);
  /// Where pixels of the last frame are in this one.
  TrackedPixels follow(const TrackedPixels& pixels, const FramePyramid& pyramid, const Prediction& prediction,
                       FlowCare care) const;
  /// Locates the camera by the landmarks as they were `followed`; looks again with more patience where that is little.
  std::optional<Located> trackLandmarks(const FramePyramid& pyramid, const Prediction& prediction,
                                        const TrackedPixels& followed);
  std::optional<Located> locateCamera(const Se3& predicted);
  /// Locates a camera that turns on the spot, by corners that need not be located themselves.
  std::optional<Located> trackTurn(const TrackedPixels& before, const Prediction& prediction);

  // Losing the way and finding it again (odometry_loss.cc).
  std::optional<Located> relocalise(const FramePyramid& pyramid);
  FrameRecord loseFrame(const OdometryFrame& frame, const FramePyramid& pyramid, const Prediction& prediction);
  /// Lets go of the whole local map.
  void leaveMap();

  // Keyframes: when, their landmarks, their window, and what becomes final (odometry_keyframes.cc).
  KeyframeReason keyframeReason(const Se3& cameraFromWorld, int inliers, int64_t ptsMicros) const;
  void insertKeyframe(const OdometryFrame& frame, const FramePyramid& pyramid, const Se3& cameraFromWorld,
                      int inliers, KeyframeReason reason);
  void observeTracked(const OdometryFrame& frame, int keyframe);
  void detectLandmarks(const OdometryFrame& frame, const FramePyramid& pyramid, int keyframe);
  void describeTracked(const FramePyramid& pyramid);
  /// Has the window adjusted; nothing may change it until the answer is taken.
  void startAdjustment();
  /// Goes on with the adjusted window, when an adjustment was started.
  void takeAdjustment();
  /// What follows a new keyframe once its window is adjusted.
  void settleKeyframe();
  void releaseFinal(size_t keep);
  void handOut(Keyframe& keyframe, int64_t ptsMicros);

  static constexpr int kTargetFeatures = 450;  ///< corners to follow in a frame
  static constexpr int kMinInliers = 15;       ///< landmarks that a pose has to explain

  OdometryOptions options_;
  Pinhole camera_;                      ///< of the images that are tracked
  int reduction_ = 1;
  FocalCalibration focal_;              ///< of the images that are tracked
  Phase phase_ = Phase::empty;
  LocalMap map_;
  BackgroundAdjustment adjustment_;     ///< of `map_`, from a keyframe until the next frame
  MonocularStart start_;
  FramePyramid previous_;               ///< the last frame
  Se3 cameraFromWorld_;                 ///< of `previous_`; dead reckoning while lost
  Vector6d velocity_ = Vector6d::Zero();  ///< of the camera: turn (rad/s) and world translation (units/s)
  int64_t previousPts_ = 0;
  int64_t locatedPts_ = 0;              ///< of the last frame that was located
  int64_t keyframePts_ = 0;
  int32_t keyframeInliers_ = 0;
  double sceneDepth_ = 0;               ///< median depth of the landmarks in view; 0 before the first start
  int32_t lostFrames_ = 0;              ///< in a row
  size_t finalKeyframes_ = 0;           ///< keyframes of the map whose frames were released, counted from the oldest
  int32_t subMap_ = 0;
  std::vector<View> views_;             ///< not taken yet
  MovingExclusions exclusions_;
  std::vector<FrameRecord> revisions_;
  PointArchive archive_;
};

}  // namespace loci
