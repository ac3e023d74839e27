// The main path of compute_totals: refuse what cannot be computed, amounts of the lines, the document discount, then
// taxes (document_tax.cpp), then the sums. Everything is minor units or exact decimals; rounding happens in to_units
// and in the taxes, nowhere else.
#include "money/document.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "money/allocate.hpp"
#include "money/document_work.hpp"

namespace tieout {
namespace document_work {

Result<std::int64_t> to_units(Decimal amount, const DocumentRules& rules) {
  TRY(money, Money::round(amount, rules.currency, rules.rounding));
  return money.units();
}

namespace {

constexpr std::size_t kMaxLines = 10'000;
constexpr std::size_t kMaxComponents = 8;
/// Exact line amounts may need this many places; two less than a decimal has, so that sums have room.
constexpr int kMaxLinePlaces = 16;
constexpr int kMaxPercentPlaces = 8;

std::string field_of(std::size_t line, std::string_view member) { return fmt::format("lines[{}].{}", line, member); }

std::string called(const DocumentLine& line, std::size_t index) {
  return line.id.empty() ? fmt::format("line {}", index + 1) : fmt::format("line {} ({})", index + 1, line.id);
}

bool percent_in_range(Decimal percent) {
  return !percent.is_negative() && percent <= Decimal{100} && percent.needed_scale() <= kMaxPercentPlaces;
}

Result<bool> check_taxes(const Document& document, std::size_t index) {
  const DocumentLine& line = document.lines[index];
  if (line.mode && *line.mode != document.rules.tax_mode) {
    return fail("document.mode.mixed",
                fmt::format("{} has prices with tax {} and the document {}; turn all lines into one mode first",
                            called(line, index), to_text(*line.mode), to_text(document.rules.tax_mode)),
                field_of(index, "mode"));
  }
  if (line.taxes.size() > kMaxComponents) {
    return fail("document.tax.rate", fmt::format("{} has more than {} taxes", called(line, index), kMaxComponents),
                field_of(index, "taxes"));
  }
  for (const auto& tax : line.taxes) {
    if (tax.percent <= Decimal{-100} || tax.percent > Decimal{1000} || tax.percent.needed_scale() > kMaxPercentPlaces) {
      return fail("document.tax.rate",
                  fmt::format("{}: {} % is no rate for {}; rates are above -100, at most 1000, with at most {} places",
                              called(line, index), tax.percent.to_text(), tax.name, kMaxPercentPlaces),
                  field_of(index, "taxes"));
    }
    if (document.rules.tax_mode == TaxMode::none && !tax.percent.is_zero()) {
      return fail("document.tax.unexpected",
                  fmt::format("{} bears {} of {} % but the document is without tax; take the tax off the line or say "
                              "exclusive or inclusive",
                              called(line, index), tax.name, tax.percent.to_text()),
                  field_of(index, "taxes"));
    }
  }
  return true;
}

Result<bool> check_rules(const Document& document) {
  const DocumentRules& rules = document.rules;
  if (rules.currency == Currency{}) {
    return fail("document.currency.unset", "the document has no currency; map one", "currency");
  }
  if (rules.target_places) TRY_VOID(require_places(rules.currency, *rules.target_places));
  if (rules.cash_step &&
      (rules.cash_step->sign() <= 0 || rules.cash_step->needed_scale() > rules.currency.exponent())) {
    return fail("document.cash_step",
                fmt::format("{} is no step that {} can be paid in; use one such as 0.05", rules.cash_step->to_text(),
                            rules.currency.code()),
                "cash_step");
  }
  if (document.lines.empty()) {
    return fail("document.lines.none", "a document without lines cannot be totalled; give it at least one line",
                "lines");
  }
  if (document.lines.size() > kMaxLines) {
    return fail("document.lines.too_many",
                fmt::format("{} lines; at most {} make one document, so split it", document.lines.size(), kMaxLines),
                "lines");
  }
  return true;
}

Result<bool> check_discount(const Document& document) {
  if (!percent_in_range(document.discount_percent)) {
    return fail(
        "document.discount.out_of_range",
        fmt::format("a document discount of {} %; it must lie between 0 and 100", document.discount_percent.to_text()),
        "discount_percent");
  }
  const bool discounted = !document.discount_percent.is_zero() || !document.discount_amount.is_zero();
  const bool taxed = std::any_of(document.lines.begin(), document.lines.end(), [](const DocumentLine& line) {
    return std::any_of(line.taxes.begin(), line.taxes.end(),
                       [](const TaxComponent& t) { return !t.percent.is_zero(); });
  });
  if (discounted && taxed && !document.rules.discount_timing) {
    return fail("document.discount.timing_unset",
                "a document discount meets a tax, and nothing says whether the tax is computed before or after it; set "
                "discount_timing to before_tax or after_tax",
                "discount_timing");
  }
  return true;
}

tl::unexpected<Fault> too_fine(const DocumentLine& line, std::size_t index) {
  return fail("document.scale.too_fine",
              fmt::format("{}: quantity {} at {} needs more than {} places; round the price or the quantity where they "
                          "come from",
                          called(line, index), line.quantity.to_text(), line.unit_price.to_text(), kMaxLinePlaces),
              field_of(index, "unit_price"));
}

/// Quantity × price less the line's discounts, exact.
Result<Decimal> exact_amount(const DocumentLine& line, std::size_t index, Decimal list) {
  if (!percent_in_range(line.discount_percent)) {
    return fail("document.discount.out_of_range",
                fmt::format("{}: a discount of {} %; it must lie between 0 and 100", called(line, index),
                            line.discount_percent.to_text()),
                field_of(index, "discount_percent"));
  }
  Decimal amount = list;
  if (!line.discount_percent.is_zero()) {
    const Decimal kept = fraction((Decimal{100} - line.discount_percent).normalised());
    if (list.scale() + kept.scale() > Decimal::kMaxScale) return too_fine(line, index);
    TRY(reduced, Decimal::multiply(list, kept));
    amount = reduced.normalised();
    if (amount.scale() > kMaxLinePlaces) return too_fine(line, index);
  }
  if (line.discount_amount.is_zero()) return amount;
  if (line.discount_amount.sign() != amount.sign() || line.discount_amount.abs() > amount.abs()) {
    return fail("document.discount.out_of_range",
                fmt::format("{}: {} cannot be taken off {}", called(line, index), line.discount_amount.to_text(),
                            amount.to_text()),
                field_of(index, "discount_amount"));
  }
  if (line.discount_amount.needed_scale() > kMaxLinePlaces) return too_fine(line, index);
  return Decimal::subtract(amount, line.discount_amount.normalised());
}

Result<Decimal> list_amount(const DocumentLine& line, std::size_t index, Decimal unit_price) {
  const Decimal quantity = line.quantity.normalised(), price = unit_price.normalised();
  if (quantity.scale() + price.scale() > Decimal::kMaxScale) return too_fine(line, index);
  TRY(list, Decimal::multiply(quantity, price));
  list = list.normalised();
  if (list.scale() > kMaxLinePlaces) return too_fine(line, index);
  return list;
}

Result<bool> compute_amounts(Work& work) {
  const bool round_lines = work.rules().amount_level == Level::line;
  for (std::size_t i = 0; i < work.lines.size(); ++i) {
    const DocumentLine& source = work.document.lines[i];
    TRY_VOID(check_taxes(work.document, i));
    TRY(list, list_amount(source, i, source.unit_price));
    TRY(exact, exact_amount(source, i, list));
    TRY(amount, to_units(list, work.rules()));
    TRY(subtotal, to_units(exact, work.rules()));
    work.lines[i].amount = amount;
    work.lines[i].subtotal = subtotal;
    work.lines[i].basis = round_lines ? work.decimal(subtotal) : exact;
  }
  return true;
}

/// Weights in proportion to decimals: whole numbers of one scale, at most 18 digits (the last one rounded when a
/// document needs more, which no real one does).
std::vector<std::int64_t> weights_of(const std::vector<Decimal>& values) {
  int scale = 0;
  for (const Decimal value : values) scale = std::max(scale, value.needed_scale());
  const auto fits = [&](Decimal value) {  // 10^18 with 16 places is within a decimal, so this never stops
    const __int128 shifted = value.rounded(scale, Rounding::half_even).mantissa();
    return shifted <= Money::kMaxUnits && shifted >= -Money::kMaxUnits;
  };
  while (scale > 0 && !std::all_of(values.begin(), values.end(), fits)) --scale;
  std::vector<std::int64_t> weights;
  for (const Decimal value : values) {
    weights.push_back(static_cast<std::int64_t>(value.rounded(scale, Rounding::half_even).mantissa()));
  }
  return weights;
}

/// Rounds the document discount once and shares it out; returns it in minor units.
Result<std::int64_t> compute_document_discount(Work& work) {
  const Document& document = work.document;
  if (document.discount_percent.is_zero() && document.discount_amount.is_zero()) return 0;
  std::vector<std::size_t> taking;
  std::vector<Decimal> bases;
  Decimal sum;
  for (std::size_t i = 0; i < work.lines.size(); ++i) {
    if (!document.lines[i].takes_document_discount) continue;
    taking.push_back(i);
    bases.push_back(work.lines[i].basis);
    TRY(next, Decimal::add(sum, work.lines[i].basis));
    sum = next;
  }
  if (sum.is_zero() && !document.discount_amount.is_zero()) {
    return fail("document.discount.no_base", "there is nothing that the document discount could be taken off",
                "discount_amount");
  }
  TRY(percent_part, Decimal::multiply(sum, fraction(document.discount_percent.normalised())));
  TRY(exact, Decimal::add(percent_part, document.discount_amount));
  TRY(units, to_units(exact, work.rules()));
  TRY(base_units, to_units(sum, work.rules()));
  const bool wrong_side = !document.discount_amount.is_zero() && document.discount_amount.sign() != sum.sign();
  if (wrong_side || std::abs(units) > std::abs(base_units)) {
    return fail(
        "document.discount.out_of_range",
        fmt::format("a document discount of {} cannot be taken off {}", exact.normalised().to_text(), sum.to_text()),
        "discount_amount");
  }
  TRY(shares, allocate(units, weights_of(bases)));
  for (std::size_t k = 0; k < taking.size(); ++k) work.lines[taking[k]].share = shares[k];
  return units;
}

/// Would the target, knowing fewer places of the price, come to another amount?
Result<bool> needs_amount_only(const Work& work, std::size_t index) {
  const DocumentLine& line = work.document.lines[index];
  const auto places = work.rules().target_unit_places;
  if (!places || line.unit_price.needed_scale() <= *places) return false;
  TRY(price, Decimal::round(line.unit_price, *places, work.rules().rounding));
  TRY(list, list_amount(line, index, price));
  const auto exact = exact_amount(line, index, list);
  if (!exact) return true;
  TRY(units, to_units(*exact, work.rules()));
  return units != work.lines[index].subtotal;
}

Result<bool> add_line(const Work& work, std::size_t index, DocumentTotals& totals) {
  const WorkLine& line = work.lines[index];
  LineTotals out;
  std::int64_t tax = 0;
  for (const std::int64_t part : line.taxes) {
    tax += part;
    out.taxes.push_back(work.decimal(part));
  }
  const bool before = work.discount_before_tax();
  const std::int64_t taxable = work.taxable_units(index);
  const bool inclusive = work.rules().tax_mode == TaxMode::inclusive;
  const std::int64_t net = inclusive ? taxable - tax : taxable;
  out.amount = work.decimal(line.amount);
  out.line_discount = work.decimal(line.amount - line.subtotal);
  out.subtotal = work.decimal(line.subtotal);
  out.document_discount = work.decimal(line.share);
  out.net = work.decimal(net);
  out.tax = work.decimal(tax);
  out.gross = work.decimal(net + tax - (before ? 0 : line.share));
  TRY(amount_only, needs_amount_only(work, index));
  out.amount_only = amount_only;
  totals.lines.push_back(std::move(out));
  return true;
}

void add_tax_totals(const Work& work, DocumentTotals& totals) {
  std::vector<const TaxComponent*> seen;
  for (std::size_t i = 0; i < work.lines.size(); ++i) {
    const auto& taxes = work.document.lines[i].taxes;
    Decimal before;
    for (std::size_t k = 0; k < taxes.size(); ++k) {
      auto at = std::find_if(seen.begin(), seen.end(), [&](const TaxComponent* t) { return *t == taxes[k]; });
      if (at == seen.end()) {
        totals.taxes.push_back({taxes[k].name, taxes[k].percent, work.decimal(0), work.decimal(0)});
        at = seen.insert(seen.end(), &taxes[k]);
      }
      TaxTotal& total = totals.taxes[static_cast<std::size_t>(at - seen.begin())];
      total.base += totals.lines[i].net + (taxes[k].compound ? before : Decimal{});
      total.tax += totals.lines[i].taxes[k];
      before += totals.lines[i].taxes[k];
    }
  }
}

Result<bool> add_sums(const Work& work, std::int64_t discount, DocumentTotals& totals) {
  const DocumentRules& rules = work.rules();
  Decimal basis, lines, tax;
  for (std::size_t i = 0; i < work.lines.size(); ++i) {
    TRY(next, Decimal::add(basis, work.lines[i].basis));
    basis = next;
    lines += totals.lines[i].subtotal;
    tax += totals.lines[i].tax;
  }
  TRY(subtotal, to_units(basis, rules));
  totals.subtotal = work.decimal(subtotal);
  totals.discount_total = work.decimal(discount);
  totals.rounding_difference = totals.subtotal - lines;
  totals.tax_total = work.decimal(0) + tax;
  const bool before = work.discount_before_tax();
  const Decimal taxable = before ? totals.subtotal - totals.discount_total : totals.subtotal;
  totals.net_total = rules.tax_mode == TaxMode::inclusive ? taxable - tax : taxable;
  totals.total = totals.net_total + totals.tax_total - (before ? work.decimal(0) : totals.discount_total);
  TRY_VOID(to_units(totals.total, rules));
  totals.payable = totals.total;
  if (rules.cash_step) {
    TRY(steps, Decimal::divide(totals.total, *rules.cash_step, 0, rules.rounding));
    TRY(payable, Decimal::multiply(steps, *rules.cash_step, work.places, rules.rounding));
    totals.payable = payable;
  }
  totals.cash_rounding = totals.payable - totals.total;
  const int sign = totals.total.sign();
  totals.direction = sign < 0 ? Direction::credit_note : sign > 0 ? Direction::invoice : Direction::zero;
  return true;
}

}  // namespace
}  // namespace document_work

Result<DocumentTotals> compute_totals(const Document& document) {
  using namespace document_work;
  TRY_VOID(check_rules(document));
  TRY_VOID(check_discount(document));
  Work work{document, document.rules.currency.exponent(), std::vector<WorkLine>(document.lines.size())};
  TRY_VOID(compute_amounts(work));
  TRY(discount, compute_document_discount(work));
  TRY_VOID(compute_taxes(work));
  DocumentTotals totals;
  totals.lines.reserve(work.lines.size());
  for (std::size_t i = 0; i < work.lines.size(); ++i) TRY_VOID(add_line(work, i, totals));
  add_tax_totals(work, totals);
  TRY_VOID(add_sums(work, discount, totals));
  return totals;
}

Posting posting_for(const DocumentTotals& totals, ZeroTotalPolicy zero) {
  if (totals.direction == Direction::credit_note) return Posting::credit_note;
  const bool skip = totals.direction == Direction::zero && zero == ZeroTotalPolicy::skip;
  return skip ? Posting::skip_zero_total : Posting::invoice;
}

}  // namespace tieout
