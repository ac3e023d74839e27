// Takes a vendor's JSON apart along its declared schema, in one pass: names that no expression reads are stepped over,
// numbers are read by their digits, and what was not sent stays apart from what was sent as null.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "mapping/vendor_schema.hpp"
#include "model/value.hpp"

namespace tieout::mapping {

/// Reads one JSON object of the schema. Numbers, truth values and dates may also come as text ("12.50", "true"); as
/// text, an empty one counts as null there. Instants may come as RFC 3339 or as milliseconds since 1970 in UTC; dates
/// as YYYY-MM-DD, the date of an instant in UTC, or milliseconds.
/// Fails   mapping.source.malformed  the text is no JSON object, or ends too early
///         mapping.source.kind       a value is not what the schema declares; field is its path
Result<model::Value> read_source(const VendorSchema& schema, std::string_view json);

/// A text as a value of a scalar kind, by the rules above; used for CSV cells as well.
Result<model::Value> read_scalar(VendorSchema::Kind kind, std::string_view text);

}  // namespace tieout::mapping
