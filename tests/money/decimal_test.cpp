#include "money/decimal.hpp"

#include <gtest/gtest.h>

namespace tieout {

// GoogleTest prints decimals as people write them.
void PrintTo(const Decimal& value, std::ostream* out) { *out << value.to_text(); }

namespace {

Decimal d(std::string_view text) { return Decimal::of(text); }
std::string code_of(const Result<Decimal>& result) { return result ? result->to_text() : result.error().code; }
const std::string kNines(36, '9');

TEST(DecimalText, GoesInAndOutUnharmed) {
  for (const std::string text :
       {"0", "0.00", "1234.50", "-0.05", "0.000000000000000001", "999999999999999999.999999999999999999", "-100",
        "18446744073709551615", "18446744073709551616", "0.30000000000000004"}) {
    EXPECT_EQ(d(text).to_text(), text);
  }
  EXPECT_EQ(d(kNines).to_text(), kNines);
  EXPECT_EQ(d("-" + kNines).to_text(), "-" + kNines);
  EXPECT_EQ(d("100000000000000000000000000000000005").to_text(), "100000000000000000000000000000000005");
}

TEST(DecimalText, ReadsWhatJsonWrites) {
  EXPECT_EQ(d("1e3").to_text(), "1000");
  EXPECT_EQ(d("1.5e-2").to_text(), "0.015");
  EXPECT_EQ(d("1.50E1").to_text(), "15.0");
  EXPECT_EQ(d("+7").to_text(), "7");
  EXPECT_EQ(d("-0.00").to_text(), "0.00") << "minus zero is zero";
  EXPECT_EQ(d("0e999").to_text(), "0");
  EXPECT_EQ(d("000000000000000000000000000000000000000000012.5").to_text(), "12.5");
}

TEST(DecimalText, RefusesWhatIsNoDecimal) {
  for (const std::string text :
       {"", "-", ".5", "5.", "1,000.00", " 1", "1 ", "1e", "1e+", "0x10", "1.2.3", "NaN", "١", "--1", "1_0"}) {
    EXPECT_EQ(code_of(Decimal::parse(text)), "decimal.malformed") << text;
  }
  for (const std::string& text :
       {kNines + "9", std::string("0.0000000000000000001"), std::string("1e36"), std::string("1e-19"),
        std::string("1e99999999999999999999"), "1" + std::string(200, '0')}) {
    EXPECT_EQ(code_of(Decimal::parse(text)), "decimal.overflow") << text;
  }
}

TEST(DecimalRounding, EachWordDecidesAsItSays) {
  const auto all = [](std::string_view text) {
    std::string out;
    for (int i = 0; i < 7; ++i) out += d(text).rounded(0, static_cast<Rounding>(i)).to_text() + " ";
    return out;  // half_up half_even half_down up down ceiling floor
  };
  EXPECT_EQ(all("2.5"), "3 2 2 3 2 3 2 ");
  EXPECT_EQ(all("-2.5"), "-3 -2 -2 -3 -2 -2 -3 ");
  EXPECT_EQ(all("3.5"), "4 4 3 4 3 4 3 ");
  EXPECT_EQ(all("2.51"), "3 3 3 3 2 3 2 ");
  EXPECT_EQ(all("2.49"), "2 2 2 3 2 3 2 ");
  EXPECT_EQ(all("-0.4"), "0 0 0 -1 0 0 -1 ");
  EXPECT_EQ(all("7.0"), "7 7 7 7 7 7 7 ");
}

TEST(DecimalRounding, WideNumbersRoundAsNarrowOnesDo) {
  EXPECT_EQ(d("123456789012345678901234567890.125").rounded(2, Rounding::half_up).to_text(),
            "123456789012345678901234567890.13");
  EXPECT_EQ(d("123456789012345678901234567890.125").rounded(2, Rounding::half_even).to_text(),
            "123456789012345678901234567890.12");
  EXPECT_EQ(d("1.5").rounded(4, Rounding::down).to_text(), "1.5000");
  EXPECT_EQ(code_of(Decimal::round(d(kNines), 1, Rounding::down)), "decimal.overflow");
}

TEST(DecimalRounding, EveryWordIsReadAndWritten) {
  for (int i = 0; i < 7; ++i) EXPECT_EQ(*parse_rounding(to_text(static_cast<Rounding>(i))), static_cast<Rounding>(i));
  EXPECT_EQ(parse_rounding("bankers").error().code, "rounding.word.unknown");
}

TEST(DecimalArithmetic, IsExact) {
  EXPECT_EQ(d("0.1") + d("0.2"), d("0.3"));
  EXPECT_EQ((d("1.50") + d("2")).to_text(), "3.50") << "the longer scale is kept";
  EXPECT_EQ(d("100") - d("0.01"), d("99.99"));
  EXPECT_EQ((d("3") * d("1.02")).to_text(), "3.06");
  EXPECT_EQ(d("-1.5") * d("-1.5"), d("2.25"));
  EXPECT_EQ(d("123456789012345678.123456") * d("1000000000"), d("123456789012345678123456000"));
  EXPECT_EQ(d("1.000000000000000000") * d("1.000000000000000000"), d("1"));
  EXPECT_EQ((d("100.000000000000000000") * d("100.000000000000000000")).to_text(), "10000.000000000000000000");
  EXPECT_EQ((d("0.0000000005") * d("0.0000000005")).to_text(), "0.000000000000000000")
      << "25e-20 is under half a place";
  EXPECT_EQ((d("0.000000001") * d("0.0000000015")).to_text(), "0.000000000000000002") << "half to even at 18 places";
}

TEST(DecimalArithmetic, TheCheckedFormsFailWhereTheOperatorsWouldStop) {
  EXPECT_EQ(code_of(Decimal::add(d(kNines), d("1"))), "decimal.overflow");
  EXPECT_EQ(code_of(Decimal::subtract(d("-" + kNines), d("1"))), "decimal.overflow");
  EXPECT_EQ(code_of(Decimal::multiply(d(kNines), d("10"))), "decimal.overflow");
  EXPECT_EQ(code_of(Decimal::add(d("10000000000000000000000000000000000"), d("1.0000"))),
            "10000000000000000000000000000000001")
      << "zeros after the point do not decide whether a sum fits";
  EXPECT_DEATH((void)(d(kNines) + d("1")), "left the bounds");
}

TEST(DecimalArithmetic, MultipliesWithOneRoundingOnly) {
  const auto times = [](std::string_view a, std::string_view b, int places, Rounding rounding) {
    return code_of(Decimal::multiply(d(a), d(b), places, rounding));
  };
  EXPECT_EQ(times("140.00", "0.09975", 2, Rounding::half_up), "13.97");
  EXPECT_EQ(times("140.00", "0.09975", 2, Rounding::half_even), "13.96");
  EXPECT_EQ(times("0.000000000000000001", "0.5", 0, Rounding::up), "1");
  EXPECT_EQ(times("99999999999999999.9999999999999999", "0.999999999999999999", 0, Rounding::down),
            "99999999999999999");
  EXPECT_EQ(times("1234567890123456789.0123456789", "9.87654321", 3, Rounding::half_up), "12193263112482853211.248");
  EXPECT_EQ(times("2", "3", 4, Rounding::half_up), "6.0000");
  EXPECT_EQ(times(kNines, kNines, 0, Rounding::half_up), "decimal.overflow");
}

TEST(DecimalArithmetic, DividesToThePlacesAskedFor) {
  const auto by = [](std::string_view a, std::string_view b, int places, Rounding rounding) {
    return code_of(Decimal::divide(d(a), d(b), places, rounding));
  };
  EXPECT_EQ(by("2.99", "1.04", 2, Rounding::half_up), "2.88");
  EXPECT_EQ(by("2.99", "1.04", 2, Rounding::half_down), "2.87");
  EXPECT_EQ(by("1", "3", 18, Rounding::half_up), "0.333333333333333333");
  EXPECT_EQ(by("-1", "3", 2, Rounding::floor), "-0.34");
  EXPECT_EQ(by("1", "0", 2, Rounding::floor), "decimal.divide_by_zero");
  EXPECT_EQ(by("0.000000000000000001", kNines, 0, Rounding::up), "1");
  EXPECT_EQ(by(kNines, "0.000000000000000001", 0, Rounding::up), "decimal.overflow");
  EXPECT_EQ(by(kNines, kNines, 18, Rounding::half_even), "1.000000000000000000");
  EXPECT_EQ(by(kNines, "7", 0, Rounding::half_even), "142857142857142857142857142857142857");
  EXPECT_EQ(by("1", "999999999999999999999999999999999999", 18, Rounding::half_even), "0.000000000000000000");
}

TEST(DecimalComparison, ComparesNumbersNotTexts) {
  EXPECT_EQ(d("1.50"), d("1.5"));
  EXPECT_LT(d("-2"), d("-1.999999999999999999"));
  EXPECT_GT(d(kNines), d("0.000000000000000001"));
  EXPECT_LT(d("-" + kNines), d("0.000000000000000001"));
  EXPECT_LT(d("-" + kNines), d("-0.000000000000000001"));
  EXPECT_LT(d("999999999999999999.999999999999999999"), d(kNines));
  EXPECT_EQ(d("0"), d("0.000"));
}

TEST(DecimalScale, KnowsWhatItNeeds) {
  EXPECT_EQ(d("1.500").needed_scale(), 1);
  EXPECT_EQ(d("100").needed_scale(), 0);
  EXPECT_EQ(d("0.000").needed_scale(), 0);
  EXPECT_EQ(d("123456789012345678901.2300").needed_scale(), 2);
  EXPECT_EQ(d("1.500").normalised().to_text(), "1.5");
  EXPECT_EQ(d("100").normalised().to_text(), "100");
}

}  // namespace
}  // namespace tieout
