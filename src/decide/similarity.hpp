// How alike two names are, for matching. The measure lives in model, because the audit before connecting (prove) must
// find the same doubles that matching will ask about.
#pragma once

#include "model/name_similarity.hpp"

namespace tieout::decide {

using model::match_key;
using model::similarity;
using model::similarity_of_keys;

}  // namespace tieout::decide
