// A property as a query sees it: where its value comes from and how two values of it compare.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sandbox/quickbooks/books.hpp"
#include "sandbox/quickbooks/query.hpp"
#include "sandbox/quickbooks/schema.hpp"

namespace tieout::sandbox::quickbooks {

/// One comparable value; which member counts depends on the property's kind.
struct Comparable {
  bool absent = true;
  Decimal number;
  std::int64_t ms = 0;
  std::string text;  ///< folded
};

class QueryField {
 public:
  enum class Source : std::uint8_t { id, active, display, customer, date, created, updated, balance, total, document };

  /// Refuses 4001 when the entity has no such property.
  static Outcome<QueryField> find(const EntityInfo& entity, std::string_view name);

  Source source() const { return source_; }
  /// The value in a record; the stored document is parsed only when nothing else has it.
  Comparable of(const Books& books, Entity entity, const Record& record) const;
  /// A value as written in the query. Refuses 4001 when it is not of the property's kind.
  Outcome<Comparable> literal(const Books& books, const std::string& text) const;
  /// Less than, equal or greater: -1, 0, 1. Absent comes first.
  int compare(const Comparable& a, const Comparable& b) const;

 private:
  Comparable made(std::string_view text) const;
  std::string name_;
  std::vector<std::string> path_;  ///< exact names
  FieldKind kind_ = FieldKind::text;
  Source source_ = Source::document;
};

}  // namespace tieout::sandbox::quickbooks
