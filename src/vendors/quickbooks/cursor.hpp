// The place-mark of a QuickBooks pull. `load` pages through each entity by Id; `delta` asks for all changes at once;
// `narrow` does the same entity by entity where one answer cannot hold them, or where the books were left alone for
// longer than the change list remembers.
#pragma once

#include <string>
#include <unordered_map>

#include "base/result.hpp"

namespace tieout::vendors::quickbooks {

enum class Phase : std::uint8_t { load, delta, narrow };

struct Cursor {
  Phase phase = Phase::load;
  int entity = 0;             ///< load, narrow: index into the objects in scope
  std::int64_t position = 1;  ///< load, narrow: STARTPOSITION of the next page
  std::string last;           ///< load: Id of the last record read; the next page begins with it, or something moved
  int backs = 0;              ///< load: how often we stepped back because something moved
  std::int64_t started = 0;   ///< ms by the vendor's clock when this load or narrow round began
  std::int64_t floor = 0;     ///< ms by the vendor's clock: everything changed before it was handed on
  std::int64_t since = 0;     ///< narrow: lower bound of the query of this entity
  bool query = false;         ///< narrow: this entity is read by query, not by the change list
  bool too_old = false;       ///< narrow: `floor` is beyond the change list, so every entity is read by query
  struct Seen {
    std::string token;
    std::int64_t at = 0;
    bool operator==(const Seen&) const = default;
  };
  std::unordered_map<std::string, Seen> seen;  ///< "Invoice:12" → handed on, from `floor` on
};

std::string to_text(const Cursor& cursor);
/// Fails with quickbooks.cursor.malformed: the stored place-mark is not ours; start with an empty one.
Result<Cursor> parse_cursor(const std::string& text);

}  // namespace tieout::vendors::quickbooks
