// JSON Schema (2020-12) of the canonical types, for editors, for whoever reads our JSON, and later for the API.
#pragma once

#include <string>

#include "model/types.hpp"

namespace tieout::model {

/// The schema of one type with those of its lists under $defs; indented, ends with a line feed. Decimals are strings
/// with a pattern that states the places; every field may be null.
std::string json_schema(const RecordType& type);

}  // namespace tieout::model
