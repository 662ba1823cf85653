#include "plane_sweep.h"

#include <Eigen/LU>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <opencv2/imgproc.hpp>

#include "semi_global.h"
#include "simd.h"

namespace loci {

namespace {

constexpr int kRadius = 3;
constexpr int kWindow = 2 * kRadius + 1;
constexpr float kArea = kWindow * kWindow;
constexpr float kNoiseLevels = 1.5f;  // grey levels of sensor noise and compression: flatter windows say nothing
constexpr float kMiddleGrey = 128;
constexpr float kPixelsPerPlane = 0.75f;  // between neighbouring planes, in the source that sees them farthest apart
constexpr int kMinPlanes = 32, kMaxPlanes = 128, kPlanesAtOnce = 16;
constexpr float kOutside = -1;    // score where a source does not see the point
constexpr float kMaxCost = 64;
constexpr int kRefinements = 5;   // surfaces swept at the full size: the one found and two on either side
constexpr int kUniqueApart = 2;   // planes around the best one that do not compete with it

/// From a pixel of the reference at inverse depth w to the source: homogeneous pixel = `turn` · (x, y, 1) + w · `shift`.
struct Warp {
  Eigen::Matrix3f turn;
  Eigen::Vector3f shift;
};

Eigen::Matrix3d calibration(const Pinhole& camera) {
  Eigen::Matrix3d k;
  k << camera.fx, 0, camera.cx, 0, camera.fy, camera.cy, 0, 0, 1;
  return k;
}

Warp warpBetween(const SweepView& reference, const SweepView& source, const Pinhole& from, const Pinhole& to) {
  const Se3 sourceFromReference = source.worldFromCamera.inverse() * reference.worldFromCamera;
  const Eigen::Matrix3d k = calibration(to);
  return {(k * sourceFromReference.rotation * calibration(from).inverse()).cast<float>(),
          (k * sourceFromReference.translation).cast<float>()};
}

SweepImage makeSweepImage(const cv::Mat& grey, const Pinhole& camera) {
  const int width = grey.cols, height = grey.rows;
  SweepImage image;
  image.camera = camera;
  image.values.resize(size_t(width) * height);
  image.quads.assign(size_t(width) * height, 0);
  image.sums.resize(image.values.size());
  image.inverseDeviations.resize(image.values.size());
  for (int y = 0; y < height; ++y) {
    const uint8_t* row = grey.ptr(y);
    const uint8_t* below = grey.ptr(std::min(y + 1, height - 1));
    for (int x = 0; x < width; ++x) {
      const int right = std::min(x + 1, width - 1);
      const size_t i = size_t(y) * width + x;
      image.values[i] = float(row[x]) - kMiddleGrey;
      image.quads[i] = uint32_t(row[x]) | uint32_t(row[right]) << 8 | uint32_t(below[x]) << 16 |
                       uint32_t(below[right]) << 24;
    }
  }
  const cv::Mat values(height, width, CV_32F, image.values.data());
  cv::Mat sums(height, width, CV_32F, image.sums.data()), squares;
  cv::boxFilter(values, sums, CV_32F, {kWindow, kWindow}, {-1, -1}, false);
  cv::sqrBoxFilter(values, squares, CV_32F, {kWindow, kWindow}, {-1, -1}, false);
  constexpr float noise = kArea * kArea * kNoiseLevels * kNoiseLevels;
  for (size_t i = 0; i < image.values.size(); ++i) {
    const float variance = kArea * squares.at<float>(int(i)) - image.sums[i] * image.sums[i];
    image.inverseDeviations[i] = 1 / std::sqrt(std::max(variance, 0.0f) + noise);
  }
  return image;
}

/// One row of the source as seen through the surface; grey levels are rounded, so that sums of them are exact.
LOCI_VECTORISED void warpRow(const uint32_t* __restrict quads, int width, int height, const float* __restrict turn,
                             const float* __restrict shift, float y, const float* __restrict inverseDepths, int count,
                             float* __restrict values, float* __restrict inside) {
  const float a = turn[1] * y + turn[2], b = turn[4] * y + turn[5], c = turn[7] * y + turn[8];
  const float maxX = float(width - 1) - 0.001f, maxY = float(height - 1) - 0.001f;
  for (int x = 0; x < count; ++x) {
    const float w = inverseDepths[x];
    const float z = turn[6] * float(x) + c + w * shift[2];
    const float inverse = 1 / z;
    const float u = (turn[0] * float(x) + a + w * shift[0]) * inverse;
    const float v = (turn[3] * float(x) + b + w * shift[1]) * inverse;
    // In this order NaN, which a point in the camera's own plane has, becomes 0.
    const float inU = std::min(maxX, std::max(0.0f, u)), inV = std::min(maxY, std::max(0.0f, v));
    const int column = int(inU), row = int(inV);
    const uint32_t quad = quads[row * width + column];
    const float fu = inU - float(column), fv = inV - float(row);
    const float top = float(quad & 255) * (1 - fu) + float(quad >> 8 & 255) * fu;
    const float bottom = float(quad >> 16 & 255) * (1 - fu) + float(quad >> 24) * fu;
    values[x] = float(int(top * (1 - fv) + bottom * fv + 0.5f)) - kMiddleGrey;
    const float outside = std::abs(u - inU) + std::abs(v - inV);
    inside[x] = (z > 0.0f) & (outside == 0.0f) ? 1.0f : 0.0f;
  }
}

/// Moves the sums over the window's rows down by one row.
LOCI_VECTORISED void slideDown(const float* __restrict entering, const float* __restrict enteringReference,
                               const float* __restrict leaving, const float* __restrict leavingReference, int count,
                               float* __restrict sums, float* __restrict squares, float* __restrict products) {
  for (int x = 0; x < count; ++x) {
    const float in = entering[x], out = leaving[x];
    sums[x] += in - out;
    squares[x] += in * in - out * out;
    products[x] += in * enteringReference[x] - out * leavingReference[x];
  }
}

inline float across(const float* columns) {
  float sum = 0;
  for (int i = -kRadius; i <= kRadius; ++i) {
    sum += columns[i];
  }
  return sum;
}

LOCI_VECTORISED void correlateRow(const float* __restrict sums, const float* __restrict squares,
                                  const float* __restrict products, const float* __restrict inside,
                                  const float* __restrict referenceSums,
                                  const float* __restrict referenceInverseDeviations, int count,
                                  float* __restrict scores) {
  constexpr float noise = kArea * kArea * kNoiseLevels * kNoiseLevels;
  for (int x = kRadius; x < count - kRadius; ++x) {
    const float sum = across(sums + x);
    const float variance = kArea * across(squares + x) - sum * sum;
    const float covariance = kArea * across(products + x) - sum * referenceSums[x];
    const float score = covariance * referenceInverseDeviations[x] / std::sqrt(std::max(variance, 0.0f) + noise);
    scores[x] = inside[x] > 0.0f ? score : kOutside;
  }
}

/// Rows in use while a surface is compared; small enough to stay in the processor's nearest cache.
struct Rows {
  explicit Rows(int width)
      : width(width), values(size_t(kWindow) * width), inside(size_t(kWindow) * width), none(size_t(width)),
        sums(size_t(width)), squares(size_t(width)), products(size_t(width)) {}

  void clear() {
    std::fill(values.begin(), values.end(), 0.0f);
    for (std::vector<float>* row : {&sums, &squares, &products}) {
      std::fill(row->begin(), row->end(), 0.0f);
    }
  }

  int width;
  std::vector<float> values, inside;  ///< of the last rows of the warped source, `[y % kWindow][x]`
  std::vector<float> none;
  std::vector<float> sums, squares, products;  ///< over the window's rows, of each column
};

/// Correlation of the windows of the reference with those of the source seen through the surface that `inverseDepths`
/// describes row by row, `stride` apart (0: all rows alike). Pixels too near to the border keep the score they have.
void correlate(const SweepImage& reference, const SweepImage& source, const Warp& warp, const float* inverseDepths,
               size_t stride, Rows& rows, std::vector<float>& scores) {
  const int width = reference.camera.width, height = reference.camera.height;
  const Eigen::Matrix<float, 3, 3, Eigen::RowMajor> turn = warp.turn;
  rows.clear();
  for (int y = 0; y < height; ++y) {
    float* values = rows.values.data() + size_t(y % kWindow) * width;
    // The row that leaves the window lies where the one that enters it will; before there is one, zeros lie there.
    std::copy(values, values + width, rows.none.begin());
    warpRow(source.quads.data(), source.camera.width, source.camera.height, turn.data(), warp.shift.data(), float(y),
            inverseDepths + stride * y, width, values, rows.inside.data() + size_t(y % kWindow) * width);
    slideDown(values, reference.values.data() + size_t(y) * width, rows.none.data(),
              reference.values.data() + size_t(std::max(0, y - kWindow)) * width, width, rows.sums.data(),
              rows.squares.data(), rows.products.data());
    const int centre = y - kRadius;
    if (centre >= kRadius) {
      const size_t row = size_t(centre) * width;
      correlateRow(rows.sums.data(), rows.squares.data(), rows.products.data(),
                   rows.inside.data() + size_t(centre % kWindow) * width, reference.sums.data() + row,
                   reference.inverseDeviations.data() + row, width, scores.data() + row);
    }
  }
}

/// Mean of the two best of the sources' scores; sources that see the point from where something hides it do worse.
LOCI_VECTORISED void takeBest(const float* __restrict scores, size_t count, float* __restrict best,
                              float* __restrict second) {
  for (size_t i = 0; i < count; ++i) {
    const float score = scores[i];
    second[i] = std::max(second[i], std::min(best[i], score));
    best[i] = std::max(best[i], score);
  }
}

/// Compares one surface with all sources.
class Comparison {
 public:
  Comparison(const SweepView& reference, const std::vector<const SweepView*>& sources, SweepImage SweepView::*level)
      : reference_(reference.*level), rows_(reference_.camera.width), scores_(reference_.values.size(), kOutside),
        best_(scores_.size()), second_(scores_.size()) {
    for (const SweepView* source : sources) {
      const SweepImage& image = source->*level;
      sources_.push_back({&image, warpBetween(reference, *source, reference_.camera, image.camera)});
    }
  }

  /// The mean of the two best sources at each pixel, from −1 to 1.
  const std::vector<float>& scores(const float* inverseDepths, size_t stride) {
    std::fill(best_.begin(), best_.end(), kOutside);
    std::fill(second_.begin(), second_.end(), kOutside);
    for (const auto& [image, warp] : sources_) {
      correlate(reference_, *image, warp, inverseDepths, stride, rows_, scores_);
      takeBest(scores_.data(), scores_.size(), best_.data(), second_.data());
    }
    for (size_t i = 0; i < best_.size(); ++i) {
      best_[i] = (best_[i] + second_[i]) / 2;
    }
    return best_;
  }

  /// The farthest that a pixel moves in any source when its inverse depth changes by 1.
  double pixelsPerInverseDepth() const {
    double most = 0;
    const Pinhole& camera = reference_.camera;
    for (const auto& [image, warp] : sources_) {
      const Eigen::Vector3d centre = warp.turn.cast<double>() * Eigen::Vector3d(camera.cx, camera.cy, 1);
      const Eigen::Vector3d shift = warp.shift.cast<double>();
      // Derivative of the projection at infinity.
      const Eigen::Vector2d motion = (shift.head<2>() - centre.head<2>() / centre.z() * shift.z()) / centre.z();
      most = std::max(most, motion.norm());
    }
    return most;
  }

 private:
  const SweepImage& reference_;
  std::vector<std::pair<const SweepImage*, Warp>> sources_;
  Rows rows_;
  std::vector<float> scores_, best_, second_;
};

/// Where a parabola through three neighbouring values has its extremum, in steps from the middle one.
float extremum(float before, float middle, float after) {
  const float curvature = before - 2 * middle + after;
  return std::abs(curvature) < 1e-6f ? 0 : std::clamp((before - after) / (2 * curvature), -0.5f, 0.5f);
}

/// Costs of one plane at all pixels: 0 for a perfect match, the most for none.
LOCI_VECTORISED void scoresToCosts(const float* __restrict scores, size_t count, uint8_t* __restrict costs) {
  for (size_t i = 0; i < count; ++i) {
    costs[i] = uint8_t(int(kMaxCost * std::min(1.0f, std::max(0.0f, 1 - scores[i])) + 0.5f));
  }
}

LOCI_VECTORISED int16_t leastOf(const int16_t* __restrict values, int count, int16_t start) {
  int16_t least = start;
  for (int i = 0; i < count; ++i) {
    least = std::min(least, values[i]);
  }
  return least;
}

/// A surface of one inverse depth a pixel of the coarse image, and by how much it is the best one.
struct CoarseSurface {
  float planeStep = 0;
  std::vector<float> inverseDepths, margins;
};

CoarseSurface sweepCoarse(const SweepView& reference, const std::vector<const SweepView*>& sources, double nearest) {
  Comparison comparison(reference, sources, &SweepView::coarse);
  const SweepImage& image = reference.coarse;
  const int width = image.camera.width, height = image.camera.height;
  const double motion = comparison.pixelsPerInverseDepth() / nearest;
  const int planes = std::clamp(int(std::ceil(motion / kPixelsPerPlane / kPlanesAtOnce)) * kPlanesAtOnce, kMinPlanes,
                                kMaxPlanes);
  CoarseSurface surface;
  surface.planeStep = float(1 / nearest / planes);
  CostVolume volume{width, height, planes, std::vector<uint8_t>(size_t(width) * height * planes)};
  std::vector<float> row(static_cast<size_t>(width));
  std::vector<uint8_t> costs(image.values.size());
  for (int plane = 0; plane < planes; ++plane) {
    std::fill(row.begin(), row.end(), surface.planeStep * float(plane));
    scoresToCosts(comparison.scores(row.data(), 0).data(), costs.size(), costs.data());
    uint8_t* cost = volume.costs.data() + plane;
    for (size_t i = 0; i < costs.size(); ++i) {
      cost[i * planes] = costs[i];
    }
  }
  const std::vector<int16_t> total = aggregateSemiGlobally(volume, image.values.data(), {});
  surface.inverseDepths.resize(image.values.size());
  surface.margins.resize(image.values.size());
  for (size_t i = 0; i < image.values.size(); ++i) {
    const int16_t* sums = total.data() + i * planes;
    constexpr int16_t most = std::numeric_limits<int16_t>::max();
    const int best = int(std::find(sums, sums + planes, leastOf(sums, planes, most)) - sums);
    const int below = std::max(0, best - kUniqueApart), above = std::min(planes, best + kUniqueApart + 1);
    const int16_t other = leastOf(sums + above, planes - above, leastOf(sums, below, most));
    const bool between = best > 0 && best + 1 < planes;
    const float offset = between ? extremum(sums[best - 1], sums[best], sums[best + 1]) : 0;
    surface.inverseDepths[i] = surface.planeStep * (float(best) + offset);
    surface.margins[i] = between ? float(other - sums[best]) / (8 * kMaxCost) : 0;
  }
  return surface;
}

}  // namespace

SweepView makeSweepView(int64_t ptsMicros, const ImageView& image, const Pinhole& camera, const Se3& worldFromCamera) {
  const int width = camera.width, height = camera.height;
  const cv::Mat colour(image.height, image.width, CV_8UC3, const_cast<uint8_t*>(image.data));
  SweepView view;
  view.ptsMicros = ptsMicros;
  view.worldFromCamera = worldFromCamera;
  view.colours.resize(size_t(width) * height * 3);
  cv::Mat small(height, width, CV_8UC3, view.colours.data()), fine, coarse;
  cv::resize(colour, small, {width, height}, 0, 0, cv::INTER_AREA);
  cv::cvtColor(small, fine, cv::COLOR_RGB2GRAY);
  cv::resize(fine, coarse, {width / 2, height / 2}, 0, 0, cv::INTER_AREA);
  view.fine = makeSweepImage(fine, camera);
  view.coarse = makeSweepImage(coarse, camera.resized(width / 2, height / 2));
  return view;
}

SweptDepth sweepPlanes(const SweepView& reference, const std::vector<const SweepView*>& sources, double nearest) {
  const CoarseSurface coarse = sweepCoarse(reference, sources, nearest);
  const int width = reference.fine.camera.width, height = reference.fine.camera.height;
  const int coarseWidth = reference.coarse.camera.width;
  SweptDepth depth{width, height, std::vector<float>(size_t(width) * height), {}, {}};
  depth.margins.resize(depth.inverseDepths.size());

  std::vector<float> surface(depth.inverseDepths.size());
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const size_t from = size_t(y / 2) * coarseWidth + x / 2;
      surface[size_t(y) * width + x] = coarse.inverseDepths[from];
      depth.margins[size_t(y) * width + x] = coarse.margins[from];
    }
  }
  Comparison comparison(reference, sources, &SweepView::fine);
  const float step = coarse.planeStep / 2;
  std::array<std::vector<float>, kRefinements> scores;
  std::vector<float> moved(surface.size());
  for (int i = 0; i < kRefinements; ++i) {
    const float offset = step * float(i - kRefinements / 2);
    for (size_t pixel = 0; pixel < surface.size(); ++pixel) {
      moved[pixel] = std::max(0.0f, surface[pixel] + offset);
    }
    scores[size_t(i)] = comparison.scores(moved.data(), size_t(width));
  }
  depth.scores.resize(surface.size());
  for (size_t pixel = 0; pixel < surface.size(); ++pixel) {
    int best = 0;
    for (int i = 1; i < kRefinements; ++i) {
      if (scores[size_t(i)][pixel] > scores[size_t(best)][pixel]) {
        best = i;
      }
    }
    const bool between = best > 0 && best + 1 < kRefinements;
    const float offset = between ? extremum(scores[size_t(best) - 1][pixel], scores[size_t(best)][pixel],
                                            scores[size_t(best) + 1][pixel])
                                 : 0;
    depth.inverseDepths[pixel] =
        std::max(0.0f, surface[pixel] + step * (float(best - kRefinements / 2) + offset));
    depth.scores[pixel] = std::max(0.0f, scores[size_t(best)][pixel]);
  }
  return depth;
}

}  // namespace loci
