// As much of JSON Schema as packs/schema/pack.schema.json uses, so that the shipped packs can be held to it in a test.
#pragma once

#include <string>

#include "base/json.hpp"

namespace tieout::mapping {

/// The first thing in `value` that the schema does not allow, with its path; empty when all is well.
std::string against_schema(const json::Value& schema, const json::Value& value);

}  // namespace tieout::mapping
