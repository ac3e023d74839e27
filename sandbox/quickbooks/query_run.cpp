#include "sandbox/quickbooks/query_run.hpp"

#include <fmt/core.h>

#include "sandbox/quickbooks/query_field.hpp"
#include "sandbox/quickbooks/text.hpp"

namespace tieout::sandbox::quickbooks {
namespace {

using json::Value;
using Source = QueryField::Source;

/// A condition with its values read once.
struct Test {
  QueryField field;
  Operator op;
  std::vector<Comparable> values;
  std::vector<std::string> raw;
};

bool holds(const Test& test, const Comparable& mine) {
  if (mine.absent) return false;
  if (test.op == Operator::like) return is_like(mine.text, test.raw.front());
  if (test.op == Operator::in) {
    for (const Comparable& each : test.values)
      if (test.field.compare(mine, each) == 0) return true;
    return false;
  }
  const int order = test.field.compare(mine, test.values.front());
  switch (test.op) {
    case Operator::equal:
      return order == 0;
    case Operator::less:
      return order < 0;
    case Operator::greater:
      return order > 0;
    case Operator::less_equal:
      return order <= 0;
    default:
      return order >= 0;
  }
}

class Run {
 public:
  Run(const Books& books, const Query& query, const View& view)
      : books_(books), query_(query), view_(view), entity_(query.entity->entity), table_(books.table(entity_)) {}

  Refusal read_conditions() {
    for (const Condition& condition : query_.where) {
      auto field = QueryField::find(*query_.entity, condition.field);
      if (!field) return field.error();
      Test test{*std::move(field), condition.op, {}, condition.values};
      for (const std::string& text : condition.values) {
        if (condition.op == Operator::like) continue;
        auto value = test.field.literal(books_, text);
        if (!value) return value.error();
        test.values.push_back(*std::move(value));
      }
      asks_active_ = asks_active_ || test.field.source() == Source::active;
      tests_.push_back(std::move(test));
    }
    for (const Query::Order& order : query_.order) {
      auto field = QueryField::find(*query_.entity, order.field);
      if (!field) return field.error();
      order_.push_back(*std::move(field));
    }
    return {};
  }

  /// May the rows be kept for the next page? Not what depends on more than the entity's own table.
  bool lasting() const {
    if (query_.start == 1 || query_.counts || view_.unseen_since != Instant::max()) return false;
    const auto moves = [](const QueryField& field) { return field.source() == Source::balance; };
    for (const Test& test : tests_)
      if (moves(test.field)) return false;
    return std::none_of(order_.begin(), order_.end(), moves);
  }

  /// The statement without its page.
  std::string statement() const {
    std::string out(query_.entity->name);
    for (const Condition& each : query_.where) {
      out += fmt::format("|{}|{}", each.field, static_cast<int>(each.op));
      for (const std::string& value : each.values) out += fmt::format("|{}:{}", value.size(), value);
    }
    for (const Query::Order& each : query_.order) out += fmt::format("|by {} {}", each.field, each.descending);
    return out;
  }

  /// Records that match, in the order asked; at most `enough` when the order of ids is good enough.
  std::vector<const Record*> matches(std::size_t enough) {
    std::vector<const Record*> found;
    const auto take = [&](const Record& record) {
      if (matches_all(record)) found.push_back(&record);
      return order_.empty() && found.size() >= enough;
    };
    if (auto ids = candidates()) {
      std::sort(ids->begin(), ids->end());
      ids->erase(std::unique(ids->begin(), ids->end()), ids->end());
      for (const std::int64_t id : *ids)
        if (const Record* record = table_.find(id); record && take(*record)) break;
    } else {
      for (const auto& [id, record] : table_.all())
        if (take(record)) break;
    }
    if (!order_.empty()) sort(found);
    return found;
  }

 private:
  bool matches_all(const Record& record) const {
    if (!record.keys.active && !asks_active_) return false;
    if (!books_.is_visible(record) || record.created >= view_.unseen_since) return false;
    for (const Test& test : tests_)
      if (!holds(test, test.field.of(books_, entity_, record))) return false;
    return true;
  }

  /// Ids through the most telling index; empty: everything has to be looked at.
  std::optional<std::vector<std::int64_t>> candidates() const {
    for (const Source source : {Source::id, Source::display, Source::customer, Source::updated, Source::date})
      for (const Test& test : tests_)
        if (test.field.source() == source)
          if (auto ids = through(source, test)) return ids;
    return {};
  }

  std::optional<std::vector<std::int64_t>> through(Source source, const Test& test) const {
    std::vector<std::int64_t> ids;
    const bool exact = test.op == Operator::equal || test.op == Operator::in;
    const auto add = [&](const std::vector<std::int64_t>& more) { ids.insert(ids.end(), more.begin(), more.end()); };
    if (source == Source::updated) {
      if (test.op != Operator::greater && test.op != Operator::greater_equal) return {};
      // Whole seconds are compared, so start at the beginning of that second.
      const auto from = instant_from_ms(test.values.front().ms);
      for (std::size_t at = table_.log_from(from); at < table_.log().size(); ++at)
        if (!table_.log()[at].deleted && table_.is_current(at)) ids.push_back(table_.log()[at].id);
      return ids;
    }
    if (source == Source::date) return by_date(test);
    if (!exact) return {};
    for (std::size_t i = 0; i < test.raw.size(); ++i) {
      if (source == Source::id) ids.push_back(Books::id_number(entity_, test.raw[i]));
      if (source == Source::display) add(table_.named(test.values[i].text));
      if (source == Source::customer) add(table_.of_customer(Books::id_number(Entity::customer, test.raw[i])));
    }
    return ids;
  }

  std::optional<std::vector<std::int64_t>> by_date(const Test& test) const {
    if (test.op == Operator::like || test.op == Operator::in) return {};
    const auto& days = table_.by_date();
    const std::string day = test.raw.front().substr(0, 10);
    auto from = days.begin(), to = days.end();
    if (test.op == Operator::equal || test.op == Operator::greater_equal) from = days.lower_bound(day);
    if (test.op == Operator::greater) from = days.upper_bound(day);
    if (test.op == Operator::equal || test.op == Operator::less_equal) to = days.upper_bound(day);
    if (test.op == Operator::less) to = days.lower_bound(day);
    std::vector<std::int64_t> ids;
    for (; from != to; ++from) ids.insert(ids.end(), from->second.begin(), from->second.end());
    return ids;
  }

  void sort(std::vector<const Record*>& records) const {
    struct Row {
      const Record* record;
      std::vector<Comparable> keys;
    };
    std::vector<Row> rows;
    rows.reserve(records.size());
    for (const Record* record : records) {
      Row row{record, {}};
      for (const QueryField& field : order_) row.keys.push_back(field.of(books_, entity_, *record));
      rows.push_back(std::move(row));
    }
    std::stable_sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) {
      for (std::size_t i = 0; i < order_.size(); ++i) {
        const int order = order_[i].compare(a.keys[i], b.keys[i]);
        if (order != 0) return query_.order[i].descending ? order > 0 : order < 0;
      }
      return false;
    });
    for (std::size_t i = 0; i < rows.size(); ++i) records[i] = rows[i].record;
  }

  const Books& books_;
  const Query& query_;
  const View& view_;
  const Entity entity_;
  const Table& table_;
  std::vector<Test> tests_;
  std::vector<QueryField> order_;
  bool asks_active_ = false;
};

/// Only what the statement named, besides what every answer carries.
std::string projected(const Value& document, const std::vector<std::string>& fields) {
  Value out = Value::object();
  for (const auto& [name, value] : document.members()) {
    bool wanted = name == "domain" || name == "sparse";
    for (const std::string& field : fields)
      wanted = wanted || same_word(std::string_view(field).substr(0, field.find('.')), name);
    if (wanted) out.set(name, name == "sparse" ? Value::boolean(true) : value);
  }
  return out.dump();
}

}  // namespace

Outcome<std::string> run_query(const Books& books, const Query& query, const View& view, PageCache* cache) {
  Run run(books, query, view);
  if (Refusal no = run.read_conditions()) return refused(std::move(no));
  for (const std::string& field : query.fields)
    if (!same_word(field.substr(0, field.find('.')), "MetaData") && !same_word(field, "Line"))
      if (auto known = QueryField::find(*query.entity, field); !known)
        if (!type_named(query.entity->name)->field(field.substr(0, field.find('.')))) return refused(known.error());
  if (query.counts) return fmt::format("{{\"totalCount\":{}}}", run.matches(SIZE_MAX).size());

  std::size_t first = query.start - 1;
  std::vector<const Record*> own;
  const std::vector<const Record*>* rows = &own;
  if (cache && run.lasting()) {
    const std::size_t changes = books.table(query.entity->entity).log().size();
    std::string statement = run.statement();
    if (cache->statement != statement || cache->changes != changes)
      *cache = PageCache{std::move(statement), changes, run.matches(SIZE_MAX)};
    rows = &cache->rows;
  } else {
    own = run.matches(first + query.most);
  }
  const std::vector<const Record*>& found = *rows;
  if (view.duplicate_page && first > 0) first -= std::min(first, query.most);
  if (view.missing_page || first >= found.size()) return std::string("{}");
  const std::size_t count = std::min(query.most, found.size() - first);
  std::string out = fmt::format("{{\"{}\":[", query.entity->name);
  for (std::size_t i = first; i < first + count; ++i) {
    if (i > first) out += ',';
    out += query.fields.empty() ? books.render(query.entity->entity, *found[i])
                                : projected(books.document(query.entity->entity, *found[i]), query.fields);
  }
  out += fmt::format("],\"startPosition\":{},\"maxResults\":{}}}", query.start, count);
  return out;
}

}  // namespace tieout::sandbox::quickbooks
