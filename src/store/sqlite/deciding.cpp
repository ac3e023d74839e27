// Where a record stands. Each change of state moves the tally by one in the same transaction.
#include "store/sqlite/implementation.hpp"

namespace tieout::sqlite {

Result<Unit> SqliteStore::settle(RecordId id, State state, std::string_view reason_code, std::string_view reason,
                                 std::string_view waits_for, bool agreed) {
  return writing([&]() -> Result<Unit> {
    {
      auto before = db_->query("SELECT side, type, state FROM record WHERE id = ? AND entity = ?", id, entity_);
      TRY(row, before.next());
      if (!row) return unknown_record(id);
      counts_.moved(static_cast<Side>(before.integer(0)), before.integer(1), static_cast<State>(before.integer(2)), state);
    }
    if (agreed)
      return db_->run("UPDATE record SET state = ?, dirty = 0, reason_code = ?, reason = ?, waits_for = ?, agreed = 1, "
                      "base = NULL WHERE id = ?", state, OrNull{reason_code}, OrNull{reason}, OrNull{waits_for}, id);
    return db_->run("UPDATE record SET state = ?, dirty = 0, reason_code = ?, reason = ?, waits_for = ? WHERE id = ?", state,
                    OrNull{reason_code}, OrNull{reason}, OrNull{waits_for}, id);
  });
}

Result<Unit> SqliteStore::mark_dirty(RecordId id) {
  return writing([&]() -> Result<Unit> {
    TRY_VOID(db_->run("UPDATE record SET dirty = 1 WHERE id = ? AND entity = ?", id, entity_));
    if (db_->changed_rows() == 0) return unknown_record(id);
    return Unit{};
  });
}

Result<Unit> SqliteStore::decide(RecordId id, std::string_view decision) {
  return writing([&]() -> Result<Unit> {
    TRY_VOID(db_->run("UPDATE record SET decision = ?, dirty = 1 WHERE id = ? AND entity = ?", OrNull{decision}, id, entity_));
    if (db_->changed_rows() == 0) return unknown_record(id);
    return Unit{};
  });
}

Result<std::int64_t> SqliteStore::wake(std::string_view waits_for) {
  return writing([&]() -> Result<std::int64_t> {
    TRY_VOID(db_->run("UPDATE record INDEXED BY record_waiting SET dirty = 1, waits_for = NULL "
                      "WHERE entity = ? AND waits_for = ?", entity_, waits_for));
    return db_->changed_rows();
  });
}

}  // namespace tieout::sqlite
