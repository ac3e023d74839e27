#include "base/time.hpp"

#include <fmt/core.h>

namespace tieout {
namespace {

bool digits(std::string_view text, std::size_t at, std::size_t count, int& out) {
  if (at + count > text.size()) return false;
  out = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    out = out * 10 + (text[i] - '0');
  }
  return true;
}

bool read_date(std::string_view text, Date& out) {
  int y = 0, m = 0, d = 0;
  if (text.size() < 10 || text[4] != '-' || text[7] != '-') return false;
  if (!digits(text, 0, 4, y) || !digits(text, 5, 2, m) || !digits(text, 8, 2, d)) return false;
  out = Date{std::chrono::year{y}, std::chrono::month{static_cast<unsigned>(m)},
             std::chrono::day{static_cast<unsigned>(d)}};
  return y >= 1 && out.ok();
}

/// Reads "Z", "+02:00", "+0200" at the end of the text. Returns false when it is none of them.
bool read_offset(std::string_view text, int& minutes) {
  if (text == "Z" || text == "z") {
    minutes = 0;
    return true;
  }
  if (text.empty() || (text[0] != '+' && text[0] != '-')) return false;
  int h = 0, m = 0;
  const bool colon = text.size() == 6 && text[3] == ':';
  if (!colon && text.size() != 5) return false;
  if (!digits(text, 1, 2, h) || !digits(text, colon ? 4 : 3, 2, m) || h > 23 || m > 59) return false;
  minutes = (h * 60 + m) * (text[0] == '-' ? -1 : 1);
  return true;
}

tl::unexpected<Fault> malformed_instant(std::string_view text) {
  return fail("time.instant.malformed", fmt::format("'{}' is not an RFC 3339 time such as 2026-01-31T10:00:00Z", text));
}

}  // namespace

Result<Date> parse_date(std::string_view text) {
  Date date;
  if (text.size() != 10 || !read_date(text, date))
    return fail("time.date.malformed", fmt::format("'{}' is not a date such as 2026-01-31", text));
  return date;
}

std::string to_text(Date date) {
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

Result<Instant> parse_instant(std::string_view text) {
  Date date;
  int h = 0, mi = 0, s = 0, offset = 0, millis = 0;
  if (text.size() < 20 || !read_date(text, date) || (text[10] != 'T' && text[10] != 't' && text[10] != ' ') ||
      text[13] != ':' || text[16] != ':' || !digits(text, 11, 2, h) || !digits(text, 14, 2, mi) ||
      !digits(text, 17, 2, s) || h > 23 || mi > 59 || s > 59)
    return malformed_instant(text);
  std::size_t at = 19;
  if (text[at] == '.') {
    int scale = 100;
    std::size_t fraction = 0;
    for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, ++fraction) {
      millis += (text[at] - '0') * scale;
      scale /= 10;
    }
    if (fraction == 0 || fraction > 9) return malformed_instant(text);
  }
  if (!read_offset(text.substr(at), offset)) return malformed_instant(text);
  using namespace std::chrono;
  const Instant instant = Instant{sys_days{date}} + hours{h} + minutes{mi - offset} + seconds{s} + milliseconds{millis};
  // The offset may carry it out of the years that a Date has.
  if (instant < sys_days{year{1} / 1 / 1} || instant >= sys_days{year{10000} / 1 / 1}) return malformed_instant(text);
  return instant;
}

std::string to_text(Instant instant) {
  using namespace std::chrono;
  const auto day = floor<days>(instant);
  const hh_mm_ss time{instant - day};
  return fmt::format("{}T{:02}:{:02}:{:02}.{:03}Z", to_text(Date{day}), time.hours().count(), time.minutes().count(),
                     time.seconds().count(), time.subseconds().count());
}

Date utc_date(Instant instant) { return Date{std::chrono::floor<std::chrono::days>(instant)}; }

}  // namespace tieout
