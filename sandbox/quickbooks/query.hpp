// The query language: SELECT over one entity with AND-ed conditions, order and a page. Parsed here, run in
// query_run.hpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/quickbooks/entities.hpp"
#include "sandbox/quickbooks/rejection.hpp"

namespace tieout::sandbox::quickbooks {

enum class Operator : std::uint8_t { equal, less, greater, less_equal, greater_equal, in, like };

struct Condition {
  std::string field;  ///< as written: "Metadata.LastUpdatedTime"
  Operator op = Operator::equal;
  std::vector<std::string> values;  ///< one, or many for IN; escapes resolved
};

struct Query {
  static constexpr std::size_t kMost = 1000;
  bool counts = false;
  std::vector<std::string> fields;  ///< empty: all
  const EntityInfo* entity = nullptr;
  std::vector<Condition> where;
  struct Order {
    std::string field;
    bool descending = false;
  };
  std::vector<Order> order;
  std::size_t start = 1;  ///< 1-based
  std::size_t most = 100;
};

/// Keywords and names without regard to case. MAXRESULTS beyond 1,000 gives 1,000.
/// Refuses  4000 what is no statement (OR, joins and != among it), 4001 an entity that does not exist.
Outcome<Query> parse_query(std::string_view statement);

}  // namespace tieout::sandbox::quickbooks
