#pragma once

#include <atomic>
#include <optional>
#include <utility>
#include <vector>

#include "local_map.h"
#include "place_recognition.h"
#include "sim3.h"
#include "view.h"
#include "view_index.h"

namespace loci {

/// A view of a session that was seen to show the place of an earlier one.
struct Tie {
  int32_t known = 0;  ///< number of the earlier view
  Recognition recognition;

  template <class Archive>
  void exchange(Archive& archive) {
    archive(known, recognition);
  }
};

/// A view as the map of its session keeps it. One that shows nothing new keeps no landmarks, only where it was.
struct MappedView {
  View view;
  std::vector<Tie> ties;
  bool adjusted = false;
  Sim3 worldFromView;  ///< once adjusted: where its camera stands, and by what its lengths as tracked have grown

  /// Where the view stands by the best that is known.
  Sim3 placed() const { return adjusted ? worldFromView : Sim3{view.worldFromCamera, 1}; }

  template <class Archive>
  void exchange(Archive& archive) {
    archive(view, ties, adjusted, worldFromView);
  }
};

/// Time from the first to the last view of a sub-map, microseconds.
struct TimeSpan {
  int64_t fromPtsMicros = 0;
  int64_t toPtsMicros = 0;
};

/// The views of one recording and what ties them together: the memory that tracking itself does not have. Views come in
/// order of time; each is looked for among the earlier ones. A view from nearly where another one was taken is kept
/// without landmarks, so the map grows with the place and not with the recording.
class SessionMap {
 public:
  /// `refineFocal`: the focal length is a guess, which `adjust` betters.
  explicit SessionMap(Units units, bool refineFocal = false) : units_(units), refineFocal_(refineFocal) {}

  /// Takes the next view. Answers its number, or none when it lies too close to the one before to be worth keeping.
  std::optional<int> add(View view);

  /// Takes up views that another map of the same session has kept, in their order.
  void restore(std::vector<MappedView> views);

  /// Finds the poses that all views and ties agree on best: sub-maps are joined where a place was recognised, then the
  /// pose graph and at last all landmarks and whole views are adjusted. The first view stays where it is. Once
  /// `cancelled`, leaves everything as it was.
  void adjust(const std::atomic<bool>& cancelled);

  /// Of the newest whole view; none before there is one.
  std::optional<Pinhole> camera() const;

  /// The similarity that takes this map's world into that of `known`, when enough views of this one are recognised there.
  std::optional<Sim3> locateIn(const SessionMap& known, const std::atomic<bool>& cancelled) const;

  /// The landmarks of all whole views, each once.
  std::vector<ArchivedPoint> points() const;

  const std::vector<MappedView>& views() const { return views_; }

  /// The sub-maps that nothing ties to the first one, by the last adjustment.
  const std::vector<TimeSpan>& apart() const { return apart_; }

 private:
  void index(int view);
  std::vector<Tie> tiesOf(const View& view) const;
  bool isPlausible(const View& view, int known, const Recognition& recognition) const;
  bool isCovered(const View& view, const std::vector<Tie>& ties) const;
  std::vector<Sim3> joinSubMaps(std::vector<int>& partOf) const;
  bool adjustPoses(std::vector<Sim3>& poses, const std::vector<int>& partOf, bool wholeFixed,
                   const std::atomic<bool>& cancelled) const;

  void changeFocal(double logFocal);

  Units units_;
  bool refineFocal_;
  ViewIndex index_;
  std::vector<MappedView> views_;
  std::vector<double> travelled_;  ///< length of the path up to each view, as tracked
  std::vector<TimeSpan> apart_;
};

/// The similarity that most of the given ones agree on, of a camera at `cameras[i]`; with how many agree.
struct Consensus {
  int best = -1;
  std::vector<int> supporters;
};
Consensus agreeOn(const std::vector<Sim3>& hypotheses, const std::vector<Se3>& cameras,
                  const std::vector<double>& sceneDepths);

}  // namespace loci
