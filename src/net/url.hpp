// Reading the parts of a URL that a client sent.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tieout::net {

/// %XX becomes its byte; a % that is not followed by two hex digits stays. "+" is a blank in queries and forms only.
std::string percent_decoded(std::string_view text, bool plus_is_blank);

/// "a=1&b=x%20y+z&c" as pairs, decoded, in order, repeats kept; also for application/x-www-form-urlencoded bodies.
std::vector<std::pair<std::string, std::string>> parse_query(std::string_view text);

}  // namespace tieout::net
