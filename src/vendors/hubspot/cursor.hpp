// The place-mark of a HubSpot pull: which list page of a first load comes next, or, afterwards, for each kind of object
// how far back the next search must reach and what of that stretch was handed on before. It is stored by the engine
// with the records, so it must say everything; it is JSON so that a person can read it.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"

namespace tieout::vendors::hubspot {

enum class Phase : std::uint8_t { load, delta, archived };

/// The delta of one kind of object. A pass reads from `floor` upwards, page by page; `base` and `after` are where it
/// is.
struct Mark {
  std::int64_t floor = 0;        ///< ms by the vendor's clock: everything before it was handed on
  std::int64_t base = 0;         ///< lower bound of the search that is being paged
  std::string after;             ///< its next page, "" for the first
  std::int64_t top = 0;          ///< latest modified date seen in this pass
  std::int64_t vendor_time = 0;  ///< the vendor's clock at the first answer of this pass; 0 when it does not say
  bool started = false;
  bool done = false;                                   ///< this pass has reached the end for this object
  std::unordered_map<std::string, std::int64_t> seen;  ///< id -> modified date handed on, from `floor` on
};

struct Cursor {
  Phase phase = Phase::load;
  int object = 0;  ///< load, archived: index into the objects in scope
  std::string after;
  std::int64_t started = 0;  ///< ms by the vendor's clock when the first load began
  int passes = 0;            ///< deltas done since the archived lists were read
  std::vector<std::pair<std::string, Mark>> marks;
  Mark& mark(const std::string& object_name);
};

std::string to_text(const Cursor& cursor);
/// Fails with hubspot.cursor.malformed: the stored place-mark is not ours; start with an empty one.
Result<Cursor> parse_cursor(const std::string& text);

}  // namespace tieout::vendors::hubspot
