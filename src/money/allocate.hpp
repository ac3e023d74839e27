// Largest remainder: how a sum is shared out in whole minor units so that the shares add up to it again. Everything
// that is split anywhere (discounts, taxes, instalments) is split here, so that it is split the same way everywhere.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "money/decimal.hpp"

namespace tieout {

/// Shares of `units` in proportion to the weights: each gets its exact share rounded down, and the units left over go
/// one by one to the largest remainders; equal remainders by position. Turning the sign of units, or of all weights,
/// turns the sign of the shares and nothing else.
///
/// |units| <= 10^18 and |weight| <= 10^18; weights may be zero or negative, their sum only when units is zero.
/// Fails   money.split.no_weight, money.amount.too_large.   Holds   sum(shares) == units.
Result<std::vector<std::int64_t>> allocate(std::int64_t units, std::span<const std::int64_t> weights);

/// The same when the exact shares are known as decimals in minor units (a tax of 12.35 cents on one line), and `units`
/// is their total after rounding. A total that is further off than rounding explains is still met, all shares bearing
/// it. Fails   money.amount.too_large.   Holds   sum(shares) == units, unless there are no shares.
Result<std::vector<std::int64_t>> allocate_exact(std::int64_t units, std::span<const Decimal> shares);

}  // namespace tieout
