// Aliases: an id that documents and marks still carry, and the record that answers for it now.
#include "store/sqlite/implementation.hpp"

namespace tieout::sqlite {
namespace {

constexpr int kMostMerges = 100;  // in a row; a ring is a vendor's mistake and ends here

}  // namespace

Result<Unit> SqliteStore::add_alias(Side side, std::string_view type, std::string_view old_id,
                                    std::string_view survivor_id, Instant at) {
  if (old_id == survivor_id) return Unit{};
  return writing([&]() -> Result<Unit> {
    TRY(number, words_.number(type));
    return db_->run(
        "INSERT INTO alias (entity, side, type, vendor_id, survivor, at) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (entity, side, type, vendor_id) DO UPDATE SET survivor = excluded.survivor, at = excluded.at",
        entity_, side, number, old_id, survivor_id, to_ms(at));
  });
}

Result<std::string> SqliteStore::surviving(Side side, std::string_view type, std::string_view vendor_id) {
  std::string now(vendor_id);
  for (int i = 0; i < kMostMerges; ++i) {
    auto rows = db_->query(
        "SELECT a.survivor FROM alias AS a JOIN word AS w ON w.id = a.type "
        "WHERE a.entity = ? AND a.side = ? AND w.text = ? AND a.vendor_id = ?",
        entity_, side, type, now);
    TRY(row, rows.next());
    if (!row) break;
    now = rows.text(0);
  }
  return now;
}

Result<std::vector<std::string>> SqliteStore::aliases_of(Side side, std::string_view type,
                                                         std::string_view survivor_id) {
  std::vector<std::string> ids;
  auto rows = db_->query(
      "SELECT a.vendor_id FROM alias AS a INDEXED BY alias_by_survivor JOIN word AS w ON w.id = a.type "
      "WHERE a.entity = ? AND a.side = ? AND w.text = ? AND a.survivor = ? ORDER BY a.vendor_id",
      entity_, side, type, survivor_id);
  for (;;) {
    TRY(row, rows.next());
    if (!row) return ids;
    ids.emplace_back(rows.text(0));
  }
}

Result<Unit> SqliteStore::drop_alias(Side side, std::string_view type, std::string_view old_id) {
  return writing([&]() -> Result<Unit> {
    TRY(number, words_.number(type));
    return db_->run("DELETE FROM alias WHERE entity = ? AND side = ? AND type = ? AND vendor_id = ?", entity_, side,
                    number, old_id);
  });
}

}  // namespace tieout::sqlite
