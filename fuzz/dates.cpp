// Dates and instants as vendors write them.
#include "base/time.hpp"
#include "target.hpp"

namespace tieout::fuzz {

void one_input(std::string_view input) {
  if (const auto date = parse_date(input)) {
    require(date->ok() && to_text(*date) == input, "a date is a day that exists and is written as it was read");
    const Date next = add_days(*date, 1);
    require(days_between(*date, next) == 1, "a day has a next one");
  }
  if (const auto instant = parse_instant(input)) {
    const auto again = parse_instant(to_text(*instant));
    require(again && *again == *instant, "an instant reads back");
    require(instant_from_ms(to_ms(*instant)) == *instant, "milliseconds hold an instant");
    require(utc_date(*instant).ok(), "an instant lies on a day");
  }
}

}  // namespace tieout::fuzz
