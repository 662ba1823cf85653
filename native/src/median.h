#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace loci {

/// The upper median of `values`, of which there is at least one; changes their order.
inline double median(std::vector<double>& values) {
  const auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace loci
