// Is it a tax number of that country? Form and, where the tax offices publish how it is computed, the check digits; for
// the EU, the United Kingdom, Norway, Switzerland and the United States (EIN). A good number may still belong to
// nobody: whether it is registered, only the tax office knows.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tieout::prove {

enum class TaxIdVerdict : std::uint8_t {
  good,
  wrong_form,         ///< not made of the letters and digits that this country uses
  wrong_check_digit,  ///< right form, but mistyped: the digits do not fit each other
  not_known_here,     ///< a country whose numbers are not described here
};

struct TaxIdCheck {
  TaxIdVerdict verdict = TaxIdVerdict::not_known_here;
  std::string country;   ///< whose numbers it was held against: ISO code
  std::string normal;    ///< without blanks and punctuation, in capitals, with the prefix: what doubles are found by
  std::string expected;  ///< the form, for people: "DE and 9 digits"
};

/// country  ISO code, or empty when it is not known; then the number's own prefix decides.
/// A VAT number keeps its own prefix's rules whatever the address says (a Dutch company with a German registration).
TaxIdCheck check_tax_id(std::string_view tax_id, std::string_view country);

/// Does this country give such numbers to every business, so that none is worth a remark?
bool has_tax_ids(std::string_view country);

}  // namespace tieout::prove
