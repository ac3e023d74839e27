// A mapping pack or flow as somebody wrote it: loaded, type-checked and, when it is right, run over its own cases.
#include "mapping/yaml.hpp"

#include "mapping/mapping.hpp"
#include "target.hpp"

namespace tieout::fuzz {

void one_input(std::string_view input) {
  if (input.size() > 20'000) return;  // the shipped packs are smaller; more only makes a run slow
  const auto tree = mapping::Yaml::parse(input, "pack.yaml");
  if (!tree) return;
  require(json::parse(tree->to_json().dump()).has_value(), "YAML as JSON is JSON");
  const mapping::PackFile file{"packs/stranger/pack.yaml", std::string(input)};
  const auto packs = mapping::PackSet::load({&file, 1});
  if (packs) (void)packs->run_tests();
}

}  // namespace tieout::fuzz
