#include "bench/round.hpp"

#include <fmt/core.h>

#include <cstdlib>
#include <filesystem>
#include <thread>

#include "bench/measure.hpp"
#include "bench/world.hpp"
#include "cli/session.hpp"
#include "cli/terminal.hpp"

namespace tieout::bench {
namespace {

namespace fs = std::filesystem;
using cli::grouped;

// What the vendors' batch sizes allow at best: QuickBooks takes 30 writes a call, HubSpot 100.
std::int64_t least_calls(std::int64_t to_books, std::int64_t to_crm) {
  return (to_books + 29) / 30 + (to_crm + 99) / 100;
}

constexpr std::chrono::seconds kOverlap{4};  // deltas reach back 2 s (world.cpp): after that nothing old is read again

struct Round {
  Cost cost;
  engine::RunReport report;
  World::Calls calls;
};

Result<Round> sync(World& world, const cli::Project& project) {
  TRY(before, world.calls());
  Round round;
  const Meter meter;
  {
    TRY(session, cli::Session::open(project));
    TRY(report, session->engine().sync());
    round.report = std::move(report);
  }
  round.cost = meter.read();
  TRY(after, world.calls());
  round.calls = {after.all - before.all, after.writing - before.writing};
  return round;
}

void print_stages(const engine::RunReport& report) {
  std::int64_t sum = 0;
  for (const engine::StageTime& stage : report.stages) sum += stage.wall_ms;
  if (sum == 0) return;
  fmt::print("    where the time goes:");
  for (const engine::StageTime& stage : report.stages)
    if (stage.wall_ms * 100 / sum > 0) fmt::print("  {} {} %", stage.stage, stage.wall_ms * 100 / sum);
  fmt::print("\n");
}

void print(std::string_view name, const Round& round, std::int64_t records, std::int64_t least) {
  const double per_second = round.cost.wall_s > 0 ? static_cast<double>(records) / round.cost.wall_s : 0;
  fmt::print("  {}\n", name);
  if (records > 0)
    fmt::print("    {} records in {:.2f} s: {} records/s\n", grouped(records), round.cost.wall_s,
               grouped(static_cast<std::int64_t>(per_second)));
  else
    fmt::print("    {:.2f} s\n", round.cost.wall_s);
  if (records > 0)
    fmt::print("    CPU of this process {:.2f} s, {:.3f} s per 1,000 records; peak memory {:.0f} MiB\n",
               round.cost.cpu_s, round.cost.cpu_s * 1000 / static_cast<double>(records), round.cost.peak_mib);
  else
    fmt::print("    CPU of this process {:.3f} s; peak memory {:.0f} MiB\n", round.cost.cpu_s, round.cost.peak_mib);
  fmt::print("    written: {} created, {} changed, {} refused, {} in doubt; calls {} in all, {} writing",
             grouped(round.report.written.created), grouped(round.report.written.updated),
             grouped(round.report.written.refused), grouped(round.report.written.in_doubt), grouped(round.calls.all),
             grouped(round.calls.writing));
  if (least > 0)
    fmt::print(" (least {}: {:.2f} x)", grouped(least),
               static_cast<double>(round.calls.writing) / static_cast<double>(least));
  fmt::print("\n");
  print_stages(round.report);
}

Result<bool> rounds(World& world, const cli::Project& project, std::int64_t customers) {
  std::this_thread::sleep_for(kOverlap);
  TRY(first, sync(world, project));
  print("first load: customers and invoices, end to end", first, 2 * customers, least_calls(2 * customers, customers));
  std::this_thread::sleep_for(kOverlap);
  TRY(echoes, sync(world, project));
  print("the first load's own writes come back as changes", echoes, 0, 0);
  std::this_thread::sleep_for(kOverlap);
  TRY(nothing, sync(world, project));
  print("nothing changed", nothing, 0, 0);
  std::this_thread::sleep_for(kOverlap);
  TRY(edited, world.edit_one_percent());
  TRY(delta, sync(world, project));
  print("one percent of the customers changed in the CRM", delta, edited, least_calls(edited, 0));
  return true;
}

}  // namespace

Result<bool> measure_rounds(const std::string& program, int customers) {
  fmt::print("\n{} customers and as many won deals, sandboxes without limits on this machine\n",
             grouped(std::int64_t{customers}));
  std::fflush(stdout);
  TRY(world, World::start(program));
  TRY_VOID(world->fill(customers));
  std::string folder = (fs::temp_directory_path() / "tieout-bench-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) return fail("bench.world", "no temporary folder can be made");
  auto project = world->make_project(folder);
  auto result = project ? rounds(*world, *project, customers) : Result<bool>(fail(project.error()));
  std::error_code ignored;
  fs::remove_all(folder, ignored);
  return result;
}

}  // namespace tieout::bench
