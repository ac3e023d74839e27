// The auditor's own arithmetic, against figures worked out by hand (edge cases 1 to 4, 10 to 13).
#include <gtest/gtest.h>

#include "sim/auditor/ledger.hpp"
#include "sim/auditor/sums.hpp"

namespace tieout::sim::audit {
namespace {

Line line(const char* price, const char* quantity, const char* percent = nullptr, const char* per_unit = nullptr) {
  Line out{*read(price), *read(quantity), {}, {}};
  if (percent != nullptr) out.percent = read(percent);
  if (per_unit != nullptr) out.per_unit = read(per_unit);
  return out;
}

TEST(Sums, RoundTheHalfCentAwayFromZero) {
  EXPECT_EQ(cents("0.125"), 13);
  EXPECT_EQ(cents("-0.125"), -13);
  EXPECT_EQ(cents("163.725"), 16373);
  EXPECT_EQ(cents("42"), 4200);
  EXPECT_EQ(cents("0.1249"), 12);
}

TEST(Sums, ReadNothingThatIsNoNumber) {
  for (const char* text : {"", "-", ".", "1.2.3", "12 Euro", "1,000", "1e3"}) EXPECT_FALSE(cents(text)) << text;
}

TEST(Sums, TakeDiscountsOffTheLineOrEachUnit) {
  EXPECT_EQ(worth_of({line("42.4", "35", "15")}).by_line, 126140);
  EXPECT_EQ(worth_of({line("18", "3", nullptr, "0.50")}).by_line, 5250);
  EXPECT_EQ(worth_of({line("8.0158", "1.5", "12.5")}).by_line, 1052);
}

TEST(Sums, RoundByLineOrOnce) {
  const Worth three = worth_of({line("3.335", "1"), line("3.335", "1"), line("3.335", "1")});
  EXPECT_EQ(three.by_line, 1002);
  EXPECT_EQ(three.by_document, 1001);
}

TEST(Marks, AreFoundInANoteAmongOtherWords) {
  EXPECT_EQ(mark_in("Voided - [tieout:deal/1021/1] spoke to Mr. Lee"), "deal/1021/1");
  EXPECT_EQ(mark_in("nothing of ours"), "");
  EXPECT_EQ(part_of("deal/1021/1", 1), "1021");
  EXPECT_EQ(part_of("deal/1021/1", 7), "");
}

TEST(Names, AreComparedByLettersAndDigitsAlone) {
  EXPECT_EQ(plain("Dept: Acme, Ltd. 12"), plain("Dept\xea\x9e\x89 ACME Ltd 12"));
  EXPECT_NE(plain("Acme 12"), plain("Acme 13"));
}

}  // namespace
}  // namespace tieout::sim::audit
