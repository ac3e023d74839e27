// What packs may call beside the standard functions of the language: name rules of books systems, our mark inside a
// document, unit prices that multiply back to the line. docs/guide/mapping.md lists them.
#pragma once

#include "expr/environment.hpp"

namespace tieout::mapping {

void add_functions(expr::Environment& environment);

}  // namespace tieout::mapping
