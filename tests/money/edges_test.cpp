// The edges of money: numbers past what fits, words that are none, discounts and taxes that cannot be. Every branch of
// src/money is taken here or in its neighbours (tools/trust/coverage counts them).
#include <gtest/gtest.h>

#include <functional>

#include "money/allocate.hpp"
#include "money/document.hpp"
#include "money/money.hpp"
#include "money/payments.hpp"

namespace tieout {
namespace {

const Currency eur = Currency::of("EUR");

template <class T>
std::string code_of(const Result<T>& result) {
  return result ? "fine" : result.error().code;
}

std::string text_of(const Result<Decimal>& result) { return result ? result->to_text() : result.error().code; }

TEST(DecimalEdges, SumsAndProductsThatOnlyFitWithoutIdleZeros) {
  const Decimal large = Decimal::of("10000000000000000000000000000000000");
  EXPECT_EQ((large + Decimal::of("1.000")).to_text(), "10000000000000000000000000000000001");
  const Decimal wide = Decimal::of("100000000000000000.000000000000000000"), ten = Decimal::of("10.0");
  EXPECT_EQ((wide * ten).to_text(), "1000000000000000000");
  EXPECT_EQ(text_of(Decimal::multiply(wide, ten)), "1000000000000000000");
}

TEST(DecimalEdges, ProductsPastTheBoundAreRefusedOnEveryPath) {
  const Decimal nine = Decimal::of("9000000000000000000"), huge = Decimal::of("900000000000000000000000000000000000");
  EXPECT_EQ(text_of(Decimal::multiply(nine, nine)), "decimal.overflow");
  EXPECT_EQ(text_of(Decimal::multiply(huge, Decimal::of("90000000000000000000000000000000000.0"))), "decimal.overflow");
  EXPECT_EQ(text_of(Decimal::multiply(huge, huge, 0, Rounding::half_up)), "decimal.overflow");
  EXPECT_EQ(text_of(Decimal::multiply(huge, Decimal::of("100.0"), 0, Rounding::half_up)), "decimal.overflow");
  EXPECT_EQ(text_of(Decimal::multiply(huge, Decimal::of("90000000000000000000000000000000000.5"), 0, Rounding::up)),
            "decimal.overflow");
}

TEST(DecimalEdges, TinyNumbersRoundAtTheirEnd) {
  const Decimal tiny = Decimal::of("0.000000000000000001");
  EXPECT_EQ(text_of(Decimal::multiply(tiny, Decimal::of("0.01"), 0, Rounding::up)), "1");
  EXPECT_EQ(text_of(Decimal::multiply(tiny, Decimal::of("0.01"), 0, Rounding::half_up)), "0");
  EXPECT_EQ(text_of(Decimal::divide(tiny, Decimal::of("100000000000000000000000"), 0, Rounding::up)), "1");
  EXPECT_EQ(text_of(Decimal::divide(tiny, Decimal::of("100000000000000000000000"), 0, Rounding::half_up)), "0");
  EXPECT_EQ(text_of(Decimal::divide(1, Decimal::of("0.03"), 18, Rounding::half_up)), "33.333333333333333333");
}

TEST(DecimalEdges, ProductsAndQuotientsOnTheWidePath) {
  const Decimal wide = Decimal::of("1000000000000000000000000000000.25");
  EXPECT_EQ(text_of(Decimal::multiply(1, wide, 0, Rounding::half_up)), "1000000000000000000000000000000");
  EXPECT_EQ(text_of(Decimal::multiply(wide, 1, 0, Rounding::half_up)), "1000000000000000000000000000000");
  const Decimal middle = Decimal::of("100000.00001");
  EXPECT_EQ(text_of(Decimal::multiply(middle, middle, 0, Rounding::half_up)), "10000000002");
  EXPECT_EQ(text_of(Decimal::divide(Decimal::of("10.000001"), 3, 2, Rounding::half_up)), "3.33");
  EXPECT_EQ(text_of(Decimal::divide(wide, 3, 0, Rounding::half_up)), "333333333333333333333333333333");
}

TEST(DecimalEdges, OrderOverScalesAndSigns) {
  for (const auto& [small, large] : {std::pair{"1.5", "1.51"}, std::pair{"1.49", "1.5"}, std::pair{"-1.51", "-1.5"}}) {
    EXPECT_LT(Decimal::of(small), Decimal::of(large));
    EXPECT_GT(Decimal::of(large), Decimal::of(small));
  }
  EXPECT_EQ(Decimal::of("1.5"), Decimal::of("1.50"));
  EXPECT_EQ(Decimal::of("1.50"), Decimal::of("1.5"));
  EXPECT_LT(Decimal::of("-1.0"), Decimal::of("1.00"));
  EXPECT_GT(Decimal::of("1.00"), Decimal::of("-1.0"));
  EXPECT_LT(Decimal::of("-900000000000000000000000000000000000"), Decimal::of("-1.00"));
  EXPECT_GT(Decimal::of("900000000000000000000000000000000000"), Decimal::of("1.00"));
  EXPECT_GT(Decimal::of("-1.00"), Decimal::of("-900000000000000000000000000000000000"));
  EXPECT_LT(Decimal::of("1.00"), Decimal::of("900000000000000000000000000000000000"));
}

TEST(DecimalEdges, ExponentsAndZerosWithoutEnd) {
  EXPECT_EQ(text_of(Decimal::parse("1e5x")), "decimal.malformed");
  EXPECT_EQ(text_of(Decimal::parse("1e99999999999")), "decimal.overflow");
  EXPECT_EQ(text_of(Decimal::parse("0e-99999999999")), "decimal.overflow");
  EXPECT_EQ(text_of(Decimal::parse("0." + std::string(1'000'001, '0'))), "decimal.overflow");
}

TEST(AllocateEdges, SharesPastTheBoundAreRefused) {
  const std::int64_t most = Money::kMaxUnits;
  EXPECT_EQ(code_of(allocate(most, std::vector<std::int64_t>{3, -2})), "money.amount.too_large");
  EXPECT_EQ(code_of(allocate(most, std::vector<std::int64_t>{-2, 3})), "money.amount.too_large");
  EXPECT_EQ(code_of(allocate_exact(0, std::vector<Decimal>{Decimal::of("2000000000000000000")})),
            "money.amount.too_large");
  EXPECT_EQ(code_of(allocate_exact(0, std::vector<Decimal>{Decimal::of("-2000000000000000000")})),
            "money.amount.too_large");
  EXPECT_TRUE(allocate_exact(0, std::vector<Decimal>{})->empty());
}

TEST(AllocateEdges, NothingIsSharedOutOverAnything) {
  EXPECT_EQ(*allocate(0, std::vector<std::int64_t>{0, 0}), (std::vector<std::int64_t>{0, 0}));
  EXPECT_EQ(code_of(allocate(1, std::vector<std::int64_t>{1, -1})), "money.split.no_weight");
}

TEST(AllocateEdges, ATotalFarFromItsSharesIsStillMet) {
  for (const std::int64_t units : {-1000, -7, 0, 7, 1000}) {
    const auto shares =
        allocate_exact(units, std::vector<Decimal>{Decimal::of("1.5"), Decimal::of("2.5"), Decimal::of("3")});
    ASSERT_TRUE(shares);
    EXPECT_EQ((*shares)[0] + (*shares)[1] + (*shares)[2], units);
  }
}

TEST(CurrencyEdges, WhatIsNoCodeIsNamedWithWhatWasMeant) {
  const auto said = [](std::string_view code) { return Currency::parse(code).error().what; };
  EXPECT_NE(said("swiss franc").find("CHF"), std::string::npos) << said("swiss franc");
  EXPECT_NE(said("kwd").find("KWD"), std::string::npos);
  EXPECT_NE(said("KWX").find("KWD"), std::string::npos) << said("KWX");
  EXPECT_EQ(said("AXD").find("did you mean"), std::string::npos) << "AED and AUD are equally near: " << said("AXD");
  EXPECT_EQ(said("E{}R").find("did you mean"), std::string::npos);
  EXPECT_EQ(said("A{D").find("did you mean"), std::string::npos);
}

TEST(CurrencyEdges, NumbersAndSuccessors) {
  EXPECT_EQ(code_of(Currency::from_numeric(1)), "currency.code.unknown");
  EXPECT_EQ(code_of(Currency::from_numeric(959)), "currency.code.unknown") << "gold is no money";
  EXPECT_EQ(Currency::from_numeric(532)->code(), "XCG");
  EXPECT_EQ(Currency::from_numeric(756)->code(), "CHF");
  EXPECT_FALSE(eur.successor());
  EXPECT_FALSE(eur.is_retired());
  EXPECT_TRUE(Currency::of("HRK").is_retired());
  EXPECT_EQ(Currency::of("HRK").successor()->code(), "EUR");
}

TEST(MoneyEdges, SumsDifferencesAndOrder) {
  const Money one = Money::minor(1, eur), two = Money::minor(2, eur), yen = Money::minor(1, Currency::of("JPY"));
  const Money most = Money::minor(Money::kMaxUnits, eur), least = Money::minor(-Money::kMaxUnits, eur);
  EXPECT_EQ(code_of(Money::add(most, one)), "money.amount.too_large");
  EXPECT_EQ(code_of(Money::subtract(least, one)), "money.amount.too_large");
  EXPECT_EQ(code_of(Money::subtract(one, yen)), "money.currency.mismatch");
  EXPECT_EQ(*Money::subtract(two, one), one);
  EXPECT_EQ(*Money::compare(one, two), -1);
  EXPECT_EQ(*Money::compare(two, one), 1);
  EXPECT_EQ(*Money::compare(two, two), 0);
  EXPECT_FALSE(one == two);
  EXPECT_FALSE(one == yen);
  EXPECT_TRUE(one == Money::minor(1, eur));
  EXPECT_EQ(code_of(Money::round(Decimal::of("-20000000000000000"), eur, Rounding::half_up)), "money.amount.too_large");
  EXPECT_EQ(code_of(Money::round(Decimal::of("20000000000000000"), eur, Rounding::half_up)), "money.amount.too_large");
}

TEST(PaymentEdges, NothingIsLeftForTheSecondInvoice) {
  const std::vector<OpenInvoice> open{{"B", *parse_date("2026-02-01"), Money::minor(100, eur)},
                                      {"A", *parse_date("2026-02-01"), Money::minor(100, eur)}};
  const auto settled = settle_oldest_first(Money::minor(100, eur), open);
  ASSERT_TRUE(settled);
  ASSERT_EQ(settled->allocations.size(), 1U);
  EXPECT_EQ(settled->allocations[0].number, "A");
  EXPECT_TRUE(settled->unapplied.is_zero());
}

Document document(std::vector<std::string> prices, TaxMode mode = TaxMode::exclusive, const char* percent = nullptr) {
  Document out;
  out.rules.currency = eur;
  out.rules.tax_mode = mode;
  for (const std::string& price : prices) {
    DocumentLine line;
    line.unit_price = Decimal::of(price);
    if (percent != nullptr) line.taxes.push_back({"VAT", Decimal::of(percent)});
    out.lines.push_back(line);
  }
  return out;
}

std::string code_with(Document base, const std::function<void(Document&)>& change) {
  change(base);
  return code_of(compute_totals(base));
}

TEST(DocumentEdges, WordsThatAreNoneAreRefusedByEachReader) {
  EXPECT_EQ(code_of(parse_tax_mode("x")), "document.word.unknown");
  EXPECT_EQ(code_of(parse_level("x")), "document.word.unknown");
  EXPECT_EQ(code_of(parse_discount_timing("x")), "document.word.unknown");
  EXPECT_EQ(code_of(parse_inclusive_part("x")), "document.word.unknown");
  for (const TaxMode mode : {TaxMode::exclusive, TaxMode::inclusive, TaxMode::none})
    EXPECT_EQ(*parse_tax_mode(to_text(mode)), mode);
  for (const Level level : {Level::line, Level::document}) EXPECT_EQ(*parse_level(to_text(level)), level);
  for (const DiscountTiming timing : {DiscountTiming::before_tax, DiscountTiming::after_tax})
    EXPECT_EQ(*parse_discount_timing(to_text(timing)), timing);
  for (const InclusivePart part : {InclusivePart::net, InclusivePart::tax})
    EXPECT_EQ(*parse_inclusive_part(to_text(part)), part);
}

TEST(DocumentEdges, TaxesThatCannotBe) {
  const Document plain = document({"100"}, TaxMode::exclusive, "19");
  const auto rate = [&](const char* percent) {
    return code_with(plain, [&](Document& d) { d.lines[0].taxes[0].percent = Decimal::of(percent); });
  };
  EXPECT_EQ(rate("-100"), "document.tax.rate");
  EXPECT_EQ(rate("1000.1"), "document.tax.rate");
  EXPECT_EQ(rate("0.123456789"), "document.tax.rate");
  EXPECT_EQ(rate("1000"), "fine");
  EXPECT_EQ(code_with(plain, [](Document& d) { d.lines[0].taxes.assign(9, {"T", Decimal(1)}); }), "document.tax.rate");
  EXPECT_EQ(code_with(plain, [](Document& d) { d.rules.tax_mode = TaxMode::none; }), "document.tax.unexpected");
  EXPECT_EQ(code_of(compute_totals(document({"100"}, TaxMode::none, "0"))), "fine");
  EXPECT_EQ(code_with(plain, [](Document& d) { d.lines[0].mode = TaxMode::exclusive; }), "fine");
  EXPECT_EQ(code_with(plain, [](Document& d) { d.lines[0].mode = TaxMode::inclusive; }), "document.mode.mixed");
  EXPECT_EQ(code_with(document({"100"}, TaxMode::inclusive),
                      [](Document& d) {
                        d.lines[0].taxes.assign(2, {"T", Decimal(-60)});
                      }),
            "document.tax.rate");
}

TEST(DocumentEdges, StepsAndDiscountsThatCannotBe) {
  const Document plain = document({"100"});
  for (const char* step : {"0", "-0.05", "0.005"})
    EXPECT_EQ(code_with(plain, [&](Document& d) { d.rules.cash_step = Decimal::of(step); }), "document.cash_step");
  EXPECT_EQ(code_with(plain, [](Document& d) { d.rules.cash_step = Decimal::of("0.05"); }), "fine");
  for (const char* percent : {"-1", "100.5", "0.123456789"}) {
    EXPECT_EQ(code_with(plain, [&](Document& d) { d.discount_percent = Decimal::of(percent); }),
              "document.discount.out_of_range");
    EXPECT_EQ(code_with(plain, [&](Document& d) { d.lines[0].discount_percent = Decimal::of(percent); }),
              "document.discount.out_of_range");
  }
  for (const char* amount : {"-1", "101"})
    EXPECT_EQ(code_with(plain, [&](Document& d) { d.lines[0].discount_amount = Decimal::of(amount); }),
              "document.discount.out_of_range");
  EXPECT_EQ(code_with(plain, [](Document& d) { d.discount_percent = 10; }), "fine");
  EXPECT_EQ(code_with(plain, [](Document& d) { d.discount_amount = 10; }), "fine");
}

TEST(DocumentEdges, WhatADocumentDiscountCanBeTakenOff) {
  EXPECT_EQ(code_with(document({"0"}), [](Document& d) { d.discount_percent = 10; }), "fine");
  EXPECT_EQ(code_with(document({"0"}), [](Document& d) { d.discount_amount = 10; }), "document.discount.no_base");
  for (const char* amount : {"-1", "101"})
    EXPECT_EQ(code_with(document({"100"}), [&](Document& d) { d.discount_amount = Decimal::of(amount); }),
              "document.discount.out_of_range");
}

TEST(DocumentEdges, TaxesThatDifferInOneThingAreDifferentTaxes) {
  Document stacked = document({"100", "100", "100", "100"}, TaxMode::exclusive, "10");
  stacked.rules.tax_level = Level::document;
  stacked.lines[1].taxes.push_back({"VAT", Decimal(10), true});
  stacked.lines[2].taxes[0].name = "GST";
  stacked.lines[3].taxes[0].percent = 5;
  const auto totals = compute_totals(stacked);
  ASSERT_TRUE(totals);
  EXPECT_EQ(totals->tax_total, Decimal::of("46.00")) << "10 + (10 + 11) + 10 + 5";
  stacked.rules.tax_mode = TaxMode::inclusive;
  stacked.lines[3].taxes.clear();
  EXPECT_EQ(code_of(compute_totals(stacked)), "fine");
  stacked.rules.inclusive_part = InclusivePart::net;
  stacked.lines[2].taxes[0].percent = 0;
  EXPECT_EQ(code_of(compute_totals(stacked)), "fine");
  stacked.rules.tax_level = Level::line;
  EXPECT_EQ(code_of(compute_totals(stacked)), "fine");
}

TEST(DocumentEdges, LinesThatNeedMorePlacesThanThereAre) {
  const Document fine = document({"0.0000000001"});
  const auto with = [&](const char* quantity, const char* price, const char* percent, const char* amount) {
    return code_with(fine, [&](Document& d) {
      d.lines[0].quantity = Decimal::of(quantity);
      d.lines[0].unit_price = Decimal::of(price);
      d.lines[0].discount_percent = Decimal::of(percent);
      d.lines[0].discount_amount = Decimal::of(amount);
    });
  };
  EXPECT_EQ(with("0.000000001", "0.0000000001", "0", "0"), "document.scale.too_fine");
  EXPECT_EQ(with("0.0000001", "0.0000000001", "0", "0"), "document.scale.too_fine");
  EXPECT_EQ(with("1", "0.0000000000000001", "0.12345678", "0"), "document.scale.too_fine");
  EXPECT_EQ(with("1", "0.0000000000000001", "0.1", "0"), "document.scale.too_fine");
  EXPECT_EQ(with("1", "0.00000000000001", "0.1", "0"), "document.scale.too_fine");
  EXPECT_EQ(with("1", "1", "0", "0.00000000000000001"), "document.scale.too_fine");
  EXPECT_EQ(with("1", "1", "0", "0.0000000000000001"), "fine");
}

TEST(DocumentEdges, FineAmountsOfBothSignsShareADiscount) {
  for (const char* price : {"1000.1234567890123456", "-1000.1234567890123456"}) {
    Document fine = document({price, price});
    fine.rules.amount_level = Level::document;
    fine.discount_percent = 10;
    const auto totals = compute_totals(fine);
    ASSERT_TRUE(totals) << totals.error().what;
    EXPECT_EQ(totals->discount_total.abs(), Decimal::of("200.02"));
  }
}

TEST(DocumentEdges, APriceThatTheTargetRoundsAwayGoesAsAnAmount) {
  Document small = document({"0.004"});
  small.lines[0].quantity = 1000;
  small.lines[0].discount_amount = Decimal::of("3.99");
  small.rules.target_unit_places = 2;
  EXPECT_TRUE(compute_totals(small)->lines[0].amount_only);
}

TEST(DocumentEdges, WhichDocumentATotalAsksFor) {
  const auto posted = [](const char* price, ZeroTotalPolicy zero) {
    return posting_for(*compute_totals(document({price})), zero);
  };
  EXPECT_EQ(posted("-1", ZeroTotalPolicy::post), Posting::credit_note);
  EXPECT_EQ(posted("0", ZeroTotalPolicy::post), Posting::invoice);
  EXPECT_EQ(posted("0", ZeroTotalPolicy::skip), Posting::skip_zero_total);
  EXPECT_EQ(posted("1", ZeroTotalPolicy::skip), Posting::invoice);
}

TEST(ReshapeEdges, OneModeOutOfEach) {
  Document mixed = document({"100", "119", "50"}, TaxMode::exclusive, "19");
  mixed.lines[1].mode = TaxMode::inclusive;
  mixed.lines[2].mode = TaxMode::none;
  mixed.lines[2].taxes.clear();
  const auto exclusive = in_one_mode(mixed, TaxMode::exclusive);
  ASSERT_TRUE(exclusive) << exclusive.error().what;
  EXPECT_EQ(compute_totals(*exclusive)->total, Decimal(288));
  const auto inclusive = in_one_mode(mixed, TaxMode::inclusive);
  ASSERT_TRUE(inclusive) << inclusive.error().what;
  EXPECT_EQ(compute_totals(*inclusive)->total, Decimal(288));
}

TEST(ReshapeEdges, ADiscountOverModesOrAfterTaxCannotBeTurned) {
  Document one = document({"119"}, TaxMode::inclusive, "19");
  one.rules.discount_timing = DiscountTiming::before_tax;
  one.discount_amount = 10;
  EXPECT_EQ(code_of(in_one_mode(one, TaxMode::inclusive)), "fine");
  one.rules.discount_timing = DiscountTiming::after_tax;
  EXPECT_EQ(code_of(in_one_mode(one, TaxMode::inclusive)), "document.mode.mixed");
  Document two = document({"100", "119"}, TaxMode::exclusive, "19");
  two.lines[1].mode = TaxMode::inclusive;
  two.rules.discount_timing = DiscountTiming::before_tax;
  two.discount_percent = 10;
  EXPECT_EQ(code_of(in_one_mode(two, TaxMode::exclusive)), "document.mode.mixed");
}

TEST(ReshapeEdges, ADiscountAfterTaxPutOnLinesWouldMoveTheTax) {
  Document after = document({"119"}, TaxMode::inclusive, "19");
  after.rules.discount_timing = DiscountTiming::after_tax;
  after.discount_amount = 10;
  const auto moved = discount_on_lines(after);
  EXPECT_EQ(code_of(moved), "document.reshape.total_differs");
}

TEST(ReshapeEdges, NegativeLinesAreMadeOncePerTax) {
  Document taxed = document({"100", "200", "300", "400"}, TaxMode::exclusive, "19");
  taxed.rules.discount_timing = DiscountTiming::before_tax;
  taxed.discount_percent = 10;
  taxed.lines[1].taxes[0].percent = 7;
  taxed.lines[2].tax_code = "X";
  taxed.lines[3].takes_document_discount = false;
  const auto lines = discount_as_negative_lines(taxed);
  ASSERT_TRUE(lines) << lines.error().what;
  ASSERT_EQ(lines->lines.size(), 7U);
  EXPECT_EQ(lines->lines[4].id, "discount");
  EXPECT_EQ(lines->lines[6].id, "discount-3");
  taxed.lines[1].taxes[0].percent = 19;
  taxed.lines[2].tax_code.clear();
  EXPECT_EQ(discount_as_negative_lines(taxed)->lines.size(), 5U);
}

TEST(ReshapeEdges, NettingTouchesDiscountedLinesOnly) {
  Document netted = document({"100", "100", "100", "3", "0"});
  netted.lines[0].discount_percent = 10;
  netted.lines[1].discount_amount = 5;
  netted.lines[3].quantity = 7;
  netted.lines[3].discount_amount = 1;
  netted.lines[4].quantity = 0;
  const auto plain = discounts_netted(netted);
  ASSERT_TRUE(plain) << plain.error().what;
  EXPECT_EQ(plain->lines[0].unit_price, Decimal(90));
  EXPECT_EQ(plain->lines[1].unit_price, Decimal(95));
  EXPECT_EQ(plain->lines[2].unit_price, Decimal(100));
  EXPECT_EQ(plain->lines[3].quantity, Decimal(1)) << "20 by 7 is no price with two places";
  netted.discount_percent = 50;
  netted.lines[4].discount_percent = 10;
  EXPECT_TRUE(discounts_netted(netted));
  netted.discount_percent = 0;
  netted.discount_amount = 5;
  EXPECT_TRUE(discounts_netted(netted));
}

}  // namespace
}  // namespace tieout
