#include "store/sqlite/connection.hpp"

#include <fmt/core.h>

#include <cstring>

#include "base/check.hpp"

namespace tieout::sqlite {
namespace {

/// Which of our codes an answer of SQLite's means, and what to do about it.
struct Meaning {
  const char* code;
  const char* advice;
  bool disk_in_doubt;
};

Meaning meaning_of(int answer) {
  switch (answer & 0xff) {
    case SQLITE_FULL:
      return {"store.full", "Free space on that disk, then start again; everything committed before is kept.", true};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {"store.corrupt", "Stop, keep a copy of the file, and restore the last good backup.", true};
    case SQLITE_IOERR:
      return {"store.io", "Check the disk and the system's log, then start again; everything committed before is kept.",
              true};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {"store.busy", "Another program holds the file; close it and try again.", false};
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
      return {"store.io", "Check that the folder exists and that this user may write there.", false};
    case SQLITE_TOOBIG:
      return {"store.too_large", "A single value may have up to 1,000,000,000 bytes.", false};
    case SQLITE_CONSTRAINT:
      if (answer == SQLITE_CONSTRAINT_UNIQUE || answer == SQLITE_CONSTRAINT_PRIMARYKEY)
        return {"store.repeated", "What must be unique is there already.", false};
      if (answer == SQLITE_CONSTRAINT_FOREIGNKEY)
        return {"store.reference", "A row refers to another one that does not exist.", false};
      [[fallthrough]];
    default:
      return {"store.unexpected", "Please report this with the text above.", false};
  }
}

}  // namespace

Result<bool> Query::next() {
  if (failed_) return db_.fault(failed_);
  const int answer = sqlite3_step(statement_);
  if (answer == SQLITE_ROW) return true;
  if (answer == SQLITE_DONE) return false;
  failed_ = answer;
  return db_.fault(answer);
}

Result<Unit> Query::run() {
  for (;;) {
    TRY(row, next());
    if (!row) return Unit{};
  }
}

Result<std::unique_ptr<Connection>> Connection::open(const std::string& path, const Settings& settings) {
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  flags |= settings.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  if (settings.create && !settings.read_only) flags |= SQLITE_OPEN_CREATE;
  // Owned before it is opened: running out of memory in between may not leave a file open and locked.
  std::unique_ptr<Connection> db(new Connection(path, PageCheck::over(settings.vfs)));
  const int answer = sqlite3_open_v2(path.c_str(), &db->db_, flags, db->vfs_->name());
  if (answer != SQLITE_OK) return db->fault(answer);
  sqlite3_busy_timeout(db->db_, 5'000);
  return db;
}

Connection::~Connection() {
  for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  // The log of a stopped connection is the last thing known to be good: leave it for the next opening to recover.
  if (db_ && stopped_) sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  sqlite3_close(db_);
}

sqlite3_stmt* Connection::prepared(const char* sql, int length, int& failed) {
  const auto known = statements_.find(sql);
  if (known != statements_.end()) {
    CHECK(!sqlite3_stmt_busy(known->second), "a statement is run again while its rows are still being read");
    return known->second;
  }
  // The place first: a statement that nobody finalizes would keep the file open.
  const auto made = statements_.emplace(sql, nullptr).first;
  failed = sqlite3_prepare_v3(db_, sql, length, SQLITE_PREPARE_PERSISTENT, &made->second, nullptr);
  if (!failed) return made->second;
  statements_.erase(made);
  return nullptr;
}

Result<Unit> Connection::script(const std::string& sql) {
  const int answer = sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr);
  if (answer != SQLITE_OK) return fault(answer);
  return Unit{};
}

Result<std::int64_t> Connection::number(const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  int answer = sqlite3_prepare_v2(db_, sql.c_str(), -1, &statement, nullptr);
  std::int64_t value = 0;
  if (answer == SQLITE_OK) {
    answer = sqlite3_step(statement);
    if (answer == SQLITE_ROW) value = sqlite3_column_int64(statement, 0);
  }
  sqlite3_finalize(statement);
  if (answer != SQLITE_ROW && answer != SQLITE_DONE) return fault(answer);
  return value;
}

Fault Connection::fault(int answer) {
  const Meaning meaning = meaning_of(answer);
  const int system = sqlite3_system_errno(db_);
  const char* words = db_ && sqlite3_errcode(db_) != SQLITE_OK ? sqlite3_errmsg(db_) : sqlite3_errstr(answer);
  std::string place;
  if (const PageDamage damage = damage_seen(db_); damage.page != 0)
    place = fmt::format(", page {} of the {} is not what was written", damage.page, damage.in_log ? "log" : "file");
  Fault fault(meaning.code, fmt::format("{}: {}{}{}{} (SQLite {}). {}", path_, words, place, system ? ", " : "",
                                        system ? std::strerror(system) : "", answer, meaning.advice));
  if (meaning.disk_in_doubt) stop(fault);
  return fault;
}

void Connection::stop(const Fault& cause) {
  if (!stopped_) stopped_ = cause;
}

void Connection::stop_unnoticed(const Fault& cause) {
  stop(cause);
  told_ = false;
}

std::optional<Fault> Connection::stopped() {
  if (!stopped_) return std::nullopt;
  if (!std::exchange(told_, true)) return stopped_;
  return Fault("store.stopped", fmt::format("Nothing more is written, because an earlier step failed with {}: {}",
                                            stopped_->code, stopped_->what));
}

}  // namespace tieout::sqlite
