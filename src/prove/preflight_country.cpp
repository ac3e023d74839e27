#include "prove/preflight_country.hpp"

#include <algorithm>
#include <unordered_map>

#include "model/name_similarity.hpp"
#include "prove/preflight_country_table.hpp"

namespace tieout::prove {
namespace {

using country_table::kRows;
using country_table::Row;

std::string capitals(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != '.' && c != ' ') out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

/// Codes and names, as they are compared, to the ISO code. Made once; never changes.
const std::unordered_map<std::string, std::string_view>& countries() {
  static const auto* table = [] {
    auto* made = new std::unordered_map<std::string, std::string_view>;
    for (const Row& row : kRows) {
      made->emplace(row.code, row.code);
      made->emplace(row.code3, row.code);
      for (std::string_view names = row.names; !names.empty();) {
        const std::size_t end = std::min(names.find('|'), names.size());
        made->emplace(model::match_key(names.substr(0, end)), row.code);
        names.remove_prefix(std::min(end + 1, names.size()));
      }
    }
    made->emplace("UK", "GB");
    made->emplace("EL", "GR");
    return made;
  }();
  return *table;
}

const Row* row_of(std::string_view country) {
  const auto* row = std::find_if(std::begin(kRows), std::end(kRows), [&](const Row& r) { return r.code == country; });
  return row == std::end(kRows) ? nullptr : row;
}

bool has_form(std::string_view text, std::string_view pattern) {
  if (text.size() != pattern.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char is = text[i];
    const bool letter = (is >= 'A' && is <= 'Z') || (is >= 'a' && is <= 'z');
    if (pattern[i] == '9' ? is < '0' || is > '9' : pattern[i] == 'A' ? !letter : is != pattern[i]) return false;
  }
  return true;
}

}  // namespace

std::optional<std::string_view> country_code(std::string_view text) {
  const auto& table = countries();
  const std::string code = capitals(text);
  if (code.size() == 2 || code.size() == 3) {
    if (const auto found = table.find(code); found != table.end()) return found->second;
  }
  const auto found = table.find(model::match_key(text));
  if (found == table.end()) return std::nullopt;
  return found->second;
}

bool needs_postal_code(std::string_view country) {
  const Row* row = row_of(country);
  return row != nullptr && row->postal_code != "-";
}

bool is_postal_code_of(std::string_view postal_code, std::string_view country) {
  const Row* row = row_of(country);
  if (row == nullptr || row->postal_code.empty() || row->postal_code == "-") return true;
  // "D-12209" and "CH 3012" carry the country in front, as letters once did.
  const std::size_t digits = postal_code.find_first_of("0123456789");
  if (row->postal_code[0] == '9' && digits != std::string_view::npos) postal_code.remove_prefix(digits);
  for (std::string_view patterns = row->postal_code; !patterns.empty();) {
    const std::size_t end = std::min(patterns.find('|'), patterns.size());
    if (has_form(postal_code, patterns.substr(0, end))) return true;
    patterns.remove_prefix(std::min(end + 1, patterns.size()));
  }
  return false;
}

bool needs_region(std::string_view country) { return country == "US" || country == "CA" || country == "AU"; }

}  // namespace tieout::prove
