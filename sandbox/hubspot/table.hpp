// The records of one object type: by id, by modified date, and by the values that must be unique. Ids and modified
// dates only ever grow, so both orders are kept by appending.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/time.hpp"
#include "sandbox/hubspot/bag.hpp"
#include "sandbox/hubspot/schema.hpp"

namespace tieout::sandbox::hubspot {

using Id = std::int64_t;

struct Link {
  Id to_id = 0;
  std::uint16_t type_id = 0;
  Type to_type = contacts;
  Category category = Category::hubspot_defined;
};

struct Record {
  Id id = 0;
  Instant created;
  Instant modified;
  Instant archived_at;
  std::size_t log_position = 0;
  bool archived = false;
  bool gone = false;  ///< merged into another, or erased for good
  Bag bag;
  std::vector<Link> links;  ///< sorted by to_type, to_id, category, type_id
};

/// When which record was last modified. Entries of records that changed again stay behind as dead ones until a
/// clean-up; counts a block make "how many since" cheap without looking at each.
class ModifiedLog {
 public:
  struct Entry {
    Instant at;
    Id id = 0;  ///< 0: dead
  };
  std::size_t append(Instant at, Id id);
  void kill(std::size_t position);
  std::size_t first_not_before(Instant at) const;
  std::size_t live_from(std::size_t begin, std::size_t end) const;
  std::size_t size() const { return entries_.size(); }
  const Entry& at(std::size_t position) const { return entries_[position]; }
  bool wants_cleaning() const { return dead_ > 65'536 && dead_ > entries_.size() / 2; }
  /// Drops dead entries; moved(id, new position) for the others.
  template <class Moved>
  void clean(Moved moved) {
    std::vector<Entry> old;
    old.swap(entries_);
    live_.clear();
    dead_ = 0;
    for (const Entry& entry : old)
      if (entry.id != 0) moved(entry.id, append(entry.at, entry.id));
  }

 private:
  static constexpr std::size_t kBlock = 1024;
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> live_;  ///< a block
  std::size_t dead_ = 0;
};

class Table {
 public:
  explicit Table(Type type) : schema(type), type_(type) {}

  Type type() const { return type_; }
  /// New and empty; not yet in the modified order (touch does that).
  Record& add(Id id, Instant now);
  /// The record of that id, also when archived; what was merged leads to the survivor. Null when unknown or gone.
  Record* find(Id id);
  const Record* find(Id id) const { return const_cast<Table*>(this)->find(id); }
  /// Only if not archived.
  Record* live(Id id);
  /// The live record with that value of a unique property; null when none.
  Record* by_unique(int property, std::string_view value);

  /// Marks the record as modified: dates never run backwards, even when the clock does.
  void touch(Record& record, Instant now);
  void archive(Record& record, Instant now);
  void restore(Record& record, Instant now);
  void erase(Record& record);
  void merged(Id old_id, Id survivor) { merged_into_[old_id] = survivor; }

  /// Keeps the unique index in step; call before and after a value changes.
  void index_values(const Record& record);
  void unindex_values(const Record& record);

  std::size_t live_count() const { return live_count_; }
  const std::deque<Record>& records() const { return records_; }  ///< in the order of ids
  std::size_t position_after(Id id) const;                        ///< of the first record with a greater id
  const ModifiedLog& log() const { return log_; }

  Schema schema;

 private:
  Type type_;
  std::deque<Record> records_;
  ModifiedLog log_;
  Instant last_touch_;
  std::size_t live_count_ = 0;
  std::unordered_map<Id, Id> merged_into_;
  std::unordered_map<int, std::unordered_map<std::string, Id>> unique_;
};

/// Unique values are compared without regard to case and outer blanks.
std::string unique_key(std::string_view value);

}  // namespace tieout::sandbox::hubspot
