// Names that repeat in every row (types, vendor objects, flows, kinds of event) as small numbers. There are a few
// dozen; all that were met are kept in memory.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "store/sqlite/connection.hpp"

namespace tieout::sqlite {

using WordId = std::int64_t;

class Words {
 public:
  explicit Words(Connection& db) : db_(db) {}

  /// The number of a word, made when it is new: only inside a transaction that writes.
  Result<WordId> number(std::string_view text);
  /// The number of a word, 0 (no row has it) when it is new.
  Result<WordId> known(std::string_view text);
  /// Valid until forget().
  Result<std::string_view> text(WordId id);
  /// After a rollback: numbers given since then are void.
  void forget();

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  Connection& db_;
  std::unordered_map<std::string, WordId, Hash, std::equal_to<>> numbers_;
  std::unordered_map<WordId, std::string> texts_;
};

}  // namespace tieout::sqlite
