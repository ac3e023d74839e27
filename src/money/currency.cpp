// Finding currencies. Codes are looked up in a table of all 26^3 letter triples made at compile time; suggestions for
// what is not found cost more and happen only on the way to a fault.
#include "money/currency.hpp"

#include <fmt/core.h>

#include <array>
#include <string>

#include "base/check.hpp"
#include "money/currency_table.hpp"

namespace tieout {
namespace {

using currency_table::kRows;
constexpr std::size_t kCount = std::size(kRows);
static_assert(kCount < 256, "the triple table keeps one byte an entry");

constexpr int triple(std::string_view code) {
  if (code.size() != 3) return -1;
  int index = 0;
  for (const char c : code) {
    if (c < 'A' || c > 'Z') return -1;
    index = index * 26 + (c - 'A');
  }
  return index;
}

constexpr auto make_triples() {
  std::array<std::uint8_t, 26 * 26 * 26> table{};  // 0 is "no currency", which nobody may ask for: it doubles as "none"
  for (std::size_t i = 1; i < kCount; ++i)
    table[static_cast<std::size_t>(triple(kRows[i].code))] = static_cast<std::uint8_t>(i);
  return table;
}
constexpr auto kTriples = make_triples();

std::size_t find(std::string_view code) {
  const int index = triple(code);
  return index < 0 ? 0 : kTriples[static_cast<std::size_t>(index)];
}

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return result;
}

struct Alias {
  std::string_view text, code;
};
constexpr Alias kAliases[] = {{"€", "EUR"},    {"£", "GBP"},     {"¥", "JPY"},      {"US$", "USD"},     {"$", "USD"},
                              {"RMB", "CNY"},  {"CNH", "CNY"},   {"UKP", "GBP"},    {"STG", "GBP"},     {"YEN", "JPY"},
                              {"EURO", "EUR"}, {"EUROS", "EUR"}, {"DOLLAR", "USD"}, {"DOLLARS", "USD"}, {"SFR", "CHF"},
                              {"NIS", "ILS"},  {"NTD", "TWD"},   {"KC", "CZK"},     {"ZL", "PLN"},      {"UK£", "GBP"}};

bool one_letter_off(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  int different = 0;
  for (std::size_t i = 0; i < a.size(); ++i) different += a[i] != b[i];
  return different == 1;
}

/// The code somebody probably meant, or nothing; only what is plain (a name, a sign, another case) or the only
/// currency one letter away.
std::string_view suggestion(std::string_view text) {
  const std::string wanted = upper(text);
  if (const std::size_t index = find(wanted); index != 0) return kRows[index].code;
  for (const Alias& alias : kAliases) {
    if (alias.text == wanted) return alias.code;
  }
  std::string_view near;
  for (std::size_t i = 1; i < kCount; ++i) {
    if (upper(kRows[i].name) == wanted) return kRows[i].code;
    if (kRows[i].last_day != 0 || !one_letter_off(kRows[i].code, wanted)) continue;
    if (!near.empty()) return {};
    near = kRows[i].code;
  }
  return near;
}

tl::unexpected<Fault> unknown(std::string_view text) {
  const std::string_view near = suggestion(text);
  std::string what = fmt::format("\"{}\" is no ISO 4217 currency code", text.substr(0, 40));
  if (near.empty())
    what += "; use one such as EUR, three capital letters";
  else
    what += fmt::format("; did you mean {}?", near);
  return fail("currency.code.unknown", std::move(what), "currency");
}

}  // namespace

Result<Currency> Currency::parse(std::string_view code) {
  const std::size_t index = find(code);
  if (index == 0 && code != kRows[0].code) return unknown(code);
  if (kRows[index].exponent < 0) {
    return fail("currency.code.not_money",
                fmt::format("{} ({}) has no minor unit, so no document can be in it; use the currency that is paid",
                            code, kRows[index].name),
                "currency");
  }
  return Currency{static_cast<std::uint16_t>(index)};
}

Result<Currency> Currency::from_numeric(int number) {
  std::size_t found = 0;
  for (std::size_t i = 1; i < kCount; ++i) {
    if (kRows[i].number != number || kRows[i].exponent < 0) continue;
    found = i;
    if (kRows[i].last_day == 0) break;  // 532 was ANG and is XCG: the one that is still good
  }
  if (found != 0) return Currency{static_cast<std::uint16_t>(found)};
  return fail("currency.code.unknown", fmt::format("{} is no ISO 4217 currency number", number), "currency");
}

Currency Currency::of(std::string_view code) {
  const auto result = parse(code);
  CHECK(result.has_value(), "a currency literal in the program must be a currency");
  return *result;
}

std::vector<Currency> Currency::all() {
  std::vector<Currency> result;
  for (std::size_t i = 1; i < kCount; ++i) {
    if (kRows[i].exponent >= 0) result.push_back(Currency{static_cast<std::uint16_t>(i)});
  }
  return result;
}

std::string_view Currency::code() const { return kRows[index_].code; }
std::string_view Currency::name() const { return kRows[index_].name; }
int Currency::exponent() const { return kRows[index_].exponent < 0 ? 0 : kRows[index_].exponent; }
int Currency::numeric() const { return kRows[index_].number; }

std::optional<Date> Currency::last_day() const {
  const int day = kRows[index_].last_day;
  if (day == 0) return std::nullopt;
  return Date{std::chrono::year{day / 10000}, std::chrono::month{static_cast<unsigned>(day / 100 % 100)},
              std::chrono::day{static_cast<unsigned>(day % 100)}};
}

std::optional<Currency> Currency::successor() const {
  if (kRows[index_].successor.empty()) return std::nullopt;
  return of(kRows[index_].successor);
}

Result<Currency> Currency::valid_on(Date date) const {
  const auto last = last_day();
  if (!last || date <= *last) return *this;
  return fail("currency.code.retired",
              fmt::format("{} was withdrawn after {}, so a document of {} cannot carry it; use {}", code(),
                          tieout::to_text(*last), tieout::to_text(date), kRows[index_].successor),
              "currency");
}

}  // namespace tieout
