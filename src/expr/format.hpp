// string.format(): %s %d %f %e %b %o %x %X %% with an optional precision (%.2f).
#pragma once

#include <span>
#include <string_view>

#include "expr/frame.hpp"

namespace tieout::expr {

model::Value format_text(std::string_view pattern, std::span<const model::Value> arguments, Frame& frame);

}  // namespace tieout::expr
