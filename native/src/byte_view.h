#pragma once

#include <cstddef>
#include <cstdint>

namespace loci {

/// A byte for each pixel of an image that someone else owns; any size stands for the whole field of view.
struct ByteView {
  const uint8_t* data = nullptr;
  int width = 0, height = 0;

  explicit operator bool() const { return data != nullptr; }

  /// The value at the place of pixel (x, y) of an image of another size.
  uint8_t at(int x, int y, int ofWidth, int ofHeight) const {
    const int u = x * width / ofWidth, v = y * height / ofHeight;
    return data[size_t(v) * size_t(width) + size_t(u)];
  }
};

}  // namespace loci
