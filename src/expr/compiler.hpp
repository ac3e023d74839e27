// From the checked tree to steps: folds what is constant, picks the quickest step for each form.
#pragma once

#include "expr/step.hpp"

namespace tieout::expr {

StepPtr compile_steps(const Ast& root);
/// The number of nodes: what one evaluation costs, macros not counted.
std::uint64_t node_count(const Ast& root);

}  // namespace tieout::expr
