// Instants and civil dates, which are different things: an instant is a point on the world's clock (created_at), a
// date is what is printed on an invoice (due_on). Both are read from and written to text here; nothing here asks what
// time it is (that is ports/clock.hpp).
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace tieout {

using Instant = std::chrono::sys_time<std::chrono::milliseconds>;
using Date = std::chrono::year_month_day;  ///< always a day that exists; years 1 to 9999
using Milliseconds = std::chrono::milliseconds;

/// "2026-11-21". Fails with time.date.malformed when the text is not exactly that form, or no such day exists.
Result<Date> parse_date(std::string_view text);
std::string to_text(Date date);

/// RFC 3339 with any offset and 0 to 9 fraction digits (cut to milliseconds): "2024-01-01T10:00:00-08:00".
/// Also takes "+0000" without the colon. Fails with time.instant.malformed.
Result<Instant> parse_instant(std::string_view text);
/// UTC with milliseconds: "2024-01-01T18:00:00.000Z".
std::string to_text(Instant instant);

inline Instant instant_from_ms(std::int64_t ms) { return Instant{Milliseconds{ms}}; }
inline std::int64_t to_ms(Instant instant) { return instant.time_since_epoch().count(); }

/// The civil date of an instant in UTC.
Date utc_date(Instant instant);
inline Date add_days(Date date, int days) { return Date{std::chrono::sys_days{date} + std::chrono::days{days}}; }
inline int days_between(Date from, Date to) {
  return static_cast<int>((std::chrono::sys_days{to} - std::chrono::sys_days{from}).count());
}

}  // namespace tieout
