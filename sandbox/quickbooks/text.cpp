#include "sandbox/quickbooks/text.hpp"

#include <fmt/core.h>
#include <unicode/unistr.h>

namespace tieout::sandbox::quickbooks {
namespace {

char lower_of(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool like(std::string_view text, std::string_view pattern) {
  // The classic two-pointer match: on a mismatch, let the last % swallow one more character.
  std::size_t t = 0, p = 0, star = std::string_view::npos, resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '%') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p, ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '%') ++p;
  return p == pattern.size();
}

}  // namespace

bool same_word(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (lower_of(a[i]) != lower_of(b[i])) return false;
  return true;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = lower_of(c);
  return out;
}

std::string fold(std::string_view text) {
  bool ascii = true;
  for (const char c : text) ascii = ascii && static_cast<unsigned char>(c) < 0x80;
  if (ascii) return lower(text);
  std::string out;
  icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())))
      .foldCase()
      .toUTF8String(out);
  return out;
}

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

std::size_t characters(std::string_view utf8) {
  std::size_t count = 0;
  for (const char c : utf8) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

bool is_like(std::string_view text, std::string_view pattern) { return like(fold(text), fold(pattern)); }

std::string local_time(Instant instant, int offset_minutes) {
  const auto local = std::chrono::floor<std::chrono::seconds>(instant) + std::chrono::minutes{offset_minutes};
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::hh_mm_ss time{local - day};
  const int offset = std::abs(offset_minutes);
  return fmt::format("{}T{:02}:{:02}:{:02}{}{:02}:{:02}", to_text(Date{day}), time.hours().count(),
                     time.minutes().count(), time.seconds().count(), offset_minutes < 0 ? '-' : '+', offset / 60,
                     offset % 60);
}

Date local_date(Instant instant, int offset_minutes) {
  return Date{std::chrono::floor<std::chrono::days>(instant + std::chrono::minutes{offset_minutes})};
}

std::string money_text(Decimal amount) { return amount.rounded(2, Rounding::half_up).to_text(); }
json::Value money(Decimal amount) { return json::Value::number(money_text(amount)); }

json::Value reference(std::string id, std::string name) {
  json::Value out = json::Value::object();
  out.members().emplace_back("value", json::Value::string(std::move(id)));
  if (!name.empty()) out.members().emplace_back("name", json::Value::string(std::move(name)));
  return out;
}

const std::string& ref_id(const json::Value& document, std::string_view field) {
  return document[field]["value"].text();
}

Decimal decimal_in(const json::Value& document, std::string_view field) {
  const json::Value& value = document[field];
  if (!value.is_number()) return {};
  return Decimal::parse(value.text()).value_or(Decimal{});
}

}  // namespace tieout::sandbox::quickbooks
