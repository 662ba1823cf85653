#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <string>
#include <vector>

#include "map_tile.h"

namespace loci {

/// The tiles of a map by their keys. Those used least recently lie in files of a folder when there are too many voxels
/// to hold; without a folder all are held. The files are for this map alone: none outlives it.
class TileStore {
 public:
  /// `generation` tells apart the files of stores that use the same folder.
  explicit TileStore(std::string folder = {}, uint32_t generation = 0)
      : folder_(std::move(folder)), generation_(generation) {}
  TileStore(TileStore&& other) noexcept;
  TileStore& operator=(TileStore&& other) noexcept;
  TileStore(const TileStore&) = delete;
  TileStore& operator=(const TileStore&) = delete;
  ~TileStore();

  /// The tile to be changed, made empty when there is none, and read back when it lies in a file. The reference holds
  /// until `evict`.
  MapTile& at(uint64_t key);

  /// Keys of all tiles, in order; the same whatever lies in files.
  std::vector<uint64_t> keys() const;

  /// Removes a tile and answers it.
  MapTile take(uint64_t key);

  /// Puts tiles into files, the one unused for longest first, until at most `maxVoxels` are held.
  void evict(size_t maxVoxels);

  const std::string& folder() const { return folder_; }
  uint32_t generation() const { return generation_; }
  size_t heldVoxels() const;
  size_t voxels() const;  ///< those in files included

 private:
  struct Entry {
    bool held = false;
    size_t inFile = 0;  ///< voxels, while not held
    MapTile tile;
    std::list<uint64_t>::iterator use;  ///< in `uses_` while held
  };

  std::string path(uint64_t key) const;
  void read(uint64_t key, Entry& entry);
  void removeFiles();

  std::string folder_;
  uint32_t generation_;
  std::map<uint64_t, Entry> entries_;
  std::list<uint64_t> uses_;  ///< tiles that are held, least recently used first
};

}  // namespace loci
