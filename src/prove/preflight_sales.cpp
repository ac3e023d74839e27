// Products of both sides and won deals: what will become lines and invoices.
#include <fmt/core.h>

#include <unordered_set>

#include "model/name_similarity.hpp"
#include "money/currency.hpp"
#include "prove/preflight_work.hpp"

namespace tieout::prove::preflight {
namespace {

void check_products_of(AuditSide side, const Records& all, Findings& out) {
  for_doubles(
      all, [](const model::Record& r) { return plain(r.text("sku")); },
      [&](const Named& first, const Named& other) {
        out.add({side, "product", &other}, "duplicate_sku", Severity::warning,
                fmt::format("has the SKU of product {} \"{}\"", first.id, first.record.text("name")),
                "give each its own; until then a person is asked");
      });
  for_doubles(
      all, [](const model::Record& r) { return model::match_key(r.text("name")); },
      [&](const Named& first, const Named& other) {
        out.add({side, "product", &other}, "duplicate_product_name", Severity::note,
                fmt::format("is called like product {} (SKU \"{}\")", first.id, first.record.text("sku")),
                "tell them apart by name; the books may not take two of one name");
      });
  for (const Named* one : all) {
    const Subject at{side, "product", one};
    if (one->record.text("name").empty())
      out.add(at, "name_missing", Severity::blocker, "has no name", "give it the name that stands on invoices");
    if (side != AuditSide::crm) continue;
    if (!one->record.has("unit_price"))
      out.add(at, "price_missing", Severity::note, "has no list price", "lines then need a price of their own");
    if (one->record.text("sku").empty())
      out.add(at, "sku_missing", Severity::note, "has no SKU", "give it one; the name alone may be two products");
  }
}

void compare_products(const Records& crm, const Records& books, Findings& out) {
  std::unordered_map<std::string, const Named*> by_sku;
  for (const Named* one : books)
    if (std::string sku = plain(one->record.text("sku")); !sku.empty()) by_sku.emplace(std::move(sku), one);
  for (const Named* one : crm) {
    const auto other = by_sku.find(plain(one->record.text("sku")));
    if (other == by_sku.end()) continue;
    const model::Record& theirs = other->second->record;
    if (one->record.has("unit_price") && theirs.has("unit_price") &&
        one->record.decimal("unit_price") != theirs.decimal("unit_price"))
      out.add({AuditSide::crm, "product", one}, "price_differs", Severity::warning,
              fmt::format("costs {} and in the books (product {}) {}", one->record.decimal("unit_price").to_text(),
                          other->second->id, theirs.decimal("unit_price").to_text()),
              "agree on the price; otherwise the CRM's wins by the field's owner");
  }
}

/// Each line, and the sum, may have been rounded once by the CRM.
Decimal tolerance(std::size_t lines, std::string_view code) {
  const auto currency = Currency::parse(code);
  const int places = currency ? currency->exponent() : 2;
  return Decimal::from_mantissa(static_cast<__int128>(5) * static_cast<std::int64_t>(lines + 1), places + 1);
}

Result<Decimal> line_amount(const model::Record& line) {
  if (line.has("amount")) return line.decimal("amount");
  TRY(list, Decimal::multiply(line.decimal("quantity", 1), line.decimal("unit_price")));
  TRY(reduced, Decimal::multiply(list, (Decimal{100} - line.decimal("discount_percent")) * Decimal::of("0.01")));
  return Decimal::subtract(reduced, line.decimal("discount_amount"));
}

void check_lines(const Subject& at, Findings& out) {
  const model::Record& deal = at.record->record;
  const auto lines = deal.records("lines");
  if (lines.empty())
    return out.add(at, "deal_without_lines", Severity::blocker, "is won, but has no line items", "add what was sold");
  Decimal sum;
  std::size_t without_product = 0;
  for (const model::Record& line : lines) {
    const auto amount = line_amount(line);
    const auto next = amount ? Decimal::add(sum, *amount) : amount;
    if (!next)
      return out.add(at, "deal_amount_absurd", Severity::blocker, "has a line whose amount is too large to be one",
                     "correct quantity or price");
    sum = *next;
    const bool is_item = line.text("kind").empty() || line.text("kind") == "item";
    if (is_item && line.text("product").empty() && line.text("sku").empty()) ++without_product;
  }
  if (without_product > 0)
    out.add(at, "line_without_product", Severity::warning,
            fmt::format("has {} of {} lines without a product", without_product, lines.size()),
            "link them to products; nothing is booked to a default item");
  if (!deal.has("amount")) return;
  const auto gap = Decimal::subtract(sum, deal.decimal("amount"));
  if (!gap || gap->abs() > tolerance(lines.size(), deal.text("currency")))
    out.add(
        at, "deal_amount_differs", Severity::blocker,
        fmt::format("says {}, its lines add up to {}", deal.decimal("amount").to_text(), sum.normalised().to_text()),
        "correct the amount or the lines");
}

using Companies = std::unordered_map<std::string_view, const Named*>;

void check_deal(const AuditInput& input, const Companies& companies, const Subject& at, Findings& out) {
  const model::Record& deal = at.record->record;
  const auto block = [&](const char* kind, std::string what, std::string fix) {
    out.add(at, kind, Severity::blocker, std::move(what), std::move(fix));
  };
  const std::string_view company = deal.text("company");
  const auto customer = companies.find(company);
  if (company.empty()) {
    block("deal_without_company", "is won, but has no company", "associate the company that is invoiced");
  } else if (!companies.empty() && customer == companies.end()) {
    block("deal_company_unknown", fmt::format("belongs to company {}, which was not read", company),
          "restore the company, or associate another");
  }
  if (!deal.has("closed_on")) block("deal_without_date", "is won, but has no close date", "set the day of the sale");
  check_currency(input, at, out);
  if (customer != companies.end()) {
    const std::string_view theirs = customer->second->record.text("currency"), ours = deal.text("currency");
    if (!theirs.empty() && !ours.empty() && theirs != ours)
      out.add(at, "deal_currency_differs", Severity::warning,
              fmt::format("is in {}, its company {} is invoiced in {}", ours, company, theirs),
              "agree on one; amounts are never converted");
  }
  check_lines(at, out);
}

}  // namespace

void check_products(const AuditInput& input, Findings& out) {
  const Records crm = in_order(input.crm_products), books = in_order(input.books_products);
  check_products_of(AuditSide::crm, crm, out);
  check_products_of(AuditSide::books, books, out);
  compare_products(crm, books, out);
}

void check_deals(const AuditInput& input, Findings& out) {
  Companies companies;
  for (const Named& one : input.crm_companies) companies.emplace(one.id, &one);
  for (const Named* one : in_order(input.deals)) {
    const model::Value& is_won = one->record.get("is_won");
    if (is_won.is(model::Value::Kind::boolean) && is_won.as_boolean())
      check_deal(input, companies, {AuditSide::crm, "deal", one}, out);
  }
}

}  // namespace tieout::prove::preflight
