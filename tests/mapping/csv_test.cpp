#include <gtest/gtest.h>

#include "mapping/csv.hpp"

namespace tieout::mapping {
namespace {

std::string all(std::string_view text, char delimiter = ',') {
  CsvReader reader(text, delimiter);
  std::vector<std::string> cells;
  std::string out;
  for (;;) {
    const auto more = reader.next(cells);
    if (!more) return out + "!" + more.error().code;
    if (!*more) return out;
    for (const std::string& cell : cells) out += "[" + cell + "]";
    out += "/";
  }
}

TEST(Csv, ReadsQuotesLineEndsAndAByteOrderMark) {
  EXPECT_EQ(all("\xEF\xBB\xBF"
                "a,b\r\n1,\"x, \"\"y\"\"\nz\"\r\n"),
            "[a][b]/[1][x, \"y\"\nz]/");
  EXPECT_EQ(all("a;b\n1;2", ';'), "[a][b]/[1][2]/");
  EXPECT_EQ(all("a,b\n,\n"), "[a][b]/[][]/");
  EXPECT_EQ(all(""), "");
}

TEST(Csv, MistakesHaveTheirCode) {
  EXPECT_EQ(all("a,b\n1,\"x"), "[a][b]/!csv.quote");
  EXPECT_EQ(all("a,b\n1,\"x\"y\n"), "[a][b]/!csv.quote");
  EXPECT_EQ(all("a,b\n1\n"), "[a][b]/!csv.columns");
  EXPECT_EQ(all("a,\xFF\n"), "!csv.utf8");
}

TEST(Csv, WritesWhatItReads) {
  std::string out;
  append_csv_row(out, {"a", "x, \"y\"", "-5.00", "=1+1"});
  EXPECT_EQ(out, "a,\"x, \"\"y\"\"\",-5.00,\"'=1+1\"\r\n");
  out.clear();
  append_csv_row(out, {""});
  EXPECT_EQ(out, "\"\"\r\n") << "a row of one empty cell is no blank line";
}

}  // namespace
}  // namespace tieout::mapping
