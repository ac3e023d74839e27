// 100,000 random documents of every mode, computed here and again by oracle.py. The seed is fixed, so a failure is
// found again; ORACLE_SEED and ORACLE_DOCUMENTS draw others. Two oracles run side by side, because Python takes
// longest.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <random>
#include <thread>

#include "money/document.hpp"

namespace tieout {
namespace {

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : engine_(seed) {}
  /// Whole number from low to high. Plain arithmetic, so that every library draws the same.
  std::int64_t number(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(high - low + 1));
  }
  bool one_in(int n) { return number(1, n) == 1; }
  Decimal decimal(std::int64_t high, int places) { return Decimal::from_mantissa(number(0, high), places); }
  template <class T>
  T of(std::initializer_list<T> items) {
    return *(items.begin() + number(0, static_cast<std::int64_t>(items.size()) - 1));
  }

 private:
  std::mt19937_64 engine_;
};

std::vector<TaxComponent> draw_taxes(Draw& draw) {
  static const Decimal kRates[] = {Decimal::of("20"),    Decimal::of("19"),  Decimal::of("9.975"), Decimal::of("5"),
                                   Decimal::of("8.875"), Decimal::of("5.5"), Decimal::of("0"),     Decimal::of("-15"),
                                   Decimal::of("21"),    Decimal::of("8.1")};
  std::vector<TaxComponent> taxes;
  const auto count = draw.of({0, 1, 1, 1, 2, 2, 3});
  for (int k = 0; k < count; ++k) {
    taxes.push_back({fmt::format("T{}", draw.number(1, 3)), kRates[draw.number(0, 9)], k > 0 && draw.one_in(3)});
  }
  return taxes;
}

/// A part of an amount as a discount: same sign, now and then too much, so that refusals are compared as well.
Decimal draw_part(Draw& draw, Decimal amount, int places) {
  const Decimal part = (amount * draw.decimal(draw.one_in(40) ? 150 : 60, 2)).rounded(places, Rounding::down);
  return part;
}

DocumentLine draw_line(Draw& draw, const std::vector<std::vector<TaxComponent>>& taxes, int places) {
  DocumentLine line;
  line.quantity =
      draw.one_in(3) ? draw.decimal(99'999, static_cast<int>(draw.number(1, 4))) : Decimal{draw.number(1, 40)};
  line.unit_price = draw.decimal(draw.of<std::int64_t>({999, 99'999, 9'999'999}), static_cast<int>(draw.number(0, 6)));
  if (draw.one_in(12)) line.unit_price = -line.unit_price;
  if (draw.one_in(20)) line.quantity = -line.quantity;
  if (draw.one_in(4)) {
    line.discount_percent = Decimal::of(draw.of<std::string_view>({"5", "10", "12.5", "33.333", "2.75", "100"}));
  }
  if (draw.one_in(6)) {
    const Decimal left = line.quantity * line.unit_price * (Decimal{100} - line.discount_percent);
    line.discount_amount = draw_part(draw, left * Decimal::of("0.01"), places);
  }
  line.takes_document_discount = !draw.one_in(8);
  line.taxes = taxes[static_cast<std::size_t>(draw.number(0, static_cast<std::int64_t>(taxes.size()) - 1))];
  return line;
}

Document draw_document(Draw& draw) {
  Document document;
  DocumentRules& rules = document.rules;
  rules.currency = Currency::of(draw.of<std::string_view>({"EUR", "EUR", "USD", "JPY", "KWD", "CLF"}));
  rules.tax_mode = draw.of({TaxMode::exclusive, TaxMode::exclusive, TaxMode::inclusive, TaxMode::none});
  rules.rounding = static_cast<Rounding>(draw.number(0, 6));
  rules.amount_level = draw.of({Level::line, Level::document});
  rules.tax_level = draw.of({Level::line, Level::document});
  rules.inclusive_part = draw.of({InclusivePart::net, InclusivePart::tax});
  rules.discount_timing = draw.of({DiscountTiming::before_tax, DiscountTiming::after_tax});
  const int places = rules.currency.exponent();
  if (draw.one_in(6)) rules.cash_step = Decimal::from_mantissa(draw.of({5, 10, 25}), places);
  std::vector<std::vector<TaxComponent>> taxes;
  for (int i = 0; i < 2; ++i)
    taxes.push_back(rules.tax_mode == TaxMode::none ? std::vector<TaxComponent>{} : draw_taxes(draw));
  const auto count = draw.one_in(50) ? draw.number(10, 40) : draw.number(1, 5);
  Decimal sum;
  for (int i = 0; i < count; ++i) {
    document.lines.push_back(draw_line(draw, taxes, places));
    const DocumentLine& line = document.lines.back();
    if (line.takes_document_discount) sum += line.quantity * line.unit_price;
  }
  if (draw.one_in(4)) document.discount_percent = Decimal::of(draw.of<std::string_view>({"1", "10", "7.5", "33.333"}));
  if (draw.one_in(6)) document.discount_amount = draw_part(draw, sum, places);
  return document;
}

std::string given_text(const Document& document) {
  const DocumentRules& rules = document.rules;
  std::string text = fmt::format(
      "{} {} {} {} {} {} {} {} {} {} {}", rules.currency.exponent(), to_text(rules.tax_mode), to_text(rules.rounding),
      to_text(rules.amount_level), to_text(rules.tax_level), to_text(rules.inclusive_part),
      to_text(*rules.discount_timing), rules.cash_step ? rules.cash_step->to_text() : "-",
      document.discount_percent.to_text(), document.discount_amount.to_text(), document.lines.size());
  for (const DocumentLine& line : document.lines) {
    text += fmt::format(" {} {} {} {} {} {}", line.quantity.to_text(), line.unit_price.to_text(),
                        line.discount_percent.to_text(), line.discount_amount.to_text(),
                        line.takes_document_discount ? 1 : 0, line.taxes.size());
    for (const TaxComponent& tax : line.taxes) {
      text += fmt::format(" {} {} {}", tax.name, tax.percent.to_text(), tax.compound ? 1 : 0);
    }
  }
  return text;
}

std::string result_text(const Result<DocumentTotals>& totals) {
  if (!totals) return " refused " + totals.error().code;
  std::string text;
  const auto add = [&](Decimal value) { text += " " + value.to_text(); };
  for (const Decimal value : {totals->subtotal, totals->discount_total, totals->net_total, totals->tax_total,
                              totals->total, totals->rounding_difference, totals->cash_rounding, totals->payable}) {
    add(value);
  }
  for (const LineTotals& line : totals->lines) {
    for (const Decimal value :
         {line.amount, line.line_discount, line.subtotal, line.document_discount, line.net, line.gross}) {
      add(value);
    }
    for (const Decimal tax : line.taxes) add(tax);
  }
  return text;
}

/// What DocumentTotals promises of itself, checked without any oracle.
void expect_adds_up(const Document& document, const DocumentTotals& totals) {
  Decimal net, tax, gross, by_tax;
  for (const LineTotals& line : totals.lines) net += line.net, tax += line.tax, gross += line.gross;
  for (const TaxTotal& total : totals.taxes) by_tax += total.tax;
  const bool after = document.rules.discount_timing == DiscountTiming::after_tax;
  ASSERT_EQ(net + totals.rounding_difference, totals.net_total) << given_text(document);
  ASSERT_EQ(tax, totals.tax_total) << given_text(document);
  ASSERT_EQ(by_tax, totals.tax_total) << given_text(document);
  ASSERT_EQ(gross + totals.rounding_difference, totals.total) << given_text(document);
  ASSERT_EQ(totals.net_total + totals.tax_total - (after ? totals.discount_total : Decimal{}), totals.total);
  ASSERT_EQ(totals.total + totals.cash_rounding, totals.payable);
}

std::int64_t from_environment(const char* name, std::int64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoll(text, nullptr, 10);
}

void compare_with_python(std::uint64_t seed, std::int64_t count) {
  FILE* oracle = popen("/usr/bin/python3 " TIEOUT_SOURCE_DIR "/tests/money/oracle.py", "w");
  ASSERT_NE(oracle, nullptr);
  Draw draw(seed);
  for (std::int64_t i = 0; i < count; ++i) {
    const Document document = draw_document(draw);
    const auto totals = compute_totals(document);
    if (totals) expect_adds_up(document, *totals);
    std::fputs((given_text(document) + result_text(totals) + "\n").c_str(), oracle);
  }
  EXPECT_EQ(pclose(oracle), 0) << "seed " << seed << ": figures above differ";
}

TEST(DocumentTotalsAgainstPython, RandomDocumentsOfEveryModeAgreeToTheLastDigit) {
  const auto seed = static_cast<std::uint64_t>(from_environment("ORACLE_SEED", 20260228));
  const std::int64_t count = from_environment("ORACLE_DOCUMENTS", 100'000);
  std::thread other([&] { compare_with_python(seed + 1, count / 2); });
  compare_with_python(seed, count - count / 2);
  other.join();
}

}  // namespace
}  // namespace tieout
