// The work sheet of compute_totals, shared by the two files that fill it in: document.cpp does amounts, discounts and
// sums, document_tax.cpp the taxes. Not for use outside this folder.
#pragma once

#include <cstdint>
#include <vector>

#include "money/document.hpp"
#include "money/money.hpp"

namespace tieout::document_work {

struct WorkLine {
  Decimal basis;            ///< what sums go on with: exact, or rounded when amounts are rounded per line
  std::int64_t amount = 0;  ///< minor units, as all below
  std::int64_t subtotal = 0;
  std::int64_t share = 0;  ///< of the document discount
  std::vector<std::int64_t> taxes;
};

struct Work {
  const Document& document;
  int places = 0;
  std::vector<WorkLine> lines;

  const DocumentRules& rules() const { return document.rules; }
  bool discount_before_tax() const { return rules().discount_timing != DiscountTiming::after_tax; }
  /// What tax is computed on (exclusive) or taken out of (inclusive).
  Decimal taxable(std::size_t line) const {
    const std::int64_t off = discount_before_tax() ? lines[line].share : 0;
    return lines[line].basis - Decimal::from_mantissa(off, places);
  }
  std::int64_t taxable_units(std::size_t line) const {
    return lines[line].subtotal - (discount_before_tax() ? lines[line].share : 0);
  }
  /// Minor units in one: 100 for two places.
  std::int64_t unit() const { return static_cast<std::int64_t>(Decimal{1}.rounded(places, Rounding::down).mantissa()); }
  Decimal decimal(__int128 units) const { return Decimal::from_mantissa(units, places); }
};

/// Percent as a factor: 9.975 → 0.09975.
inline Decimal fraction(Decimal percent) { return Decimal::from_mantissa(percent.mantissa(), percent.scale() + 2); }

/// A decimal as minor units, rounded; fails with money.amount.too_large.
Result<std::int64_t> to_units(Decimal amount, const DocumentRules& rules);

/// Fills in `taxes` of every line, exclusive or inclusive, per line or per document.
Result<bool> compute_taxes(Work& work);

}  // namespace tieout::document_work
