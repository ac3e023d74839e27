#include "vendors/hubspot/connector.hpp"

#include <fmt/core.h>

namespace tieout::vendors::hubspot {

HubSpot::HubSpot(const ConnectionSettings& settings, Manifest manifest, World world)
    : session_(settings, std::move(manifest), world, read_error, looks_whole) {
  for (const auto& [name, facts] : session_.manifest().objects) {
    const auto given = settings.properties.find(name);
    properties_[name] = given == settings.properties.end() || given->second.empty() ? facts.properties : given->second;
    // Who a record has absorbed: the only word of a merge that a delta brings.
    auto& names = properties_[name];
    if (std::find(names.begin(), names.end(), kAbsorbed) == names.end()) names.emplace_back(kAbsorbed);
    const bool asked = settings.objects.empty() ? facts.detail("parent").empty()
                                                : std::find(settings.objects.begin(), settings.objects.end(), name) !=
                                                      settings.objects.end();
    if (asked) objects_.push_back(name);  // in the manifest's order: what others refer to first
  }
}

HubSpot::~HubSpot() {
  if (ahead_) session_.abandon(std::move(ahead_->pending));
}

const std::vector<std::string>& HubSpot::properties_of(const std::string& object) const {
  return properties_.at(object);
}

const ObjectFacts& HubSpot::facts_of(const std::string& object) const {
  const ObjectFacts* facts = session_.manifest().object(object);
  CHECK(facts != nullptr, "objects are checked against the manifest where they come in");
  return *facts;
}

std::vector<std::string> HubSpot::watched() const {
  std::vector<std::string> out = objects_;
  for (const std::string& object : objects_)
    for (const char* role : {"with_lines", "with_primary"})
      if (const std::string child = facts_of(object).detail(role);
          !child.empty() && std::find(out.begin(), out.end(), child) == out.end())
        out.push_back(child);
  return out;
}

int HubSpot::in_flight() const {
  return std::clamp(session_.setting("in_flight", session_.manifest().limit("in_flight", 4)), 1, 32);
}

int HubSpot::batch_size(const std::string& object, ports::WriteKind kind) const {
  const ObjectFacts* facts = session_.manifest().object(object);
  if (!facts || kind == ports::WriteKind::void_document) return 1;
  return facts->batch_of(kind == ports::WriteKind::create ? "create" : "update");
}

}  // namespace tieout::vendors::hubspot
