#include "session_adjustment.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <set>
#include <unordered_map>

#include "bundle_adjustment.h"
#include "depth_view.h"

namespace loci {

namespace {

constexpr size_t kMaxMoving = 300;
constexpr int kRounds = 4, kIterations = 5;  // outliers are dropped after each round
constexpr double kMaxErrorPixels = 3;

constexpr double kMaxDepthSigmas = 5;
constexpr double kMinDepth = 0.05;
constexpr int kMinSightings = 12;
constexpr double kFocalSigma = 0.05;  // of a focal length that tracking has found, as a share of it
constexpr double kMinFocalInformation = 1 / (0.015 * 0.015);

/// Landmarks by id, of which ties make one of several (union by path halving).
class MergedLandmarks {
 public:
  int64_t rootOf(int64_t id) {
    for (auto found = parent_.find(id); found != parent_.end() && found->second != id; found = parent_.find(id)) {
      const auto above = parent_.find(found->second);
      if (above != parent_.end()) {
        found->second = above->second;
      }
      id = found->second;
    }
    return id;
  }

  void merge(int64_t a, int64_t b) {
    const int64_t rootA = rootOf(a), rootB = rootOf(b);
    parent_[std::max(rootA, rootB)] = std::min(rootA, rootB);
  }

 private:
  std::unordered_map<int64_t, int64_t> parent_;
};

/// Which views may move: all, or those nearest to a tie.
std::vector<bool> movingViews(const std::vector<MappedView>& views, const std::vector<int>& whole) {
  std::vector<bool> moving(views.size(), false);
  std::vector<int> distance(whole.size(), std::numeric_limits<int>::max() / 2);
  for (size_t i = 0; i < whole.size(); ++i) {
    for (const Tie& tie : views[size_t(whole[i])].ties) {
      distance[i] = 0;
      const auto known = std::lower_bound(whole.begin(), whole.end(), tie.known);
      distance[size_t(known - whole.begin())] = 0;
    }
  }
  for (size_t i = 1; i < whole.size(); ++i) {
    distance[i] = std::min(distance[i], distance[i - 1] + 1);
  }
  for (size_t i = whole.size(); i-- > 1;) {
    distance[i - 1] = std::min(distance[i - 1], distance[i] + 1);
  }
  std::vector<size_t> order(whole.size());
  for (size_t i = 0; i < order.size(); ++i) {
    order[i] = i;
  }
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return distance[a] != distance[b] ? distance[a] < distance[b] : a > b; });
  for (size_t i = 0; i < std::min(order.size(), kMaxMoving); ++i) {
    moving[size_t(whole[order[i]])] = true;
  }
  return moving;
}

void dropOutliers(const Pinhole& camera, Bundle& bundle) {
  std::erase_if(bundle.observations, [&](Bundle::Observation& o) {
    const Eigen::Vector3d p = bundle.cameras[size_t(o.camera)].cameraFromWorld * bundle.points[size_t(o.point)];
    if (o.depthMetres > 0 && std::abs(p.z() - o.depthMetres) > kMaxDepthSigmas * depthSigma(o.depthMetres)) {
      o.depthMetres = 0;
    }
    return p.z() < kMinDepth || (camera.project(p) - o.pixel).norm() > kMaxErrorPixels;
  });
}

/// By what the depths of a view's landmarks have grown.
double growth(const Bundle& bundle, int camera, const std::vector<std::pair<int, double>>& seen, double before) {
  std::vector<double> ratios;
  for (const auto& [point, depth] : seen) {
    const double now = (bundle.cameras[size_t(camera)].cameraFromWorld * bundle.points[size_t(point)]).z();
    if (now > kMinDepth) {
      ratios.push_back(now / depth);
    }
  }
  if (ratios.size() < size_t(kMinSightings)) {
    return before;
  }
  std::nth_element(ratios.begin(), ratios.begin() + std::ptrdiff_t(ratios.size() / 2), ratios.end());
  return ratios[ratios.size() / 2];
}

}  // namespace

bool adjustViews(const std::vector<MappedView>& views, std::vector<Sim3>& poses, const std::vector<int>& partOf,
                 Units units, double* logFocal, const std::atomic<bool>& cancelled) {
  std::vector<int> whole;
  for (size_t i = 0; i < views.size(); ++i) {
    if (!views[i].view.landmarks.empty()) {
      whole.push_back(int(i));
    }
  }
  MergedLandmarks merged;
  for (const int i : whole) {
    for (const Tie& tie : views[size_t(i)].ties) {
      const View& query = views[size_t(i)].view;
      const View& known = views[size_t(tie.known)].view;
      if (partOf[size_t(i)] == partOf[size_t(tie.known)]) {
        for (const auto& [q, k] : tie.recognition.matches) {
          merged.merge(query.landmarks[size_t(q)].id, known.landmarks[size_t(k)].id);
        }
      }
    }
  }

  Bundle bundle;
  const std::vector<bool> moving = movingViews(views, whole);
  std::set<int> started;
  std::unordered_map<int64_t, int> pointOf;
  std::vector<int> sightings;
  std::vector<std::vector<std::pair<int, double>>> seenBy(whole.size());
  for (size_t c = 0; c < whole.size(); ++c) {
    const size_t i = size_t(whole[c]);
    const bool first = started.insert(partOf[i]).second;
    bundle.cameras.push_back({poses[i].motion.inverse(), first || !moving[i]});
    std::set<int> seen;
    for (const ViewLandmark& landmark : views[i].view.landmarks) {
      const auto [entry, fresh] = pointOf.try_emplace(merged.rootOf(landmark.id), int(bundle.points.size()));
      const Eigen::Vector3d point = poses[i] * landmark.point.cast<double>();
      if (fresh) {
        bundle.points.push_back(Eigen::Vector3d::Zero());
        sightings.push_back(0);
      }
      const int number = entry->second;
      if (!seen.insert(number).second) {
        continue;
      }
      bundle.points[size_t(number)] += point;
      ++sightings[size_t(number)];
      seenBy[c].emplace_back(number, double(landmark.point.z()));
      bundle.observations.push_back({int(c), number, landmark.pixel.cast<double>(), double(landmark.depthMetres)});
    }
  }
  for (size_t point = 0; point < bundle.points.size(); ++point) {
    bundle.points[point] /= sightings[point];
  }
  std::erase_if(bundle.observations,
                [&](const Bundle::Observation& o) { return sightings[size_t(o.point)] < 2; });
  // A view that hardly anything ties to the others is known by the pose graph alone.
  std::vector<int> tied(whole.size(), 0);
  for (const Bundle::Observation& o : bundle.observations) {
    ++tied[size_t(o.camera)];
  }
  for (size_t c = 0; c < whole.size(); ++c) {
    bundle.cameras[c].fixed = bundle.cameras[c].fixed || tied[c] < kMinSightings;
  }
  const Pinhole camera = whole.empty() ? Pinhole() : views[size_t(whole.back())].view.camera;
  if (logFocal) {
    bundle.focalPrior = FocalBelief{0, 1 / (kFocalSigma * kFocalSigma)};
  }
  for (int round = 0; round < kRounds; ++round) {
    if (cancelled) {
      return false;
    }
    const BundleResult result = adjustBundle(camera, bundle, kIterations);
    if (logFocal && result.focalInformation < kMinFocalInformation) {
      // A session that hardly turns or moves tells nothing of its camera.
      bundle.logFocal = 0;
      bundle.focalPrior.reset();
      adjustBundle(camera, bundle, kIterations);
    }
    dropOutliers(camera.zoomed(bundle.logFocal), bundle);
  }
  if (logFocal) {
    *logFocal = bundle.logFocal;
  }
  for (size_t c = 0; c < whole.size(); ++c) {
    Sim3& pose = poses[size_t(whole[c])];
    pose.motion = bundle.cameras[c].cameraFromWorld.inverse();
    if (units == Units::unknown) {
      pose.scale = growth(bundle, int(c), seenBy[c], pose.scale);
    }
  }
  return true;
}

}  // namespace loci
