// Mentions are kept twice: as rows, to be asked by whom a record is mentioned, and encoded in the record itself, to
// know which rows are its own when it changes (a second index would cost every record of a first load).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "ports/store.hpp"
#include "store/sqlite/words.hpp"

namespace tieout::sqlite {

/// In one order and each once, so that equal lists of mentions encode alike.
Result<std::string> encode_mentions(std::span<const std::pair<std::string, std::string>> mentions, Words& words);

struct Mentioner {
  ports::RecordId id;
  ports::Side side;
  WordId type;
};
/// Both encoded; empty for none.
Result<Unit> replace_mentions(Connection& db, std::int64_t entity, const Mentioner& record, std::string_view before,
                              std::string_view after);

}  // namespace tieout::sqlite
