#include "cli/terminal.hpp"

#include <gtest/gtest.h>

namespace tieout::cli {
namespace {

TEST(DisplayWidth, CountsColumnsAndNotBytes) {
  EXPECT_EQ(display_width("Bólido Comidas"), 14);
  EXPECT_EQ(display_width("東京商事"), 8);
  EXPECT_EQ(display_width("e\xcc\x81"), 1);  // e and a combining accent
  EXPECT_EQ(display_width(""), 0);
}

TEST(Shortened, NeverCutsACharacterInTwo) {
  EXPECT_EQ(shortened("Alfreds", 7), "Alfreds");
  EXPECT_EQ(shortened("Alfreds Futterkiste", 8), "Alfreds…");
  EXPECT_EQ(shortened("東京商事", 6), "東京…");
  EXPECT_EQ(shortened("東京商事", 5), "東京…");
  EXPECT_EQ(shortened("東京商事", 4), "東…");
}

TEST(Printable, LetsNoControlSequenceThrough) {
  EXPECT_EQ(printable("a\x1b[31mred\x07"), "a·[31mred·");
  EXPECT_EQ(printable("two\nlines\tand tab"), "two lines and tab");
  EXPECT_EQ(printable("bad \xff byte"), "bad \xef\xbf\xbd byte");
}

TEST(Money, HasMarksAndThePlacesOfItsCurrency) {
  EXPECT_EQ(money_text("EUR", Decimal::of("1086")), "EUR 1,086.00");
  EXPECT_EQ(money_text("USD", Decimal::of("-1265793.29")), "USD -1,265,793.29");
  EXPECT_EQ(money_text("JPY", Decimal::of("1005")), "JPY 1,005");
  EXPECT_EQ(money_text("KWD", Decimal::of("1.2")), "KWD 1.200");
  EXPECT_EQ(money_text("EUR", Decimal::of("0.125")), "EUR 0.125");  // what is too precise stays visible
}

TEST(Table, LinesUpWhateverTheScript) {
  Table table({Align::left, Align::right, Align::left});
  table.row({{"東京商事"}, {"1.00"}, {"x"}}).row({{"Ana"}, {"1,000.00"}, {""}});
  Terminal plain;
  EXPECT_EQ(table.text(plain), "  東京商事      1.00  x\n  Ana       1,000.00\n");
}

TEST(Table, ColoursDoNotMoveColumns) {
  Terminal colour;
  colour.colour = true;
  Table table({Align::left, Align::left});
  table.row({{"+", Style::green}, {"a"}});
  EXPECT_EQ(table.text(colour), "  \x1b[32m+\x1b[0m  a\n");
  Terminal plain;
  EXPECT_EQ(table.text(plain), "  +  a\n");
}

}  // namespace
}  // namespace tieout::cli
