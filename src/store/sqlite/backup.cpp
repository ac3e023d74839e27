// A copy of the store as of one moment, made while others read and write: SQLite's own page-by-page copy, through our
// VFS on both ends, so that every page is compared when it is read and carries its checksum when it is written.
#include <fmt/core.h>

#include "store/sqlite/connection.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace tieout {
namespace {

Result<ports::Unit> copy(sqlite::Connection& from, sqlite::Connection& to) {
  sqlite3_backup* work = sqlite3_backup_init(to.handle(), "main", from.handle(), "main");
  if (!work) return to.fault(sqlite3_errcode(to.handle()));
  const int stepped = sqlite3_backup_step(work, -1);
  const int answer = sqlite3_backup_finish(work);
  if (stepped == SQLITE_DONE && answer == SQLITE_OK) return ports::Unit{};
  const bool source_is_bad = sqlite::damage_seen(from.handle()).page != 0;
  return (source_is_bad ? from : to).fault(answer == SQLITE_OK ? stepped : answer);
}

}  // namespace

Result<ports::Unit> backup_sqlite(const std::string& path, const std::string& to, const std::string& vfs_name) {
  sqlite3_initialize();
  sqlite3_vfs* vfs = sqlite3_vfs_find(vfs_name.empty() ? nullptr : vfs_name.c_str());
  int there = 0;
  vfs->xAccess(vfs, to.c_str(), SQLITE_ACCESS_EXISTS, &there);
  if (there) return fail("store.backup.exists", fmt::format("{} is there already. Name a new file.", to));
  vfs->xAccess(vfs, path.c_str(), SQLITE_ACCESS_EXISTS, &there);
  if (!there) return fail("store.absent", fmt::format("{}: there is no such file.", path));
  TRY(source, sqlite::Connection::open(path, {.create = false, .read_only = true, .vfs = vfs_name}));
  TRY(copied, sqlite::Connection::open(to, {.vfs = vfs_name}));
  int reserved = sqlite::kReserved;
  sqlite3_file_control(copied->handle(), "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved);
  auto done = copied->script("PRAGMA page_size = 8192; PRAGMA synchronous = FULL; PRAGMA cache_spill = OFF;");
  if (done) done = copy(*source, *copied);
  copied.reset();
  if (!done) vfs->xDelete(vfs, to.c_str(), 0);
  return done;
}

}  // namespace tieout
