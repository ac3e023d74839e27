#include "cli/with_engine.hpp"

#include <fmt/core.h>

#include <fstream>

namespace tieout::cli {

void print_json(const json::Value& value) { fmt::print("{}\n", value.dump_pretty()); }

Exit exit_of(const engine::RunReport& report) {
  if (!report.breakers.empty()) return Exit::partly;  // a lane stands still until a person releases it
  if (report.partly) return Exit::partly;  // steps of an undo are refused or left: trying again alone mends nothing
  if (report.complete) return Exit::ok;
  return report.written.total() > 0 ? Exit::partly : Exit::try_again;
}

Result<ports::Unit> keep_plan(const decide::Plan& plan, const std::string& name) {
  if (name.empty()) return ports::Unit{};
  std::ofstream file(name, std::ios::binary | std::ios::trunc);
  file << decide::to_json(plan).dump_pretty() << "\n";
  file.close();
  if (!file) return fail("usage.file.unwritable", fmt::format("{} cannot be written", name));
  return ports::Unit{};
}

}  // namespace tieout::cli
