#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "sim3.h"
#include "view.h"

namespace loci {

/// Landmarks that are one, by their place in the query and in the known view.
using LandmarkMatches = std::vector<std::pair<int32_t, int32_t>>;

/// Two views that show the same place, and how they stand to each other.
struct Recognition {
  Sim3 queryFromKnown;  ///< camera coordinates of the known view to those of the query, in the units of each
  int inliers = 0;
  LandmarkMatches matches;

  template <class Archive>
  void exchange(Archive& archive) {
    archive(queryFromKnown, inliers, matches);
  }
};

/// Whether two units of length are one and the same, so that the scale between two views is 1.
enum class Units { same, unknown };

/// Checks whether two views show the same place: descriptors that match, P3P in RANSAC, then all landmarks that the pose
/// found predicts. What is answered agrees in the pixels of both views and in the ratio of their depths, and is spread
/// over both pictures; anything less is nothing, because a wrong tie does more harm than a missing one.
std::optional<Recognition> recognise(const View& query, const View& known, Units units);

}  // namespace loci
