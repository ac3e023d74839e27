// The field matrix: for every canonical type, what each field is and where it stands at each vendor. Generated from the
// declarations of the model and the packs, so that it is never out of date (docs/reference/field-matrix.md).
#pragma once

#include <string>

namespace tieout::mapping {

class PackSet;

/// The whole page, Markdown.
std::string field_matrix_page(const PackSet& packs);

}  // namespace tieout::mapping
