#include "sim/report.hpp"

#include "base/json.hpp"

namespace tieout::sim {
namespace {

using json::Value;

Value counts(const std::map<std::string, std::int64_t>& map) {
  Value out = Value::object();
  for (const auto& [name, count] : map) out.set(name, Value::number(count));
  return out;
}

std::map<std::string, std::int64_t> counts(const Value& value) {
  std::map<std::string, std::int64_t> out;
  for (const auto& [name, count] : value.members()) out[name] = count.as_int();
  return out;
}

}  // namespace

std::string to_line(const SeedResult& result) {
  Value out = Value::object();
  out.set("seed", Value::number(std::to_string(result.seed)));
  out.set("digest", Value::string(result.digest));
  out.set("calls", Value::number(result.calls));
  out.set("edits", Value::number(result.edits));
  out.set("steps", Value::number(result.steps));
  out.set("disk", Value::number(result.disk_writes));
  out.set("done", Value::number(result.done));
  out.set("converged", Value::boolean(result.converged));
  out.set("simulated_ms", Value::number(result.simulated_ms));
  Value faults = Value::array();
  for (const std::int64_t count : result.faults) faults.push(Value::number(count));
  out.set("faults", std::move(faults));
  out.set("actions", counts(result.actions));
  out.set("refusals", counts(result.refusals));
  Value found = Value::array();
  for (const Found& one : result.found)
    found.push(Value::object({{"harm", Value::number(static_cast<std::int64_t>(one.violation.harm))},
                              {"check", Value::string(one.violation.check)},
                              {"record", Value::string(one.violation.record)},
                              {"text", Value::string(one.violation.text)},
                              {"company", Value::string(one.company)},
                              {"step", Value::number(static_cast<std::int64_t>(one.step))},
                              {"at", Value::string(one.at)}}));
  out.set("found", std::move(found));
  return out.dump();
}

Result<SeedResult> from_line(std::string_view line) {
  TRY(value, json::parse(line));
  SeedResult out;
  out.seed = static_cast<std::uint64_t>(value["seed"].as_int());
  out.digest = value["digest"].text();
  out.calls = value["calls"].as_int();
  out.edits = value["edits"].as_int();
  out.steps = value["steps"].as_int();
  out.disk_writes = value["disk"].as_int();
  out.done = value["done"].as_int();
  out.converged = value["converged"].as_bool();
  out.simulated_ms = value["simulated_ms"].as_int();
  for (std::size_t i = 0; i < kKinds && i < value["faults"].size(); ++i)
    out.faults[i] = value["faults"].items()[i].as_int();
  out.actions = counts(value["actions"]);
  out.refusals = counts(value["refusals"]);
  for (const Value& one : value["found"].items())
    out.found.push_back(
        {{static_cast<Harm>(one["harm"].as_int()), one["check"].text(), one["record"].text(), one["text"].text()},
         one["company"].text(),
         static_cast<std::uint64_t>(one["step"].as_int()),
         one["at"].text()});
  return out;
}

}  // namespace tieout::sim
