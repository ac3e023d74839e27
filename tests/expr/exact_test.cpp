// Decimals, dates and the helpers of accountants.
#include "helpers.hpp"

namespace tieout::expr {
namespace {

TEST(Decimals, StayExact) {
  EXPECT_EQ(eval("decimal('0.1') + decimal('0.2') == decimal('0.3')"), "true");
  EXPECT_EQ(eval("decimal('12.30') * 3 - 1"), "decimal('35.90')");
  EXPECT_EQ(eval("2 * decimal('1.5') == 3"), "true");
  EXPECT_EQ(eval("decimal('1.50') == decimal('1.5')"), "true");
  EXPECT_EQ(eval("-decimal('1.5') < 0"), "true");
  EXPECT_EQ(eval("string(decimal('12.30'))"), "'12.30'");
  EXPECT_EQ(eval("[decimal('1.10'), decimal('2.20')].sum()"), "decimal('3.30')");
  EXPECT_EQ(eval("math.greatest(decimal('1.1'), decimal('1.2'))"), "decimal('1.2')");
  EXPECT_EQ(eval("type(decimal('1')) == decimal"), "true");
}

TEST(Decimals, NeverMeetDoubles) {
  EXPECT_EQ(eval("decimal('1.5') + 1.5"), "error expr.type");
  EXPECT_EQ(eval("decimal(1.5)"), "error expr.type");
  EXPECT_EQ(eval("decimal('1.5') == 1.5"), "error expr.type");
  EXPECT_EQ(eval("decimal('1.5') < 1.5"), "error expr.type");
  EXPECT_EQ(eval("dyn(decimal('1.5')) == 1.5"), "false");
  EXPECT_EQ(eval("dyn(decimal('1.5')) < 1.5"), "error expr.eval");
  EXPECT_NE(message("decimal('1.5') * 1.5").find("write decimal('12.50')"), std::string::npos);
}

TEST(Decimals, AreDividedOnlyWithARounding) {
  EXPECT_EQ(eval("decimal('1') / decimal('3')"), "error expr.type");
  EXPECT_NE(message("decimal('1') / 3").find("divide(a, b, 2, 'half_up')"), std::string::npos);
  EXPECT_EQ(eval("divide(decimal('1'), 3, 4, 'half_up')"), "decimal('0.3333')");
  EXPECT_EQ(eval("divide(10, 4, 0, 'half_even')"), "decimal('2')");
  EXPECT_EQ(eval("divide(10, 0, 0, 'half_even')"), "error expr.eval");
  EXPECT_EQ(eval("round(decimal('2.345'), 2, 'half_up')"), "decimal('2.35')");
  EXPECT_EQ(eval("round(decimal('2.345'), 2, 'half_even')"), "decimal('2.34')");
  EXPECT_EQ(eval("round(decimal('2.345'), 2, 'sideways')"), "error expr.eval");
  EXPECT_EQ(eval("round(decimal('2.345'), 19, 'half_up')"), "error expr.eval");
}

TEST(Decimals, ReportOverflowAndMalformedText) {
  EXPECT_EQ(eval("decimal('1,5')"), "error expr.eval");
  EXPECT_EQ(eval("isDecimal('1,5')"), "false");
  EXPECT_EQ(eval("decimal('900000000000000000000000000000000000') * 1000"), "error expr.eval");
  EXPECT_EQ(eval("int(decimal('2.5'))"), "error expr.eval");
  EXPECT_EQ(eval("int(decimal('2.00'))"), "2");
}

TEST(Money, IsSharedOutToTheCent) {
  EXPECT_EQ(eval("allocate(decimal('10.00'), [1, 1, 1], 2)"), "[decimal('3.34'), decimal('3.33'), decimal('3.33')]");
  EXPECT_EQ(eval("allocate(decimal('0.05'), [decimal('0.5'), decimal('1.5')], 2)"),
            "[decimal('0.01'), decimal('0.04')]");
  EXPECT_EQ(eval("allocate(100, [2, 1], 0).sum() == 100"), "true");
  EXPECT_EQ(eval("allocate(decimal('0.001'), [1], 2)"), "error expr.eval");
  EXPECT_EQ(eval("allocate(decimal('1.00'), [0], 2)"), "error expr.eval");
}

TEST(Money, HasItsHelpers) {
  EXPECT_EQ(eval("percentOf(decimal('200.00'), 5) == 10"), "true");
  EXPECT_EQ(eval("taxOf(decimal('10.55'), 19, 2, 'half_up')"), "decimal('2.00')");
  EXPECT_EQ(eval("taxOf(decimal('10.55'), decimal('7.7'), 2, 'down')"), "decimal('0.81')");
  EXPECT_EQ(eval("currencyDigits('JPY')"), "0");
  EXPECT_EQ(eval("currencyDigits('EUR')"), "2");
  EXPECT_EQ(eval("currencyDigits('XXQ')"), "error expr.eval");
  EXPECT_EQ(eval("formatAmount(decimal('1086'), 'EUR')"), "'1,086.00'");
  EXPECT_EQ(eval("formatAmount(decimal('-1234567.5'), 2, '.', ',')"), "'-1.234.567,50'");
  EXPECT_EQ(eval("formatAmount(decimal('-123'), 'JPY')"), "'-123'");
  EXPECT_EQ(eval("formatAmount(decimal('1.005'), 'EUR')"), "error expr.eval");
}

TEST(Dates, AreCivil) {
  EXPECT_EQ(eval("date('2026-01-31').addMonths(1)"), "date('2026-02-28')");
  EXPECT_EQ(eval("date('2024-01-31').addMonths(1)"), "date('2024-02-29')");
  EXPECT_EQ(eval("date('2024-02-29').addYears(1)"), "date('2025-02-28')");
  EXPECT_EQ(eval("date('2026-03-15').addMonths(-13)"), "date('2025-02-15')");
  EXPECT_EQ(eval("date('2026-12-30').addDays(3)"), "date('2027-01-02')");
  EXPECT_EQ(eval("date('2026-02-03').endOfMonth()"), "date('2026-02-28')");
  EXPECT_EQ(eval("date('2026-02-03').startOfMonth()"), "date('2026-02-01')");
  EXPECT_EQ(eval("daysBetween(date('2026-01-31'), date('2026-03-01'))"), "29");
  EXPECT_EQ(eval("date('2026-01-31') < date('2026-02-01')"), "true");
  EXPECT_EQ(eval("date('2026-02-30')"), "error expr.eval");
  EXPECT_EQ(eval("date('9999-12-31').addDays(1)"), "error expr.eval");
  EXPECT_EQ(eval("date('2026-01-31').addMonths(9223372036854775807)"), "error expr.eval");
  EXPECT_EQ(eval("[date('2026-01-31').year(), date('2026-01-31').month(), date('2026-01-31').day()]"), "[2026, 1, 31]");
}

TEST(Dates, ComeFromTimestampsInAZone) {
  EXPECT_EQ(eval("timestamp('2026-01-01T03:00:00Z').toDate('America/New_York')"), "date('2025-12-31')");
  EXPECT_EQ(eval("timestamp('2026-01-01T03:00:00Z').toDate('UTC')"), "date('2026-01-01')");
  EXPECT_EQ(eval("timestamp('2026-01-01T03:00:00Z').toDate('Mars/Olympus')"), "error expr.eval");
  EXPECT_EQ(eval("date('2026-07-01').toTimestamp('Europe/Berlin')"), "timestamp('2026-06-30T22:00:00Z')");
  EXPECT_EQ(eval("date('2026-01-01').toTimestamp('America/New_York')"), "timestamp('2026-01-01T05:00:00Z')");
  // Beirut skips midnight when summer time begins: the day starts at 01:00, which is 22:00 UTC.
  EXPECT_EQ(eval("date('2022-03-27').toTimestamp('Asia/Beirut')"), "timestamp('2022-03-26T22:00:00Z')");
}

}  // namespace
}  // namespace tieout::expr
