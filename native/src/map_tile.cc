#include "map_tile.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <stdexcept>

namespace loci {

namespace {

constexpr size_t kMinSlots = 64;

size_t mix(uint32_t cell) {  // finaliser of MurmurHash3
  cell ^= cell >> 16;
  cell *= 0x85ebca6b;
  cell ^= cell >> 13;
  cell *= 0xc2b2ae35;
  return cell ^ (cell >> 16);
}

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

[[noreturn]] void fail(const char* what, const std::string& path) {
  throw std::runtime_error(std::string(what) + " " + path + ": " + std::strerror(errno));
}

}  // namespace

void Voxel::fuse(const Voxel& other) {
  const float total = weight + other.weight;
  const float share = total > 0 ? other.weight / total : 1;
  position += share * (other.position - position);
  normal += share * (other.normal - normal);
  colour += share * (other.colour - colour);
  weight = total;
  first = std::min(first, other.first);
  last = std::max(last, other.last);
  evidence = std::min(evidence + other.evidence, kMaxEvidence);
}

Voxel& MapTile::at(uint32_t cell) {
  if (2 * (voxels_.size() + 1) > slots_.size()) {
    index(std::max(kMinSlots, 2 * slots_.size()));
  }
  const size_t mask = slots_.size() - 1;
  size_t i = mix(cell) & mask;
  while (slots_[i] != 0) {
    Voxel& voxel = voxels_[slots_[i] - 1];
    if (voxel.cell == cell) {
      return voxel;
    }
    i = (i + 1) & mask;
  }
  slots_[i] = uint32_t(voxels_.size() + 1);
  Voxel& voxel = voxels_.emplace_back();
  voxel.cell = cell;
  return voxel;
}

void MapTile::prune() {
  if (std::erase_if(voxels_, [](const Voxel& voxel) { return voxel.evidence <= 0; }) > 0) {
    index(slots_.size());
  }
}

void MapTile::index(size_t slots) {
  slots_.assign(slots, 0);
  const size_t mask = slots - 1;
  for (size_t place = 0; place < voxels_.size(); ++place) {
    size_t i = mix(voxels_[place].cell) & mask;
    while (slots_[i] != 0) {
      i = (i + 1) & mask;
    }
    slots_[i] = uint32_t(place + 1);
  }
}

void MapTile::save(const std::string& path) const {
  const File file(std::fopen(path.c_str(), "wb"), &std::fclose);
  if (!file || std::fwrite(voxels_.data(), sizeof(Voxel), voxels_.size(), file.get()) != voxels_.size() ||
      std::fflush(file.get()) != 0) {
    fail("cannot write", path);
  }
}

MapTile MapTile::load(const std::string& path) {
  const File file(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (!file || std::fseek(file.get(), 0, SEEK_END) != 0) {
    fail("cannot read", path);
  }
  const long size = std::ftell(file.get());
  std::rewind(file.get());
  MapTile tile;
  tile.voxels_.resize(size_t(std::max(0L, size)) / sizeof(Voxel));
  if (std::fread(tile.voxels_.data(), sizeof(Voxel), tile.voxels_.size(), file.get()) != tile.voxels_.size()) {
    fail("cannot read", path);
  }
  size_t slots = kMinSlots;
  while (slots < 2 * (tile.voxels_.size() + 1)) {
    slots *= 2;
  }
  tile.index(slots);
  return tile;
}

}  // namespace loci
