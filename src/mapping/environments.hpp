// The variables that packs, flows and recipes have in common: accounts and settings, as the checker and as a run see
// them.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "expr/environment.hpp"
#include "mapping/pack_set.hpp"
#include "mapping/problems.hpp"

namespace tieout::mapping {

const model::RecordShape& account_shape();
expr::Type account_type();

/// Reads the `settings:` section of a file into the list of all settings.
void parse_settings(const Yaml& section, std::vector<SettingInfo>& all, Problems& problems);
expr::Type settings_type(const std::vector<SettingInfo>& settings);
/// The values of all settings. Fails with mapping.setting.unknown, mapping.setting.kind.
Result<model::Value> settings_value(const std::vector<SettingInfo>& settings,
                                    std::span<const std::pair<std::string, std::string>> given);

}  // namespace tieout::mapping
