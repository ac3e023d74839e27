// The nth write or fsync fails, or the disk is full: the step is reported as failed with a clear code, nothing more is
// written, and the next opening goes on by itself. An fsync that failed may leave bytes that look written and are not
// on the disk, so what was committed after opening again must survive a power cut, too.
#include <fmt/core.h>

#include <array>

#include "chance.hpp"
#include "sim/disk/disk.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "sweep.hpp"
#include "workload.hpp"

namespace tieout::power {
namespace {

constexpr std::array kKinds{"write", "fsync", "full", "read"};

class Trial {
 public:
  Trial(const Sweep& sweep, int number, Chance& chance, HandClock& clock, Oracle& oracle)
      : sweep_(sweep),
        number_(number),
        chance_(chance),
        oracle_(oracle),
        disk_(fmt::format("failing-{}-{}", sweep.seed, number), chance, clock) {}

  bool run(std::size_t kind, std::array<int, 4>& fired) {
    if (!work(3)) return complain("a sound disk refuses");
    arm(kind);
    const bool failed = !work(14);
    if (failed) ++fired[kind];
    if (failed && code_ != "store.io" && code_ != "store.full") return complain("the failure is told as " + code_);
    if (failed && store_ && store_->set_setting("cursor", "999")) return complain("it writes on after a failure");
    if (chance_.below(3) == 0) disk_.power_cut();
    store_.reset();
    disk_.heal();
    if (!holds("when there is room again") || !work(5)) return complain("it does not go on: " + code_);
    disk_.power_cut();
    store_.reset();
    if (!holds("after the power cut")) return false;
    store_.reset();
    const auto verified = verify_sqlite("t.db", disk_.vfs());
    return verified || complain(verified.error().what);
  }

 private:
  bool complain(const std::string& what) {
    fmt::print("  trial {} of seed {} ({}): {}\n", number_, sweep_.seed, kind_, what);
    return false;
  }
  bool open() {
    auto opened =
        open_sqlite("t.db", "acme", {.checkpoint_pages = number_ / 4 % 2 == 0 ? 32 : 1 << 20, .vfs = disk_.vfs()});
    code_ = opened ? "" : opened.error().code;
    if (opened) store_ = *std::move(opened);
    return opened.has_value();
  }
  bool work(int transactions) {
    for (int i = 0; i < transactions; ++i) {
      if (!store_ && !open()) return false;
      auto done = transact(*store_, reported_ + 1);
      code_ = done ? "" : done.error().code;
      if (!done) return false;
      ++reported_;
      if (chance_.below(10) == 0) store_.reset();
    }
    return true;
  }
  void arm(std::size_t kind) {
    kind_ = kKinds[kind];
    if (kind == 0) disk_.fail_write(1 + chance_.below(120));
    if (kind == 1) disk_.fail_sync(1 + chance_.below(20));
    if (kind == 2) disk_.full_after(chance_.below(600'000));
    if (kind == 3) disk_.fail_read(1 + chance_.below(60));
  }
  bool holds(const std::string& when) {
    if (!store_ && !open()) return complain("it does not open " + when + ": " + code_);
    const auto kept = transactions_in(*store_);
    if (!kept || *kept < reported_ || *kept > reported_ + 1)
      return complain(fmt::format("{} commits were reported, {} are there {}", reported_, kept ? *kept : -1, when));
    reported_ = *kept;
    int faults = 0;
    const auto now = dump(*store_, faults);
    if (faults != 0 || *now != oracle_.after(*kept)) return complain("something is half there " + when);
    return true;
  }

  const Sweep& sweep_;
  int number_;
  Chance& chance_;
  Oracle& oracle_;
  sim::Disk disk_;
  std::unique_ptr<ports::Store> store_;
  int reported_ = 0;
  std::string code_;
  std::string kind_;
};

}  // namespace

bool failing_disk(const Sweep& sweep) {
  Chance chance(sweep.seed);
  HandClock clock;
  Oracle oracle;
  std::array<int, 4> fired{};
  int wrong = 0, trials = 0;
  for (; trials < sweep.count && wrong < 10; ++trials)
    wrong += Trial(sweep, trials, chance, clock, oracle).run(static_cast<std::size_t>(trials % 4), fired) ? 0 : 1;
  fmt::print("power.failing: {} trials, failures that fired: {} write, {} fsync, {} full, {} read; {} wrong, seed {}\n",
             trials, fired[0], fired[1], fired[2], fired[3], wrong, sweep.seed);
  return wrong == 0;
}

}  // namespace tieout::power
