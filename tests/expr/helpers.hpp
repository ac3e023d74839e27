#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "expr/program.hpp"

namespace tieout::expr {

using model::Value;

/// The result as an expression would write it, or "error CODE".
inline std::string eval(std::string_view source, const Environment& environment = {},
                        const std::vector<Value>& values = {}, CostLimit limit = {}) {
  const auto program = Program::compile(source, environment);
  if (!program) return "error " + program.error().code;
  const auto result = program->run(values, limit);
  return result ? result->display() : "error " + result.error().code;
}

/// The message of the Fault that compiling or running gives.
inline std::string message(std::string_view source, const Environment& environment = {},
                           const std::vector<Value>& values = {}) {
  const auto program = Program::compile(source, environment);
  if (!program) return program.error().what;
  const auto result = program->run(values);
  return result ? "no error: " + result->display() : result.error().what;
}

inline std::string type(std::string_view source, const Environment& environment = {}) {
  const auto program = Program::compile(source, environment);
  return program ? program->result_type().to_text() : "error " + program.error().code;
}

}  // namespace tieout::expr
