// One file of the simulated disk: its bytes as every reader sees them, and the changes since the last fsync, each with
// the bytes it replaced, so that the durable state can be worked out backwards and a power cut played forwards again.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ports/world.hpp"

namespace tieout::sim {

inline constexpr std::int64_t kSector = 512;

/// SQLite's shared memory of one database; it lives in this process only, so that no power cut has to be played on it.
struct SharedMemory {
  static constexpr int kSlots = 8;
  std::vector<std::unique_ptr<char[]>> regions;
  int readers[kSlots] = {};
  bool writer[kSlots] = {};
};

struct Locks {
  int shared = 0;  ///< handles at SHARED or above
  const void* reserved = nullptr;
  const void* pending = nullptr;
  const void* exclusive = nullptr;
};

struct CutResult {
  std::int64_t dropped = 0, torn = 0;
  bool reordered = false;  ///< a later sector survived an earlier one
};

class File {
 public:
  enum class Survival : std::uint8_t { none, all, prefix, any };

  const std::string& bytes() const { return bytes_; }
  std::int64_t size() const { return static_cast<std::int64_t>(bytes_.size()); }
  void write(std::int64_t at, std::string_view what);
  void truncate(std::int64_t size);
  /// All changes so far are on the disk, but for those that a failed fsync gave up.
  void synced();
  /// fsync failed: the changes so far are counted as clean, and no later fsync will bring them to the disk.
  void sync_failed();
  CutResult power_cut(ports::Random& random, Survival survival);
  /// Replaces everything, durably.
  void put(std::string bytes);
  void flip(std::int64_t byte, int bit);
  std::int64_t unsynced() const { return static_cast<std::int64_t>(changes_.size()); }

  Locks locks;
  std::shared_ptr<SharedMemory> memory;

 private:
  struct Change {
    std::int64_t at = 0, length = 0;
    std::string before;  ///< the bytes of [at, …) that were there; shorter than length where the file ended
    std::int64_t size_before = 0, size_after = 0;
    bool durable = false;  ///< synchronised after an fsync that failed: certain to be there
    std::string after;     ///< filled in while a power cut is played
  };
  void rewind();

  std::string bytes_;
  std::vector<Change> changes_;
  bool gave_up_ = false;
};

}  // namespace tieout::sim
