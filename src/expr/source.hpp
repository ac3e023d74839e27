// Where something stands in the source of an expression, as a person reads it: line:column, the line itself with a
// caret under the place, and the name that was probably meant. All compile and run messages go through here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace tieout::expr {

/// "1:9: what\n  source.domian\n         ^". offset counts bytes; the column counts characters, from 1.
std::string message_at(std::string_view source, std::size_t offset, std::string_view what);

/// A Fault of that code with message_at as its text.
Fault fault_at(std::string_view source, std::size_t offset, std::string_view code, std::string_view what);

/// The candidate that differs from name by a slip or two of the keyboard; empty when none is near.
std::string nearest(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace tieout::expr
