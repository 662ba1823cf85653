#pragma once

#include <Eigen/Core>
#include <array>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <vector>

namespace loci {

/// Turns state into bytes and back. A type describes itself once, in `exchange(archive)`, for both directions:
/// `archive(a, b, …)` writes or reads each value in turn. Bytes are those of this machine's memory.
template <class Derived>
class SnapshotArchive {
 public:
  template <class... Values>
  void operator()(Values&... values) {
    (one(values), ...);
  }

 private:
  Derived& self() { return static_cast<Derived&>(*this); }

  template <class T>
  void one(T& value) {
    if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>) {
      self().bytes(&value, sizeof(T));
    } else {
      value.exchange(self());
    }
  }

  template <class Scalar, int rows, int columns>
  void one(Eigen::Matrix<Scalar, rows, columns>& value) {
    static_assert(rows > 0 && columns > 0);
    self().bytes(value.data(), sizeof(Scalar) * rows * columns);
  }

  template <class T, size_t n>
  void one(std::array<T, n>& value) {
    self().bytes(value.data(), sizeof(T) * n);
  }

  template <class A, class B>
  void one(std::pair<A, B>& value) {
    (*this)(value.first, value.second);
  }

  template <class T>
  void one(std::vector<T>& values) {
    uint64_t count = values.size();
    one(count);
    self().resize(values, count);
    for (T& value : values) {
      one(value);
    }
  }
};

class SnapshotWriter : public SnapshotArchive<SnapshotWriter> {
 public:
  std::vector<uint8_t> data;

  void bytes(const void* source, size_t size) {
    const auto* begin = static_cast<const uint8_t*>(source);
    data.insert(data.end(), begin, begin + size);
  }

  template <class T>
  void resize(std::vector<T>&, uint64_t) {}
};

/// Throws std::runtime_error when the bytes end too early.
class SnapshotReader : public SnapshotArchive<SnapshotReader> {
 public:
  SnapshotReader(const uint8_t* data, size_t size) : data_(data), left_(size) {}

  void bytes(void* target, size_t size) {
    if (size > left_) {
      throw std::runtime_error("the snapshot is cut short");
    }
    std::memcpy(target, data_, size);
    data_ += size;
    left_ -= size;
  }

  template <class T>
  void resize(std::vector<T>& values, uint64_t count) {
    if (count > left_) {
      throw std::runtime_error("the snapshot is damaged");
    }
    values.clear();
    values.resize(size_t(count));
  }

  size_t left() const { return left_; }

 private:
  const uint8_t* data_;
  size_t left_;
};

}  // namespace loci
