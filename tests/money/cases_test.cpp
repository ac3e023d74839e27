// Every file of tests/cases/money is a test. REGOLD=1 rewrites what stands below the line; the diff is what gets
// reviewed.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "case_reader.hpp"

namespace {

namespace fs = std::filesystem;
const fs::path kFolder = fs::path(TIEOUT_SOURCE_DIR) / "tests/cases/money";

std::string read(const fs::path& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

class MoneyCase : public testing::TestWithParam<fs::path> {};

TEST_P(MoneyCase, ComesOutAsWritten) {
  const std::string written = read(GetParam());
  const std::string computed = tieout::test::run_cases(written);
  EXPECT_EQ(computed.find("mistake in the case"), std::string::npos) << computed;
  if (std::getenv("REGOLD") != nullptr)
    std::ofstream(GetParam()) << computed;
  else
    EXPECT_EQ(written, computed);
}

std::vector<fs::path> case_files() {
  std::set<fs::path> files;
  for (const auto& entry : fs::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".txt") files.insert(entry.path());
  }
  return {files.begin(), files.end()};
}

INSTANTIATE_TEST_SUITE_P(Cases, MoneyCase, testing::ValuesIn(case_files()),
                         [](const auto& each) { return each.param.stem().string(); });

TEST(MoneyCases, EveryMoneyEdgeCaseHasOne) {
  for (int number = 1; number <= 19; ++number) {
    const std::string prefix = "edge_0" + std::string(number < 10 ? "0" : "") + std::to_string(number) + "_";
    bool found = false;
    for (const auto& file : case_files()) found = found || file.stem().string().starts_with(prefix);
    EXPECT_TRUE(found) << prefix << "*.txt is missing";
  }
}

}  // namespace
