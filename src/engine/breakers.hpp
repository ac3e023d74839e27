// What the breakers of all kinds share: how a held record names its lane, and when a share is too much.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ports/store.hpp"

namespace tieout::engine {

constexpr std::string_view kWaitsForLane = "breaker:";

std::string waits_for_lane(std::string_view lane);
/// A record with its content: released as it was seen, not as it may become.
std::string fingerprint(const ports::StoredRecord& record);
bool too_many(std::int64_t count, std::int64_t of, int percent, std::int64_t least);
/// Records of that type that are in sync or held.
std::int64_t settled(const std::vector<ports::Tally>& tally, ports::Side side, std::string_view type);

}  // namespace tieout::engine
