// Which country an address names, whatever way it is written, and what an address there needs.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tieout::prove {

/// ISO 3166-1 code ("DE") of a code of two or three letters or of a name in English or the country's own language
/// ("Germany", "Deutschland", "UK"); nothing when it is none.
std::optional<std::string_view> country_code(std::string_view text);

/// Does a letter to that country need a postal code? country: ISO code.
bool needs_postal_code(std::string_view country);
/// Has it the form that the country's post uses? True when the form is not described here.
bool is_postal_code_of(std::string_view postal_code, std::string_view country);
/// Does an address there need a state or province?
bool needs_region(std::string_view country);

}  // namespace tieout::prove
