// One line of the audit log: what it holds, and its one canonical form as text. The form is written and read here only,
// so that a line has exactly one spelling: what is read must be written back byte for byte, or it is refused. Which
// fields an action carries is told in docs/reference/audit-log.md. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace tieout::prove {

constexpr std::int64_t kLeafVersion = 1;

/// Empty texts and numbers of -1 are left out of the line.
struct Leaf {
  std::int64_t number = 0;
  Instant at{};
  std::string entity;
  std::string by;             ///< a person, or "tieout"
  std::string action;         ///< "write.confirmed"
  std::string record;         ///< "crm:deal:9120"
  std::string partner;        ///< "books:invoice:145"; of a create that is not confirmed yet "books:invoice"
  std::int64_t link = -1;     ///< whose membership changed
  std::int64_t ends = -1;     ///< how many of (record, partner) are in it now: 0, 1, 2
  std::string key;            ///< of the write
  std::string kind;           ///< "create", "update", "void"
  std::string before, after;  ///< hex, 32 digits: half of SHA-256 over the canonical record
  std::string payload;        ///< hex SHA-256 of the vendor's words that `record` was read from
  std::int64_t mapping = -1;  ///< number of the line that tells the mapping packs in force
  std::string plan, plan_digest;
  std::int64_t approval = -1;  ///< number of the line that tells who let this happen
  std::string request;         ///< hex SHA-256 of what was asked of the vendor
  std::string answer;          ///< hex SHA-256 of what the vendor answered
  std::string answer_payload;  ///< hex SHA-256 of the page in which that is kept
  std::string code;
  std::string text;
  std::vector<std::pair<std::string, std::string>> more;
};

/// One line of JSON, without its end.
std::string to_text(const Leaf& leaf);

/// Fails with log.leaf.malformed: no such line, a field unknown or twice, or not spelled as to_text would.
Result<Leaf> parse_leaf(std::string_view text);

}  // namespace tieout::prove
