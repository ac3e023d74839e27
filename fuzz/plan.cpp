// Plan files: somebody may have written into one. A plan that is accepted is the one whose digest it carries.
#include "decide/plan.hpp"

#include "target.hpp"

namespace tieout::fuzz {

void one_input(std::string_view input) {
  const auto value = json::parse(input);
  if (!value) return;
  auto plan = decide::plan_from_json(*value);
  if (!plan) return;
  const std::string digest = plan->digest;
  plan->seal();
  require(plan->digest == digest, "the digest is that of the changes");
  const auto again = decide::plan_from_json(decide::to_json(*plan));
  require(again && again->digest == digest, "a plan that is written reads back");
}

}  // namespace tieout::fuzz
