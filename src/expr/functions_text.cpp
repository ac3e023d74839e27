// Functions on strings. Positions count characters (code points), not bytes.
#include <fmt/core.h>
#include <re2/re2.h>

#include <algorithm>
#include <memory>

#include "expr/format.hpp"
#include "expr/lexer.hpp"
#include "expr/registry.hpp"
#include "expr/semantics.hpp"
#include "expr/text.hpp"

namespace tieout::expr {
namespace {

using model::Value;
using Kind = Value::Kind;
constexpr std::size_t npos = std::string_view::npos;

Value count(std::size_t n) { return Value::integer(static_cast<std::int64_t>(n)); }
Value out_of_range(std::int64_t index) { return failed(fmt::format("index out of range: {}", index)); }
/// Charges the making or reading of that many bytes.
bool pay(Call& call, std::size_t bytes) { return call.frame.charge(bytes / 8); }

/// Byte offset of a position given by an expression; npos when it is outside.
std::size_t offset_at(std::string_view text, std::int64_t position) {
  return position < 0 ? npos : offset_of(text, static_cast<std::size_t>(position));
}

Value text_size(Call& call) { return count(character_count(call[0].as_text())); }
Value bytes_size(Call& call) { return count(call[0].as_bytes().size()); }

/// Searching may cost the product of both sizes.
bool pay_search(Call& call) { return pay(call, call[0].as_text().size() + call[1].as_text().size()); }
Value contains(Call& call) {
  if (!pay_search(call)) return cost_exceeded();
  return Value::boolean(call[0].as_text().find(call[1].as_text()) != npos);
}
Value starts_with(Call& call) { return Value::boolean(call[0].as_text().starts_with(call[1].as_text())); }
Value ends_with(Call& call) { return Value::boolean(call[0].as_text().ends_with(call[1].as_text())); }

/// For patterns that are made at run time; the last one is kept, because a list is usually matched against one.
Value matches(Call& call) {
  thread_local std::unique_ptr<re2::RE2> last;
  const std::string_view text = call[0].as_text(), pattern = call[1].as_text();
  if (!pay(call, text.size() + 64 * pattern.size())) return cost_exceeded();
  if (!last || last->pattern() != pattern) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(1 << 20);
    last = std::make_unique<re2::RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
  }
  if (!last->ok()) return failed(fmt::format("the regular expression is malformed: {}", last->error()));
  return Value::boolean(re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *last));
}

Value char_at(Call& call) {
  const std::string_view text = call[0].as_text();
  const std::size_t from = offset_at(text, call[1].as_integer());
  if (from == npos) return out_of_range(call[1].as_integer());
  return Value::text(text.substr(from, offset_of(text.substr(from), 1)));
}

Value found_at(std::string_view text, std::size_t offset) {
  return offset == npos ? Value::integer(-1) : count(character_count(text.substr(0, offset)));
}
Value index_of(Call& call) {
  const std::string_view text = call[0].as_text();
  if (!pay_search(call)) return cost_exceeded();
  const std::size_t from = call.count == 3 ? offset_at(text, call[2].as_integer()) : 0;
  return from == npos ? out_of_range(call[2].as_integer()) : found_at(text, text.find(call[1].as_text(), from));
}
Value last_index_of(Call& call) {
  const std::string_view text = call[0].as_text();
  if (!pay_search(call)) return cost_exceeded();
  const std::size_t from = call.count == 3 ? offset_at(text, call[2].as_integer()) : text.size();
  return from == npos ? out_of_range(call[2].as_integer()) : found_at(text, text.rfind(call[1].as_text(), from));
}

template <char First, char Last>
Value change_case(Call& call) {
  std::string text(call[0].as_text());
  if (!pay(call, text.size())) return cost_exceeded();
  for (char& c : text)
    if (c >= First && c <= Last) c = static_cast<char>(c ^ 0x20);
  return Value::text(text);
}

Value replace(Call& call) {
  const std::string_view text = call[0].as_text(), from = call[1].as_text(), to = call[2].as_text();
  std::int64_t left = call.count == 4 ? call[3].as_integer() : -1;
  std::string out;
  std::size_t at = 0;
  while (left != 0) {
    std::size_t found = text.find(from, at);
    // An empty text is found before every character and at the end.
    if (from.empty() && at == 0 && out.empty()) found = 0;
    if (found == npos) break;
    out.append(text.substr(at, found - at)).append(to);
    if (!pay(call, to.size() + 8)) return cost_exceeded();
    if (left > 0) --left;
    at = found + from.size();
    if (from.empty()) {
      if (at >= text.size()) return Value::text(out);
      const std::size_t step = offset_of(text.substr(at), 1);
      out.append(text.substr(at, step));
      at += step;
    }
  }
  if (!pay(call, text.size())) return cost_exceeded();
  out.append(text.substr(std::min(at, text.size())));
  return Value::text(out);
}

Value split(Call& call) {
  const std::string_view separator = call[1].as_text();
  std::string_view rest = call[0].as_text();
  const std::int64_t limit = call.count == 3 ? call[2].as_integer() : -1;
  std::vector<Value> parts;
  if (limit == 0) return Value::list({});
  if (!pay(call, rest.size() * (separator.empty() ? 8 : 1))) return cost_exceeded();
  while (limit < 0 || static_cast<std::int64_t>(parts.size()) + 1 < limit) {
    if (separator.empty() && character_count(rest) <= 1) break;
    const std::size_t found = separator.empty() ? offset_of(rest, 1) : rest.find(separator);
    if (found == npos) break;
    if (!call.frame.charge(1)) return cost_exceeded();
    parts.push_back(Value::text(rest.substr(0, found)));
    rest.remove_prefix(found + separator.size());
  }
  if (!separator.empty() || !rest.empty()) parts.push_back(Value::text(rest));
  return Value::list(std::move(parts));
}

Value substring(Call& call) {
  const std::string_view text = call[0].as_text();
  const std::int64_t first = call[1].as_integer();
  const std::size_t from = offset_at(text, first);
  if (from == npos) return out_of_range(first);
  if (call.count == 2) return Value::text(text.substr(from));
  const std::int64_t last = call[2].as_integer();
  const std::size_t to = offset_at(text, last);
  if (to == npos) return out_of_range(last);
  if (last < first) return failed(fmt::format("invalid substring range: {} to {}", first, last));
  return Value::text(text.substr(from, to - from));
}

/// Unicode's White_Space.
bool is_blank(std::uint32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}
std::uint32_t code_point(std::string_view c) {
  const auto lead = static_cast<unsigned char>(c[0]);
  if (lead < 0x80) return lead;
  std::uint32_t code = lead & (0x7Fu >> c.size());
  for (std::size_t i = 1; i < c.size(); ++i) code = code << 6 | (static_cast<unsigned char>(c[i]) & 0x3F);
  return code;
}

Value trim(Call& call) {
  std::string_view text = call[0].as_text();
  while (!text.empty()) {
    const std::size_t length = offset_of(text, 1);
    if (!is_blank(code_point(text.substr(0, length)))) break;
    text.remove_prefix(length);
  }
  while (!text.empty()) {
    std::size_t start = text.size() - 1;
    while (start > 0 && (static_cast<unsigned char>(text[start]) & 0xC0) == 0x80) --start;
    if (!is_blank(code_point(text.substr(start)))) break;
    text = text.substr(0, start);
  }
  return Value::text(text);
}

Value reverse(Call& call) {
  std::string_view text = call[0].as_text();
  if (!pay(call, text.size())) return cost_exceeded();
  std::string out(text.size(), '\0');
  std::size_t end = text.size();
  while (!text.empty()) {
    const std::size_t length = offset_of(text, 1);
    end -= length;
    text.copy(out.data() + end, length);
    text.remove_prefix(length);
  }
  return Value::text(out);
}

Value join(Call& call) {
  const std::string_view separator = call.count == 2 ? call[1].as_text() : std::string_view{};
  std::string out;
  for (std::size_t i = 0; i < call[0].items().size(); ++i) {
    const Value& item = call[0].items()[i];
    if (!item.is_text()) return failed(fmt::format("no such overload: join() joins strings, not {}", type_name(item)));
    if (!pay(call, item.as_text().size() + separator.size() + 8)) return cost_exceeded();
    if (i > 0) out += separator;
    out += item.as_text();
  }
  return Value::text(out);
}

Value quote(Call& call) {
  std::string out = "\"";
  if (!pay(call, call[0].as_text().size())) return cost_exceeded();
  for (const char c : call[0].as_text()) {
    constexpr std::string_view special = "\a\b\f\n\r\t\v\\\"", letter = "abfnrtv\\\"";
    if (const std::size_t at = special.find(c); at != npos) {
      out += '\\';
      out += letter[at];
    } else {
      out += c;
    }
  }
  return Value::text(out + '"');
}

Value format(Call& call) { return format_text(call[0].as_text(), call[1].items(), call.frame); }

constexpr Builtin kText[] = {
    {"size", "(string) -> int", text_size},
    {"size", "string.() -> int", text_size},
    {"size", "(bytes) -> int", bytes_size},
    {"size", "bytes.() -> int", bytes_size},
    {"contains", "string.(string) -> bool", contains},
    {"startsWith", "string.(string) -> bool", starts_with},
    {"endsWith", "string.(string) -> bool", ends_with},
    {"matches", "string.(string) -> bool", matches},
    {"matches", "(string, string) -> bool", matches},
    {"charAt", "string.(int) -> string", char_at},
    {"indexOf", "string.(string) -> int", index_of},
    {"indexOf", "string.(string, int) -> int", index_of},
    {"lastIndexOf", "string.(string) -> int", last_index_of},
    {"lastIndexOf", "string.(string, int) -> int", last_index_of},
    {"lowerAscii", "string.() -> string", change_case<'A', 'Z'>},
    {"upperAscii", "string.() -> string", change_case<'a', 'z'>},
    {"replace", "string.(string, string) -> string", replace},
    {"replace", "string.(string, string, int) -> string", replace},
    {"split", "string.(string) -> list(string)", split},
    {"split", "string.(string, int) -> list(string)", split},
    {"substring", "string.(int) -> string", substring},
    {"substring", "string.(int, int) -> string", substring},
    {"trim", "string.() -> string", trim},
    {"reverse", "string.() -> string", reverse},
    {"join", "list(string).() -> string", join},
    {"join", "list(string).(string) -> string", join},
    {"strings.quote", "(string) -> string", quote},
    {"format", "string.(list(dyn)) -> string", format},
};

}  // namespace

std::span<const Builtin> text_functions() { return kText; }

}  // namespace tieout::expr
