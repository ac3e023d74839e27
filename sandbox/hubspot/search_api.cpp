// Search, the only way to ask for changes: filter groups, sorts, a cap of 10,000 results, and an index that runs
// behind. A record in the window of the index delay is not found at all when it is new, and not found by its modified
// date when it was changed. Questions by modified date alone are answered from the modified order without looking at
// other records, so that a delta of an idle account costs nothing.
#include <fmt/core.h>

#include "money/decimal.hpp"
#include "sandbox/hubspot/api.hpp"
#include "sandbox/hubspot/filter.hpp"
#include "sandbox/hubspot/render.hpp"
#include "sandbox/kit/server.hpp"

namespace tieout::sandbox::hubspot {
namespace {

constexpr Id kSearchDefault = 10;
constexpr Id kSearchMost = 200;
constexpr Id kSearchWindow = 10'000;

struct Sort {
  int property = -1;
  bool descending = false;
};

/// "-amount", {"propertyName": …, "direction": "DESCENDING"}, or either as JSON text (older clients send that).
std::optional<Sort> read_sort(const Schema& schema, const json::Value& item) {
  if (item.is_object()) {
    const int property = schema.find(item["propertyName"].text());
    return Sort{property, item["direction"].text() == "DESCENDING"};
  }
  std::string_view name = item.text();
  if (name.starts_with("{"))
    if (const auto inner = json::parse(name); inner && inner->is_object()) return read_sort(schema, *inner);
  const bool descending = name.starts_with("-");
  if (descending) name.remove_prefix(1);
  return Sort{schema.find(name), descending};
}

class Search {
 public:
  Search(Call& call, Type type) : call_(call), table_(call.crm.table(type)), type_(type) {}

  Answer answer() {
    if (auto problem = read()) return bad_request(call_, *problem);
    if (offset_ >= kSearchWindow)
      return bad_request(call_,
                         fmt::format("There was a problem with the request. Paging past {} results is not possible; "
                                     "`after` was {}.",
                                     kSearchWindow, offset_));
    const std::vector<const Record*> page = find();
    return rendered(page);
  }

 private:
  std::optional<std::string> read() {
    const json::Value& body = call_.body;
    limit_ = body["limit"].is_null() ? kSearchDefault : body["limit"].as_int(-1);
    if (limit_ < 0 || limit_ > kSearchMost) return fmt::format("limit must be between 0 and {}", kSearchMost);
    const json::Value& after = body["after"];
    if (!after.is_null() && after.text() != "") {
      const auto number = parse_id(after.text());
      if (!number) return fmt::format("invalid `after`: {}", after.text());
      offset_ = *number;
    }
    if (auto problem = filters_.read(table_.schema, body["filterGroups"], body["filters"])) return problem;
    query_ = unique_key(body["query"].text());
    if (body["sorts"].size() > 1) return "only one sort is supported";
    for (const json::Value& item : body["sorts"].items()) {
      sort_ = read_sort(table_.schema, item);
      if (!sort_ || sort_->property < 0) return fmt::format("unknown property in sorts: {}", item.dump());
    }
    return std::nullopt;
  }

  bool by_source(Source source, bool descending) const {
    return sort_ && !sort_->descending == !descending && table_.schema.at(sort_->property).source == source;
  }

  Instant index_edge() const {
    const Milliseconds delay = std::max(call_.index_delay, call_.faults.stale_index);
    return delay.count() == 0 ? Instant::max() : call_.now - delay;
  }

  bool matches(const Record& record) const {
    if (record.archived || record.gone) return false;
    const Instant edge = index_edge();
    if (record.created > edge || (record.modified > edge && filters_.asks_modified())) return false;
    return filters_.match(table_, record) && query_matches(record);
  }

  bool query_matches(const Record& record) const {
    if (query_.empty()) return true;
    for (const std::string_view name : info(type_).searched) {
      const int property = table_.schema.find(name);
      if (property >= 0 && contains_words(call_.crm.text(table_, record, property), query_, true)) return true;
    }
    return false;
  }

  std::vector<const Record*> find() {
    const auto range = filters_.modified_range();
    if (range && (by_source(Source::modified, false))) return from_modified_order(*range);
    std::vector<const Record*> found = range ? all_modified(*range) : all_matching();
    arrange(found);
    total_ = static_cast<std::int64_t>(found.size());
    const auto begin = std::min(found.size(), static_cast<std::size_t>(offset_));
    const auto end = std::min(found.size(), begin + static_cast<std::size_t>(limit_));
    return {found.begin() + static_cast<std::ptrdiff_t>(begin), found.begin() + static_cast<std::ptrdiff_t>(end)};
  }

  std::pair<std::size_t, std::size_t> positions(const ModifiedRange& range) const {
    const ModifiedLog& log = table_.log();
    const Instant edge = index_edge();
    const Instant last = std::min(range.last, edge);
    const std::size_t begin = log.first_not_before(range.first);
    const std::size_t end = last == Instant::max() ? log.size() : log.first_not_before(last + Milliseconds{1});
    return {begin, std::max(begin, end)};
  }

  /// Already in the wanted order, so only the page itself is looked at, unless other filters have to be asked.
  std::vector<const Record*> from_modified_order(const ModifiedRange& range) {
    const auto [begin, end] = positions(range);
    const ModifiedLog& log = table_.log();
    const bool sieve = !filters_.only_modified() || !query_.empty();
    std::vector<const Record*> page;
    std::int64_t seen = 0;
    for (std::size_t i = begin; i < end; ++i) {
      if (log.at(i).id == 0) continue;
      if (!sieve && seen >= offset_ + limit_) break;
      const Record* record = sieve || seen >= offset_ ? table_.find(log.at(i).id) : nullptr;
      if (sieve && (record == nullptr || !matches(*record))) continue;
      if (seen >= offset_ && seen < offset_ + limit_ && record != nullptr) page.push_back(record);
      ++seen;
    }
    total_ = sieve ? seen : static_cast<std::int64_t>(log.live_from(begin, end));
    return page;
  }

  std::vector<const Record*> all_modified(const ModifiedRange& range) {
    const auto [begin, end] = positions(range);
    std::vector<const Record*> out;
    for (std::size_t i = begin; i < end; ++i) {
      if (table_.log().at(i).id == 0) continue;
      const Record* record = table_.find(table_.log().at(i).id);
      if (record != nullptr && matches(*record)) out.push_back(record);
    }
    return out;
  }

  std::vector<const Record*> all_matching() {
    std::vector<const Record*> out;
    if (const auto ids = filters_.exact_ids(call_.crm, type_)) {
      for (const Id id : *ids) {
        const Record* record = table_.find(id);
        if (record != nullptr && record->id == id && matches(*record)) out.push_back(record);
      }
      return out;
    }
    const auto& all = table_.records();
    for (std::size_t i = table_.position_after(filters_.least_id() - 1); i < all.size(); ++i)
      if (matches(all[i])) out.push_back(&all[i]);
    return out;
  }

  /// Oldest first unless told otherwise. Equal keys keep that order.
  void arrange(std::vector<const Record*>& found) const {
    std::sort(found.begin(), found.end(), [](const Record* a, const Record* b) { return a->id < b->id; });
    if (!sort_) return;
    const Property& property = table_.schema.at(sort_->property);
    if (property.source == Source::object_id || property.source == Source::created) {
      if (sort_->descending) std::reverse(found.begin(), found.end());
      return;
    }
    std::vector<std::pair<SortKey, const Record*>> keyed;
    keyed.reserve(found.size());
    for (const Record* record : found) keyed.emplace_back(sort_key(table_, *record, sort_->property), record);
    std::stable_sort(keyed.begin(), keyed.end(), [&](const auto& a, const auto& b) {
      return sort_->descending ? b.first < a.first : a.first < b.first;
    });
    for (std::size_t i = 0; i < found.size(); ++i) found[i] = keyed[i].second;
  }

  Answer rendered(std::vector<const Record*> page) const {
    std::vector<std::string> names;
    for (const json::Value& item : call_.body["properties"].items()) names.push_back(item.text());
    const Selection selection(table_, names);
    RenderOptions options;
    options.selection = &selection;
    const bool was_empty = page.empty();
    Id next = offset_ + static_cast<Id>(page.size());
    if (call_.faults.missing_page && !was_empty) {  // nothing now, but there is more: ask again from here
      page.clear();
      next = offset_;
    } else if (call_.faults.duplicate_page && page.size() > 1) {
      next -= static_cast<Id>(page.size() / 2);  // the next page begins in the middle of this one
    }
    std::string out = "{\"total\":";
    append_number(out, total_);
    out += ",\"results\":[";
    for (std::size_t i = 0; i < page.size(); ++i) {
      if (i > 0) out += ',';
      append_record(out, call_.crm, table_, *page[i], options);
    }
    out += ']';
    if (next < total_ && !was_empty) {
      out += ',';
      append_next(out, std::to_string(next), {});
    }
    out += '}';
    return json_answer(200, std::move(out));
  }

  Call& call_;
  const Table& table_;
  Type type_;
  Filters filters_;
  std::optional<Sort> sort_;
  std::string query_;
  Id limit_ = kSearchDefault;
  Id offset_ = 0;
  std::int64_t total_ = 0;
};

}  // namespace

Answer search_api(Call& call, Type type) {
  if (!call.body.is_object()) return bad_request(call, "Invalid input JSON: a search is an object");
  return Search(call, type).answer();
}

}  // namespace tieout::sandbox::hubspot
