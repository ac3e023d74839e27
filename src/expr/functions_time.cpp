// Functions on timestamps and durations. The parts of a timestamp are those of a wall clock in UTC, or in the zone that
// is given; months, days of the month and days of the year count from zero as CEL has it, getDate() from one.
#include <fmt/core.h>

#include "expr/registry.hpp"
#include "expr/semantics.hpp"
#include "expr/time_text.hpp"

namespace tieout::expr {
namespace {

using model::Moment;
using model::Value;

enum class Part : unsigned char {
  year,
  month,
  day_of_year,
  day_of_month,
  date,
  day_of_week,
  hours,
  minutes,
  seconds,
  millis
};

std::int64_t part_of(Part part, std::int64_t second, std::int32_t nanos) {
  using namespace std::chrono;
  const sys_seconds at{seconds{second}};
  const sys_days day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss time{at - day};
  switch (part) {
    case Part::year:
      return static_cast<int>(date.year());
    case Part::month:
      return static_cast<unsigned>(date.month()) - 1;
    case Part::day_of_year:
      return (day - sys_days{date.year() / January / 1}).count();
    case Part::day_of_month:
      return static_cast<unsigned>(date.day()) - 1;
    case Part::date:
      return static_cast<unsigned>(date.day());
    case Part::day_of_week:
      return weekday{day}.c_encoding();
    case Part::hours:
      return time.hours().count();
    case Part::minutes:
      return time.minutes().count();
    case Part::seconds:
      return time.seconds().count();
    case Part::millis:
      return nanos / 1'000'000;
  }
  return 0;
}

template <Part P>
Value part(Call& call) {
  const Moment moment = call[0].as_moment();
  std::int64_t offset = 0;
  if (call.count == 2 && !zone_offset(call[1].as_text(), moment.seconds, offset))
    return failed(fmt::format("unknown time zone '{}'; write one like 'Europe/Berlin' or '+02:00'", call[1].as_text()));
  return Value::integer(part_of(P, moment.seconds + offset, moment.nanos));
}

/// Whole units of a duration, cut towards zero.
template <std::int64_t UnitSeconds>
Value whole(Call& call) {
  const Moment moment = call[0].as_moment();
  const std::int64_t seconds = moment.seconds + (moment.seconds < 0 && moment.nanos > 0 ? 1 : 0);
  return Value::integer(seconds / UnitSeconds);
}
Value millis_of_duration(Call& call) {
  const Moment moment = call[0].as_moment();
  const std::int64_t nanos = moment.seconds < 0 && moment.nanos > 0 ? moment.nanos - 1'000'000'000 : moment.nanos;
  return Value::integer(nanos / 1'000'000);
}

constexpr Builtin kTime[] = {
    {"getFullYear", "timestamp.() -> int", part<Part::year>},
    {"getFullYear", "timestamp.(string) -> int", part<Part::year>},
    {"getMonth", "timestamp.() -> int", part<Part::month>},
    {"getMonth", "timestamp.(string) -> int", part<Part::month>},
    {"getDayOfYear", "timestamp.() -> int", part<Part::day_of_year>},
    {"getDayOfYear", "timestamp.(string) -> int", part<Part::day_of_year>},
    {"getDayOfMonth", "timestamp.() -> int", part<Part::day_of_month>},
    {"getDayOfMonth", "timestamp.(string) -> int", part<Part::day_of_month>},
    {"getDate", "timestamp.() -> int", part<Part::date>},
    {"getDate", "timestamp.(string) -> int", part<Part::date>},
    {"getDayOfWeek", "timestamp.() -> int", part<Part::day_of_week>},
    {"getDayOfWeek", "timestamp.(string) -> int", part<Part::day_of_week>},
    {"getHours", "timestamp.() -> int", part<Part::hours>},
    {"getHours", "timestamp.(string) -> int", part<Part::hours>},
    {"getMinutes", "timestamp.() -> int", part<Part::minutes>},
    {"getMinutes", "timestamp.(string) -> int", part<Part::minutes>},
    {"getSeconds", "timestamp.() -> int", part<Part::seconds>},
    {"getSeconds", "timestamp.(string) -> int", part<Part::seconds>},
    {"getMilliseconds", "timestamp.() -> int", part<Part::millis>},
    {"getMilliseconds", "timestamp.(string) -> int", part<Part::millis>},
    {"getHours", "duration.() -> int", whole<3600>},
    {"getMinutes", "duration.() -> int", whole<60>},
    {"getSeconds", "duration.() -> int", whole<1>},
    {"getMilliseconds", "duration.() -> int", millis_of_duration},
};

}  // namespace

std::span<const Builtin> time_functions() { return kTime; }

}  // namespace tieout::expr
