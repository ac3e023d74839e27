// The few protocol buffer types that CEL takes for plain values: google.protobuf.Int64Value{value: 1} is 1 (or null
// where none was set), google.protobuf.Struct{fields: {…}} is a map. No other message type is known.
#pragma once

#include <string_view>

#include "expr/type.hpp"
#include "model/value.hpp"

namespace tieout::expr {

struct WellKnown {
  std::string_view name;  ///< "google.protobuf.Int64Value"
  model::Value empty;     ///< what Name{} is
  Type type;
};

/// nullptr when no such type is known. The field f of a type is set by the function "Name.f" of the registry.
const WellKnown* find_well_known(std::string_view name);

}  // namespace tieout::expr
