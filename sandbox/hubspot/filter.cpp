#include "sandbox/hubspot/filter.hpp"

#include <fmt/core.h>

namespace tieout::sandbox::hubspot {
namespace {

constexpr std::size_t kMostGroups = 5;
constexpr std::size_t kMostFiltersOfGroup = 10;
constexpr std::size_t kMostFilters = 25;

std::optional<Operator> operator_named(std::string_view name) {
  static constexpr std::pair<std::string_view, Operator> all[] = {{"EQ", Operator::eq},
                                                                  {"NEQ", Operator::neq},
                                                                  {"LT", Operator::lt},
                                                                  {"LTE", Operator::lte},
                                                                  {"GT", Operator::gt},
                                                                  {"GTE", Operator::gte},
                                                                  {"BETWEEN", Operator::between},
                                                                  {"IN", Operator::in},
                                                                  {"NOT_IN", Operator::not_in},
                                                                  {"HAS_PROPERTY", Operator::has},
                                                                  {"NOT_HAS_PROPERTY", Operator::has_not},
                                                                  {"CONTAINS_TOKEN", Operator::contains},
                                                                  {"NOT_CONTAINS_TOKEN", Operator::contains_not}};
  for (const auto& [known, op] : all)
    if (known == name) return op;
  return std::nullopt;
}

bool is_instant(const Property& property) { return property.type == "datetime" || property.type == "date"; }

SortKey key_of(const Property& property, std::string_view text) {
  if (text.empty()) return std::monostate{};
  if (is_instant(property)) {
    std::string value(text);
    Property as_instant = property;
    as_instant.type = "datetime";
    if (!normalise(as_instant, value)) return Decimal(to_ms(*parse_instant(value)));
  }
  if (property.type == "number")
    if (const auto number = Decimal::parse(text)) return *number;
  return unique_key(text);
}

SortKey stored_key(const Property& property, std::string_view text) {
  if (is_instant(property)) {
    if (const auto instant = parse_instant(text)) return Decimal(to_ms(*instant));
    if (const auto date = parse_date(text)) return Decimal(to_ms(Instant{std::chrono::sys_days{*date}}));
  }
  return key_of(property, text);
}

bool compares(const Filter& filter, const SortKey& key) {
  const bool missing = std::holds_alternative<std::monostate>(key);
  switch (filter.op) {
    case Operator::has:
      return !missing;
    case Operator::has_not:
      return missing;
    case Operator::neq:
      return missing || key != filter.value;
    case Operator::not_in:
      return missing || !filter.values.contains(key);
    default:
      break;
  }
  if (missing) return false;
  switch (filter.op) {
    case Operator::eq:
      return key == filter.value;
    case Operator::lt:
      return key < filter.value;
    case Operator::lte:
      return !(filter.value < key);
    case Operator::gt:
      return filter.value < key;
    case Operator::gte:
      return !(key < filter.value);
    case Operator::between:
      return !(key < filter.value) && !(filter.high < key);
    case Operator::in:
      return filter.values.contains(key);
    default:
      return false;
  }
}

std::string_view stored_text(const Record& record, const Property& property, int number) {
  if (property.source != Source::stored) return "x";  // those always have one
  return record.bag.find(static_cast<std::uint16_t>(number)).value_or(std::string_view{});
}

bool matches(const Table& table, const Record& record, const Filter& filter) {
  if (filter.op == Operator::contains || filter.op == Operator::contains_not) {
    const std::string_view text = stored_text(record, table.schema.at(filter.property), filter.property);
    return contains_words(text, filter.words, false) == (filter.op == Operator::contains);
  }
  return compares(filter, sort_key(table, record, filter.property));
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out;
  std::string word;
  for (const char c : unique_key(text)) {
    const bool inside =
        (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '*' || static_cast<unsigned char>(c) >= 0x80;
    if (inside) {
      word += c;
    } else if (!word.empty()) {
      out.push_back(std::move(word));
      word.clear();
    }
  }
  if (!word.empty()) out.push_back(std::move(word));
  return out;
}

bool word_matches(std::string_view word, std::string_view wanted, bool prefixes) {
  const bool open_begin = wanted.starts_with('*');
  const bool open_end = wanted.ends_with('*') || prefixes;
  if (open_begin) wanted.remove_prefix(1);
  if (wanted.ends_with('*')) wanted.remove_suffix(1);
  if (open_begin && open_end) return word.find(wanted) != std::string_view::npos;
  if (open_begin) return word.ends_with(wanted);
  if (open_end) return word.starts_with(wanted);
  return word == wanted;
}

}  // namespace

bool contains_words(std::string_view text, std::string_view words, bool prefixes) {
  const std::vector<std::string> have = words_of(text);
  for (const std::string& wanted : words_of(words))
    if (std::none_of(have.begin(), have.end(),
                     [&](const std::string& word) { return word_matches(word, wanted, prefixes); }))
      return false;
  return true;
}

SortKey sort_key(const Table& table, const Record& record, int property) {
  const Property& of = table.schema.at(property);
  switch (of.source) {
    case Source::object_id:
      return Decimal(record.id);
    case Source::created:
      return Decimal(to_ms(record.created));
    case Source::modified:
      return Decimal(to_ms(record.modified));
    case Source::stored:
      break;
  }
  return stored_key(of, record.bag.find(static_cast<std::uint16_t>(property)).value_or(std::string_view{}));
}

std::optional<std::string> Filters::read_filter(const Schema& schema, const json::Value& item, Filter& into) {
  const std::string& name = item["propertyName"].text();
  into.property = schema.find(name);
  if (into.property < 0)
    return fmt::format("There was a problem with the request. The property {} does not exist", name);
  const auto op = operator_named(item["operator"].text());
  if (!op) return fmt::format("Invalid input JSON: operator {} is not known", item["operator"].text());
  into.op = *op;
  const Property& property = schema.at(into.property);
  const std::string value = item["value"].text_or("");
  into.value = key_of(property, value);
  into.high = key_of(property, item["highValue"].text_or(""));
  for (const json::Value& each : item["values"].items()) into.values.insert(key_of(property, each.text_or("")));
  into.words = value;
  const bool needs_values = *op == Operator::in || *op == Operator::not_in;
  const bool needs_none = *op == Operator::has || *op == Operator::has_not;
  if (needs_values && into.values.empty()) return fmt::format("operator {} requires values", item["operator"].text());
  if (!needs_values && !needs_none && value.empty())
    return fmt::format("operator {} requires a value", item["operator"].text());
  if (*op == Operator::between && item["highValue"].text_or("").empty())
    return "operator BETWEEN requires value and highValue";
  return std::nullopt;
}

std::optional<std::string> Filters::read(const Schema& schema, const json::Value& groups, const json::Value& loose) {
  std::vector<const json::Value*> lists;
  for (const json::Value& group : groups.items()) lists.push_back(&group["filters"]);
  if (lists.empty() && loose.size() > 0) lists.push_back(&loose);
  if (lists.size() > kMostGroups) return fmt::format("too many filterGroups: at most {} are allowed", kMostGroups);
  std::size_t total = 0;
  for (const json::Value* list : lists) {
    if (list->size() > kMostFiltersOfGroup)
      return fmt::format("too many filters in a group: at most {} are allowed", kMostFiltersOfGroup);
    total += list->size();
    std::vector<Filter> group;
    for (const json::Value& item : list->items()) {
      Filter filter;
      if (auto problem = read_filter(schema, item, filter)) return problem;
      group.push_back(std::move(filter));
    }
    groups_.push_back(std::move(group));
  }
  if (total > kMostFilters) return fmt::format("too many filters: at most {} are allowed", kMostFilters);
  look_for_shortcuts(schema);
  return std::nullopt;
}

void Filters::look_for_shortcuts(const Schema& schema) {
  for (const auto& group : groups_)
    for (const Filter& filter : group)
      if (schema.at(filter.property).source == Source::modified) asks_modified_ = true;
  if (groups_.size() != 1) return;
  only_modified_ = true;
  ModifiedRange range;
  bool limited = false;
  for (const Filter& filter : groups_[0]) {
    const Source source = schema.at(filter.property).source;
    const Decimal* value = std::get_if<Decimal>(&filter.value);
    const auto from = value != nullptr ? static_cast<std::int64_t>(value->rounded(0, Rounding::floor).mantissa()) : 0;
    if (source == Source::object_id && value != nullptr && (filter.op == Operator::gt || filter.op == Operator::gte))
      least_id_ = std::max(least_id_, from);
    if (source != Source::modified || value == nullptr) {
      only_modified_ = false;
      continue;
    }
    const Instant at = instant_from_ms(from);
    if (filter.op == Operator::gte || filter.op == Operator::between)
      range.first = std::max(range.first, at);
    else if (filter.op == Operator::gt)
      range.first = std::max(range.first, at + Milliseconds{1});
    else if (filter.op == Operator::lte)
      range.last = std::min(range.last, at);
    else if (filter.op == Operator::lt)
      range.last = std::min(range.last, at - Milliseconds{1});
    else {
      only_modified_ = false;
      continue;
    }
    limited = true;
    if (filter.op == Operator::between)
      if (const Decimal* high = std::get_if<Decimal>(&filter.high))
        range.last = std::min(range.last,
                              instant_from_ms(static_cast<std::int64_t>(high->rounded(0, Rounding::floor).mantissa())));
  }
  if (limited) range_ = range;
  only_modified_ = only_modified_ && limited;
}

bool Filters::match(const Table& table, const Record& record) const {
  if (groups_.empty()) return true;
  return std::any_of(groups_.begin(), groups_.end(), [&](const std::vector<Filter>& group) {
    return std::all_of(group.begin(), group.end(),
                       [&](const Filter& filter) { return matches(table, record, filter); });
  });
}

std::optional<std::vector<Id>> Filters::exact_ids(Crm& crm, Type type) const {
  if (groups_.size() != 1) return std::nullopt;
  Table& table = crm.table(type);
  for (const Filter& filter : groups_[0]) {
    if (filter.op != Operator::eq && filter.op != Operator::in) continue;
    const Property& property = table.schema.at(filter.property);
    std::set<SortKey> wanted = filter.values;
    if (filter.op == Operator::eq) wanted = {filter.value};
    std::vector<Id> out;
    for (const SortKey& key : wanted) {
      if (property.source == Source::object_id) {
        if (const Decimal* id = std::get_if<Decimal>(&key))
          out.push_back(static_cast<Id>(id->rounded(0, Rounding::floor).mantissa()));
      } else if (const std::string* text = std::get_if<std::string>(&key); property.unique && text != nullptr) {
        if (const Record* record = table.by_unique(filter.property, *text)) out.push_back(record->id);
      } else {
        return std::nullopt;
      }
    }
    if (property.source == Source::object_id || property.unique) return out;
  }
  return std::nullopt;
}

}  // namespace tieout::sandbox::hubspot
