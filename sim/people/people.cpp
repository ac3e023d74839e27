#include "sim/people/people.hpp"

#include <fmt/core.h>

namespace tieout::sim {
namespace {

using json::Value;
Value properties(std::vector<std::pair<std::string, std::string>> values) {
  Value inner = Value::object();
  for (auto& [name, value] : values) inner.set(name, Value::string(std::move(value)));
  return Value::object({{"properties", std::move(inner)}});
}

}  // namespace

void People::settle_in(Instant now) {
  for (int i = 0; i < 5; ++i) {
    const Value body = properties({{"name", fmt::format("Customer {} of {}", ++made_, company_.name)}});
    company_.crm_call(now, "POST", "/crm/v3/objects/companies", &body);
  }
}

Action People::act(Instant now) {
  const Value body = properties({{"name", fmt::format("Customer {} of {}", ++made_, company_.name)},
                                 {"phone", fmt::format("+49 30 {}", 100000 + rng_.below(899999))}});
  const auto made = company_.crm_call(now, "POST", "/crm/v3/objects/companies", &body);
  return {"company.create", ports::Side::crm, "companies", made.body["id"].text_or(""), "created a company"};
}

std::vector<Action> People::work_review(engine::Engine&, Instant, int) { return {}; }

}  // namespace tieout::sim
