// Collects every mistake of a set of packs, so that its author mends them in one go.
#pragma once

#include <string>
#include <vector>

#include "mapping/yaml.hpp"

namespace tieout::mapping {

class Problems {
 public:
  void add(std::string code, const Place& place, std::string_view what);
  /// A fault that already names its place.
  void add(const Fault& fault) { faults_.push_back(fault); }
  bool empty() const { return faults_.empty(); }
  std::size_t size() const { return faults_.size(); }
  /// The code of the first, the text of all.
  Fault all() const;

 private:
  std::vector<Fault> faults_;
};

/// "; did you mean X?", or nothing when no candidate is near.
std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates);

/// Complains about every key of the map that is not among the known ones.
void allow_keys(const Yaml& map, std::initializer_list<std::string_view> known, Problems& problems);
/// The text of a scalar member, or empty (complaining when it must be there).
std::string text_of(const Yaml& map, std::string_view key, bool required, Problems& problems);

}  // namespace tieout::mapping
