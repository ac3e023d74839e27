// Is this text one complete JSON object or array? Told without building anything, so that a body that was cut off, or
// an HTML page under status 200, is noticed in the one place where every answer passes.
#pragma once

#include <string_view>

namespace tieout::vendors {

/// True when every bracket is closed and nothing is cut off; the values themselves are not looked at.
bool is_whole_json(std::string_view text);

}  // namespace tieout::vendors
