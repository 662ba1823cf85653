#include "background_adjustment.h"

#include <cassert>
#include <utility>

namespace loci {

namespace {

constexpr int kIterations = 5;

CalibratedMap adjusted(CalibratedMap window) {
  window.map.adjust(window.camera, kIterations);
  if (window.findsFocalLength && window.focal.due(window.map.keyframes.size()) && window.focal.refine(window.map)) {
    window.camera = window.focal.camera();
    window.map.locateLandmarks(window.camera);
    window.map.adjust(window.camera, kIterations);
  }
  return window;
}

}  // namespace

void BackgroundAdjustment::start(CalibratedMap window) {
  assert(!isStarted());
  adjusted_ = std::async(std::launch::async, adjusted, std::move(window));
}

}  // namespace loci
