#include "point_archive.h"

namespace loci {

namespace {

constexpr size_t kMaxPoints = 40'000;

}  // namespace

void PointArchive::add(const std::vector<ArchivedPoint>& points) {
  points_.insert(points_.end(), points.begin(), points.end());
  if (points_.size() > kMaxPoints) {
    // Thin the whole path alike: every second point goes.
    for (size_t i = 0; 2 * i < points_.size(); ++i) {
      points_[i] = points_[2 * i];
    }
    points_.resize((points_.size() + 1) / 2);
  }
}

}  // namespace loci
