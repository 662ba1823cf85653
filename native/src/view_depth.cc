#include "view_depth.h"

#include <algorithm>
#include <cmath>

namespace loci {

namespace {

constexpr size_t kAhead = 3;               // later views that are waited for
constexpr size_t kBehind = 8;              // earlier views that are kept
constexpr size_t kMinSources = 3, kMaxSources = 4;
constexpr double kBestBaseline = 0.15;     // of the scene's depth: 9° between lines of sight
constexpr double kMinBaseline = 0.02;
constexpr double kMinOverlap = 0.5;
constexpr double kRepeatedBaseline = 0.01;  // nearer views than this, and looking the same way, show nothing new
constexpr double kRepeatedRadians = 0.05;
constexpr double kNearestShare = 0.25;     // of the scene's depth, that planes begin at
constexpr double kFarthestShare = 6;
constexpr double kFirstNearest = 2;        // baselines, while the depth of the scene is unknown
constexpr double kFirstFarthest = 40;
constexpr float kMinScore = 0.6f;
constexpr float kMinMargin = 0.02f;
constexpr float kMaxPixels = 1.0f;         // between a point and where another view's depth puts it
constexpr float kMaxShare = 0.03f;         // of its inverse depth
constexpr int kMinConfirmations = 2;
constexpr double kMinFoundShare = 0.05;    // of the pixels of a view, to say anything of the scene's depth
constexpr double kUnitsPerScene = 8000;    // steps of the depth images up to the scene's depth

double distance(const Se3& a, const Se3& b) { return (a.translation - b.translation).norm(); }

double turn(const Se3& a, const Se3& b) { return rotationAngle(a.rotation.transpose() * b.rotation); }

bool isClear(const SweptDepth& depth, size_t pixel) {
  return depth.inverseDepths[pixel] > 0 && depth.scores[pixel] >= kMinScore && depth.margins[pixel] >= kMinMargin;
}

/// Median inverse depth of what is clear; 0 when that is too little.
double medianDepth(const SweptDepth& depth) {
  std::vector<float> found;
  for (size_t i = 0; i < depth.inverseDepths.size(); ++i) {
    if (isClear(depth, i)) {
      found.push_back(depth.inverseDepths[i]);
    }
  }
  if (found.empty() || double(found.size()) < kMinFoundShare * double(depth.inverseDepths.size())) {
    return 0;
  }
  const auto middle = found.begin() + std::ptrdiff_t(found.size() / 2);
  std::nth_element(found.begin(), middle, found.end());
  return 1 / double(*middle);
}

/// Share of what `from` sees at `depth` that `to` sees as well.
double overlap(const SweepView& from, const SweepView& to, double depth) {
  constexpr int kAcross = 8, kDown = 6;
  const Se3 toFromFrom = to.worldFromCamera.inverse() * from.worldFromCamera;
  const Pinhole& camera = from.fine.camera;
  int seen = 0;
  for (int y = 0; y < kDown; ++y) {
    for (int x = 0; x < kAcross; ++x) {
      const Eigen::Vector2d pixel((x + 0.5) * camera.width / kAcross, (y + 0.5) * camera.height / kDown);
      const Eigen::Vector3d point = toFromFrom * (camera.ray(pixel) * depth);
      seen += point.z() > 0 && to.fine.camera.contains(to.fine.camera.project(point));
    }
  }
  return double(seen) / (kAcross * kDown);
}

}  // namespace

bool ViewDepth::isRepetition(const Se3& worldFromCamera) const {
  if (views_.empty()) {
    return false;
  }
  const Se3& last = views_.back().view.worldFromCamera;
  return distance(last, worldFromCamera) <= kRepeatedBaseline * sceneDepth_ &&
         turn(last, worldFromCamera) < kRepeatedRadians;
}

std::vector<EstimatedDepth> ViewDepth::add(int64_t ptsMicros, const ImageView& image, const Se3& worldFromCamera) {
  if (isRepetition(worldFromCamera)) {
    return {};
  }
  views_.push_back({makeSweepView(ptsMicros, image, camera_, worldFromCamera), false, false, {}});
  return advance(kAhead);
}

std::vector<EstimatedDepth> ViewDepth::finish() { return advance(0); }

std::vector<EstimatedDepth> ViewDepth::advance(size_t ahead) {
  std::vector<EstimatedDepth> answers;
  if (sceneDepth_ == 0 && views_.size() > kMinSources) {
    findSceneDepth();
  }
  for (size_t i = 0; sceneDepth_ > 0 && i + ahead < views_.size(); ++i) {
    if (!views_[i].swept) {
      sweep(i);
    }
  }
  for (size_t i = 0; i + 2 * ahead < views_.size(); ++i) {
    Candidate& candidate = views_[i];
    if (candidate.swept && !candidate.answered) {
      candidate.answered = true;
      if (auto depth = confirm(i)) {
        answers.push_back(std::move(*depth));
      }
    }
  }
  while (views_.size() > kBehind + 2 * kAhead) {
    views_.pop_front();
  }
  return answers;
}

/// Sweeps the view in the middle of what is known from infinity to very near.
void ViewDepth::findSceneDepth() {
  const size_t middle = views_.size() / 2;
  std::vector<const SweepView*> sources;
  double baseline = 0;
  for (size_t i = middle > 2 ? middle - 2 : 0; i < std::min(views_.size(), middle + 3); ++i) {
    if (i != middle) {
      sources.push_back(&views_[i].view);
      baseline = std::max(baseline, distance(views_[i].view.worldFromCamera, views_[middle].view.worldFromCamera));
    }
  }
  if (sources.size() < kMinSources || baseline == 0) {
    return;
  }
  const double depth = medianDepth(sweepPlanes(views_[middle].view, sources, kFirstNearest * baseline));
  sceneDepth_ = depth < kFirstFarthest * baseline ? depth : 0;
}

std::vector<const SweepView*> ViewDepth::chooseSources(size_t index) const {
  struct Choice {
    double worth;
    size_t index;
  };
  const SweepView& reference = views_[index].view;
  std::vector<Choice> choices;
  for (size_t i = 0; i < views_.size(); ++i) {
    if (i == index) {
      continue;
    }
    const double baseline = distance(reference.worldFromCamera, views_[i].view.worldFromCamera) / sceneDepth_;
    const double shared = overlap(reference, views_[i].view, sceneDepth_);
    if (baseline >= kMinBaseline && shared >= kMinOverlap) {
      const double apart = std::log(baseline / kBestBaseline);
      choices.push_back({shared * std::exp(-apart * apart), i});
    }
  }
  std::sort(choices.begin(), choices.end(), [](const Choice& a, const Choice& b) {
    return a.worth > b.worth || (a.worth == b.worth && a.index < b.index);
  });
  // What hides a surface seldom does so on both sides: half of the sources from before, half from after.
  std::vector<const SweepView*> sources;
  std::vector<size_t> left;
  size_t before = 0, after = 0;
  for (const Choice& choice : choices) {
    size_t& side = choice.index < index ? before : after;
    if (side < kMaxSources / 2) {
      ++side;
      sources.push_back(&views_[choice.index].view);
    } else {
      left.push_back(choice.index);
    }
  }
  for (size_t i = 0; i < left.size() && sources.size() < kMaxSources; ++i) {
    sources.push_back(&views_[left[i]].view);
  }
  return sources;
}

void ViewDepth::sweep(size_t index) {
  Candidate& candidate = views_[index];
  candidate.swept = true;
  const std::vector<const SweepView*> sources = chooseSources(index);
  if (sources.size() < kMinSources) {
    return;
  }
  candidate.depth = sweepPlanes(candidate.view, sources, kNearestShare * sceneDepth_);
  if (const double depth = medianDepth(candidate.depth); depth > 0) {
    sceneDepth_ = depth;
  }
}

std::optional<EstimatedDepth> ViewDepth::confirm(size_t index) const {
  const Candidate& candidate = views_[index];
  if (candidate.depth.inverseDepths.empty()) {
    return std::nullopt;
  }
  struct Witness {
    const Candidate* candidate;
    Eigen::Matrix3f turn;
    Eigen::Vector3f shift;
    float pixelsPerInverseDepth;
  };
  const Pinhole& camera = candidate.view.fine.camera;
  std::vector<Witness> witnesses;
  for (size_t i = index > kMaxSources ? index - kMaxSources : 0; i < std::min(views_.size(), index + kAhead + 1); ++i) {
    if (i != index && !views_[i].depth.inverseDepths.empty()) {
      const Se3 motion = views_[i].view.worldFromCamera.inverse() * candidate.view.worldFromCamera;
      witnesses.push_back({&views_[i], motion.rotation.cast<float>(), motion.translation.cast<float>(),
                           float(camera.fx * motion.translation.norm())});
    }
  }
  EstimatedDepth answer;
  answer.ptsMicros = candidate.view.ptsMicros;
  answer.worldFromCamera = candidate.view.worldFromCamera;
  answer.width = camera.width;
  answer.height = camera.height;
  answer.colours = candidate.view.colours;
  answer.unit = sceneDepth_ / kUnitsPerScene;
  answer.depths.assign(candidate.depth.inverseDepths.size(), 0);
  answer.confidences.assign(answer.depths.size(), 0);
  const auto farthest = float(kFarthestShare * sceneDepth_);
  for (int y = 0; y < camera.height; ++y) {
    for (int x = 0; x < camera.width; ++x) {
      const size_t pixel = size_t(y) * camera.width + x;
      if (!isClear(candidate.depth, pixel)) {
        continue;
      }
      const float inverse = candidate.depth.inverseDepths[pixel];
      const Eigen::Vector3f ray = camera.ray({double(x), double(y)}).cast<float>();
      float sum = inverse;
      int agree = 0, seenThrough = 0;
      for (const Witness& witness : witnesses) {
        const Eigen::Vector3f point = witness.turn * ray + inverse * witness.shift;  // times the depth
        if (point.z() <= 0) {
          continue;
        }
        const int u = int(std::lround(camera.fx * point.x() / point.z() + camera.cx));
        const int v = int(std::lround(camera.fy * point.y() / point.z() + camera.cy));
        if (u < 0 || v < 0 || u >= camera.width || v >= camera.height) {
          continue;
        }
        const size_t there = size_t(v) * camera.width + u;
        if (!isClear(witness.candidate->depth, there)) {
          continue;
        }
        const float expected = inverse / point.z();
        const float difference = witness.candidate->depth.inverseDepths[there] - expected;
        if (std::abs(difference) * witness.pixelsPerInverseDepth < kMaxPixels &&
            std::abs(difference) < kMaxShare * expected) {
          ++agree;
          sum += inverse + difference;
        } else if (difference < 0) {
          ++seenThrough;
        }
      }
      if (agree < kMinConfirmations || seenThrough > agree) {
        continue;
      }
      const float depth = float(agree + 1) / sum;
      const double steps = depth / answer.unit;
      if (depth > farthest || steps > 65'534) {
        continue;
      }
      answer.depths[pixel] = uint16_t(std::lround(steps));
      const float certain = candidate.depth.scores[pixel] * std::min(1.0f, float(agree) / 4) *
                            std::min(1.0f, candidate.depth.margins[pixel] / 0.1f);
      answer.confidences[pixel] = uint8_t(std::clamp(std::lround(255 * certain), 1L, 255L));
    }
  }
  return answer;
}

}  // namespace loci
