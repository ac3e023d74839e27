// Timestamps and durations as CEL writes them, to the nanosecond.
#pragma once

#include <string>
#include <string_view>

#include "model/value.hpp"

namespace tieout::expr {

/// RFC 3339 with 0 to 9 fraction digits; years 0000 to 9999 are read, the caller checks the range.
bool read_instant(std::string_view text, model::Moment& out);
std::string instant_text(model::Moment moment);
/// "1h45m47s", "-1.5s", "250ms", "999ns".
bool read_duration(std::string_view text, model::Moment& out);
/// Seconds: "6347s", "0.25s".
std::string duration_text(model::Moment moment);

/// Seconds east of UTC that a zone ("America/New_York", "+02:00", "UTC") has at that time. False: unknown zone.
bool zone_offset(std::string_view zone, std::int64_t at_second, std::int64_t& seconds);

}  // namespace tieout::expr
