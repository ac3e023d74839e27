// Power cuts under the whole engine: two sandboxes behind real HTTP, the real connectors, the store on a simulated disk
// that loses power at a random write or fsync of intake and apply. In the end there is one customer per company, one
// invoice per deal, and both sides tie out.
#include <fmt/core.h>

#include <algorithm>
#include <chrono>

#include "chance.hpp"
#include "engine/world.hpp"
#include "sim/disk/disk.hpp"
#include "sweep.hpp"

namespace tieout::power {
namespace {

constexpr int kDeals = 12;

struct Figures {
  int cuts = 0, worlds = 0, restored = 0, lost = 0, duplicate = 0, wrong = 0;
  double restart_ms = 0;
};

bool judge(engine::World& world, std::size_t customers_before, Figures& figures) {
  auto last = world.engine->sync();
  const auto customers = static_cast<int>(world.books_query("Customer").size() - customers_before);
  const auto invoices = static_cast<int>(world.books_query("Invoice").size());
  figures.lost += std::max(0, kDeals - customers) + std::max(0, kDeals - invoices);
  figures.duplicate += std::max(0, customers - kDeals) + std::max(0, invoices - kDeals);
  const auto tie_out = world.engine->reconcile();
  const bool good = customers == kDeals && invoices == kDeals && tie_out && tie_out->ties_out;
  if (!good) {
    ++figures.wrong;
    fmt::print("  world {}: {} customers, {} invoices for {} deals; {}\n", figures.worlds, customers, invoices, kDeals,
               tie_out ? tie_out->verdict : tie_out.error().what);
  }
  return good;
}

/// A backup from an earlier moment comes back: the vendors are ahead of it (edge case 145).
bool restore(engine::World& world, sim::Disk& disk, const std::string& file, const std::string& log) {
  disk.kill();  // what is open writes no more
  disk.put("store.db", file);
  disk.put("store.db-wal", log);
  world.reopen();
  for (int i = 0; i < 3 && world.store; ++i) (void)world.engine->sync().has_value();
  return world.store != nullptr;
}

/// Cuts until a run ends by itself, at most ten times; in the end what one of the cuts had left is restored.
bool one_world(Chance& chance, HandClock& clock, const Sweep& sweep, Figures& figures) {
  sim::Disk disk(fmt::format("engine-{}-{}", sweep.seed, figures.worlds++), chance, clock);
  engine::World world({.hubspot_seed = "generated:" + std::to_string(kDeals),
                       .quickbooks_seed = "generated",
                       .mapping_settings = {},
                       .vfs = disk.vfs()});
  const std::size_t customers_before = world.books_query("Customer").size();
  std::string old_file, old_log;
  for (int cut = 0; cut < 10 && figures.cuts < sweep.count; ++cut) {
    disk.cut_power_at(1 + chance.below(110));
    const auto before = disk.counts().power_cuts;
    const auto report = world.engine->sync();
    const bool was_cut = disk.counts().power_cuts > before;
    disk.heal();
    if (!was_cut) break;
    ++figures.cuts;
    if (old_file.empty() || chance.below(3) == 0)
      old_file = disk.bytes("store.db"), old_log = disk.bytes("store.db-wal");
    const auto begun = std::chrono::steady_clock::now();
    world.reopen();
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begun;
    figures.restart_ms = std::max(figures.restart_ms, took.count());
    if (!world.store) {
      ++figures.wrong;
      fmt::print("  world {}: the store does not open after cut {}\n", figures.worlds, figures.cuts);
      return false;
    }
  }
  for (int i = 0; i < 3; ++i) (void)world.engine->sync().has_value();  // healed
  if (!judge(world, customers_before, figures) || old_file.empty()) return false;
  ++figures.restored;
  return restore(world, disk, old_file, old_log) && judge(world, customers_before, figures);
}

}  // namespace

bool engine_cuts(const Sweep& sweep) {
  Chance chance(sweep.seed);
  HandClock clock;
  Figures figures;
  while (figures.cuts < sweep.count && figures.wrong < 5) one_world(chance, clock, sweep, figures);
  fmt::print(
      "power.cuts.engine: {} cuts in {} companies of {} deals, {} old states restored, {} lost, {} duplicate, {} not "
      "tied out, restart max "
      "{:.0f} ms, seed {}\n",
      figures.cuts, figures.worlds, kDeals, figures.restored, figures.lost, figures.duplicate, figures.wrong,
      figures.restart_ms, sweep.seed);
  return figures.wrong == 0;
}

}  // namespace tieout::power
