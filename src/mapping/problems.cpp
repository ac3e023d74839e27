#include "mapping/problems.hpp"

#include <fmt/core.h>

#include "model/record.hpp"

namespace tieout::mapping {

void Problems::add(std::string code, const Place& place, std::string_view what) {
  faults_.emplace_back(std::move(code), fmt::format("{}: {}", place.to_text(), what), place.to_text());
}

Fault Problems::all() const {
  Fault first = faults_.front();
  for (std::size_t i = 1; i < faults_.size(); ++i) first.what += "\n" + faults_[i].what;
  return first;
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates) {
  const std::vector<std::string_view> views(candidates.begin(), candidates.end());
  const std::string_view near = model::closest(name, views);
  return near.empty() ? std::string{} : fmt::format("; did you mean '{}'?", near);
}

void allow_keys(const Yaml& map, std::initializer_list<std::string_view> known, Problems& problems) {
  for (const Yaml::Entry& entry : map.entries()) {
    if (std::find(known.begin(), known.end(), entry.key) != known.end()) continue;
    const std::vector<std::string> names(known.begin(), known.end());
    problems.add("mapping.structure", entry.place,
                 fmt::format("'{}' is not understood here{}", entry.key, did_you_mean(entry.key, names)));
  }
}

std::string text_of(const Yaml& map, std::string_view key, bool required, Problems& problems) {
  const Yaml* value = map.find(key);
  if (!value) {
    if (required) problems.add("mapping.structure", map.place(), fmt::format("'{}' is missing", key));
    return {};
  }
  if (!value->is_scalar()) {
    problems.add("mapping.structure", value->place(), fmt::format("'{}' must be text", key));
    return {};
  }
  return value->text();
}

}  // namespace tieout::mapping
