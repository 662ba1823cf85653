#pragma once

#include <Eigen/Core>
#include <array>
#include <cstdint>
#include <vector>

#include "descriptors.h"
#include "pinhole.h"
#include "se3.h"

namespace loci {

/// A landmark as one view saw it.
struct ViewLandmark {
  int64_t id = 0;                                     ///< the same in every view of a recording that followed it
  Eigen::Vector2f pixel = Eigen::Vector2f::Zero();
  Eigen::Vector3f point = Eigen::Vector3f::Zero();    ///< camera coordinates
  float depthMetres = 0;                              ///< as measured; 0 when unknown
  std::array<uint8_t, 3> colour{};
  Descriptor descriptor{};

  template <class Archive>
  void exchange(Archive& archive) {
    archive(id, pixel, point, depthMetres, colour, descriptor);
  }
};

/// A keyframe that has left the window of the odometry: what is needed to recognise its place, to tie it to other
/// views, and to adjust the whole session again.
struct View {
  int64_t ptsMicros = 0;
  int32_t subMap = 0;       ///< changes where tracking was lost and started anew
  Pinhole camera;           ///< of the pixels
  Se3 worldFromCamera;      ///< as tracked
  double sceneDepth = 0;    ///< median depth of the landmarks
  std::vector<ViewLandmark> landmarks;  ///< in order of id

  template <class Archive>
  void exchange(Archive& archive) {
    archive(ptsMicros, subMap, camera.fx, camera.fy, camera.cx, camera.cy, camera.width, camera.height,
            worldFromCamera, sceneDepth, landmarks);
  }
};

}  // namespace loci
