#include "mapping/functions.hpp"

#include <fmt/core.h>

#include <string>

#include "base/hash.hpp"
#include "base/time.hpp"
#include "money/decimal.hpp"

namespace tieout::mapping {

namespace {

using model::Value;
using Arguments = std::span<const Value>;

std::string_view text_or_empty(const Value& value) { return value.is_text() ? value.as_text() : std::string_view{}; }

Value text_or_null(std::string_view text) { return text.empty() ? Value::null() : Value::text(text); }

/// What an optional holds, or null.
Value held(const Value& optional) { return optional.optional_has_value() ? optional.optional_value() : Value::null(); }

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

int characters(std::string_view text) {
  int count = 0;
  for (const unsigned char c : text) count += (c & 0xC0) != 0x80 ? 1 : 0;
  return count;
}

/// The first `count` characters; never half of one.
std::string_view beginning(std::string_view text, int count) {
  std::size_t i = 0;
  for (; i < text.size(); ++i)
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80 && count-- == 0) break;
  return text.substr(0, i);
}

/// A name that is too long keeps its beginning and gets a mark made from all of it, so that two long names that begin
/// alike stay two names (edge case 98).
Result<Value> limit_name(Arguments a) {
  const std::string_view name = text_or_empty(a[0]);
  const auto most = static_cast<int>(a[1].as_integer());
  if (characters(name) <= most) return a[0];
  const std::string mark = fmt::format("~{:.6}", hex(sha256(name)));
  return Value::text(std::string(trimmed(beginning(name, most - static_cast<int>(mark.size())))) + mark);
}

// A colon means "below" in the names of some books (edge case 96). Its look-alike U+A789 stands in for it and is turned
// back on reading, so that nothing is lost and no difference appears. Tabs and line feeds become blanks.
constexpr std::string_view kColonLetter = "\xEA\x9E\x89";

Result<Value> without_colons(Arguments a) {
  std::string out;
  for (const char c : text_or_empty(a[0])) {
    if (c == ':')
      out += kColonLetter;
    else
      out += (c == '\t' || c == '\n' || c == '\r') ? ' ' : c;
  }
  return a[0].is_text() ? Value::text(out) : a[0];
}

Result<Value> with_colons(Arguments a) {
  std::string out(text_or_empty(a[0]));
  for (std::size_t at = 0; (at = out.find(kColonLetter, at)) != std::string::npos;)
    out.replace(at, kColonLetter.size(), ":");
  return a[0].is_text() ? Value::text(out) : a[0];
}

Result<Value> coalesce(Arguments a) {
  for (const Value& value : a)
    if (value.has_value() && !(value.is_text() && value.as_text().empty())) return value;
  return Value::null();
}

/// A text that the other side has no room for is left out rather than cut (edge case 114: a phone number).
Result<Value> if_fits(Arguments a) {
  return characters(text_or_empty(a[0])) <= a[1].as_integer() ? a[0] : Value::null();
}

Result<Value> join_lines(Arguments a) {
  std::string out;
  for (const Value& item : a[0].items()) {
    const std::string_view line = trimmed(text_or_empty(item));
    if (!line.empty()) out += (out.empty() ? "" : "\n") + std::string(line);
  }
  return text_or_null(out);
}

/// Line number `index` of a text of several lines, counted from 0; with `last`, everything from there on in one line.
Result<Value> line_at(Arguments a) {
  const std::string_view text = text_or_empty(a[0]);
  const std::int64_t wanted = a[1].as_integer();
  const bool last = a[2].as_boolean();
  std::int64_t line = 0;
  std::string out;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view part = trimmed(text.substr(start, end - start));
    if (!part.empty()) {
      if (line == wanted || (last && line > wanted)) out += (out.empty() ? "" : ", ") + std::string(part);
      ++line;
    }
    start = end + 1;
  }
  return text_or_null(out);
}

Result<Value> given_name(Arguments a) {
  const std::string_view name = trimmed(text_or_empty(a[0]));
  const std::size_t blank = name.rfind(' ');
  return blank == std::string_view::npos ? Value::null() : text_or_null(trimmed(name.substr(0, blank)));
}

Result<Value> family_name(Arguments a) {
  const std::string_view name = trimmed(text_or_empty(a[0]));
  const std::size_t blank = name.rfind(' ');
  return text_or_null(blank == std::string_view::npos ? name : name.substr(blank + 1));
}

// Our mark inside a document of the books, anywhere in its note: deal/9120/1 stands there as "[tieout:deal/9120/1]".
constexpr std::string_view kMarkBegin = "[tieout:";

Result<Value> note_with_mark(Arguments a) {
  const std::string_view mark = text_or_empty(a[1]);
  const std::string_view note = text_or_empty(a[0]);
  if (mark.empty()) return a[0];
  return Value::text(fmt::format("{}{}{}{}]", note, note.empty() ? "" : " ", kMarkBegin, mark));
}

Result<Value> mark_in(Arguments a) {
  const std::string_view note = text_or_empty(a[0]);
  const std::size_t begin = note.find(kMarkBegin);
  const std::size_t end = begin == std::string_view::npos ? begin : note.find(']', begin);
  if (end == std::string_view::npos) return Value::null();
  return Value::text(note.substr(begin + kMarkBegin.size(), end - begin - kMarkBegin.size()));
}

Result<Value> note_without_mark(Arguments a) {
  const std::string_view note = text_or_empty(a[0]);
  const std::size_t begin = note.find(kMarkBegin);
  const std::size_t end = begin == std::string_view::npos ? begin : note.find(']', begin);
  if (end == std::string_view::npos) return a[0];
  return text_or_null(trimmed(std::string(note.substr(0, begin)) + std::string(note.substr(end + 1))));
}

/// Part of a mark, counted from 0: markPart("deal/9120/1", 1) is "9120".
Result<Value> mark_part(Arguments a) {
  const std::string_view mark = text_or_empty(a[0]);
  std::int64_t part = a[1].as_integer();
  for (std::size_t start = 0; start <= mark.size(); --part) {
    const std::size_t end = std::min(mark.find('/', start), mark.size());
    if (part == 0) return text_or_null(mark.substr(start, end - start));
    start = end + 1;
  }
  return Value::null();
}

/// The unit price to send with a line: net of its percent discount, with at most `places` places, such that quantity ×
/// price rounds to the line's amount. null when there is none: the line is then sent with its amount alone (edge case
/// 11), because a price that does not multiply back is refused by the books or silently changes the total.
Result<Value> net_unit_price(Arguments a) {
  const Value& amount = a[0];
  const Value quantity = held(a[1]), price = held(a[2]), discount = held(a[3]);
  if (!amount.has_value() || !quantity.has_value() || !price.has_value()) return Value::null();
  const int places = static_cast<int>(a[4].as_integer());
  const int amount_places = static_cast<int>(a[5].as_integer());
  const Decimal percent = discount.has_value() ? discount.as_decimal() : Decimal(0);
  TRY(kept, Decimal::multiply(price.as_decimal(), (Decimal(100) - percent) * Decimal::from_mantissa(1, 2)));
  const auto fits = [&](const Decimal& candidate) {
    const auto product = Decimal::multiply(quantity.as_decimal(), candidate);
    return product && product->rounded(amount_places, Rounding::half_up) == amount.as_decimal();
  };
  const Decimal netted = kept.rounded(places, Rounding::half_up).normalised();
  if (fits(netted)) return Value::decimal(netted);
  if (quantity.as_decimal().is_zero()) return Value::null();
  const auto divided = Decimal::divide(amount.as_decimal(), quantity.as_decimal(), places, Rounding::half_up);
  if (divided && fits(*divided)) return Value::decimal(divided->normalised());
  return Value::null();
}

/// Days of a term such as "Net 30"; 0 for "Due on receipt"; null for anything else.
Result<Value> term_days(Arguments a) {
  const std::string_view term = text_or_empty(a[0]);
  std::string lower(term);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  if (lower == "due on receipt") return Value::integer(0);
  if (!lower.starts_with("net ") || lower.size() > 7) return Value::null();
  std::int64_t days = 0;
  for (const char c : std::string_view(lower).substr(4)) {
    if (c < '0' || c > '9') return Value::null();
    days = days * 10 + (c - '0');
  }
  return Value::integer(days);
}

Result<Value> days_after(Arguments a) {
  if (!a[0].has_value() || !a[1].has_value()) return Value::null();
  const std::int64_t days = a[1].as_integer();
  if (days < -366'000 || days > 366'000)
    return fail("mapping.date.out_of_range",
                fmt::format("{} days from {} is no date that can be kept", days, tieout::to_text(a[0].as_date())));
  return Value::date(add_days(a[0].as_date(), static_cast<int>(days)));
}

}  // namespace

void add_functions(expr::Environment& environment) {
  environment.add_function("limitName", "(nullable(string), int) -> string", limit_name);
  environment.add_function("withoutColons", "(nullable(string)) -> string", without_colons);
  environment.add_function("withColons", "(nullable(string)) -> nullable(string)", with_colons);
  environment.add_function("coalesce", "(nullable(T), nullable(T)) -> nullable(T)", coalesce);
  environment.add_function("coalesce", "(nullable(T), nullable(T), nullable(T)) -> nullable(T)", coalesce);
  environment.add_function("ifFits", "(nullable(string), int) -> nullable(string)", if_fits);
  environment.add_function("joinLines", "(list(nullable(string))) -> nullable(string)", join_lines);
  environment.add_function("lineAt", "(nullable(string), int, bool) -> nullable(string)", line_at);
  environment.add_function("givenName", "(nullable(string)) -> nullable(string)", given_name);
  environment.add_function("familyName", "(nullable(string)) -> nullable(string)", family_name);
  environment.add_function("noteWithMark", "(nullable(string), nullable(string)) -> nullable(string)", note_with_mark);
  environment.add_function("noteWithoutMark", "(nullable(string)) -> nullable(string)", note_without_mark);
  environment.add_function("markIn", "(nullable(string)) -> nullable(string)", mark_in);
  environment.add_function("markPart", "(nullable(string), int) -> nullable(string)", mark_part);
  environment.add_function(
      "netUnitPrice",
      "(nullable(decimal), optional(decimal), optional(decimal), optional(decimal), int, int) -> nullable(decimal)",
      net_unit_price);
  environment.add_function("termDays", "(nullable(string)) -> nullable(int)", term_days);
  environment.add_function("daysAfter", "(nullable(date), nullable(int)) -> nullable(date)", days_after);
}

}  // namespace tieout::mapping
