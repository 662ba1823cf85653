#include "view_index.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace loci {

namespace {

constexpr size_t kValues = 1 << 16;
constexpr int kMaxDistance = 50;  // of 256 bits
constexpr int kMaxFollowed = 400;  // of one piece: some values are common and tell little

uint16_t pieceOf(const Descriptor& descriptor, size_t piece) {
  uint16_t value;
  std::memcpy(&value, descriptor.data() + 2 * piece, 2);
  return value;
}

}  // namespace

ViewIndex::ViewIndex() : heads_(kPieces * kValues, -1) {}

void ViewIndex::add(int view, const std::vector<ViewLandmark>& landmarks) {
  views_ = std::max(views_, view + 1);
  for (const ViewLandmark& landmark : landmarks) {
    Entry entry{landmark.descriptor, view, {}};
    for (size_t piece = 0; piece < kPieces; ++piece) {
      int32_t& head = heads_[piece * kValues + pieceOf(entry.descriptor, piece)];
      entry.next[piece] = head;
      head = int32_t(entries_.size());
    }
    entries_.push_back(entry);
  }
}

std::vector<ViewIndex::Candidate> ViewIndex::query(const std::vector<ViewLandmark>& landmarks, size_t limit,
                                                   const std::function<bool(int)>& excluded) const {
  std::vector<uint8_t> barred(static_cast<size_t>(views_));
  for (int view = 0; view < views_; ++view) {
    barred[size_t(view)] = excluded(view);
  }
  std::vector<double> votes(size_t(views_), 0.0);
  std::vector<int32_t> votedBy(size_t(views_), -1);
  std::vector<int32_t> visitedBy(entries_.size(), -1);
  std::vector<int32_t> likeness;
  for (size_t i = 0; i < landmarks.size(); ++i) {
    const auto voter = int32_t(i);
    likeness.clear();
    for (size_t piece = 0; piece < kPieces; ++piece) {
      int followed = 0;
      int32_t at = heads_[piece * kValues + pieceOf(landmarks[i].descriptor, piece)];
      for (; at >= 0 && followed < kMaxFollowed; at = entries_[size_t(at)].next[piece], ++followed) {
        const Entry& entry = entries_[size_t(at)];
        if (visitedBy[size_t(at)] == voter || barred[size_t(entry.view)] || votedBy[size_t(entry.view)] == voter) {
          continue;
        }
        visitedBy[size_t(at)] = voter;
        if (hammingDistance(landmarks[i].descriptor, entry.descriptor) <= kMaxDistance) {
          votedBy[size_t(entry.view)] = voter;
          likeness.push_back(entry.view);
        }
      }
    }
    for (const int32_t view : likeness) {
      votes[size_t(view)] += 1 / std::sqrt(double(likeness.size()));
    }
  }
  std::vector<Candidate> candidates;
  for (int view = 0; view < views_; ++view) {
    if (votes[size_t(view)] > 0) {
      candidates.push_back({view, votes[size_t(view)]});
    }
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.votes > b.votes; });
  candidates.resize(std::min(candidates.size(), limit));
  return candidates;
}

}  // namespace loci
