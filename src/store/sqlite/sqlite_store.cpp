#include "store/sqlite/sqlite_store.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "store/sqlite/implementation.hpp"
#include "store/sqlite/log_check.hpp"
#include "store/sqlite/schema.hpp"

namespace tieout {
namespace {

using ports::Unit;
using sqlite::Connection;

constexpr std::string_view kInMemory = ":memory:";
constexpr std::size_t kLongestEntity = 200;

/// A new file is only there for good once its folder says so on disk.
Result<Unit> make_name_durable(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool done = file >= 0 && ::fsync(file) == 0;
  const int why = errno;
  if (file >= 0) ::close(file);
  if (done) return Unit{};
  return fail("store.io", fmt::format("{}: the folder cannot be synchronised: {}.", folder, std::strerror(why)));
}

/// A new file leaves room for a checksum in every page (page_check.hpp). One of an earlier version is rewritten once:
/// all of it in one transaction, so that it may be killed at any moment.
Result<Unit> make_room_for_checksums(Connection& db) {
  TRY(pages, db.number("PRAGMA page_count"));
  int reserved = -1;
  sqlite3_file_control(db.handle(), "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved);
  if (pages > 0 && reserved != 0) return Unit{};
  if (pages > 0) {
    TRY(size, db.number("PRAGMA page_size"));
    TRY(mark, db.number("PRAGMA application_id"));
    if (size != sqlite::kPageBytes || mark != sqlite::kStoreMark) return Unit{};
  }
  int wanted = sqlite::kReserved;
  sqlite3_file_control(db.handle(), "main", SQLITE_FCNTL_RESERVE_BYTES, &wanted);
  return pages > 0 ? db.script("VACUUM") : Unit{};
}

/// Settings of the connection, before the first table is made or read.
Result<Unit> prepare_writer(Connection& db, const OpenOptions& options) {
  TRY_VOID(db.script("PRAGMA page_size = 8192;"));
  TRY_VOID(make_room_for_checksums(db));
  TRY_VOID(
      db.script("PRAGMA auto_vacuum = NONE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                "PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = OFF;"
                "PRAGMA trusted_schema = OFF;"));
  TRY_VOID(db.script(fmt::format("PRAGMA cache_size = -{};", options.cache_mib * 1024)));
  if (options.max_pages > 0) TRY_VOID(db.script(fmt::format("PRAGMA max_page_count = {};", options.max_pages)));
  return Unit{};
}

bool exists(const std::string& path, const std::string& vfs_name) {
  if (vfs_name.empty()) return ::access(path.c_str(), F_OK) == 0;
  sqlite3_vfs* vfs = sqlite3_vfs_find(vfs_name.c_str());
  int there = 0;
  return vfs && vfs->xAccess(vfs, path.c_str(), SQLITE_ACCESS_EXISTS, &there) == SQLITE_OK && there != 0;
}

Result<std::unique_ptr<Connection>> open_file(const std::string& path, const OpenOptions& options) {
  const bool is_there = path == kInMemory || exists(path, options.vfs);
  if (!is_there && (options.read_only || !options.create))
    return fail("store.absent",
                fmt::format("{}: there is no such file. Run tieout init first, or name another file.", path));
  if (!options.read_only && path != kInMemory) TRY_VOID(sqlite::check_log(path, options.vfs));
  TRY(db, Connection::open(path, {.create = options.create, .read_only = options.read_only, .vfs = options.vfs}));
  if (options.read_only) {
    TRY_VOID(db->script(fmt::format("PRAGMA query_only = ON; PRAGMA cache_size = -{};", options.cache_mib * 1024)));
    TRY_VOID(sqlite::require_current(*db, sqlite::kStoreMark, sqlite::store_migrations()));
    return db;
  }
  TRY_VOID(prepare_writer(*db, options));
  TRY_VOID(sqlite::migrate(*db, sqlite::kStoreMark, sqlite::store_migrations()));
  if (!is_there && options.vfs.empty()) TRY_VOID(make_name_durable(path));
  return db;
}

}  // namespace

Result<std::unique_ptr<ports::Store>> open_sqlite(std::string path, std::string entity, OpenOptions options) {
  if (entity.empty() || entity.size() > kLongestEntity)
    return fail("store.entity.malformed",
                fmt::format("An entity's name has 1 to {} bytes, this one has {}.", kLongestEntity, entity.size()));
  // SQLite's own memory statistics take a lock for every allocation. Refused, harmlessly, when SQLite already runs.
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  sqlite::InstanceLock lock;
  if (path != kInMemory && !options.read_only && (options.create || exists(path, options.vfs))) {
    TRY(taken, sqlite::InstanceLock::take(path, options.vfs));
    lock = std::move(taken);
  }
  TRY(db, open_file(path, options));
  TRY(entity_number, sqlite::entity_id(*db, entity, options.read_only));
  return std::unique_ptr<ports::Store>(std::make_unique<sqlite::SqliteStore>(
      std::move(lock), std::move(db), entity_number,
      sqlite::SqliteStore::Settings{options.read_only, options.checkpoint_pages}));
}

}  // namespace tieout
