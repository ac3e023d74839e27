// The forms of VAT identification numbers of the EU member states, the United Kingdom, Switzerland and Norway, as the
// tax offices publish them: prefix and, for what follows it, a pattern of characters.
#include <algorithm>
#include <array>
#include <string>

#include "observe/audit.hpp"

namespace tieout::observe {
namespace {

struct Form {
  std::string_view iso;
  std::string_view name;
  std::string_view prefix;
  std::string_view pattern;  ///< 9 a digit, A a letter, X either, others themselves; alternatives separated by '|'
};

constexpr std::array kForms = {
    Form{"AT", "Austria", "ATU", "99999999"},
    Form{"BE", "Belgium", "BE", "9999999999"},
    Form{"BG", "Bulgaria", "BG", "999999999|9999999999"},
    Form{"CH", "Switzerland", "CHE", "999999999|999999999MWST|999999999TVA|999999999IVA"},
    Form{"CY", "Cyprus", "CY", "99999999A"},
    Form{"CZ", "Czech Republic", "CZ", "99999999|999999999|9999999999"},
    Form{"DE", "Germany", "DE", "999999999"},
    Form{"DK", "Denmark", "DK", "99999999"},
    Form{"EE", "Estonia", "EE", "999999999"},
    Form{"ES", "Spain", "ES", "X9999999X"},
    Form{"FI", "Finland", "FI", "99999999"},
    Form{"FR", "France", "FR", "XX999999999"},
    Form{"GB", "UK", "GB", "999999999|999999999999"},
    Form{"GR", "Greece", "EL", "999999999"},
    Form{"HR", "Croatia", "HR", "99999999999"},
    Form{"HU", "Hungary", "HU", "99999999"},
    Form{"IE", "Ireland", "IE", "9999999A|9999999AA|9X99999A"},
    Form{"IT", "Italy", "IT", "99999999999"},
    Form{"LT", "Lithuania", "LT", "999999999|999999999999"},
    Form{"LU", "Luxembourg", "LU", "99999999"},
    Form{"LV", "Latvia", "LV", "99999999999"},
    Form{"MT", "Malta", "MT", "99999999"},
    Form{"NL", "Netherlands", "NL", "999999999B99"},
    Form{"NO", "Norway", "NO", "999999999|999999999MVA"},
    Form{"PL", "Poland", "PL", "9999999999"},
    Form{"PT", "Portugal", "PT", "999999999"},
    Form{"RO", "Romania", "RO", "99|999|9999|99999|999999|9999999|99999999|999999999|9999999999"},
    Form{"SE", "Sweden", "SE", "999999999999"},
    Form{"SI", "Slovenia", "SI", "99999999"},
    Form{"SK", "Slovakia", "SK", "9999999999"},
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return c >= 'A' && c <= 'Z'; }

bool fits(std::string_view text, std::string_view pattern) {
  if (text.size() != pattern.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char want = pattern[i];
    const bool ok = want == '9' ? is_digit(text[i]) : want == 'A' ? is_letter(text[i]) : want == 'X' ? is_digit(text[i]) || is_letter(text[i]) : want == text[i];
    if (!ok) return false;
  }
  return true;
}

bool fits_any(std::string_view text, std::string_view patterns) {
  while (!patterns.empty()) {
    const std::size_t end = std::min(patterns.find('|'), patterns.size());
    if (fits(text, patterns.substr(0, end))) return true;
    patterns.remove_prefix(std::min(end + 1, patterns.size()));
  }
  return false;
}

/// Capitals, without what people put between: blanks, points, hyphens.
std::string bare(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != ' ' && c != '.' && c != '-' && c != '/') out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

}  // namespace

std::optional<bool> has_tax_id_form(std::string_view tax_id, std::string_view country) {
  const std::string place = bare(country);
  const auto form = std::find_if(kForms.begin(), kForms.end(), [&](const Form& one) { return place == one.iso || place == bare(one.name); });
  if (form == kForms.end()) return std::nullopt;
  const std::string id = bare(tax_id);
  // Without its prefix it is still the number that people know; the prefix of another country is a mistake.
  if (id.starts_with(form->prefix)) return fits_any(std::string_view(id).substr(form->prefix.size()), form->pattern);
  return fits_any(id, form->pattern);
}

}  // namespace tieout::observe
