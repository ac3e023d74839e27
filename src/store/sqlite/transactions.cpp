// Begin, commit, roll back. A commit is durable when it returns; the log is written into the main file after a commit
// that made it long, and a failure there never turns a good commit into a bad one: it only stops further writes.
#include "store/sqlite/implementation.hpp"

namespace tieout::sqlite {

SqliteStore::SqliteStore(InstanceLock lock, std::unique_ptr<Connection> db, std::int64_t entity, Settings settings)
    : lock_(std::move(lock)),
      db_(std::move(db)),
      entity_(entity),
      settings_(settings),
      words_(*db_),
      standings_(*db_, entity),
      log_(*db_, entity) {
  const auto note_length = [](void* pages, sqlite3*, const char*, int now) {
    *static_cast<int*>(pages) = now;
    return SQLITE_OK;
  };
  sqlite3_wal_hook(db_->handle(), note_length, &log_pages_);
}

std::optional<Fault> SqliteStore::refuse_writing() const {
  if (settings_.read_only) return Fault("store.read_only", db_->path() + " was opened for reading only.");
  return db_->stopped();
}

Result<Unit> SqliteStore::begin() {
  if (auto refused = refuse_writing()) return fail(*std::move(refused));
  if (db_->in_transaction())
    return fail("store.transaction.nested",
                "A transaction was begun inside another one; commit or roll back the first.");
  return db_->run("BEGIN IMMEDIATE");
}

Result<Unit> SqliteStore::commit() {
  if (auto refused = refuse_writing()) {
    rollback();
    return fail(*std::move(refused));
  }
  if (!db_->in_transaction()) return fail("store.transaction.none", "There is no transaction to commit.");
  auto done = standings_.write_all();
  if (done) done = counts_.flush(*db_, entity_);
  if (done) done = db_->run("COMMIT");
  if (!done) {
    db_->stop(done.error());
    rollback();
    return done;
  }
  standings_.committed();
  members_.committed();
  // Not handed up: this commit is safe in the log. Whoever writes next is told.
  if (auto moved = write_out_log_if_long(); !moved && db_->stopped()) db_->stop_unnoticed(moved.error());
  return done;
}

Result<Unit> SqliteStore::write_out_log_if_long() {
  if (log_pages_ < settings_.checkpoint_pages) return Unit{};
  const int answer = sqlite3_wal_checkpoint_v2(db_->handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  if (answer != SQLITE_OK) return db_->fault(answer);
  return Unit{};
}

void SqliteStore::rollback() {
  // SQLite itself rolls back after some failures (disk full); then there is nothing left to do but to forget.
  if (db_->in_transaction()) {
    if (auto undone = db_->run("ROLLBACK"); !undone) db_->stop(undone.error());
  }
  words_.forget();
  counts_.forget();
  standings_.forget();
  members_.forget();
  log_.forget();
  payload_digests_.clear();
}

}  // namespace tieout::sqlite
