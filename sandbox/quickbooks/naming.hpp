// What every name in QuickBooks has in common: no colon, tab or line break, and a mark behind names made inactive.
#pragma once

#include <string>
#include <string_view>

namespace tieout::sandbox::quickbooks {

bool has_forbidden_characters(std::string_view name);
/// Inactive names carry " (deleted)", which frees the old name; a name made active again loses it.
std::string with_deleted_mark(std::string name, bool active);
std::string currency_name(std::string_view code);

}  // namespace tieout::sandbox::quickbooks
