#include <napi.h>

#include <opencv2/core.hpp>

#include "addon_classes.h"

namespace loci {

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  // One frame's work is a few milliseconds: splitting it costs more than it saves, and decoding wants the other core.
  cv::setNumThreads(1);
  exports.Set("MovingPixels", defineMovingPixels(env));
  exports.Set("Odometry", defineOdometry(env));
  exports.Set("ViewDepth", defineViewDepth(env));
  exports.Set("SessionMap", defineSessionMap(env));
  exports.Set("VoxelMap", defineVoxelMap(env));
  exports.Set("Remap", defineRemap(env));
  exports.Set("SplatRenderer", defineSplatRenderer(env));
  exports.Set("countKeptMatches", definePictureMatching(env));
  return exports;
}

NODE_API_MODULE(loci_native, initialise)

}  // namespace loci
