#include "view_blending.h"

#include <algorithm>
#include <cmath>

namespace loci {

namespace {

constexpr float kToleranceShare = 0.02f;
constexpr float kBorderShare = 0.05f;      // of the picture's width: over which a picture fades in
constexpr float kAngleSoftness = 0.002f;   // of 1 − cos: pictures closer than 3.6° in direction are as good as each other
constexpr float kRenderingWeight = 1e-2f;  // against a picture of weight 1: lets the last bad picture fade out

/// A reference view with all that does not change from pixel to pixel.
struct PreparedView {
  const ReferenceView* view;
  Eigen::Matrix3f rotation;     ///< reference camera from rendering camera
  Eigen::Vector3f translation;
  Eigen::Vector3f centre;       ///< of the reference camera, in the rendering camera's frame
  float fx, fy, cx, cy, mapFx, mapFy, mapCx, mapCy, border;
};

PreparedView prepare(const ReferenceView& view, const Se3& worldFromCamera) {
  const Se3 relative = view.worldFromCamera.inverse() * worldFromCamera;
  const Pinhole &camera = view.camera, &map = view.map.camera;
  return {&view,
          relative.rotation.cast<float>(),
          relative.translation.cast<float>(),
          relative.inverse().translation.cast<float>(),
          float(camera.fx),
          float(camera.fy),
          float(camera.cx),
          float(camera.cy),
          float(map.fx),
          float(map.fy),
          float(map.cx),
          float(map.cy),
          kBorderShare * float(camera.width)};
}

/// Adds what one picture shows of a point (in the rendering camera's frame) to the sum of colour and weight. A point of a
/// known surface must be on the surface that the picture's camera sees; a guessed one may also lie where it knows none.
void addSample(const PreparedView& prepared, const Eigen::Vector3f& point, bool isKnown, float tolerance,
               Eigen::Array4f& sum) {
  const ReferenceView& view = *prepared.view;
  const Eigen::Vector3f seen = prepared.rotation * point + prepared.translation;
  if (seen.z() <= tolerance) {
    return;
  }
  const float inverse = 1 / seen.z();
  const float x = seen.x() * inverse, y = seen.y() * inverse;
  const float u = prepared.fx * x + prepared.cx, v = prepared.fy * y + prepared.cy;
  const float margin = std::min({u, v, float(view.camera.width - 1) - u, float(view.camera.height - 1) - v});
  if (!(margin > 0)) {
    return;
  }
  const int mapU = std::clamp(int(prepared.mapFx * x + prepared.mapCx + 0.5f), 0, view.map.camera.width - 1);
  const int mapV = std::clamp(int(prepared.mapFy * y + prepared.mapCy + 0.5f), 0, view.map.camera.height - 1);
  const float mapDepth = view.map.depth[size_t(mapV) * size_t(view.map.camera.width) + size_t(mapU)];
  const float allowed = tolerance + kToleranceShare * seen.z();
  const float gap = mapDepth == 0 ? (isKnown ? 1.0f : 0.0f) : std::abs(mapDepth - seen.z()) / allowed;
  if (gap >= 1) {
    return;
  }
  const float cosine = point.dot(point - prepared.centre) / (point.norm() * seen.norm());
  const float angle = kAngleSoftness / (kAngleSoftness + 1 - std::min(cosine, 1.0f));
  const float coarseness = std::min(1.0f, point.z() * inverse);
  const float weight = angle * angle * coarseness * coarseness * (1 - gap * gap) * std::min(1.0f, margin / prepared.border);
  const int left = int(u), top = int(v);
  const float du = u - float(left), dv = v - float(top);
  const size_t line = size_t(view.camera.width) * 3;
  const uint8_t* upper = view.colour.data() + size_t(top) * line + size_t(left) * 3;
  const uint8_t* lower = upper + line;
  const float a = (1 - du) * (1 - dv), b = du * (1 - dv), c = (1 - du) * dv, d = du * dv;
  Eigen::Array4f colour;
  for (int channel = 0; channel < 3; ++channel) {
    colour[channel] = a * upper[channel] + b * upper[channel + 3] + c * lower[channel] + d * lower[channel + 3];
  }
  colour[3] = 1;
  sum += weight * colour;
}

}  // namespace

void blendReferences(SplatImage& image, const Se3& worldFromCamera, const std::vector<const ReferenceView*>& views,
                     float tolerance) {
  std::vector<PreparedView> prepared;
  for (const ReferenceView* view : views) {
    prepared.push_back(prepare(*view, worldFromCamera));
  }
  const Pinhole& camera = image.camera;
  for (int row = 0; row < camera.height; ++row) {
    const float y = (float(row) - float(camera.cy)) / float(camera.fy);
    for (int column = 0; column < camera.width; ++column) {
      const size_t pixel = size_t(row) * size_t(camera.width) + size_t(column);
      const float z = image.guess[pixel];
      if (z == 0) {
        continue;
      }
      const float x = (float(column) - float(camera.cx)) / float(camera.fx);
      uint8_t* rgb = image.colour.data() + 3 * pixel;
      Eigen::Array4f sum = kRenderingWeight * Eigen::Array4f(rgb[0], rgb[1], rgb[2], 1);
      const Eigen::Vector3f point(x * z, y * z, z);
      for (const PreparedView& view : prepared) {
        addSample(view, point, image.depth[pixel] != 0, tolerance, sum);
      }
      for (int channel = 0; channel < 3; ++channel) {
        rgb[channel] = uint8_t(sum[channel] / sum[3] + 0.5f);
      }
    }
  }
}

}  // namespace loci
