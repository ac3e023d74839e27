// How links came and went: what a record was linked to stays in its lineage, which is only ever added to; and the pairs
// that a person refused, so that matching never brings them together again by itself.
#include <fmt/core.h>

#include "store/sqlite/implementation.hpp"

namespace tieout::sqlite {

Result<Unit> SqliteStore::add_lineage(const ports::Lineage& turn) {
  return writing([&]() -> Result<Unit> {
    TRY_VOID(standing(turn.record));
    return db_->run("INSERT INTO lineage (entity, record, link, at, what, by, text) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    entity_, turn.record, turn.link, to_ms(turn.at), turn.what, turn.by, turn.text);
  });
}

Result<std::vector<ports::Lineage>> SqliteStore::lineage(RecordId record) {
  auto rows = db_->query(
      "SELECT link, at, what, by, text FROM lineage INDEXED BY lineage_by_record WHERE entity = ? AND record = ? "
      "ORDER BY id",
      entity_, record);
  std::vector<ports::Lineage> turns;
  for (;;) {
    TRY(row, rows.next());
    if (!row) return turns;
    turns.push_back({record, LinkId{rows.integer(0)}, instant_from_ms(rows.integer(1)), std::string(rows.text(2)),
                     std::string(rows.text(3)), std::string(rows.text(4))});
  }
}

Result<Unit> SqliteStore::refuse_pair(RecordId a, RecordId b, bool refused, Instant at) {
  return writing([&]() -> Result<Unit> {
    TRY_VOID(standing(a));
    TRY_VOID(standing(b));
    for (const auto& [one, other] : {std::pair(a, b), std::pair(b, a)}) {
      if (refused)
        TRY_VOID(db_->run("INSERT OR IGNORE INTO refused_pair (entity, record, other, at) VALUES (?, ?, ?, ?)", entity_,
                          one, other, to_ms(at)));
      else
        TRY_VOID(
            db_->run("DELETE FROM refused_pair WHERE entity = ? AND record = ? AND other = ?", entity_, one, other));
    }
    return Unit{};
  });
}

Result<std::vector<RecordId>> SqliteStore::read_ids(Query& rows) {
  std::vector<RecordId> ids;
  for (;;) {
    TRY(row, rows.next());
    if (!row) return ids;
    ids.push_back(RecordId{rows.integer(0)});
  }
}

Result<std::vector<RecordId>> SqliteStore::refused_with(RecordId record) {
  auto rows =
      db_->query("SELECT other FROM refused_pair WHERE entity = ? AND record = ? ORDER BY other", entity_, record);
  return read_ids(rows);
}

}  // namespace tieout::sqlite
