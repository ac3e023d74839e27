#include "store/sqlite/log.hpp"

#include <fmt/core.h>

#include <map>

namespace tieout::sqlite {
namespace {

std::string_view bytes_of(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

tl::unexpected<Fault> missing(std::string_view what, std::int64_t number) {
  return fail("store.corrupt", fmt::format("The audit log has no {} {} although it should. Keep a copy of the file and "
                                           "restore the last good backup.",
                                           what, number));
}

}  // namespace

Result<Unit> Log::load() {
  if (frontier_) return Unit{};
  std::int64_t size = 0;
  {
    auto rows = db_.query("SELECT max(id) FROM log_leaf WHERE id >= ? AND id < ?", log_row(entity_, 0),
                          log_row(entity_ + 1, 0));
    TRY(row, rows.next());
    if (row && !rows.is_null(0)) size = log_number(rows.integer(0)) + 1;
  }
  std::vector<Digest> peaks;
  std::int64_t covered = 0;
  for (int level = kLogNumberBits; level >= 0; --level) {
    if ((size >> level & 1) == 0) continue;
    TRY(peak, subtree(level, covered >> level));
    peaks.push_back(peak);
    covered += std::int64_t{1} << level;
  }
  frontier_.emplace(size, std::move(peaks));
  return Unit{};
}

Result<Unit> Log::append(std::span<const ports::NewLeaf> leaves) {
  TRY_VOID(load());
  Result<Unit> done = Unit{};
  const auto keep = [&](int level, std::int64_t index, const Digest& hash) {
    if (level == 0 || level % kLogStep != 0 || !done) return;
    done = db_.run("INSERT INTO log_node (entity, level, number, hash) VALUES (?, ?, ?, ?)", entity_, level, index,
                   Blob{bytes_of(hash)});
  };
  for (const ports::NewLeaf& leaf : leaves) {
    const std::int64_t row = log_row(entity_, frontier_->size());
    TRY_VOID(db_.run("INSERT INTO log_leaf (id, record, partner, text) VALUES (?, nullif(?, 0), nullif(?, 0), ?)", row,
                     leaf.record, leaf.partner, Blob{leaf.text}));
    frontier_->append(merkle::leaf_hash(leaf.text), keep);
    if (!done) return done;
  }
  return done;
}

Result<std::int64_t> Log::size() {
  TRY_VOID(load());
  return frontier_->size();
}

Result<std::vector<ports::LogLeaf>> Log::leaves(std::int64_t from, int limit) {
  std::vector<ports::LogLeaf> out;
  auto rows = db_.query("SELECT id, text FROM log_leaf WHERE id >= ? AND id < ? ORDER BY id LIMIT ?",
                        log_row(entity_, from), log_row(entity_ + 1, 0), limit);
  for (;;) {
    TRY(row, rows.next());
    if (!row) return out;
    out.push_back({log_number(rows.integer(0)), std::string(rows.text(1))});
  }
}

Result<std::vector<ports::LogLeaf>> Log::leaves_of(ports::RecordId record) {
  std::vector<ports::LogLeaf> out;
  auto rows = db_.query(
      "SELECT id, text FROM log_leaf WHERE id IN ("
      "SELECT a.id FROM log_leaf AS a INDEXED BY log_leaf_by_record WHERE a.record = ?1 UNION "
      "SELECT b.id FROM log_leaf AS b INDEXED BY log_leaf_by_partner WHERE b.partner = ?1) "
      "AND id >= ?2 AND id < ?3 ORDER BY id",
      record, log_row(entity_, 0), log_row(entity_ + 1, 0));
  for (;;) {
    TRY(row, rows.next());
    if (!row) return out;
    out.push_back({log_number(rows.integer(0)), std::string(rows.text(1))});
  }
}

Result<Digest> Log::leaf(std::int64_t number) {
  auto rows = db_.query("SELECT text FROM log_leaf WHERE id = ?", log_row(entity_, number));
  TRY(row, rows.next());
  if (!row) return missing("line", number);
  return merkle::leaf_hash(rows.text(0));
}

Result<Digest> Log::kept(int level, std::int64_t index) {
  auto rows =
      db_.query("SELECT hash FROM log_node WHERE entity = ? AND level = ? AND number = ?", entity_, level, index);
  TRY(row, rows.next());
  if (!row || rows.text(0).size() != std::tuple_size_v<Digest>) return missing("tree node", index);
  Digest hash;
  std::copy_n(rows.text(0).begin(), hash.size(), hash.begin());
  return hash;
}

Result<Digest> Log::subtree(int level, std::int64_t index) {
  if (level == 0) return leaf(index);
  if (level % kLogStep == 0) return kept(level, index);
  TRY(left, subtree(level - 1, 2 * index));
  TRY(right, subtree(level - 1, 2 * index + 1));
  return merkle::node_hash(left, right);
}

Result<Digest> Log::node(int level, std::int64_t index) {
  TRY(whole, size());
  if (level < 0 || level > kLogNumberBits || index < 0 || index >= whole >> level)
    return fail("store.log.range", fmt::format("The audit log has {} lines: there is no whole subtree {} of level {}.",
                                               whole, index, level));
  return subtree(level, index);
}

namespace {

/// Walks the leaves of all entities in order; entities begin anew at number 0.
Result<std::int64_t> wrong_leaves(Connection& db, std::map<std::int64_t, std::int64_t>& sizes) {
  std::int64_t wrong = 0, entity = -1;
  merkle::Frontier tree;
  Result<Unit> asked = Unit{};
  const auto compare = [&](int level, std::int64_t index, const Digest& hash) {
    if (level == 0 || level % kLogStep != 0 || !asked) return;
    auto rows =
        db.query("SELECT hash FROM log_node WHERE entity = ? AND level = ? AND number = ?", entity, level, index);
    auto row = rows.next();
    if (!row)
      asked = fail(row.error());
    else if (!*row || rows.text(0) != bytes_of(hash))
      ++wrong;
  };
  auto rows = db.query("SELECT id, text FROM log_leaf ORDER BY id");
  for (;;) {
    TRY(row, rows.next());
    if (!row) return wrong;
    if (const std::int64_t now = rows.integer(0) >> kLogNumberBits; now != entity) {
      entity = now;
      tree = {};
    }
    if (log_number(rows.integer(0)) != tree.size()) ++wrong;  // one is missing before it
    tree.append(merkle::leaf_hash(rows.text(1)), compare);
    sizes[entity] = tree.size();
    if (!asked) return fail(asked.error());
  }
}

}  // namespace

Result<Unit> verify_log_rows(Connection& db) {
  std::map<std::int64_t, std::int64_t> sizes;
  TRY(wrong, wrong_leaves(db, sizes));
  std::int64_t expected = 0;
  for (const auto& [entity, size] : sizes)
    for (std::int64_t left = size >> kLogStep; left > 0; left >>= kLogStep) expected += left;
  TRY(nodes, db.number("SELECT count(*) FROM log_node"));
  if (wrong == 0 && nodes == expected) return Unit{};
  return fail("store.corrupt",
              fmt::format("{}: the audit log does not fit its tree in {} places. Keep a copy of the file, compare with "
                          "an exported checkpoint (tieout verify), and restore the last good backup.",
                          db.path(), wrong + (nodes == expected ? 0 : 1)));
}

}  // namespace tieout::sqlite
