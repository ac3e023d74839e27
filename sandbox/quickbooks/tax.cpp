// Sales tax. In the United States a form has one tax code and its lines say TAX or NON; elsewhere every line names its
// code, and the form says whether prices include tax. Tax is computed per rate over the sum of its lines, then rounded.
#include <fmt/core.h>

#include "sandbox/quickbooks/books.hpp"
#include "sandbox/quickbooks/text.hpp"

namespace tieout::sandbox::quickbooks {
namespace {

using json::Value;

Decimal rounded(Decimal amount) { return amount.rounded(2, Rounding::half_up); }
Decimal percent_of(Decimal amount, Decimal percent) { return rounded(amount * percent * Decimal::of("0.01")); }
/// part × share / whole in cents; zero when there is no whole.
Decimal share_of(Decimal part, Decimal share, Decimal whole) {
  return Decimal::divide(part * share, whole, 2, Rounding::half_up).value_or(Decimal{});
}

Value tax_line(std::int64_t rate, Decimal percent, Decimal net, Decimal amount) {
  Value detail = Value::object();
  detail.set("TaxRateRef", reference(std::to_string(rate)));
  detail.set("PercentBased", Value::boolean(true));
  detail.set("TaxPercent", Value::number(percent.to_text()));
  detail.set("NetAmountTaxable", money(net));
  Value line = Value::object();
  line.set("Amount", money(amount));
  line.set("DetailType", Value::string("TaxLineDetail"));
  line.set("TaxLineDetail", std::move(detail));
  return line;
}

struct RateSum {
  std::int64_t rate;
  Decimal percent, net, tax;
};

RateSum& sum_of(std::vector<RateSum>& sums, std::int64_t rate, Decimal percent) {
  for (RateSum& each : sums)
    if (each.rate == rate) return each;
  return sums.emplace_back(RateSum{rate, percent, {}, {}});
}

/// Splits a gross amount into net and tax, and writes both on the line. Gross is sacred: net is what is rounded.
void split_gross(Value* line, Decimal percent, Decimal& net, Decimal& gross, bool has_gross) {
  if (has_gross)
    net = Decimal::divide(gross * Decimal{100}, Decimal{100} + percent, 2, Rounding::half_up).value_or(gross);
  else
    gross = net + percent_of(net, percent);
  line->set("Amount", money(net));
  line->find("SalesItemLineDetail")->set("TaxInclusiveAmt", money(gross));
}

}  // namespace

const Books::TaxCodeRates* Books::tax_code(const std::string& id) const {
  const auto found = tax_codes_.find(id_number(Entity::tax_code, id));
  return found == tax_codes_.end() ? nullptr : &found->second;
}

Refusal Books::compute_tax(Draft& draft, Totals& totals) const {
  if (Refusal no = profile_.is_us() ? compute_us_tax(draft, totals) : compute_global_tax(draft, totals)) return no;
  finish_lines(draft, totals);
  return {};
}

Refusal Books::compute_us_tax(Draft& draft, Totals& totals) const {
  Value& document = draft.document;
  Decimal taxable;
  for (const Totals::Part& part : totals.parts)
    if (part.code != "NON") taxable += part.net;
  if (document["ApplyTaxAfterDiscount"].as_bool())
    taxable -= share_of(totals.discount, taxable, totals.subtotal + totals.shipping);

  const Value given = document["TxnTaxDetail"];
  const bool is_explicit =
      draft.tax_sent ? given.find("TotalTax") != nullptr : draft.before && draft.before->keys.tax_is_explicit;
  draft.keys.tax_is_explicit = is_explicit;
  std::string code = ref_id(given, "TxnTaxCodeRef");
  if (code.empty() && !is_explicit && settings_.partner_tax && !taxable.is_zero()) code = settings_.default_tax_code;
  const TaxCodeRates* rates = code.empty() ? nullptr : tax_code(code);
  if (!code.empty() && !rates) return invalid_reference("TaxCode", code);

  Value detail = Value::object();
  Value lines = Value::array();
  Decimal left = rounded(decimal_in(given, "TotalTax"));
  if (is_explicit) totals.tax = left;
  if (rates) {
    detail.set("TxnTaxCodeRef", reference(code));
    Decimal all;
    for (const TaxShare& share : rates->shares) all += share.percent;
    for (const TaxShare& share : rates->shares) {
      Decimal amount = percent_of(taxable, share.percent);
      if (is_explicit) {  // spread as the rates say; the last one takes what rounding left
        amount = &share == &rates->shares.back() ? left : share_of(totals.tax, share.percent, all);
        left -= amount;
      } else {
        totals.tax += amount;
      }
      lines.push(tax_line(share.rate, share.percent, taxable, amount));
    }
  }
  detail.set("TotalTax", money(totals.tax));
  if (lines.size() > 0) detail.set("TaxLine", std::move(lines));
  document.set("TxnTaxDetail", std::move(detail));
  return {};
}

Refusal Books::compute_global_tax(Draft& draft, Totals& totals) const {
  Value& document = draft.document;
  if (!document.find("GlobalTaxCalculation")) document.set("GlobalTaxCalculation", Value::string("TaxExcluded"));
  const std::string mode = document["GlobalTaxCalculation"].text();
  std::vector<RateSum> sums;
  Decimal gross_total, net_total;
  for (Totals::Part& part : totals.parts) {
    if (mode == "NotApplicable") break;
    const TaxCodeRates* rates = part.code.empty() ? nullptr : tax_code(part.code);
    if (!rates) return business_rule("Make sure all your transactions have a GST/VAT rate before you save.");
    Decimal percent;
    for (const TaxShare& share : rates->shares) percent += share.percent;
    if (mode == "TaxInclusive") split_gross(part.line, percent, part.net, part.gross, part.has_gross);
    Decimal left = part.gross - part.net;
    for (const TaxShare& share : rates->shares) {
      RateSum& sum = sum_of(sums, share.rate, share.percent);
      sum.net += part.net;
      if (mode != "TaxInclusive") continue;
      const Decimal tax =
          &share == &rates->shares.back() ? left : share_of(part.gross - part.net, share.percent, percent);
      sum.tax += tax;
      left -= tax;
    }
    gross_total += part.gross;
    net_total += part.net;
  }
  if (mode == "TaxInclusive") totals.subtotal = net_total - totals.shipping;
  const bool after_discount = document["ApplyTaxAfterDiscount"].as_bool();
  Value lines = Value::array();
  for (RateSum& sum : sums) {
    if (after_discount) {
      const Decimal whole = mode == "TaxInclusive" ? gross_total : net_total;
      sum.tax -= share_of(totals.discount, sum.tax, whole);
      sum.net -= share_of(totals.discount, sum.net, whole);
    }
    if (mode != "TaxInclusive") sum.tax = percent_of(sum.net, sum.percent);
    totals.tax += sum.tax;
    lines.push(tax_line(sum.rate, sum.percent, sum.net, sum.tax));
  }
  Value detail = Value::object();
  detail.set("TotalTax", money(totals.tax));
  if (lines.size() > 0) detail.set("TaxLine", std::move(lines));
  document.set("TxnTaxDetail", std::move(detail));
  return {};
}

}  // namespace tieout::sandbox::quickbooks
