// Values from JSON and back, for the variables of `tieout eval` and for suites of cases.
//
// Plain JSON: a number without point or exponent is an int (a uint, then a decimal, when it does not fit); any other
// number is an exact decimal, never a double. Objects are maps. What JSON cannot say is written with a tag, an object
// of one member: {"$decimal": "12.30"}, {"$date": "2026-01-31"}, {"$timestamp": "2026-01-31T10:00:00Z"},
// {"$duration": "90s"}, {"$double": "1.5"}, {"$uint": "7"}, {"$int": "7"}, {"$bytes": "c3bf"} (hexadecimal).
// Suites tag every value, without the $: {"int": "1"}, {"map": [[key, value], …]}, {"timestamp": [seconds, nanos]}.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "model/value.hpp"

namespace tieout::expr {

using Bindings = std::vector<std::pair<std::string, model::Value>>;

/// Fails with expr.bindings.malformed when a tag does not fit its content.
Result<model::Value> value_from_json(const json::Value& plain);
Result<model::Value> value_from_tagged(const json::Value& tagged);
/// A JSON object, variable name → value. Fails with json.malformed, expr.bindings.malformed.
Result<Bindings> read_bindings(std::string_view text);

/// Decimals, dates, timestamps and 64-bit numbers beyond 2^53 become strings; absent fields are left out.
json::Value value_to_json(const model::Value& value);

}  // namespace tieout::expr
