// A simulated disk: one object is one disk with many files, in memory, and SQLite sees it as a VFS of its own. What was
// written but not synchronised is remembered change by change, so that a power cut can drop it, let any part of it
// survive in any order, and tear single sectors of 512 bytes. Faults are armed by whoever drives the simulation; every
// one that fires is counted. Time and randomness come in from outside: the same calls give the same bytes.
//
//   sim::Disk disk("disk-a", random, clock);
//   auto store = open_sqlite("t.db", "acme", {.vfs = disk.vfs()});
//   disk.power_cut();      // every open handle is dead from here on …
//   store.reset();         // … so closing the store changes nothing any more
//   store = open_sqlite(…) // what the disk kept
//
// One thread at a time. All stores on a disk are closed before the disk goes.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ports/world.hpp"
#include "sim/disk/file.hpp"

struct sqlite3_vfs;

namespace tieout::sim {

/// How often each thing has happened since the disk was made.
struct DiskCounts {
  std::int64_t writes = 0, syncs = 0, reads = 0;                       ///< calls that arrived
  std::int64_t failed_writes = 0, failed_syncs = 0, failed_reads = 0;  ///< armed faults that fired
  std::int64_t full = 0;                                               ///< writes refused for want of space
  std::int64_t slow = 0;                                               ///< calls that were made to wait
  std::int64_t flipped_bits = 0;
  std::int64_t power_cuts = 0, kills = 0;
  std::int64_t dropped_sectors = 0, torn_sectors = 0, reordered_cuts = 0;  ///< what power cuts did to unsynced data
  std::int64_t lost_names = 0;                                             ///< fresh files gone, deleted ones back
};

/// What a power cut leaves of the changes that were never synchronised.
enum class Cut : std::uint8_t {
  drawn,   ///< one of the four below
  none,    ///< nothing of them survives
  all,     ///< all of them do
  prefix,  ///< the first few, the last of these torn
  any,     ///< any subset of their sectors, some torn
};

class Disk {
 public:
  /// name  of the VFS, unique in the process. Both references outlive the disk.
  Disk(std::string name, ports::Random& random, ports::Clock& clock);
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;
  ~Disk();

  /// For OpenOptions.vfs and sqlite3_open_v2.
  const std::string& vfs() const { return name_; }

  // -- ends of the process and of the power
  /// The machine loses power: what was not synchronised survives as `how` says, drawn from `random` (the disk's own
  /// when none is given). Open handles answer every call with an I/O error until they are closed; locks are gone.
  void power_cut(Cut how = Cut::drawn) { power_cut(random_, how); }
  void power_cut(ports::Random& random, Cut how = Cut::drawn);
  /// The process dies (kill -9), the machine stays up: all that was written is there. Open handles and locks as above.
  void kill();

  /// The same in the middle of whatever SQLite is doing: at the nth write or fsync from now, before it happens. Whether
  /// it has fired is told by counts().
  void cut_power_at(std::int64_t nth, Cut how = Cut::drawn) { end_in_ = nth, end_is_cut_ = true, end_how_ = how; }
  void kill_at(std::int64_t nth) { end_in_ = nth, end_is_cut_ = false; }

  // -- faults; each says how it ends
  void fail_write(std::int64_t nth = 1) { fail_write_in_ = nth; }  ///< the nth write from now, once
  void fail_read(std::int64_t nth = 1) { fail_read_in_ = nth; }    ///< the nth read from now, once
  /// The nth fsync from now, once. As on Linux, what that call should have made durable counts as clean afterwards: a
  /// second fsync that succeeds does not bring it to the disk.
  void fail_sync(std::int64_t nth = 1) { fail_sync_in_ = nth; }
  /// Files may grow by that many bytes more, then writes that need space fail with SQLITE_FULL, until heal().
  void full_after(std::int64_t bytes) { free_bytes_ = bytes; }
  /// Every write and every fsync waits that long (on the injected clock), until heal().
  void slow(Milliseconds a_write, Milliseconds a_sync) { slow_write_ = a_write, slow_sync_ = a_sync; }
  /// Turns one bit over, in the cache and on the disk. False when there is no such bit.
  bool flip_bit(const std::string& file, std::int64_t byte, int bit);
  /// Disarms every fault above; damage already done stays.
  void heal();

  // -- files, as another program would see them (backups, restores); all of it durable at once
  std::vector<std::string> files() const;
  bool exists(const std::string& file) const { return names_.contains(path_of(file)); }
  std::string bytes(const std::string& file) const;  ///< empty when absent
  void put(const std::string& file, std::string bytes);
  void remove(const std::string& file);
  void rename(const std::string& from, const std::string& to);  ///< not durable before the next synchronised folder
  std::int64_t unsynced_changes() const;

  const DiskCounts& counts() const { return counts_; }

 private:
  friend struct Handle;     // vfs.cpp: what SQLite calls
  friend struct DiskCalls;  // vfs.cpp: what SQLite asks of the disk as a whole

  bool ends_now();
  int before_write(std::int64_t growth);
  int before_sync(File& file);
  int before_read();
  void sync_folder() { durable_names_ = names_; }
  void drop_handles();
  void settle_names(ports::Random& random, Cut how);
  static std::string path_of(std::string_view file);

  std::string name_;
  ports::Random& random_;
  ports::Clock& clock_;
  std::unique_ptr<sqlite3_vfs> vfs_;
  std::map<std::string, std::shared_ptr<File>> names_, durable_names_;
  std::uint64_t generation_ = 1;  ///< handles of an older one are dead
  int open_handles_ = 0;
  std::int64_t fail_write_in_ = 0, fail_read_in_ = 0, fail_sync_in_ = 0;
  std::optional<std::int64_t> free_bytes_;
  std::int64_t end_in_ = 0;
  bool end_is_cut_ = false;
  Cut end_how_ = Cut::drawn;
  Milliseconds slow_write_{0}, slow_sync_{0};
  DiskCounts counts_;
};

}  // namespace tieout::sim
