#include "moving_exclusions.h"

#include <algorithm>
#include <cmath>

namespace loci {

void MovingExclusions::add(int64_t ptsMicros, const ByteView& moving) {
  const size_t size = size_t(moving.width) * size_t(moving.height);
  exclusions_.push_back({ptsMicros, moving.width, moving.height, {moving.data, moving.data + size}});
}

void MovingExclusions::apply(LocalMap& map, const Pinhole& camera, int32_t index) {
  // What a keyframe saw is asked at one frame only, for adjustments change it.
  std::erase_if(exclusions_, [&](const Exclusion& exclusion) {
    const auto keyframe = std::ranges::find_if(map.keyframes, [&](const Keyframe& candidate) {
      return !candidate.frames.empty() && candidate.frames.front().ptsMicros == exclusion.ptsMicros;
    });
    if (keyframe == map.keyframes.end()) {
      return true;
    }
    if (index < keyframe->frames.front().index + 2) {
      return false;
    }
    const ByteView moving{exclusion.moving.data(), exclusion.width, exclusion.height};
    for (Landmark& landmark : map.landmarks) {
      const bool moves = std::ranges::any_of(landmark.observations, [&](const Observation& seen) {
        const int x = std::clamp(int(std::lround(seen.pixel.x())), 0, camera.width - 1);
        const int y = std::clamp(int(std::lround(seen.pixel.y())), 0, camera.height - 1);
        return seen.keyframe == keyframe->id && moving.at(x, y, camera.width, camera.height) != 0;
      });
      if (moves) {
        landmark.located = landmark.tracked = false;
        landmark.observations.clear();  // the next trim drops it
      }
    }
    return true;
  });
}

}  // namespace loci
