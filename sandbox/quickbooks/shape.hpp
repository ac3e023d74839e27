// Checks a request body against its type and brings it into one form: known properties only, numbers as numbers, texts
// as texts and not too long. After it the rules of the books can read fields without asking what kind they are.
#pragma once

#include "base/json.hpp"
#include "sandbox/quickbooks/rejection.hpp"
#include "sandbox/quickbooks/schema.hpp"

namespace tieout::sandbox::quickbooks {

/// Numbers sent as text become numbers and the reverse, as the service accepts both. An explicit null or an empty text
/// becomes null, which means "clear this" in an update.
/// Refuses  2010 unknown property or a value of the wrong kind, 2050 too long, 2170 not a word of the enumeration.
Refusal check_shape(const Type& type, json::Value& body);

/// Removes what is null, at any depth: after merging nothing is left to clear.
void drop_nulls(json::Value& document);

}  // namespace tieout::sandbox::quickbooks
