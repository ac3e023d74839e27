#include "sandbox/quickbooks/naming.hpp"

#include <array>
#include <utility>

namespace tieout::sandbox::quickbooks {
namespace {
constexpr std::string_view kMark = " (deleted)";
constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kCurrencies = {{
    {"AUD", "Australian Dollar"},
    {"BRL", "Brazilian Real"},
    {"CAD", "Canadian Dollar"},
    {"CHF", "Swiss Franc"},
    {"DKK", "Danish Krone"},
    {"EUR", "Euro"},
    {"GBP", "British Pound Sterling"},
    {"JPY", "Japanese Yen"},
    {"MXN", "Mexican Peso"},
    {"NOK", "Norwegian Krone"},
    {"SEK", "Swedish Krona"},
    {"USD", "United States Dollar"},
}};
}  // namespace

bool has_forbidden_characters(std::string_view name) { return name.find_first_of(":\t\n\r") != std::string_view::npos; }

std::string with_deleted_mark(std::string name, bool active) {
  const bool marked = std::string_view(name).ends_with(kMark);
  if (!active && !marked) name += kMark;
  if (active && marked) name.resize(name.size() - kMark.size());
  return name;
}

std::string currency_name(std::string_view code) {
  for (const auto& [each, name] : kCurrencies)
    if (each == code) return std::string(name);
  return std::string(code);
}

}  // namespace tieout::sandbox::quickbooks
