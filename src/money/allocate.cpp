#include "money/allocate.hpp"

#include <algorithm>
#include <numeric>

#include "base/check.hpp"
#include "money/money.hpp"

namespace tieout {
namespace {

tl::unexpected<Fault> too_large() {
  return fail("money.amount.too_large", "an amount is over 10^18 minor units; check the source of the amount");
}

/// Gives `left` units, one each, to the largest remainders. larger(a, b): is the remainder at a larger than at b.
template <class Larger>
void give_rest(std::vector<std::int64_t>& shares, __int128 left, Larger larger) {
  CHECK(left >= 0 && left < static_cast<__int128>(shares.size() + 1), "the rest of a split is at most a unit a share");
  if (left == 0) return;
  std::vector<std::size_t> order(shares.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return larger(a, b) || (!larger(b, a) && a < b); });
  for (std::size_t i = 0; i < static_cast<std::size_t>(left); ++i) ++shares[order[i]];
}

void negate(std::vector<std::int64_t>& shares) {
  for (auto& share : shares) share = -share;
}

}  // namespace

Result<std::vector<std::int64_t>> allocate(std::int64_t units, std::span<const std::int64_t> weights) {
  std::vector<std::int64_t> shares(weights.size(), 0);
  if (units == 0) return shares;
  __int128 sum = 0;
  for (const auto weight : weights) sum += weight;
  if (sum == 0) {
    return fail("money.split.no_weight",
                "an amount cannot be shared out over weights that sum to zero; "
                "say how it is to be split");
  }
  const __int128 amount = units < 0 ? -static_cast<__int128>(units) : units;
  const __int128 whole = sum < 0 ? -sum : sum;
  std::vector<__int128> remainders(weights.size());
  __int128 left = amount;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const __int128 part = amount * (sum < 0 ? -static_cast<__int128>(weights[i]) : weights[i]);
    __int128 share = part / whole;
    remainders[i] = part % whole;
    if (remainders[i] < 0) remainders[i] += whole, --share;
    if (share > Money::kMaxUnits || share < -Money::kMaxUnits) return too_large();
    shares[i] = static_cast<std::int64_t>(share);
    left -= share;
  }
  give_rest(shares, left, [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
  if (units < 0) negate(shares);
  return shares;
}

Result<std::vector<std::int64_t>> allocate_exact(std::int64_t units, std::span<const Decimal> exact) {
  const bool turned = units < 0;
  std::vector<std::int64_t> shares(exact.size());
  std::vector<Decimal> remainders(exact.size());
  __int128 left = turned ? -static_cast<__int128>(units) : units;
  for (std::size_t i = 0; i < exact.size(); ++i) {
    const Decimal share = turned ? -exact[i] : exact[i];
    const Decimal whole = share.rounded(0, Rounding::floor);
    if (whole > Decimal{Money::kMaxUnits} || whole < Decimal{-Money::kMaxUnits}) return too_large();
    shares[i] = static_cast<std::int64_t>(whole.mantissa());
    remainders[i] = share - whole;
    left -= shares[i];
  }
  if (shares.empty()) return shares;
  const auto count = static_cast<__int128>(shares.size());
  if (left < 0 || left > count) {  // the total was rounded on another path than the shares: all bear it alike
    const __int128 each = left / count - (left % count < 0 ? 1 : 0);
    for (auto& share : shares) share += static_cast<std::int64_t>(each);
    left -= each * count;
  }
  give_rest(shares, left, [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
  if (turned) negate(shares);
  return shares;
}

}  // namespace tieout
