#pragma once

#include <vector>

#include "local_map.h"

namespace loci {

/// Points that the local map has given up, thinned so that their number stays bounded.
class PointArchive {
 public:
  void add(const std::vector<ArchivedPoint>& points);

  const std::vector<ArchivedPoint>& points() const { return points_; }

  template <class Archive>
  void exchange(Archive& archive) {
    archive(points_);
  }

 private:
  std::vector<ArchivedPoint> points_;
};

}  // namespace loci
