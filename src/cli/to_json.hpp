// Reports as a program reads them (--json). Amounts are strings; every member keeps its name from one version to the
// next.
#pragma once

#include "base/json.hpp"
#include "engine/reports.hpp"

namespace tieout::cli {

json::Value to_json(const engine::RunReport& report);
json::Value to_json(const engine::ObserveReport& report);
json::Value to_json(const engine::StatusReport& report);
json::Value to_json(const engine::Explanation& explanation);
json::Value to_json(const engine::ReviewItem& item);
json::Value to_json(const std::vector<engine::ReviewItem>& items);
json::Value to_json(const engine::TieOut& tie_out);
json::Value to_json(const std::vector<ports::Written>& written);
json::Value to_json(const engine::LinkTurn& turn);
json::Value to_json(const engine::LinkHistory& history);
json::Value to_json(const engine::Doubt& doubt);
json::Value to_json(const engine::DeadLetters& group);
json::Value to_json(const engine::ReplayReport& report);
json::Value to_json(const engine::BackfillReport& report);
json::Value to_json(const engine::Breaker& breaker);

}  // namespace tieout::cli
