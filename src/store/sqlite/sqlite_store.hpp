// The embedded store: ports::Store over one SQLite file, for one writing process. Write-ahead log, synchronous=FULL:
// what commit() returned from survives kill -9 and power loss. A lock on "<path>.lock" keeps a second instance out;
// readers (open with read_only) need no lock. Which promises it keeps is in ports/store.hpp and
// tests/store_conformance; how the rows lie is in schema.cpp.
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "ports/store.hpp"

namespace tieout {

struct OpenOptions {
  bool create = true;            ///< false: fail with store.absent when there is no such file
  bool read_only = false;        ///< no lock, no migration; every write fails with store.read_only
  int cache_mib = 48;            ///< page cache; the process as a whole has 256 MiB for a million linked records
  int checkpoint_pages = 8'192;  ///< pages of 8 KiB that the log may hold before they move into the main file
  int max_pages = 0;  ///< upper bound of the file in pages of 8 KiB, 0 for none; past it writes fail with store.full
  /// Name of the SQLite VFS that keeps the files, empty for the system's. The simulator puts a disk here that loses
  /// power. Journal mode and synchronising are the same on any VFS; the writer's lock is one of the VFS's then.
  std::string vfs = {};
};

/// Opens (creates, migrates) the file and takes the writer's lock until the store is destroyed.
///
/// path     a file; its folder must exist. ":memory:" keeps everything in memory, for simulation: no lock, nothing
/// durable. entity   name of the legal set of books, 1 to 200 bytes; rows of other entities in the file are never seen
/// or touched. Fails    store.busy          another process has it open (names its pid)
///          store.absent        no such file, and create is false or read_only is true
///          store.schema.newer  written by a newer version of the program; nothing was changed
///          store.schema.older  read_only, and the file needs a migration first
///          store.foreign       an SQLite file, but not one of ours
///          store.corrupt, store.io, store.full
Result<std::unique_ptr<ports::Store>> open_sqlite(std::string path, std::string entity, OpenOptions options = {});

/// Second opinion on a closed or open file, read only: SQLite's own integrity check, every reference, the tallies
/// recounted from the records, each link and base as the schema promises. Slow (reads everything). Fails store.corrupt
/// what is wrong, first finding first
Result<ports::Unit> verify_sqlite(const std::string& path, const std::string& vfs = {});

/// Copies the store at `path`, open or not, as of one moment, into the new file `to`, with the checksum of every page.
/// Fails  store.backup.exists when `to` is there already; store.absent, store.corrupt, store.io, store.full: then no
/// file is left behind.
Result<ports::Unit> backup_sqlite(const std::string& path, const std::string& to, const std::string& vfs = {});

}  // namespace tieout
