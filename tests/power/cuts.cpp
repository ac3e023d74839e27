// Power cuts under the store: at a random write or fsync of a random transaction, of opening, of moving the log. What
// the store had reported as committed is there, nothing is half there, and the next run goes on from it.
#include <fmt/core.h>

#include <algorithm>
#include <chrono>

#include "chance.hpp"
#include "sim/disk/disk.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "sweep.hpp"
#include "workload.hpp"

namespace tieout::power {
namespace {

struct Tested {
  int reported = 0;  ///< commits that returned
  int lost = 0, half = 0;
  std::int64_t restart_us = 0;
};

void complain(const Sweep& sweep, int cut, std::string_view what) {
  fmt::print("  cut {} of seed {}: {}\n", cut, sweep.seed, what);
}

/// Opens after a cut (which may cut again while it opens) and compares with the oracle.
bool restart(sim::Disk& disk, Oracle& oracle, Tested& tested, const Sweep& sweep, int cut) {
  disk.heal();
  const auto begun = std::chrono::steady_clock::now();
  auto store = open_sqlite("t.db", "acme", {.checkpoint_pages = 64, .vfs = disk.vfs()});
  if (!store) {
    complain(sweep, cut, "it does not open: " + store.error().what);
    ++tested.lost;
    return false;
  }
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begun);
  tested.restart_us = std::max<std::int64_t>(tested.restart_us, took.count());
  const auto kept = transactions_in(**store);
  if (!kept || *kept < tested.reported || *kept > tested.reported + 1) {
    complain(sweep, cut, fmt::format("{} commits were reported, {} are there", tested.reported, kept ? *kept : -1));
    ++tested.lost;
    return false;
  }
  tested.reported = *kept;
  int faults = 0;
  const auto now = dump(**store, faults);
  if (faults != 0 || !now || *now != oracle.after(*kept)) {
    complain(sweep, cut, fmt::format("what is there is not what commit {} left", *kept));
    ++tested.half;
    return false;
  }
  return true;
}

}  // namespace

bool store_cuts(const Sweep& sweep) {
  Chance chance(sweep.seed);
  HandClock clock;
  Oracle oracle;
  Tested tested;
  sim::DiskCounts total;
  int cuts = 0, worlds = 0, at_opening = 0;
  bool good = true;
  while (cuts < sweep.count && good) {
    sim::Disk disk(fmt::format("cuts-{}-{}", sweep.seed, worlds++), chance, clock);
    tested.reported = 0;
    while (cuts < sweep.count && tested.reported < 60 && good) {
      disk.cut_power_at(1 + chance.below(chance.below(4) == 0 ? 12 : 90));
      const auto before = disk.counts().power_cuts;
      auto store = open_sqlite("t.db", "acme", {.checkpoint_pages = 64, .vfs = disk.vfs()});
      if (!store) ++at_opening;
      for (int i = 0; i < 8 && store && disk.counts().power_cuts == before; ++i)
        if (transact(**store, tested.reported + 1)) ++tested.reported;
      if (disk.counts().power_cuts == before) disk.power_cut();
      ++cuts;
      if (store) store->reset();
      good = restart(disk, oracle, tested, sweep, cuts);
    }
    disk.heal();
    if (auto verified = verify_sqlite("t.db", disk.vfs()); !verified) {
      complain(sweep, cuts, verified.error().what);
      good = false;
    }
    total.dropped_sectors += disk.counts().dropped_sectors;
    total.torn_sectors += disk.counts().torn_sectors;
    total.reordered_cuts += disk.counts().reordered_cuts;
    total.lost_names += disk.counts().lost_names;
  }
  fmt::print(
      "power.cuts.store: {} cuts ({} while opening; {} sectors dropped, {} torn, {} cuts out of order, {} names "
      "undone), {} lost, {} half there, restart max {:.1f} ms, seed {}\n",
      cuts, at_opening, total.dropped_sectors, total.torn_sectors, total.reordered_cuts, total.lost_names, tested.lost,
      tested.half, static_cast<double>(tested.restart_us) / 1'000.0, sweep.seed);
  return good;
}

}  // namespace tieout::power
