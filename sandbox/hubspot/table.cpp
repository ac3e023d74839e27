#include "sandbox/hubspot/table.hpp"

namespace tieout::sandbox::hubspot {

std::string unique_key(std::string_view value) {
  while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
  while (!value.empty() && value.back() == ' ') value.remove_suffix(1);
  std::string out(value);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::size_t ModifiedLog::append(Instant at, Id id) {
  entries_.push_back({at, id});
  if (live_.size() * kBlock < entries_.size()) live_.push_back(0);
  ++live_.back();
  return entries_.size() - 1;
}

void ModifiedLog::kill(std::size_t position) {
  if (entries_[position].id == 0) return;
  entries_[position].id = 0;
  --live_[position / kBlock];
  ++dead_;
}

std::size_t ModifiedLog::first_not_before(Instant at) const {
  const auto found = std::lower_bound(entries_.begin(), entries_.end(), at,
                                      [](const Entry& entry, Instant wanted) { return entry.at < wanted; });
  return static_cast<std::size_t>(found - entries_.begin());
}

std::size_t ModifiedLog::live_from(std::size_t begin, std::size_t end) const {
  std::size_t count = 0;
  while (begin < end) {
    if (begin % kBlock == 0 && begin + kBlock <= end) {
      count += live_[begin / kBlock];
      begin += kBlock;
    } else {
      count += entries_[begin++].id != 0 ? 1 : 0;
    }
  }
  return count;
}

Record& Table::add(Id id, Instant now) {
  Record& record = records_.emplace_back();
  record.id = id;
  record.created = now;
  record.modified = now;
  record.log_position = log_.append(std::max(now, last_touch_), id);
  last_touch_ = std::max(now, last_touch_);
  record.modified = last_touch_;
  ++live_count_;
  return record;
}

std::size_t Table::position_after(Id id) const {
  const auto found = std::upper_bound(records_.begin(), records_.end(), id,
                                      [](Id wanted, const Record& record) { return wanted < record.id; });
  return static_cast<std::size_t>(found - records_.begin());
}

Record* Table::find(Id id) {
  for (int hops = 0; hops < 1000; ++hops) {
    const auto merged = merged_into_.find(id);
    if (merged == merged_into_.end()) break;
    id = merged->second;
  }
  const std::size_t after = position_after(id);
  if (after == 0) return nullptr;
  Record& record = records_[after - 1];
  return record.id == id && !record.gone ? &record : nullptr;
}

Record* Table::live(Id id) {
  Record* record = find(id);
  return record != nullptr && !record->archived ? record : nullptr;
}

Record* Table::by_unique(int property, std::string_view value) {
  const auto index = unique_.find(property);
  if (index == unique_.end()) return nullptr;
  const auto found = index->second.find(unique_key(value));
  return found == index->second.end() ? nullptr : live(found->second);
}

void Table::touch(Record& record, Instant now) {
  log_.kill(record.log_position);
  last_touch_ = std::max(now, last_touch_);
  record.modified = last_touch_;
  record.log_position = log_.append(last_touch_, record.id);
  if (log_.wants_cleaning())
    log_.clean([this](Id id, std::size_t position) { records_[position_after(id) - 1].log_position = position; });
}

void Table::archive(Record& record, Instant now) {
  if (record.archived) return;
  unindex_values(record);
  log_.kill(record.log_position);
  record.archived = true;
  record.archived_at = now;
  --live_count_;
}

void Table::restore(Record& record, Instant now) {
  if (!record.archived) return;
  record.archived = false;
  ++live_count_;
  index_values(record);
  touch(record, now);
}

void Table::erase(Record& record) {
  if (!record.archived) {
    unindex_values(record);
    log_.kill(record.log_position);
    --live_count_;
  }
  record.archived = true;
  record.gone = true;
  record.bag.clear();
  record.links.clear();
}

void Table::index_values(const Record& record) {
  for (const int number : schema.unique_numbers())
    if (const auto value = record.bag.find(static_cast<std::uint16_t>(number)))
      unique_[number][unique_key(*value)] = record.id;
}

void Table::unindex_values(const Record& record) {
  for (const int number : schema.unique_numbers())
    if (const auto value = record.bag.find(static_cast<std::uint16_t>(number)))
      unique_[number].erase(unique_key(*value));
}

}  // namespace tieout::sandbox::hubspot
