#include "tile_store.h"

#include <cstdio>
#include <utility>

namespace loci {

TileStore::TileStore(TileStore&& other) noexcept
    : folder_(std::exchange(other.folder_, {})),
      generation_(other.generation_),
      entries_(std::exchange(other.entries_, {})),
      uses_(std::exchange(other.uses_, {})) {}

TileStore& TileStore::operator=(TileStore&& other) noexcept {
  if (this != &other) {
    removeFiles();
    folder_ = std::exchange(other.folder_, {});
    generation_ = other.generation_;
    entries_ = std::exchange(other.entries_, {});
    uses_ = std::exchange(other.uses_, {});
  }
  return *this;
}

TileStore::~TileStore() { removeFiles(); }

MapTile& TileStore::at(uint64_t key) {
  const auto [found, isNew] = entries_.try_emplace(key);
  Entry& entry = found->second;
  if (entry.held) {
    uses_.splice(uses_.end(), uses_, entry.use);
    return entry.tile;
  }
  if (!isNew) {
    read(key, entry);
  }
  entry.held = true;
  entry.use = uses_.insert(uses_.end(), key);
  return entry.tile;
}

std::vector<uint64_t> TileStore::keys() const {
  std::vector<uint64_t> keys;
  for (const auto& [key, entry] : entries_) {
    keys.push_back(key);
  }
  return keys;
}

MapTile TileStore::take(uint64_t key) {
  MapTile tile = std::move(at(key));
  uses_.erase(entries_.at(key).use);
  entries_.erase(key);
  return tile;
}

void TileStore::evict(size_t maxVoxels) {
  if (folder_.empty()) {
    return;
  }
  for (size_t held = heldVoxels(); held > maxVoxels && !uses_.empty(); uses_.pop_front()) {
    const uint64_t key = uses_.front();
    Entry& entry = entries_.at(key);
    if (entry.tile.voxels().empty()) {
      entries_.erase(key);
      continue;
    }
    entry.tile.save(path(key));
    entry.inFile = entry.tile.voxels().size();
    held -= entry.inFile;
    entry.held = false;
    entry.tile = MapTile();
  }
}

size_t TileStore::heldVoxels() const {
  size_t count = 0;
  for (const uint64_t key : uses_) {
    count += entries_.at(key).tile.voxels().size();
  }
  return count;
}

size_t TileStore::voxels() const {
  size_t count = 0;
  for (const auto& [key, entry] : entries_) {
    count += entry.held ? entry.tile.voxels().size() : entry.inFile;
  }
  return count;
}

std::string TileStore::path(uint64_t key) const { 
  return folder_ + "/" + std::to_string(generation_) + "-" + std::to_string(key) + ".tile";
}

void TileStore::read(uint64_t key, Entry& entry) {
  entry.tile = MapTile::load(path(key));
  std::remove(path(key).c_str());
}

void TileStore::removeFiles() {
  for (const auto& [key, entry] : entries_) {
    if (!entry.held) {
      std::remove(path(key).c_str());
    }
  }
}

}  // namespace loci
