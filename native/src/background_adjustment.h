#pragma once

#include <future>

#include "focal_calibration.h"
#include "local_map.h"
#include "pinhole.h"

namespace loci {

/// A local map with what is known of the camera that sees it.
struct CalibratedMap {
  LocalMap map;
  Pinhole camera;
  FocalCalibration focal;
  bool findsFocalLength = false;
};

/// Bundle-adjusts a copy of a window on a thread of its own, while its owner goes on with the next frame. The answer
/// depends on the window alone, and its owner decides when to take it, so that nothing hangs on how long it takes.
class BackgroundAdjustment {
 public:
  /// Not while another one is going on.
  void start(CalibratedMap window);

  /// Whether there is an answer to take, be it ready or not.
  bool isStarted() const { return adjusted_.valid(); }

  /// Waits for the answer. With the focal length found anew, its camera is another one.
  CalibratedMap take() { return adjusted_.get(); }

 private:
  std::future<CalibratedMap> adjusted_;  ///< its destructor waits for the thread
};

}  // namespace loci
