#include "model/record.hpp"

#include <fmt/core.h>

#include "base/check.hpp"

namespace tieout::model {

Record::Record(const RecordType& type)
    : type_(&type), value_(Value::record(&type.shape(), std::vector<Value>(static_cast<std::size_t>(type.size())))) {}

Record::Record(const RecordType& type, Value value) : type_(&type), value_(std::move(value)) {
  CHECK(value_.is(Value::Kind::record) && value_.slots().size() == static_cast<std::size_t>(type.size()),
        "a record must be made from a value of its own shape");
}

const Value& Record::get(std::string_view field) const {
  const int index = type_->index_of(field);
  CHECK(index >= 0, "asked a record for a field that its type does not have");
  return at(index);
}

Record& Record::set(std::string_view field, Value value) {
  const int index = type_->index_of(field);
  CHECK(index >= 0, "set a field that the record's type does not have");
  at(index) = std::move(value);
  return *this;
}

std::string_view Record::text(std::string_view field) const {
  const Value& value = get(field);
  return value.is_text() ? value.as_text() : std::string_view{};
}

Decimal Record::decimal(std::string_view field, Decimal otherwise) const {
  const Value& value = get(field);
  return value.is(Value::Kind::decimal) ? value.as_decimal() : otherwise;
}

std::vector<Record> Record::records(std::string_view field) const {
  std::vector<Record> result;
  const Value& value = get(field);
  if (!value.is(Value::Kind::list)) return result;
  const RecordType& element = type_->element(type_->index_of(field));
  result.reserve(value.items().size());
  for (const Value& item : value.items()) result.emplace_back(element, item);
  return result;
}

Record& Record::set_records(std::string_view field, const std::vector<Record>& records) {
  std::vector<Value> items;
  items.reserve(records.size());
  for (const Record& record : records) items.push_back(record.value());
  return set(field, Value::list(std::move(items)));
}

std::vector<FieldChange> diff(const Record& before, const Record& after) {
  CHECK(&before.type() == &after.type(), "only records of one type can be compared");
  std::vector<FieldChange> changes;
  for (int i = 0; i < before.size(); ++i)
    if (!before.at(i).same(after.at(i)))
      changes.push_back({i, before.type().fields[i].name, before.at(i), after.at(i)});
  return changes;
}

std::string display(const FieldDecl& field, const Value& value) {
  switch (value.kind()) {
    case Value::Kind::absent:
      return {};
    case Value::Kind::null:
      return "(none)";
    case Value::Kind::text:
      return std::string(value.as_text());
    case Value::Kind::decimal:
      return value.as_decimal().to_text() + (field.kind == FieldKind::percent ? " %" : "");
    case Value::Kind::boolean:
      return value.as_boolean() ? "yes" : "no";
    case Value::Kind::date:
      return tieout::to_text(value.as_date());
    case Value::Kind::instant:
      return tieout::to_text(value.as_instant());
    case Value::Kind::list:
      return fmt::format("{} {}", value.items().size(), field.name);
    default:
      return value.display();
  }
}

namespace {

/// Levenshtein distance.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row[b.size()];
}

}  // namespace

std::string_view closest(std::string_view name, std::span<const std::string_view> candidates) {
  std::string_view best;
  std::size_t best_distance = std::max<std::size_t>(2, name.size() / 3) + 1;
  for (const std::string_view candidate : candidates) {
    // "city" is near "billing_city" although many letters apart.
    const bool is_part = name.size() >= 4 && candidate.find(name) != std::string_view::npos;
    const std::size_t apart = is_part ? 2 : distance(name, candidate);
    if (apart < best_distance) {
      best = candidate;
      best_distance = apart;
    }
  }
  return best;
}

}  // namespace tieout::model
