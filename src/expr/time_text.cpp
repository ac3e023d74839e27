#include "expr/time_text.hpp"

#include <fmt/core.h>
#include <unicode/timezone.h>

#include <map>
#include <memory>

#include "expr/semantics.hpp"

namespace tieout::expr {
namespace {

using model::Moment;

constexpr std::int64_t kNanos = 1'000'000'000;
constexpr std::size_t kKeptZones = 64;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Takes exactly `count` digits off the front.
bool take_digits(std::string_view& text, std::size_t count, int& out) {
  if (text.size() < count) return false;
  out = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_digit(text[i])) return false;
    out = out * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return true;
}
bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

/// "Z" or "+02:00" to the end of the text, in seconds.
bool read_offset(std::string_view text, int& seconds) {
  if (text == "Z" || text == "z") {
    seconds = 0;
    return true;
  }
  const bool west = text.starts_with('-');
  if (!west && !text.starts_with('+')) return false;
  text.remove_prefix(1);
  int hours = 0, minutes = 0;
  if (!take_digits(text, 2, hours) || !take(text, ':') || !take_digits(text, 2, minutes) || !text.empty()) return false;
  if (hours > 23 || minutes > 59) return false;
  seconds = (hours * 60 + minutes) * (west ? -60 : 60);
  return true;
}

bool read_fraction(std::string_view& text, int& nanos) {
  nanos = 0;
  if (!take(text, '.')) return true;
  int scale = 100'000'000;
  if (text.empty() || !is_digit(text.front())) return false;
  for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1), scale /= 10) {
    if (scale == 0) return false;  // more than nine digits
    nanos += (text.front() - '0') * scale;
  }
  return true;
}

std::string fraction_text(std::int32_t nanos) {
  if (nanos == 0) return {};
  std::string text = fmt::format(".{:09}", nanos);
  text.resize(text.find_last_not_of('0') + 1);
  return text;
}

/// One "1.5h" of a duration, added to `total` in nanoseconds.
bool take_part(std::string_view& text, __int128& total) {
  __int128 number = 0, scale = 1;
  bool digits = false, point = false;
  while (!text.empty() && (is_digit(text.front()) || (text.front() == '.' && !point))) {
    if (text.front() == '.') {
      point = true;
    } else {
      digits = true;
      if (number > static_cast<__int128>(1) << 70) return false;
      if (!point || scale < kNanos) {  // digits beyond the ninth place are below a nanosecond of any unit but hours
        number = number * 10 + (text.front() - '0');
        if (point) scale *= 10;
      }
    }
    text.remove_prefix(1);
  }
  if (!digits) return false;
  constexpr std::pair<std::string_view, std::int64_t> units[] = {
      {"ns", 1},         {"us", 1'000}, {"\u00b5s", 1'000}, {"\u03bcs", 1'000},
      {"ms", 1'000'000}, {"s", kNanos}, {"m", 60 * kNanos}, {"h", 3600 * kNanos}};
  for (const auto& [unit, nanos] : units) {
    if (!text.starts_with(unit)) continue;
    text.remove_prefix(unit.size());
    total += number * nanos / scale;
    return true;
  }
  return false;
}

const icu::TimeZone* named_zone(std::string_view name) {
  thread_local std::map<std::string, std::unique_ptr<icu::TimeZone>, std::less<>> kept;
  if (const auto found = kept.find(name); found != kept.end()) return found->second.get();
  if (kept.size() >= kKeptZones) kept.clear();
  std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createTimeZone(
      icu::UnicodeString::fromUTF8(icu::StringPiece(name.data(), static_cast<std::int32_t>(name.size())))));
  if (zone && *zone == icu::TimeZone::getUnknown()) zone.reset();
  return kept.emplace(std::string(name), std::move(zone)).first->second.get();
}

}  // namespace

bool read_instant(std::string_view text, Moment& out) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, nanos = 0, offset = 0;
  if (!take_digits(text, 4, year) || !take(text, '-') || !take_digits(text, 2, month) || !take(text, '-') ||
      !take_digits(text, 2, day) || !(take(text, 'T') || take(text, 't')) || !take_digits(text, 2, hour) ||
      !take(text, ':') || !take_digits(text, 2, minute) || !take(text, ':') || !take_digits(text, 2, second) ||
      !read_fraction(text, nanos) || !read_offset(text, offset))
    return false;
  const Date date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                  std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return false;
  const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
  out = {days * 86'400 + hour * 3600 + minute * 60 + second - offset, nanos};
  return true;
}

std::string instant_text(Moment moment) {
  using namespace std::chrono;
  const sys_seconds at{seconds{moment.seconds}};
  const auto day = floor<days>(at);
  const hh_mm_ss time{at - day};
  return fmt::format("{}T{:02}:{:02}:{:02}{}Z", tieout::to_text(Date{day}), time.hours().count(),
                     time.minutes().count(), time.seconds().count(), fraction_text(moment.nanos));
}

bool read_duration(std::string_view text, Moment& out) {
  const bool negative = take(text, '-');
  if (!negative) take(text, '+');
  if (text == "0") {
    out = {};
    return true;
  }
  __int128 total = 0;
  if (text.empty()) return false;
  while (!text.empty())
    if (!take_part(text, total)) return false;
  if (negative) total = -total;
  return normalise(total / kNanos, static_cast<std::int64_t>(total % kNanos), out);
}

std::string duration_text(Moment moment) {
  const bool negative = moment.seconds < 0;
  if (negative && moment.nanos != 0) {
    ++moment.seconds;
    moment.nanos = static_cast<std::int32_t>(kNanos) - moment.nanos;
  }
  return fmt::format("{}{}{}s", negative ? "-" : "", std::abs(moment.seconds), fraction_text(moment.nanos));
}

bool zone_offset(std::string_view zone, std::int64_t at_second, std::int64_t& seconds) {
  seconds = 0;
  if (zone.empty() || zone == "UTC" || zone == "Z") return true;
  // "02:00" is east, like "+02:00".
  std::string fixed(is_digit(zone.front()) ? "+" : "");
  fixed += zone;
  if (int offset = 0; read_offset(fixed, offset)) {
    seconds = offset;
    return true;
  }
  const icu::TimeZone* named = named_zone(zone);
  if (!named) return false;
  std::int32_t raw = 0, saving = 0;
  UErrorCode status = U_ZERO_ERROR;
  named->getOffset(static_cast<UDate>(at_second) * 1000.0, false, raw, saving, status);
  seconds = (raw + saving) / 1000;
  return U_SUCCESS(status);
}

}  // namespace tieout::expr
