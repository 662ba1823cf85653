#include "session_map.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_set>

#include "pose_graph.h"
#include "session_adjustment.h"

namespace loci {

namespace {

// Closer to the view before than this, a view adds nothing; lengths are shares of the depth of the scene.
constexpr double kMinShift = 0.04, kMinTurn = 0.05;
// Closer to a recognised view than this, a view needs no landmarks of its own.
constexpr double kCoveredShift = 0.12, kCoveredTurn = 0.2;
constexpr int kCoveredInliers = 60;
constexpr size_t kMaxWhole = 2000;

constexpr size_t kCandidates = 4;
constexpr size_t kMaxTies = 2;
constexpr int kMaxShared = 60;  // landmarks still followed: then tracking itself ties the views
constexpr int kStrongInliers = 60;

// What tracking may have drifted by: a share of the path since, and a turn a unit of path. A loop that asks for more is
// a wrong one.
constexpr double kDriftShare = 0.1, kDriftAllowance = 0.3, kDriftTurn = 0.35;

constexpr double kAgreedShift = 0.15, kAgreedTurn = 0.09, kAgreedScale = 0.12;
constexpr size_t kMaxLocated = 150;
constexpr size_t kMinSupporters = 3;

double turnOf(const Se3& motion) { return rotationAngle(motion.rotation); }

int sharedLandmarks(const View& a, const View& b) {
  int shared = 0;
  auto i = a.landmarks.begin();
  auto j = b.landmarks.begin();
  while (i != a.landmarks.end() && j != b.landmarks.end()) {
    if (i->id == j->id) {
      ++shared, ++i, ++j;
    } else if (i->id < j->id) {
      ++i;
    } else {
      ++j;
    }
  }
  return shared;
}

Vector7d sigmas(double turn, double place, double scale) {
  Vector7d sigma;
  sigma << turn, turn, turn, place, place, place, scale;
  return sigma;
}

}  // namespace

Consensus agreeOn(const std::vector<Sim3>& hypotheses, const std::vector<Se3>& cameras,
                  const std::vector<double>& sceneDepths) {
  Consensus consensus;
  for (size_t i = 0; i < hypotheses.size(); ++i) {
    std::vector<int> supporters;
    for (size_t j = 0; j < hypotheses.size(); ++j) {
      const Se3 mine = hypotheses[i].moved(cameras[j]), theirs = hypotheses[j].moved(cameras[j]);
      const double depth = sceneDepths[j] * hypotheses[i].scale;
      if ((mine.translation - theirs.translation).norm() < kAgreedShift * depth &&
          turnOf(mine * theirs.inverse()) < kAgreedTurn &&
          std::abs(std::log(hypotheses[i].scale / hypotheses[j].scale)) < kAgreedScale) {
        supporters.push_back(int(j));
      }
    }
    if (supporters.size() > consensus.supporters.size()) {
      consensus = {int(i), std::move(supporters)};
    }
  }
  return consensus;
}

std::optional<int> SessionMap::add(View view) {
  const int number = int(views_.size());
  double travelled = 0;
  if (number > 0) {
    const View& last = views_.back().view;
    if (view.ptsMicros <= last.ptsMicros) {
      return std::nullopt;
    }
    const Se3 motion = last.worldFromCamera.inverse() * view.worldFromCamera;
    if (view.subMap == last.subMap && motion.translation.norm() < kMinShift * view.sceneDepth &&
        turnOf(motion) < kMinTurn) {
      return std::nullopt;
    }
    travelled = travelled_.back() + motion.translation.norm();
  }
  MappedView mapped;
  mapped.ties = tiesOf(view);
  mapped.view = std::move(view);
  if (isCovered(mapped.view, mapped.ties) || size_t(number) >= kMaxWhole) {
    mapped.view.landmarks.clear();
    for (Tie& tie : mapped.ties) {
      tie.recognition.matches.clear();
    }
  }
  views_.push_back(std::move(mapped));
  travelled_.push_back(travelled);
  index(number);
  return number;
}

void SessionMap::restore(std::vector<MappedView> views) {
  views_ = std::move(views);
  travelled_.clear();
  for (size_t i = 0; i < views_.size(); ++i) {
    travelled_.push_back(i == 0 ? 0
                                : travelled_.back() + (views_[i].view.worldFromCamera.translation -
                                                       views_[i - 1].view.worldFromCamera.translation)
                                                          .norm());
    index(int(i));
  }
}

void SessionMap::index(int view) { index_.add(view, views_[size_t(view)].view.landmarks); }

std::vector<Tie> SessionMap::tiesOf(const View& view) const {
  std::vector<Tie> ties;
  const auto candidates = index_.query(view.landmarks, kCandidates, [&](int known) {
    return views_[size_t(known)].view.landmarks.empty() ||
           sharedLandmarks(view, views_[size_t(known)].view) > kMaxShared;
  });
  for (const ViewIndex::Candidate& candidate : candidates) {
    const View& known = views_[size_t(candidate.view)].view;
    auto recognition = recognise(view, known, units_);
    if (recognition && isPlausible(view, candidate.view, *recognition)) {
      ties.push_back({candidate.view, std::move(*recognition)});
      if (ties.size() == kMaxTies) {
        break;
      }
    }
  }
  return ties;
}

bool SessionMap::isPlausible(const View& view, int known, const Recognition& recognition) const {
  const View& other = views_[size_t(known)].view;
  if (view.subMap != other.subMap) {
    return true;  // sub-maps are joined only where several ties agree
  }
  const Sim3 tracked = Sim3{view.worldFromCamera.inverse(), 1} * Sim3{other.worldFromCamera, 1};
  const Vector7d error = edgeError(Sim3(), tracked, recognition.queryFromKnown);
  const double path =
      travelled_.back() - travelled_[size_t(known)] +
      (view.worldFromCamera.translation - views_.back().view.worldFromCamera.translation).norm();
  return error.segment<3>(3).norm() < kDriftAllowance * view.sceneDepth + kDriftShare * path &&
         error.head<3>().norm() < kDriftTurn;
}

bool SessionMap::isCovered(const View& view, const std::vector<Tie>& ties) const {
  return std::any_of(ties.begin(), ties.end(), [&](const Tie& tie) {
    const Sim3& motion = tie.recognition.queryFromKnown;
    return tie.recognition.inliers >= kCoveredInliers &&
           motion.motion.translation.norm() < kCoveredShift * view.sceneDepth && turnOf(motion.motion) < kCoveredTurn;
  });
}

std::vector<Sim3> SessionMap::joinSubMaps(std::vector<int>& partOf) const {
  std::vector<Sim3> poses;
  for (const MappedView& mapped : views_) {
    poses.push_back({mapped.view.worldFromCamera, 1});
    partOf.push_back(mapped.view.subMap);
  }
  bool joined = true;
  while (joined) {
    joined = false;
    // What ties each part to an earlier one, gathered by the two parts.
    std::map<std::pair<int, int>, std::vector<std::pair<int, const Tie*>>> between;
    for (size_t i = 0; i < views_.size(); ++i) {
      for (const Tie& tie : views_[i].ties) {
        if (partOf[i] != partOf[size_t(tie.known)]) {
          between[{partOf[size_t(tie.known)], partOf[i]}].emplace_back(int(i), &tie);
        }
      }
    }
    for (const auto& [parts, ties] : between) {
      std::vector<Sim3> hypotheses;
      std::vector<Se3> cameras;
      std::vector<double> depths;
      for (const auto& [query, tie] : ties) {
        const Sim3& from = poses[size_t(query)];
        hypotheses.push_back(poses[size_t(tie->known)] * tie->recognition.queryFromKnown.inverse() * from.inverse());
        cameras.push_back(from.motion);
        depths.push_back(views_[size_t(query)].view.sceneDepth * from.scale);
      }
      const Consensus consensus = agreeOn(hypotheses, cameras, depths);
      const bool strong = ties[size_t(consensus.best)].second->recognition.inliers >= kStrongInliers;
      if (consensus.supporters.size() < (strong ? 2u : kMinSupporters)) {
        continue;
      }
      const auto [stays, moves] = parts;
      for (size_t i = 0; i < poses.size(); ++i) {
        if (partOf[i] == moves) {
          poses[i] = hypotheses[size_t(consensus.best)] * poses[i];
          partOf[i] = stays;
        }
      }
      joined = true;
      break;
    }
  }
  return poses;
}

bool SessionMap::adjustPoses(std::vector<Sim3>& poses, const std::vector<int>& partOf, bool wholeFixed,
                             const std::atomic<bool>& cancelled) const {
  PoseGraph graph;
  std::map<int, bool> started;
  for (size_t i = 0; i < poses.size(); ++i) {
    const bool first = !std::exchange(started[partOf[i]], true);
    graph.nodes.push_back({poses[i], first || (wholeFixed && !views_[i].view.landmarks.empty())});
  }
  for (size_t i = 0; i < views_.size(); ++i) {
    const View& view = views_[i].view;
    if (i > 0 && view.subMap == views_[i - 1].view.subMap) {
      const Se3 motion = views_[i - 1].view.worldFromCamera.inverse() * view.worldFromCamera;
      const double length = motion.translation.norm() / view.sceneDepth, turn = turnOf(motion);
      graph.edges.push_back({int(i) - 1, int(i), {motion, 1},
                             sigmas(0.002 + 0.01 * turn, view.sceneDepth * (0.002 + 0.02 * length + 0.01 * turn),
                                    0.005 + 0.05 * length + 0.05 * turn),
                             false});
    }
    for (const Tie& tie : views_[i].ties) {
      if (partOf[i] == partOf[size_t(tie.known)]) {
        const View& known = views_[size_t(tie.known)].view;
        graph.edges.push_back({int(i), tie.known, tie.recognition.queryFromKnown,
                               sigmas(0.004, 0.008 * known.sceneDepth, 0.02), true});
      }
    }
  }
  optimiseGraph(graph, units_ == Units::same ? GraphScale::fixed : GraphScale::free, cancelled);
  for (size_t i = 0; i < poses.size(); ++i) {
    poses[i] = graph.nodes[i].worldFromNode;
  }
  return !cancelled;
}

std::vector<ArchivedPoint> SessionMap::points() const {
  std::vector<ArchivedPoint> points;
  std::unordered_set<int64_t> known;
  for (const MappedView& mapped : views_) {
    for (const ViewLandmark& landmark : mapped.view.landmarks) {
      if (known.insert(landmark.id).second) {
        points.push_back({(mapped.placed() * landmark.point.cast<double>()).cast<float>(), landmark.colour});
      }
    }
  }
  return points;
}

void SessionMap::adjust(const std::atomic<bool>& cancelled) {
  if (views_.empty()) {
    return;
  }
  std::vector<int> partOf;
  std::vector<Sim3> poses = joinSubMaps(partOf);
  double logFocal = 0;
  if (!adjustPoses(poses, partOf, false, cancelled) ||
      !adjustViews(views_, poses, partOf, units_, refineFocal_ ? &logFocal : nullptr, cancelled) ||
      !adjustPoses(poses, partOf, true, cancelled)) {
    return;
  }
  changeFocal(logFocal);
  std::map<int, TimeSpan> spans;
  for (size_t i = 0; i < views_.size(); ++i) {
    views_[i].adjusted = true;
    views_[i].worldFromView = poses[i];
    const int64_t pts = views_[i].view.ptsMicros;
    spans.try_emplace(partOf[i], TimeSpan{pts, pts}).first->second.toPtsMicros = pts;
  }
  apart_.clear();
  for (const auto& [part, span] : spans) {
    if (part != partOf.front()) {
      apart_.push_back(span);
    }
  }
}

std::optional<Pinhole> SessionMap::camera() const {
  const auto newest = std::find_if(views_.rbegin(), views_.rend(),
                                   [](const MappedView& mapped) { return !mapped.view.landmarks.empty(); });
  return newest == views_.rend() ? std::nullopt : std::optional(newest->view.camera);
}

void SessionMap::changeFocal(double logFocal) {
  const auto newest = camera();
  if (!newest || logFocal == 0) {
    return;
  }
  const Pinhole refined = newest->zoomed(logFocal);
  for (MappedView& mapped : views_) {
    // Landmarks stay on their pixels' lines of sight.
    const float narrower = float(mapped.view.camera.fx / refined.fx);
    mapped.view.camera = refined;
    for (ViewLandmark& landmark : mapped.view.landmarks) {
      landmark.point.head<2>() *= narrower;
    }
  }
}

std::optional<Sim3> SessionMap::locateIn(const SessionMap& known, const std::atomic<bool>& cancelled) const {
  const Units units = units_ == Units::same && known.units_ == Units::same ? Units::same : Units::unknown;
  std::vector<int> whole;
  for (size_t i = 0; i < views_.size(); ++i) {
    if (!views_[i].view.landmarks.empty()) {
      whole.push_back(int(i));
    }
  }
  const size_t stride = whole.size() / kMaxLocated + 1;
  struct Found {
    const MappedView* mine;
    const MappedView* theirs;
    Recognition recognition;
  };
  std::vector<Found> found;
  std::vector<Sim3> hypotheses;
  std::vector<Se3> cameras;
  std::vector<double> depths;
  for (size_t i = 0; i < whole.size() && !cancelled; i += stride) {
    const MappedView& mine = views_[size_t(whole[i])];
    for (const auto& candidate : known.index_.query(mine.view.landmarks, kCandidates, [](int) { return false; })) {
      const MappedView& theirs = known.views_[size_t(candidate.view)];
      auto recognition = recognise(mine.view, theirs.view, units);
      if (recognition) {
        const Sim3 from = mine.placed();
        hypotheses.push_back(theirs.placed() * recognition->queryFromKnown.inverse() * from.inverse());
        cameras.push_back(from.motion);
        depths.push_back(mine.view.sceneDepth * from.scale);
        found.push_back({&mine, &theirs, std::move(*recognition)});
      }
    }
  }
  if (cancelled || hypotheses.empty()) {
    return std::nullopt;
  }
  const Consensus consensus = agreeOn(hypotheses, cameras, depths);
  if (consensus.supporters.size() < kMinSupporters) {
    return std::nullopt;
  }
  // All landmarks that the agreeing ties share say the similarity better than any one tie.
  std::vector<std::pair<Eigen::Vector3d, Eigen::Vector3d>> pairs;
  for (const int supporter : consensus.supporters) {
    const Found& one = found[size_t(supporter)];
    for (const auto& [q, k] : one.recognition.matches) {
      pairs.emplace_back(one.mine->placed() * one.mine->view.landmarks[size_t(q)].point.cast<double>(),
                         one.theirs->placed() * one.theirs->view.landmarks[size_t(k)].point.cast<double>());
    }
  }
  Sim3 best = hypotheses[size_t(consensus.best)];
  for (int round = 0; round < 5; ++round) {
    std::vector<double> errors;
    for (const auto& [from, to] : pairs) {
      errors.push_back((best * from - to).norm());
    }
    std::vector<double> sorted = errors;
    const auto cut = sorted.begin() + std::ptrdiff_t(sorted.size() * 7 / 10);
    std::nth_element(sorted.begin(), cut, sorted.end());
    Eigen::Matrix3Xd source(3, Eigen::Index(pairs.size())), target(3, Eigen::Index(pairs.size()));
    Eigen::Index count = 0;
    for (size_t i = 0; i < pairs.size(); ++i) {
      if (errors[i] <= *cut) {
        source.col(count) = pairs[i].first;
        target.col(count++) = pairs[i].second;
      }
    }
    const Eigen::Matrix4d fitted =
        Eigen::umeyama(source.leftCols(count), target.leftCols(count), units == Units::unknown);
    best.scale = std::cbrt(fitted.topLeftCorner<3, 3>().determinant());
    best.motion = {fitted.topLeftCorner<3, 3>() / best.scale, fitted.topRightCorner<3, 1>()};
  }
  return best;
}

}  // namespace loci
