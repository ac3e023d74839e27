// IP addresses and ranges as text: RFC 5952 for IPv6, dotted for IPv4. Read strictly: no zones, no IPv4 inside IPv6.
#pragma once

#include <string>
#include <string_view>

#include "model/value.hpp"

namespace tieout::expr {

/// The 4 or 16 bytes in network order; false (with `why`) when the text is no address.
bool read_address(std::string_view text, std::string& bytes, std::string& why);
bool read_range(std::string_view text, std::string& bytes, int& prefix, std::string& why);
std::string address_text(const model::Value& address_or_range);

}  // namespace tieout::expr
