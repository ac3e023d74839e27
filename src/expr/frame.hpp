// What one run carries: the variables, the locals of macros, and what is left of its cost limit. And the way in which
// anything in a run fails: a Value of kind error, which every operation hands on.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "model/value.hpp"

namespace tieout::expr {

struct Frame {
  std::span<const model::Value> variables;
  model::Value* locals = nullptr;
  std::uint64_t budget = 0;
  bool exhausted = false;

  /// False when the limit is passed; then the run fails with expr.cost whatever else happens.
  bool charge(std::uint64_t units) {
    if (units <= budget) [[likely]] {
      budget -= units;
      return true;
    }
    budget = 0;
    exhausted = true;
    return false;
  }
};

/// An error whose place is added by the step that called the function.
model::Value failed(std::string_view what);
model::Value failed(Fault fault);
model::Value cost_exceeded();
/// "no such overload: …" with the kinds of the arguments.
model::Value no_such_overload(std::string_view function, std::span<const model::Value* const> arguments);
/// Adds the place to an error that has none yet.
model::Value placed(model::Value error, std::size_t offset);

}  // namespace tieout::expr
