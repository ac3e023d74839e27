// The filter groups of a search: any group, all filters of a group. Values are prepared once a search, compared for
// each record by the property's type.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "base/json.hpp"
#include "money/decimal.hpp"
#include "sandbox/hubspot/crm.hpp"

namespace tieout::sandbox::hubspot {

/// Missing values sort last; numbers and instants by size, text without regard to case.
using SortKey = std::variant<Decimal, std::string, std::monostate>;
SortKey sort_key(const Table& table, const Record& record, int property);

enum class Operator : std::uint8_t {
  eq,
  neq,
  lt,
  lte,
  gt,
  gte,
  between,
  in,
  not_in,
  has,
  has_not,
  contains,
  contains_not
};

struct Filter {
  int property = -1;
  Operator op = Operator::eq;
  SortKey value;
  SortKey high;
  std::set<SortKey> values;
  std::string words;  ///< CONTAINS_TOKEN
};

struct ModifiedRange {
  Instant first = Instant::min();
  Instant last = Instant::max();
};

class Filters {
 public:
  /// `loose` is the older form: one group without the word. Says what is wrong, or nothing.
  std::optional<std::string> read(const Schema& schema, const json::Value& groups, const json::Value& loose);
  bool match(const Table& table, const Record& record) const;

  /// With a single group that limits the modified date: how.
  std::optional<ModifiedRange> modified_range() const { return range_; }
  /// … and when that is all it asks.
  bool only_modified() const { return only_modified_; }
  bool asks_modified() const { return asks_modified_; }
  /// With a single group that names records by id or unique value: the ids that can match.
  std::optional<std::vector<Id>> exact_ids(Crm& crm, Type type) const;
  /// With a single group that asks for ids from some number on.
  Id least_id() const { return least_id_; }

 private:
  std::optional<std::string> read_filter(const Schema& schema, const json::Value& item, Filter& into);
  void look_for_shortcuts(const Schema& schema);
  std::vector<std::vector<Filter>> groups_;
  std::optional<ModifiedRange> range_;
  bool only_modified_ = false;
  bool asks_modified_ = false;
  Id least_id_ = 0;
};

/// All the words of `words` in the text; the words may carry * at either end. `prefixes` lets every word match the
/// beginning of one.
bool contains_words(std::string_view text, std::string_view words, bool prefixes);

}  // namespace tieout::sandbox::hubspot
