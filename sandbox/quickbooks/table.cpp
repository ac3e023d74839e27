#include "sandbox/quickbooks/table.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "sandbox/quickbooks/text.hpp"

namespace tieout::sandbox::quickbooks {
namespace {

const std::vector<std::int64_t> kNone;

void drop(std::vector<std::int64_t>& ids, std::int64_t id) {
  const auto found = std::find(ids.rbegin(), ids.rend(), id);  // what is dropped is mostly young
  if (found != ids.rend()) ids.erase(std::next(found).base());
}

template <class Map, class Key>
void drop_from(Map& map, const Key& key, std::int64_t id) {
  const auto found = map.find(key);
  if (found == map.end()) return;
  drop(found->second, id);
  if (found->second.empty()) map.erase(found);
}

}  // namespace

Decimal Record::applied_total() const {
  Decimal sum;
  for (const Application& each : applied) sum += each.amount;
  return sum;
}

Record* Table::find(std::int64_t id) {
  const auto found = lookup_.find(id);
  return found == lookup_.end() ? nullptr : found->second;
}

Record& Table::insert(std::int64_t id, Keys keys, Instant now, std::uint64_t birth) {
  const auto place = by_id_.emplace_hint(by_id_.end(), id, Record{});
  Record& record = place->second;
  CHECK(record.id == 0, "an id was given out twice");
  record.id = id;
  record.birth = birth;
  record.created = now;
  record.keys = std::move(keys);
  record.folded = fold(record.keys.display);
  lookup_.emplace(id, &record);
  index(record);
  note(&record, id, now);
  return record;
}

void Table::rekey(Record& record, Keys keys) {
  unindex(record);
  record.keys = std::move(keys);
  record.folded = fold(record.keys.display);
  index(record);
}

void Table::touch(Record& record, Instant now) {
  ++record.version;
  note(&record, record.id, now);
}

void Table::erase(std::int64_t id, Instant now) {
  Record* record = find(id);
  CHECK(record != nullptr, "erase of a record that is not there");
  unindex(*record);
  lookup_.erase(id);
  by_id_.erase(id);
  note(nullptr, id, now);
}

void Table::note(Record* record, std::int64_t id, Instant now) {
  // A clock that was set back must not unsort the log: a change is never older than the one before.
  const Instant at = log_.empty() ? now : std::max(now, log_.back().at);
  if (record) {
    record->updated = at;
    record->change = log_.size();
  }
  log_.push_back({at, id, record == nullptr});
}

void Table::index(const Record& record) {
  if (!record.folded.empty()) by_name_[record.folded].push_back(record.id);
  if (record.keys.customer != 0) by_customer_[record.keys.customer].push_back(record.id);
  if (!record.keys.date.empty()) by_date_[record.keys.date].push_back(record.id);
}

void Table::unindex(const Record& record) {
  drop_from(by_name_, record.folded, record.id);
  drop_from(by_customer_, record.keys.customer, record.id);
  drop_from(by_date_, record.keys.date, record.id);
}

const std::vector<std::int64_t>& Table::named(const std::string& folded) const {
  const auto found = by_name_.find(folded);
  return found == by_name_.end() ? kNone : found->second;
}

const std::vector<std::int64_t>& Table::of_customer(std::int64_t customer) const {
  const auto found = by_customer_.find(customer);
  return found == by_customer_.end() ? kNone : found->second;
}

std::size_t Table::log_from(Instant moment) const {
  const auto from = std::lower_bound(log_.begin(), log_.end(), moment,
                                     [](const Change& change, Instant at) { return change.at < at; });
  return static_cast<std::size_t>(from - log_.begin());
}

bool Table::is_current(std::size_t position) const {
  const Change& change = log_[position];
  if (change.deleted) return true;
  const Record* record = find(change.id);
  return record && record->change == position;
}

}  // namespace tieout::sandbox::quickbooks
