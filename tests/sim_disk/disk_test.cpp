// The simulated disk itself, and the store upon it: what was committed survives any cut, what was not is gone whole.
#include "sim/disk/disk.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "conformance.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace tieout {
namespace {

struct Seeded final : ports::Random {
  explicit Seeded(std::uint64_t seed) : state(seed) {}
  std::uint64_t state;
  std::uint64_t next() override {  // splitmix64
    std::uint64_t z = (state += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
};
struct Hands final : ports::Clock {
  Instant time = kNoon;
  Instant now() const override { return time; }
  void sleep(Milliseconds span) override { time += span; }
};

struct OnDisk : ::testing::Test {
  Seeded random{7};
  Hands clock;
  sim::Disk disk{"disk-under-test", random, clock};

  std::unique_ptr<Store> open() {
    return must(open_sqlite("t.db", "acme", {.checkpoint_pages = 16, .vfs = disk.vfs()}));
  }
  static Result<Unit> step(Store& store, int number) {
    const std::string name = std::to_string(number);
    TRY(transaction, ports::Transaction::on(store));
    const Observation deal = seen(Side::crm, "deal", name, std::string(1'000, 'x') + name);
    TRY_VOID(store.observe({&deal, 1}, kMorning));
    TRY_VOID(store.set_setting("cursor", name));
    return transaction.commit();
  }
  static int cursor(Store& store) {
    const std::string text = must(store.setting("cursor"));
    return text.empty() ? 0 : std::stoi(text);
  }
};

TEST_F(OnDisk, EveryCommitSurvivesEveryPowerCutAndNoOtherIsHalfThere) {
  int reported = 0;
  for (int round = 0; round < 200; ++round) {
    disk.heal();
    auto store = open();
    const int kept = cursor(*store);
    ASSERT_TRUE(kept == reported || kept == reported + 1) << "round " << round << ": " << kept << ", " << reported;
    ASSERT_EQ(static_cast<int>(must(store->all(Side::crm, "deal", RecordId::none, 100'000)).size()), kept);
    reported = kept;
    disk.cut_power_at(1 + static_cast<std::int64_t>(random.next() % 60));
    for (int i = 0; i < 12 && step(*store, reported + 1); ++i) ++reported;
    if (disk.counts().power_cuts == round) disk.power_cut();
    store.reset();
  }
  disk.heal();
  ASSERT_EQ(outcome_of(verify_sqlite("t.db", disk.vfs())), "worked");
  EXPECT_GT(reported, 150);
  EXPECT_GT(disk.counts().dropped_sectors, 0);
  EXPECT_GT(disk.counts().torn_sectors, 0);
  EXPECT_GT(disk.counts().reordered_cuts, 0);
}

TEST_F(OnDisk, ASecondInstanceIsRefusedAndAKillFreesTheLock) {
  auto store = open();
  EXPECT_EQ(code_of(open_sqlite("t.db", "acme", {.vfs = disk.vfs()})), "store.busy");
  EXPECT_TRUE(open_sqlite("t.db", "acme", {.read_only = true, .vfs = disk.vfs()}));
  disk.kill();
  auto second = open();
  EXPECT_EQ(code_of(step(*store, 1)), "store.io") << "a dead process writes nothing";
  must(step(*second, 1));
  store.reset();
  must(step(*second, 2));
}

TEST_F(OnDisk, WhatAFailedFsyncGaveUpIsReportedAndNeverServedAsCommitted) {
  auto store = open();
  must(step(*store, 1));
  disk.fail_sync();
  EXPECT_EQ(code_of(step(*store, 2)), "store.io");
  EXPECT_EQ(code_of(step(*store, 2)), "store.stopped");
  disk.power_cut(sim::Cut::none);
  store.reset();
  store = open();
  EXPECT_EQ(cursor(*store), 1);
  EXPECT_EQ(disk.counts().failed_syncs, 1);
}

TEST_F(OnDisk, AFullDiskIsAFaultAndTheNextOpeningGoesOnOnceThereIsRoom) {
  auto store = open();
  must(step(*store, 1));
  disk.full_after(20'000);
  int done = 1;
  Result<Unit> outcome = Unit{};
  while (done < 100 && (outcome = step(*store, done + 1))) ++done;
  EXPECT_EQ(code_of(outcome), "store.full");
  EXPECT_EQ(code_of(step(*store, done + 1)), "store.stopped");
  store.reset();
  disk.heal();
  store = open();
  EXPECT_EQ(cursor(*store), done);
  must(step(*store, done + 1));
  EXPECT_GT(disk.counts().full, 0);
}

TEST_F(OnDisk, ASlowDiskMovesTheClockAndNothingElse) {
  auto store = open();
  disk.slow(Milliseconds{3}, Milliseconds{50});
  must(step(*store, 1));
  EXPECT_GE(clock.now() - kNoon, Milliseconds{53});
}

TEST_F(OnDisk, TheSameCallsGiveTheSameBytes) {
  const auto run = [](const char* name) {
    Seeded draws(11);
    Hands hands;
    sim::Disk other(name, draws, hands);
    sqlite3* db = nullptr;
    for (int round = 0; round < 20; ++round) {
      EXPECT_EQ(sqlite3_open_v2("s.db", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, name), SQLITE_OK);
      sqlite3_exec(db,
                   "PRAGMA synchronous = OFF; CREATE TABLE IF NOT EXISTS t (a); INSERT INTO t VALUES (zeroblob(5000))",
                   nullptr, nullptr, nullptr);
      other.power_cut(sim::Cut::any);
      sqlite3_close(db);
    }
    return other.bytes("s.db");
  };
  EXPECT_EQ(run("one"), run("two"));
}

}  // namespace
}  // namespace tieout
