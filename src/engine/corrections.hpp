// Corrections of a person, as they are kept with a record's decision: which field, which value they replace, and by
// what. A correction is bound to the value that it corrected, so that a later change at the source is never swallowed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tieout::engine {

struct Correction {
  std::string field;
  std::string corrects;  ///< the value at the source when the person looked at it
  std::string value;
};

/// Of a decision "set:…"; empty for every other decision.
std::vector<Correction> corrections_in(std::string_view decision);
/// The decision with one more correction; an earlier one of the same field is replaced.
std::string with_correction(std::string_view decision, const Correction& correction);

}  // namespace tieout::engine
