#include "store/sqlite/damage.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <utility>
#include <vector>

namespace tieout::sqlite {
namespace {

constexpr std::size_t kMostNamed = 5;

/// Every row of a table, with all that it holds. False when some cannot be read.
bool is_readable(Connection& db, const std::string& table) {
  sqlite3_stmt* rows = nullptr;
  int answer =
      sqlite3_prepare_v2(db.handle(), fmt::format("SELECT * FROM {} NOT INDEXED", table).c_str(), -1, &rows, nullptr);
  while (answer == SQLITE_OK || answer == SQLITE_ROW) answer = sqlite3_step(rows);
  sqlite3_finalize(rows);
  return answer == SQLITE_DONE;
}

std::vector<std::string> tables_of(Connection& db) {
  std::vector<std::string> names;
  auto rows =
      db.query("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name");
  for (auto row = rows.next(); row && *row; row = rows.next()) names.emplace_back(rows.text(0));
  return names;
}

/// From the index, which is on other pages than the records themselves.
std::vector<std::pair<std::int64_t, std::string>> records_by_index(Connection& db) {
  std::vector<std::pair<std::int64_t, std::string>> records;
  auto rows = db.query(
      "SELECT id, CASE side WHEN 1 THEN 'crm' ELSE 'books' END || ' ' || coalesce((SELECT text FROM word WHERE word.id "
      "= "
      "record.type), '?') || ' ' || vendor_id FROM record INDEXED BY record_by_vendor_id");
  for (auto row = rows.next(); row && *row; row = rows.next())
    records.emplace_back(rows.integer(0), std::string(rows.text(1)));
  return records;
}

std::vector<std::string> unreadable_records(Connection& db) {
  std::vector<std::string> names;
  for (const auto& [id, name] : records_by_index(db)) {
    auto rows = db.query("SELECT base, body, digest, mentions, decision FROM record WHERE id = ?", id);
    if (const auto row = rows.next(); !row) names.push_back(name);
  }
  return names;
}

}  // namespace

std::string what_is_damaged(Connection& db) {
  const PageDamage damage = damage_seen(db.handle());
  if (damage.page == 0) return {};
  std::string text =
      fmt::format("page {} of the {} is not what was written", damage.page, damage.in_log ? "log" : "file");
  std::vector<std::string> tables;
  for (const std::string& table : tables_of(db))
    if (!is_readable(db, table)) tables.push_back(table);
  if (tables.empty()) return text + "; it held an index, no record";
  text += fmt::format("; it held rows of {}", fmt::join(tables, ", "));
  std::vector<std::string> records = unreadable_records(db);
  if (records.empty()) return text;
  const std::size_t more = records.size() > kMostNamed ? records.size() - kMostNamed : 0;
  records.resize(records.size() - more);
  text += fmt::format(": {}", fmt::join(records, ", "));
  return more > 0 ? text + fmt::format(" and {} more", more) : text;
}

}  // namespace tieout::sqlite
