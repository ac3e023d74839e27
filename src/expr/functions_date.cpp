// Civil dates: what stands on an invoice. A timestamp becomes a date only in a zone that is named.
#include <fmt/core.h>

#include "expr/registry.hpp"
#include "expr/semantics.hpp"
#include "expr/time_text.hpp"

namespace tieout::expr {
namespace {

using model::Moment;
using model::Value;
using std::chrono::day;
using std::chrono::last;
using std::chrono::months;
using std::chrono::sys_days;

Value checked(Date date) {
  const int year = static_cast<int>(date.year());
  return year >= 1 && year <= 9999 ? Value::date(date) : failed("date out of range: years 1 to 9999");
}

Value same(Call& call) { return call[0]; }
Value from_text(Call& call) {
  const auto parsed = parse_date(call[0].as_text());
  return parsed ? Value::date(*parsed) : failed(parsed.error().what);
}
Value is_date(Call& call) { return Value::boolean(parse_date(call[0].as_text()).has_value()); }

bool small(std::int64_t count) { return count > -4'000'000 && count < 4'000'000; }

Value plus_days(Call& call) {
  const std::int64_t count = call[1].as_integer();
  if (!small(count)) return failed("date out of range: years 1 to 9999");
  return checked(add_days(call[0].as_date(), static_cast<int>(count)));
}

/// The same day of a later month, or its last day when it has no such day: 31 January + 1 month is 28 February.
Date months_later(Date date, std::int64_t count) {
  const Date moved = date + months{count};
  return moved.ok() ? moved : Date{moved.year() / moved.month() / last};
}
Value plus_months(Call& call) {
  const std::int64_t count = call[1].as_integer();
  if (!small(count) || count > 200'000 || count < -200'000) return failed("date out of range: years 1 to 9999");
  return checked(months_later(call[0].as_date(), count));
}
Value plus_years(Call& call) {
  const std::int64_t count = call[1].as_integer();
  if (count > 10'000 || count < -10'000) return failed("date out of range: years 1 to 9999");
  return checked(months_later(call[0].as_date(), count * 12));
}
Value end_of_month(Call& call) {
  const Date date = call[0].as_date();
  return Value::date(Date{date.year() / date.month() / last});
}
Value start_of_month(Call& call) {
  const Date date = call[0].as_date();
  return Value::date(Date{date.year() / date.month() / day{1}});
}
Value days_from_to(Call& call) { return Value::integer(tieout::days_between(call[0].as_date(), call[1].as_date())); }

Value year_of(Call& call) { return Value::integer(static_cast<int>(call[0].as_date().year())); }
Value month_of(Call& call) { return Value::integer(static_cast<unsigned>(call[0].as_date().month())); }
Value day_of(Call& call) { return Value::integer(static_cast<unsigned>(call[0].as_date().day())); }

Value unknown_zone(const Value& zone) {
  return failed(fmt::format("unknown time zone '{}'; write one like 'Europe/Berlin' or '+02:00'", zone.as_text()));
}

Value to_date(Call& call) {
  const Moment moment = call[0].as_moment();
  std::int64_t offset = 0;
  if (!zone_offset(call[1].as_text(), moment.seconds, offset)) return unknown_zone(call[1]);
  const std::chrono::sys_seconds local{std::chrono::seconds{moment.seconds + offset}};
  return checked(Date{std::chrono::floor<std::chrono::days>(local)});
}

/// The first instant of a day in a zone. Where midnight is skipped (clocks go forward), the instant of the change.
Value to_timestamp(Call& call) {
  const std::int64_t midnight = sys_days{call[0].as_date()}.time_since_epoch().count() * 86'400;
  std::int64_t before = 0, after = 0, there = 0;
  if (!zone_offset(call[1].as_text(), midnight - 86'400, before)) return unknown_zone(call[1]);
  zone_offset(call[1].as_text(), midnight + 86'400, after);
  Moment result{midnight - before, 0};
  zone_offset(call[1].as_text(), result.seconds, there);
  if (there != before) {  // the clocks changed before midnight, or skip it
    zone_offset(call[1].as_text(), midnight - after, there);
    if (there == after) result.seconds = midnight - after;
  }
  return valid_instant(result) ? Value::instant(result) : failed("timestamp out of range");
}

constexpr Builtin kDate[] = {
    {"date", "(date) -> date", same},
    {"date", "(string) -> date", from_text},
    {"isDate", "(string) -> bool", is_date},
    {"addDays", "date.(int) -> date", plus_days},
    {"addMonths", "date.(int) -> date", plus_months},
    {"addYears", "date.(int) -> date", plus_years},
    {"endOfMonth", "date.() -> date", end_of_month},
    {"startOfMonth", "date.() -> date", start_of_month},
    {"daysBetween", "(date, date) -> int", days_from_to},
    {"year", "date.() -> int", year_of},
    {"month", "date.() -> int", month_of},
    {"day", "date.() -> int", day_of},
    {"toDate", "timestamp.(string) -> date", to_date},
    {"toTimestamp", "date.(string) -> timestamp", to_timestamp},
};

}  // namespace

std::span<const Builtin> date_functions() { return kDate; }

}  // namespace tieout::expr
