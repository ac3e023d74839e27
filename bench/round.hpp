// The end-to-end rounds: first load, nothing changed, one percent changed.
#pragma once

#include <string>

#include "base/result.hpp"

namespace tieout::bench {

/// Fills a world with that many customers and as many won deals, and prints what each round cost.
Result<bool> measure_rounds(const std::string& program, int customers);

/// Prints the speed of the parts that records pass through: mapping, expressions, decimals.
Result<bool> measure_parts();

}  // namespace tieout::bench
