// Any JSON text: what is read, written and read again is the same, digits and all.
#include "base/json.hpp"

#include "target.hpp"

namespace tieout::fuzz {

void one_input(std::string_view input) {
  const auto value = json::parse(input);
  if (!value) return;
  const auto compact = json::parse(value->dump());
  require(compact && *compact == *value, "a written document reads as it was");
  const auto pretty = json::parse(value->dump_pretty());
  require(pretty && *pretty == *value, "a document written for people reads as it was");
  (void)value->as_int();
}

}  // namespace tieout::fuzz
