// The rows of the audit log: leaves as they were added, and of the Merkle tree over them every fourth level (a row for
// each 16, 256, 4096… leaves), so that the tree costs a fifteenth of a row a leaf. What lies between is made again from
// at most eight hashes or leaves. The list of complete subtrees from which the next node follows is kept in memory.
#pragma once

#include <optional>

#include "base/merkle.hpp"
#include "ports/store.hpp"
#include "store/sqlite/connection.hpp"

namespace tieout::sqlite {

/// Leaves of several entities share one table; a leaf's row is its entity and its number in one integer.
constexpr int kLogNumberBits = 40;
constexpr std::int64_t log_row(std::int64_t entity, std::int64_t number) { return (entity << kLogNumberBits) | number; }
constexpr std::int64_t log_number(std::int64_t row) { return row & ((std::int64_t{1} << kLogNumberBits) - 1); }
constexpr int kLogStep = 4;  ///< levels of the tree between those that are kept

class Log {
 public:
  Log(Connection& db, std::int64_t entity) : db_(db), entity_(entity) {}

  Result<Unit> append(std::span<const ports::NewLeaf> leaves);
  Result<std::int64_t> size();
  Result<std::vector<ports::LogLeaf>> leaves(std::int64_t from, int limit);
  Result<std::vector<ports::LogLeaf>> leaves_of(ports::RecordId record);
  Result<Digest> node(int level, std::int64_t index);
  void forget() { frontier_.reset(); }  ///< after a rollback

 private:
  Result<Unit> load();
  Result<Digest> leaf(std::int64_t number);
  Result<Digest> kept(int level, std::int64_t index);
  Result<Digest> subtree(int level, std::int64_t index);

  Connection& db_;
  std::int64_t entity_;
  std::optional<merkle::Frontier> frontier_;
};

/// The tree made again from the leaves of every entity, compared with the rows that are kept of it.
Result<Unit> verify_log_rows(Connection& db);

}  // namespace tieout::sqlite
