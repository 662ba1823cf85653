#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace loci {

/// Matching costs of every label at every pixel of an image: `[y][x][label]`, each 0 … 255.
struct CostVolume {
  int width = 0, height = 0, labels = 0;
  std::vector<uint8_t> costs;

  size_t at(int x, int y) const { return (size_t(y) * width + x) * labels; }
};

/// What it costs two neighbours to differ by one label, and by more; the latter is less across an edge of the picture.
struct Smoothness {
  int16_t step = 3;
  int16_t jump = 24;
  float edgeContrast = 8;  ///< grey levels between neighbours that halve `jump`
};

/// Adds up, for every pixel and label, the cheapest ways to get there from the image's border along eight directions
/// (semi-global matching: Hirschmüller 2008, eq. 13 and 14). `picture` holds `width × height` grey values. The answer
/// is laid out as `volume.costs`.
std::vector<int16_t> aggregateSemiGlobally(const CostVolume& volume, const float* picture,
                                           const Smoothness& smoothness);

}  // namespace loci
