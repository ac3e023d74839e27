// Runs a file of cases against the language: {"file": [{"section", "name", "expr", "bindings"?, "container"?,
// "disable_check"?, "value" | "error"}, …], …}, the form of tests/cases/cel/conformance.json. Beyond that form a case
// may say "type" (the type that the checker must find), "type_env" ({variable: type}), "check_only" and "skip" (a
// reason). The wording of an error is not compared: an error must come, at compile or at run time.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace tieout::expr {

struct SuiteNote {
  std::string file;
  std::string section;
  std::string name;
  std::string expression;
  std::string what;  ///< expected and found, or the reason of a skip
};

struct SuiteReport {
  std::size_t passed = 0;
  std::vector<SuiteNote> failures;
  std::vector<SuiteNote> skips;

  /// "passed 1040, failed 0, skipped 0"
  std::string summary() const;
};

/// Fails with json.malformed or expr.suite.malformed; a failing case is in the report.
Result<SuiteReport> run_suite(std::string_view text);

}  // namespace tieout::expr
