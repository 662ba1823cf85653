#pragma once

#include <cstdint>
#include <vector>

#include "byte_view.h"
#include "local_map.h"
#include "pinhole.h"

namespace loci {

/// What moved in keyframes, until the landmarks there are let go of.
class MovingExclusions {
 public:
  /// Keeps a copy of what moved (not 0) in the keyframe of this time.
  void add(int64_t ptsMicros, const ByteView& moving);

  /// Lets go of the landmarks that a keyframe saw where something moved, once frame `index` comes two frames or more
  /// after it. `camera` is that of the landmarks' pixels.
  void apply(LocalMap& map, const Pinhole& camera, int32_t index);

  template <class Archive>
  void exchange(Archive& archive) {
    archive(exclusions_);
  }

 private:
  struct Exclusion {
    int64_t ptsMicros = 0;
    int32_t width = 0, height = 0;
    std::vector<uint8_t> moving;

    template <class Archive>
    void exchange(Archive& archive) {
      archive(ptsMicros, width, height, moving);
    }
  };

  std::vector<Exclusion> exclusions_;
};

}  // namespace loci
