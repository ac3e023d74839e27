// The result of a seed as a line of text, on its way from the process that ran it to the one that adds up.
#pragma once

#include <string>

#include "base/result.hpp"
#include "sim/seed.hpp"

namespace tieout::sim {

std::string to_line(const SeedResult& result);  ///< JSON, without a line break
Result<SeedResult> from_line(std::string_view line);

}  // namespace tieout::sim
