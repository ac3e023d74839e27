#include "store/sqlite/counts.hpp"

namespace tieout::sqlite {

Counts::ByState& Counts::of(int side, WordId type) {
  const Key key{side, type};
  for (auto& [known, count] : changes_)
    if (known == key) return count;
  return changes_.emplace_back(key, ByState{}).second;
}

Result<Unit> Counts::flush(Connection& db, std::int64_t entity) {
  for (const auto& [key, by_state] : changes_)
    for (std::size_t state = 0; state < by_state.size(); ++state) {
      if (by_state[state] == 0) continue;
      TRY_VOID(db.run("UPDATE tally SET count = count + ? WHERE entity = ? AND side = ? AND type = ? AND state = ?",
                      by_state[state], entity, key.first, key.second, state));
      if (db.changed_rows() == 0)
        TRY_VOID(db.run("INSERT INTO tally (count, entity, side, type, state) VALUES (?, ?, ?, ?, ?)", by_state[state],
                        entity, key.first, key.second, state));
    }
  changes_.clear();
  return Unit{};
}

Result<std::vector<ports::Tally>> Counts::records(Connection& db, std::int64_t entity, Words& words) const {
  std::map<Key, ByState> totals;
  for (const auto& [key, by_state] : changes_)
    if (key.first != kLinks) totals[key] = by_state;
  {
    auto rows = db.query("SELECT side, type, state, count FROM tally WHERE entity = ? AND side <> 0", entity);
    for (;;) {
      TRY(row, rows.next());
      if (!row) break;
      totals[{static_cast<int>(rows.integer(0)), rows.integer(1)}][static_cast<std::size_t>(rows.integer(2))] +=
          rows.integer(3);
    }
  }
  std::vector<ports::Tally> tallies;
  for (const auto& [key, by_state] : totals) {
    TRY(type, words.text(key.second));
    tallies.push_back({static_cast<ports::Side>(key.first), std::string(type), by_state});
  }
  return tallies;
}

Result<std::int64_t> Counts::links(Connection& db, std::int64_t entity) const {
  auto stored = db.query("SELECT coalesce(sum(count), 0) FROM tally WHERE entity = ? AND side = 0", entity);
  TRY_VOID(stored.next());
  std::int64_t total = stored.integer(0);
  for (const auto& [key, by_state] : changes_)
    if (key.first == kLinks) total += by_state[0];
  return total;
}

}  // namespace tieout::sqlite
