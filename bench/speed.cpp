#include <fmt/core.h>

#include "bench/measure.hpp"
#include "bench/round.hpp"
#include "cli/terminal.hpp"
#include "expr/program.hpp"
#include "mapping/mapping.hpp"

namespace tieout::bench {
namespace {

/// Calls work(i) until a second has passed; how often a second.
template <class Work>
double rate(Work work) {
  const Meter meter;
  std::int64_t done = 0;
  do {
    for (int i = 0; i < 1'000; ++i) work(done++);
  } while (meter.read().wall_s < 1.0);
  return static_cast<double>(done) / meter.read().cpu_s;
}

std::string company_body() {
  std::string properties;
  for (const auto& [name, value] : {std::pair{"name", "Alfreds Futterkiste"},
                                    {"domain", "alfreds.example"},
                                    {"phone", "030-0074321"},
                                    {"address", "Obere Str. 57"},
                                    {"city", "Berlin"},
                                    {"state", ""},
                                    {"zip", "12209"},
                                    {"country", "Germany"},
                                    {"website", "https://alfreds.example"},
                                    {"description", "Kauft gern im Frühjahr"}})
    properties += fmt::format("{}\"{}\":\"{}\"", properties.empty() ? "" : ",", name, value);
  for (int i = 0; i < 20; ++i) properties += fmt::format(",\"other_{}\":\"value {}\"", i, i);
  return fmt::format(
      R"({{"id":"1021","properties":{{{}}},"createdAt":"2026-03-14T09:00:00.000Z","updatedAt":"2026-03-14T09:00:00.000Z","archived":false}})",
      properties);
}

Result<bool> measure_mapping() {
  TRY(packs, mapping::PackSet::load_embedded());
  TRY(variables, packs.variables());
  const mapping::ObjectMapping* companies = packs.find("hubspot", "companies");
  if (companies == nullptr) return fail("bench.parts", "no pack maps HubSpot's companies");
  const std::string body = company_body();
  const auto first = companies->to_canonical(body, variables);
  if (!first) return fail(first.error());
  std::size_t kept = 0;
  const double speed =
      rate([&](std::int64_t) { kept += companies->to_canonical(body, variables)->has("name") ? 1 : 0; });
  if (kept == 0) return fail("bench.parts", "the mapping lost the name");
  fmt::print("  mapping      a company of 30 properties    {:>12} records/s on one core\n",
             cli::grouped(static_cast<std::int64_t>(speed)));
  return true;
}

Result<bool> measure_expression(std::string_view source) {
  expr::Environment environment;
  environment.add_variable("amount", expr::Type::decimal());
  environment.add_variable("name", expr::Type::text());
  TRY(program, expr::Program::compile(source, environment));
  const std::vector<model::Value> variables{model::Value::decimal(Decimal::of("1086.05")),
                                            model::Value::text("Alfreds Futterkiste")};
  const auto first = program.run(variables);
  if (!first) return fail(first.error());
  std::size_t kept = 0;
  const double speed = rate([&](std::int64_t) { kept += program.evaluate(variables).is_error() ? 0 : 1; });
  if (kept == 0) return fail("bench.parts", "the expression failed");
  fmt::print("  expression   {:<44} {:>6.0f} ns\n", source, 1e9 / speed);
  return true;
}

}  // namespace

Result<bool> measure_parts() {
  fmt::print("parts, CPU time\n");
  TRY_VOID(measure_mapping());
  for (const char* source : {"name", "amount > decimal('1000.00')", "name.size() > 3 ? name + ' Ltd' : name"})
    TRY_VOID(measure_expression(source));
  return true;
}

}  // namespace tieout::bench
