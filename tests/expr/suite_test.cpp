// The official conformance cases of the Common Expression Language that need no protocol buffers: every one must pass.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "expr/suite.hpp"

namespace tieout::expr {
namespace {

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

SuiteReport run_file(const std::string& name) {
  auto report = run_suite(read_file(std::string(TIEOUT_SOURCE_DIR) + "/tests/cases/cel/" + name));
  EXPECT_TRUE(report.has_value()) << (report ? "" : report.error().what);
  if (!report) return {};
  for (const SuiteNote& failure : report->failures)
    ADD_FAILURE() << failure.file << "/" << failure.section << "/" << failure.name << "\n  " << failure.expression
                  << "\n  " << failure.what;
  return *std::move(report);
}

TEST(Conformance, EveryOfficialCasePasses) {
  const SuiteReport report = run_file("conformance.json");
  EXPECT_EQ(report.summary(), "passed 1040, failed 0, skipped 0");
}

}  // namespace
}  // namespace tieout::expr
