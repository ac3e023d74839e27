#include "money/money.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "money/allocate.hpp"
#include "money/document.hpp"

namespace tieout {
namespace {

const Currency eur = Currency::of("EUR");

TEST(Money, SplittingAlwaysAddsUp) {
  const auto shares = Money::minor(1000, eur).split({1, 1, 1});
  ASSERT_EQ(shares.size(), 3u);
  EXPECT_EQ(shares[0].to_text(), "EUR 3.34");
  EXPECT_EQ(shares[1].to_text(), "EUR 3.33");
  EXPECT_EQ(shares[2].to_text(), "EUR 3.33");
}

TEST(Money, PrintsAsManyPlacesAsItsCurrencyHas) {
  EXPECT_EQ(Money::minor(-5, eur).to_text(), "EUR -0.05");
  EXPECT_EQ(Money::minor(1000, Currency::of("JPY")).to_text(), "JPY 1000");
  EXPECT_EQ(Money::minor(1234, Currency::of("KWD")).to_text(), "KWD 1.234");
  EXPECT_EQ(Money::minor(12345, Currency::of("CLF")).to_text(), "CLF 1.2345");
}

TEST(Money, CurrenciesNeverMix) {
  const Money a = Money::minor(100, eur), b = Money::minor(100, Currency::of("USD"));
  EXPECT_EQ(Money::add(a, b).error().code, "money.currency.mismatch");
  EXPECT_EQ(Money::compare(a, b).error().code, "money.currency.mismatch");
  EXPECT_NE(a, b);
  EXPECT_DEATH((void)(a + b), "amounts of one currency");
}

TEST(Allocate, HoldsItsSumForAnyWeightsAndMirrorsSigns) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 20'000; ++round) {
    std::vector<std::int64_t> weights(1 + random() % 8);
    for (auto& weight : weights) weight = static_cast<std::int64_t>(random() % 2001) - 500;
    std::int64_t sum = 0;
    for (const auto weight : weights) sum += weight;
    const std::int64_t units = static_cast<std::int64_t>(random() % 2'000'001) - 1'000'000;
    const auto shares = allocate(units, weights);
    if (sum == 0 && units != 0) {
      EXPECT_EQ(shares.error().code, "money.split.no_weight");
      continue;
    }
    std::int64_t total = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      total += (*shares)[i];
      const __int128 off = static_cast<__int128>((*shares)[i]) * sum - static_cast<__int128>(units) * weights[i];
      ASSERT_LT(off < 0 ? -off : off, sum < 0 ? -sum : sum == 0 ? 1 : sum) << "a share is less than a unit off";
    }
    ASSERT_EQ(total, units);
    for (auto& weight : weights) weight = -weight;
    ASSERT_EQ(*allocate(units, weights), *shares) << "the sign of all weights together says nothing";
    for (auto& weight : weights) weight = -weight;
    auto mirrored = *allocate(-units, weights);
    for (auto& share : mirrored) share = -share;
    ASSERT_EQ(mirrored, *shares);
  }
}

TEST(Allocate, LargestAmountsDoNotOverflow) {
  const std::vector<std::int64_t> weights = {Money::kMaxUnits, Money::kMaxUnits, Money::kMaxUnits};
  const auto shares = *allocate(Money::kMaxUnits, weights);
  EXPECT_EQ(shares[0] + shares[1] + shares[2], Money::kMaxUnits);
  EXPECT_EQ(allocate(Money::kMaxUnits, std::vector<std::int64_t>{100, -99}).error().code, "money.amount.too_large");
}

TEST(Currency, EveryCodeIsThereOnceAndReadsBack) {
  std::set<std::string_view> codes;
  std::set<int> current_numbers;
  for (const Currency currency : Currency::all()) {
    EXPECT_TRUE(codes.insert(currency.code()).second) << currency.code();
    EXPECT_EQ(*Currency::parse(currency.code()), currency);
    EXPECT_GE(currency.exponent(), 0);
    EXPECT_LE(currency.exponent(), 4);
    EXPECT_FALSE(currency.name().empty());
    if (currency.is_retired()) {
      EXPECT_TRUE(currency.successor().has_value()) << currency.code();
      continue;
    }
    EXPECT_TRUE(current_numbers.insert(currency.numeric()).second) << currency.code();
    EXPECT_EQ(*Currency::from_numeric(currency.numeric()), currency);
  }
  EXPECT_GE(current_numbers.size(), 160u);
  EXPECT_EQ(Currency::from_numeric(532)->code(), "XCG") << "a number that was given again means the current code";
}

DocumentLine line_of(std::string_view price) {
  DocumentLine line;
  line.unit_price = Decimal::of(price);
  return line;
}

TEST(Document, FaultsNameTheLine) {
  Document document;
  document.rules.currency = eur;
  document.lines = {line_of("1.00"), line_of("2.00")};
  document.lines[1].id = "88";
  document.lines[1].discount_percent = Decimal{101};
  const auto totals = compute_totals(document);
  EXPECT_EQ(totals.error().field, "lines[1].discount_percent");
  EXPECT_NE(totals.error().what.find("line 2 (88)"), std::string::npos);
}

TEST(Document, LimitsAreFaultsNotCrashes) {
  Document document;
  document.rules.currency = eur;
  EXPECT_EQ(compute_totals(document).error().code, "document.lines.none");
  document.lines.assign(10'001, line_of("1.00"));
  EXPECT_EQ(compute_totals(document).error().code, "document.lines.too_many");
  document.lines.assign(1, line_of("100000000000000000000000000000000000"));
  EXPECT_EQ(compute_totals(document).error().code, "money.amount.too_large");
  document.lines[0].quantity = document.lines[0].unit_price;
  EXPECT_EQ(compute_totals(document).error().code, "decimal.overflow");
  document.lines.assign(10'000, line_of("9999999999999999.99"));
  EXPECT_EQ(compute_totals(document).error().code, "money.amount.too_large") << "the sum, not a line, is too large";
  document.lines.assign(1, line_of("0.12345678901234567"));
  EXPECT_EQ(compute_totals(document).error().code, "document.scale.too_fine");
}

TEST(Document, TenThousandLinesAndTwelveDigitsAddUp) {
  Document document;
  document.rules.currency = eur;
  document.rules.tax_level = Level::document;
  document.lines.assign(10'000, line_of("99999999999.995"));
  for (auto& line : document.lines) line.taxes = {{"VAT", Decimal::of("20"), false}};
  const auto totals = compute_totals(document);
  ASSERT_TRUE(totals.has_value()) << totals.error().what;
  EXPECT_EQ(totals->net_total.to_text(), "1000000000000000.00");
  EXPECT_EQ(totals->tax_total.to_text(), "200000000000000.00");
}

TEST(Document, ANegatedDocumentIsTheExactMirror) {
  Document document;
  document.rules.currency = eur;
  document.rules.discount_timing = DiscountTiming::before_tax;
  document.rules.tax_level = Level::document;
  document.discount_percent = Decimal::of("7.5");
  for (const auto price : {"3.33", "-0.47", "12.345", "0.01"}) {
    document.lines.push_back(line_of(price));
    document.lines.back().quantity = Decimal{3};
    document.lines.back().taxes = {{"VAT", Decimal::of("19"), false}};
  }
  const auto invoice = *compute_totals(document), credit = *compute_totals(as_credit_note(document));
  EXPECT_EQ(credit.direction, Direction::credit_note);
  EXPECT_EQ(invoice.total, -credit.total);
  for (std::size_t i = 0; i < invoice.lines.size(); ++i) {
    EXPECT_EQ(invoice.lines[i].net, -credit.lines[i].net);
    EXPECT_EQ(invoice.lines[i].tax, -credit.lines[i].tax);
  }
}

}  // namespace
}  // namespace tieout
