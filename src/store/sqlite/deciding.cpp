// Where a record stands. Each change of state moves the tally by one in the same transaction.
#include "store/sqlite/implementation.hpp"

namespace tieout::sqlite {

Result<Standing*> SqliteStore::standing(RecordId id) {
  TRY(standing, standings_.of(id));
  if (!standing) return unknown_record(id);
  return standing;
}

Result<Unit> SqliteStore::settle(RecordId id, State state, std::string_view reason_code, std::string_view reason,
                                 std::string_view waits_for, bool agreed) {
  return writing([&]() -> Result<Unit> {
    TRY(stands, standing(id));
    counts_.moved(stands->side, stands->type, stands->state, state);
    stands->state = state;
    stands->dirty = false;
    stands->settled = true;
    if (agreed) stands->agreed = true;
    stands->reasons.reset();
    if (!reason_code.empty() || !reason.empty() || !waits_for.empty())
      stands->reasons =
          std::make_unique<Reasons>(Reasons{std::string(reason_code), std::string(reason), std::string(waits_for)});
    standings_.touch(id, *stands);
    return Unit{};
  });
}

Result<Unit> SqliteStore::mark_dirty(RecordId id) {
  return writing([&]() -> Result<Unit> {
    TRY(stands, standing(id));
    if (stands->dirty) return Unit{};
    stands->dirty = true;
    standings_.touch(id, *stands);
    return Unit{};
  });
}

Result<Unit> SqliteStore::decide(RecordId id, std::string_view decision) {
  return writing([&]() -> Result<Unit> {
    TRY_VOID(standing(id));
    TRY_VOID(standings_.write(id));
    standings_.unlearn(id);
    return db_->run("UPDATE record SET decision = ?, dirty = 1 WHERE id = ?", OrNull{decision}, id);
  });
}

Result<std::int64_t> SqliteStore::wake(std::string_view waits_for) {
  return writing([&]() -> Result<std::int64_t> {
    TRY_VOID(standings_.write_all());
    std::int64_t woken = 0;
    for (auto rows = db_->query("UPDATE record INDEXED BY record_waiting SET dirty = 1, waits_for = NULL "
                                "WHERE entity = ? AND waits_for = ? RETURNING id",
                                entity_, waits_for);
         ;) {
      TRY(row, rows.next());
      if (!row) return woken;
      standings_.unlearn(RecordId{rows.integer(0)});
      ++woken;
    }
  });
}

}  // namespace tieout::sqlite
