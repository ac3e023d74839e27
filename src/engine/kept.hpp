// The form in which a page of the vendor's own words is kept: one line of JSON a record, with what was told around it,
// so that it can be read again years later exactly as it was.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ports/connector.hpp"

namespace tieout::engine {

void append_kept(std::string& out, const ports::RawRecord& record);

/// The vendor's own words in one line of a kept page, as they came (line breaks are blanks); the line itself when it is
/// not of that form.
std::string_view kept_words(std::string_view line);

/// Fails with payload.malformed (a page kept by a version before this form names no objects: it can not be replayed).
Result<std::vector<ports::RawRecord>> read_kept(std::string_view page);

}  // namespace tieout::engine
