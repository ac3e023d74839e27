// Damage that the store finds by itself, on a simulated disk: which page, which record; what it leaves alone; and the
// files of earlier versions and of other programs, which carry no checksums.
#include <fmt/core.h>

#include "conformance.hpp"
#include "power/chance.hpp"
#include "sim/disk/disk.hpp"
#include "store/sqlite/log_check.hpp"
#include "store/sqlite/page_check.hpp"
#include "store/sqlite/schema.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "store/sqlite/wal_format.hpp"

namespace tieout {
namespace {

struct Damage : ::testing::Test {
  power::Chance chance{3};
  power::HandClock clock;
  sim::Disk disk{"damage", chance, clock};

  std::unique_ptr<Store> open() { return must(open_sqlite("t.db", "acme", {.vfs = disk.vfs()})); }
  void put(Store& store, const std::string& name) {
    const Observation deal = seen(Side::crm, "deal", name, std::string(3'000, 'x') + name);
    must(store.observe({&deal, 1}, kMorning));
  }
  /// Ten commits of one deal each, in the main file.
  void ten_deals() {
    const auto store = open();
    for (int i = 1; i <= 10; ++i) put(*store, "deal-" + std::to_string(i));
  }
  std::int64_t place_of(const std::string& file, const std::string& text) const {
    return static_cast<std::int64_t>(disk.bytes(file).find(text));
  }
};

TEST_F(Damage, ABitOfAnAmountIsFoundAndTheRecordIsNamed) {
  ten_deals();
  const std::int64_t at = place_of("t.db", "xdeal-7");
  ASSERT_GT(at, 0);
  ASSERT_TRUE(disk.flip_bit("t.db", at, 0));
  const auto verified = verify_sqlite("t.db", disk.vfs());
  ASSERT_EQ(code_of(verified), "store.corrupt");
  const std::string page = fmt::format("page {} of the file", at / sqlite::kPageBytes + 1);
  EXPECT_NE(verified.error().what.find(page), std::string::npos) << verified.error().what;
  EXPECT_NE(verified.error().what.find("crm deal deal-7"), std::string::npos) << verified.error().what;
  const auto store = open();
  const auto read = store->find(Side::crm, "deal", "deal-7");
  ASSERT_EQ(code_of(read), "store.corrupt");
  EXPECT_NE(read.error().what.find(page), std::string::npos) << read.error().what;
  EXPECT_EQ(code_of(store->set_setting("a", "b")), "store.stopped");
}

TEST_F(Damage, APageInThePlaceOfAnotherIsFound) {
  ten_deals();
  std::string bytes = disk.bytes("t.db");
  const auto from = static_cast<std::size_t>(place_of("t.db", "xdeal-2") / sqlite::kPageBytes * sqlite::kPageBytes);
  const auto to = static_cast<std::size_t>(place_of("t.db", "xdeal-9") / sqlite::kPageBytes * sqlite::kPageBytes);
  ASSERT_NE(from, to);
  bytes.replace(to, sqlite::kPageBytes, bytes.substr(from, sqlite::kPageBytes));
  disk.put("t.db", bytes);
  EXPECT_EQ(code_of(verify_sqlite("t.db", disk.vfs())), "store.corrupt");
}

TEST_F(Damage, AHoleInTheLogIsToldFromATornEnd) {
  auto store = open();
  for (int i = 1; i <= 10; ++i) put(*store, "deal-" + std::to_string(i));
  const std::string log = disk.bytes("t.db-wal"), file = disk.bytes("t.db");
  disk.kill();
  store.reset();
  const auto frames = (static_cast<std::int64_t>(log.size()) - sqlite::kLogHeader) / sqlite::kFrame;
  ASSERT_GT(frames, 10);
  int refused = 0, opened = 0;
  for (std::int64_t frame = 1; frame <= frames; ++frame) {
    disk.put("t.db", file);
    disk.put("t.db-wal", log);
    disk.remove("t.db.lock");
    ASSERT_TRUE(disk.flip_bit("t.db-wal", sqlite::frame_at(frame) + 1'000, 3));
    const auto outcome = open_sqlite("t.db", "acme", {.vfs = disk.vfs()});
    if (!outcome) {
      ++refused;
      EXPECT_EQ(outcome.error().code, "store.corrupt");
      EXPECT_NE(outcome.error().what.find(fmt::format("at frame {} ", frame)), std::string::npos)
          << outcome.error().what;
      continue;
    }
    ++opened;
    EXPECT_GE(must((*outcome)->all(Side::crm, "deal", RecordId::none, 100)).size(), 8u)
        << "only the last two may be torn";
  }
  EXPECT_GT(refused, opened);
}

TEST_F(Damage, ADamagedHeadOfTheLogLosesNoCommitSilently) {
  auto store = open();
  for (int i = 1; i <= 10; ++i) put(*store, "deal-" + std::to_string(i));
  disk.kill();
  store.reset();
  ASSERT_TRUE(disk.flip_bit("t.db-wal", 17, 1));
  EXPECT_EQ(code_of(open_sqlite("t.db", "acme", {.vfs = disk.vfs()})), "store.corrupt");
}

TEST_F(Damage, ABackupCarriesChecksumsAndOpensAsTheStoreWas) {
  auto store = open();
  for (int i = 1; i <= 10; ++i) put(*store, "deal-" + std::to_string(i));
  must(backup_sqlite("t.db", "copy.db", disk.vfs()));
  EXPECT_EQ(code_of(backup_sqlite("t.db", "copy.db", disk.vfs())), "store.backup.exists");
  EXPECT_EQ(outcome_of(verify_sqlite("copy.db", disk.vfs())), "worked");
  const std::string bytes = disk.bytes("copy.db");
  for (std::size_t at = 0; at < bytes.size(); at += sqlite::kPageBytes) {
    bool sealed = false;
    const auto* page = reinterpret_cast<const unsigned char*>(bytes.data() + at);
    EXPECT_TRUE(sqlite::page_fits(page, static_cast<std::uint32_t>(at / sqlite::kPageBytes + 1), sealed));
    EXPECT_TRUE(sealed) << "page at " << at;
  }
  const auto copy = must(open_sqlite("copy.db", "acme", {.vfs = disk.vfs()}));
  EXPECT_EQ(must(copy->all(Side::crm, "deal", RecordId::none, 100)).size(), 10u);
}

TEST_F(Damage, AFileOfAnEarlierVersionGetsItsChecksumsWhenItIsOpenedForWriting) {
  {
    auto db = must(sqlite::Connection::open("t.db", {.vfs = disk.vfs()}));
    must(db->script("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL;"));
    must(sqlite::migrate(*db, sqlite::kStoreMark, sqlite::store_migrations()));
    must(db->script("INSERT INTO entity (name) VALUES ('acme')"));
  }
  ASSERT_EQ(disk.bytes("t.db").at(20), 0);
  {
    const auto store = open();
    put(*store, "1");
  }
  EXPECT_EQ(disk.bytes("t.db").at(20), sqlite::kReserved);
  EXPECT_EQ(outcome_of(verify_sqlite("t.db", disk.vfs())), "worked");
  ASSERT_TRUE(disk.flip_bit("t.db", place_of("t.db", "xxx1"), 5));
  EXPECT_EQ(code_of(verify_sqlite("t.db", disk.vfs())), "store.corrupt");
}

}  // namespace
}  // namespace tieout
