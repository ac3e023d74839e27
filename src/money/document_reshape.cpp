// Saying a document otherwise for a target that lacks a notion: one tax mode for all lines, discounts on lines,
// discounts as negative lines, no discounts at all. Each rewrites the document and then computes it again: what does
// not come to the same total to the cent is refused, because a held document is better than a moved cent.
#include <fmt/core.h>

#include <algorithm>

#include "money/document.hpp"

namespace tieout {
namespace {

bool has_document_discount(const Document& document) {
  return !document.discount_percent.is_zero() || !document.discount_amount.is_zero();
}

tl::unexpected<Fault> differs(std::string_view how, Decimal before, Decimal after) {
  return fail(
      "document.reshape.total_differs",
      fmt::format("{}, the document would come to {} instead of {}; hold it and choose another form, or correct "
                  "it at its source",
                  how, after.to_text(), before.to_text()));
}

Result<Document> same_total(Document reshaped, Decimal total, std::string_view how) {
  TRY(totals, compute_totals(reshaped));
  if (totals.total != total) return differs(how, total, totals.total);
  return reshaped;
}

Result<Document> same_totals(Document reshaped, const DocumentTotals& before, std::string_view how) {
  TRY(totals, compute_totals(reshaped));
  if (totals.total != before.total) return differs(how, before.total, totals.total);
  if (totals.tax_total != before.tax_total) return differs(how, before.tax_total, totals.tax_total);
  return reshaped;
}

void become_amount(DocumentLine& line, Decimal amount) {
  line.quantity = Decimal{1};
  line.unit_price = amount;
  line.discount_percent = line.discount_amount = Decimal{};
}

void drop_document_discount(Document& document) { document.discount_percent = document.discount_amount = Decimal{}; }

/// The lines of one mode as a document of their own; `at` tells where each stood.
Document lines_in(const Document& document, TaxMode mode, std::vector<std::size_t>& at) {
  Document part = document;
  part.rules.tax_mode = mode;
  part.rules.cash_step.reset();
  part.lines.clear();
  for (std::size_t i = 0; i < document.lines.size(); ++i) {
    if (document.lines[i].mode.value_or(document.rules.tax_mode) != mode) continue;
    at.push_back(i);
    part.lines.push_back(document.lines[i]);
    part.lines.back().mode.reset();
  }
  return part;
}

}  // namespace

Result<Document> in_one_mode(const Document& document, TaxMode mode) {
  Document result = document;
  result.rules.tax_mode = mode;
  Decimal total;
  int parts = 0;
  for (const TaxMode from : {TaxMode::exclusive, TaxMode::inclusive, TaxMode::none}) {
    std::vector<std::size_t> at;
    const Document part = lines_in(document, from, at);
    if (at.empty()) continue;
    TRY(totals, compute_totals(part));
    total += totals.total;
    ++parts;
    for (std::size_t k = 0; k < at.size(); ++k) {
      DocumentLine& line = result.lines[at[k]];
      line.mode.reset();
      if (from != mode) become_amount(line, mode == TaxMode::inclusive ? totals.lines[k].gross : totals.lines[k].net);
    }
    if (from != mode) drop_document_discount(result);
  }
  const bool after_tax = document.rules.discount_timing == DiscountTiming::after_tax;
  if (has_document_discount(document) && (parts > 1 || after_tax)) {
    return fail("document.mode.mixed",
                "a document discount over lines of both tax modes, or taken after tax, cannot be turned into one mode; "
                "put the discount on the lines first");
  }
  return same_total(std::move(result), total, fmt::format("with all prices turned into tax {}", to_text(mode)));
}

Result<Document> discount_on_lines(const Document& document) {
  TRY(totals, compute_totals(document));
  Document result = document;
  for (std::size_t i = 0; i < result.lines.size(); ++i) {
    result.lines[i].discount_amount += totals.lines[i].document_discount;
  }
  drop_document_discount(result);
  return same_totals(std::move(result), totals, "with the document discount put on its lines");
}

Result<Document> discount_as_negative_lines(const Document& document) {
  TRY(totals, compute_totals(document));
  Document result = document;
  drop_document_discount(result);
  const std::size_t count = result.lines.size();
  std::vector<std::size_t> first_of;  // for each negative line, the first line it takes from
  for (std::size_t i = 0; i < count; ++i) {
    const Decimal share = totals.lines[i].document_discount;
    if (share.is_zero()) continue;
    const auto same_tax = [&](std::size_t other) {
      return document.lines[other].tax_code == document.lines[i].tax_code &&
             document.lines[other].taxes == document.lines[i].taxes;
    };
    const auto at = std::find_if(first_of.begin(), first_of.end(), same_tax);
    const auto index = static_cast<std::size_t>(at - first_of.begin());
    if (at == first_of.end()) {
      first_of.push_back(i);
      DocumentLine line;
      line.id = "discount";
      if (index > 0) line.id += fmt::format("-{}", index + 1);
      line.kind = LineKind::discount;
      line.tax_code = document.lines[i].tax_code;
      line.taxes = document.lines[i].taxes;
      line.takes_document_discount = false;
      result.lines.push_back(std::move(line));
    }
    result.lines[count + index].unit_price -= share;
  }
  return same_totals(std::move(result), totals, "with the document discount as negative lines");
}

Result<Document> discounts_netted(const Document& document) {
  TRY(totals, compute_totals(document));
  Document result = document;
  drop_document_discount(result);
  const int places = document.rules.target_unit_places.value_or(document.rules.currency.exponent());
  for (std::size_t i = 0; i < result.lines.size(); ++i) {
    DocumentLine& line = result.lines[i];
    const bool discounted = !line.discount_percent.is_zero() || !line.discount_amount.is_zero();
    if (!discounted && totals.lines[i].document_discount.is_zero()) continue;
    const Decimal amount = totals.lines[i].subtotal - totals.lines[i].document_discount;
    const auto price = Decimal::divide(amount, line.quantity, places, Rounding::half_even);
    const auto back = price ? Decimal::multiply(*price, line.quantity) : price;
    if (back && *back == amount) {
      line.unit_price = *price;
      line.discount_percent = line.discount_amount = Decimal{};
    } else {
      become_amount(line, amount);
    }
  }
  return same_totals(std::move(result), totals, "with its discounts netted into the prices");
}

Document as_credit_note(const Document& document) {
  Document result = document;
  result.discount_amount = -result.discount_amount;
  for (DocumentLine& line : result.lines) {
    if (line.unit_price.is_negative()) {
      line.unit_price = -line.unit_price;
    } else {
      line.quantity = -line.quantity;
    }
    line.discount_amount = -line.discount_amount;
  }
  return result;
}

}  // namespace tieout
