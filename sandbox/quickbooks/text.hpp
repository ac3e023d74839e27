// Small text helpers of the sandbox: keywords without regard to case, names folded as the name space compares them,
// characters counted as a person would, and times as QuickBooks prints them.
#pragma once

#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/time.hpp"
#include "money/decimal.hpp"

namespace tieout::sandbox::quickbooks {

bool same_word(std::string_view a, std::string_view b);  ///< ASCII, without regard to case
std::string lower(std::string_view text);                ///< ASCII letters only
/// Unicode case folding: "BÓLIDO" and "bólido" are one name, "Bolido" is another.
std::string fold(std::string_view text);
std::string_view trimmed(std::string_view text);
std::size_t characters(std::string_view utf8);
/// SQL LIKE with % only, folded on both sides.
bool is_like(std::string_view text, std::string_view pattern);

/// Whole seconds with the company's offset: "2024-01-01T10:00:00-08:00".
std::string local_time(Instant instant, int offset_minutes);
/// The civil date of that moment in the company's zone.
Date local_date(Instant instant, int offset_minutes);

/// A JSON number with exactly two places.
json::Value money(Decimal amount);
std::string money_text(Decimal amount);
/// {"value": id, "name": name}; without a name when that is empty.
json::Value reference(std::string id, std::string name = {});
/// The text of value inside a reference; empty when there is none.
const std::string& ref_id(const json::Value& document, std::string_view field);
/// The number in a field; zero when absent. The shape has been checked before.
Decimal decimal_in(const json::Value& document, std::string_view field);

}  // namespace tieout::sandbox::quickbooks
