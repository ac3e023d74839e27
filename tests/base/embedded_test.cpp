// What the build puts into the program must be what lies in the source tree, byte for byte.
#include "base/embedded.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace tieout {
namespace {

std::string on_disk(const std::string& path) {
  std::ifstream file(std::string(TIEOUT_SOURCE_DIR) + "/" + path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(Embedded, AFileIsTheOneOfTheSourceTree) {
  const auto orders = embedded_file("seed/northwind/orders.csv");
  ASSERT_TRUE(orders.has_value());
  EXPECT_GT(orders->size(), 100'000u);
  EXPECT_EQ(*orders, on_disk("sandbox/seed/northwind/orders.csv"));
}

TEST(Embedded, NamesComeByPrefixAndInOrder) {
  const auto names = embedded_names("seed/northwind/");
  ASSERT_GE(names.size(), 4u);
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  for (const auto name : names) EXPECT_TRUE(name.starts_with("seed/northwind/"));
  EXPECT_TRUE(embedded_names("seed/southwind/").empty());
}

TEST(Embedded, AnUnknownPathIsNothing) { EXPECT_FALSE(embedded_file("seed/northwind/order").has_value()); }

TEST(EmbeddedDeathTest, TheSamePathTwiceStopsTheProcess) {
  EXPECT_DEATH(register_embedded({{"seed/northwind/orders.csv", "other"}}), "two embedded files");
}

}  // namespace
}  // namespace tieout
