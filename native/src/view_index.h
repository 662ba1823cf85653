#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "descriptors.h"
#include "view.h"

namespace loci {

/// Finds the views that show what another one shows, by how their landmarks look. Multi-index hashing (Norouzi 2012):
/// a descriptor is filed under each of its sixteen 16-bit pieces, and two descriptors of one corner nearly always agree
/// in one of them. Needs no vocabulary and no training, and grows view by view.
class ViewIndex {
 public:
  struct Candidate {
    int view = 0;
    double votes = 0;
  };

  ViewIndex();

  /// Files the landmarks of a view under its number.
  void add(int view, const std::vector<ViewLandmark>& landmarks);

  /// At most `limit` views that most landmarks look like, best first. A landmark votes for every view that shows it, the
  /// more of them the less for each. `excluded` says which views are of no interest.
  std::vector<Candidate> query(const std::vector<ViewLandmark>& landmarks, size_t limit,
                               const std::function<bool(int)>& excluded) const;

 private:
  static constexpr size_t kPieces = sizeof(Descriptor) / 2;

  struct Entry {
    Descriptor descriptor;
    int32_t view = 0;
    int32_t next[kPieces];  ///< the entry filed before it under the same piece, or −1
  };

  std::vector<Entry> entries_;
  std::vector<int32_t> heads_;  ///< the entry filed last under each value of each piece, or −1
  int views_ = 0;
};

}  // namespace loci
