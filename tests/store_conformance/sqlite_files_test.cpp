// What the SQLite store promises beyond the port: its file, its lock, its migrations, and faults with a code when the
// disk or the file is not as it should be.
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "conformance.hpp"
#include "folder.hpp"
#include "store/sqlite/schema.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace tieout {
namespace {

std::string read_text(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}
std::unique_ptr<Store> open_at(const std::string& path, OpenOptions options = {}) {
  return must(open_sqlite(path, "acme", options));
}
RecordId put_deal(Store& store, const std::string& vendor_id, std::string body = "a deal") {
  const Observation observation = seen(Side::crm, "deal", vendor_id, std::move(body));
  const auto noted = store.observe({&observation, 1}, kMorning);
  return noted ? noted->at(0).id : RecordId::none;
}

TEST(SqliteFile, ASecondInstanceIsRefusedAndToldWhoHasIt) {
  const Folder folder;
  const auto store = open_at(folder / "t.db");
  const auto second = open_sqlite(folder / "t.db", "acme");
  ASSERT_EQ(code_of(second), "store.busy");
  EXPECT_NE(second.error().what.find(std::to_string(getpid())), std::string::npos) << second.error().what;
}

TEST(SqliteFile, ASecondProcessIsRefusedAndTheLockGoesWithTheFirst) {
  const Folder folder;
  auto store = open_at(folder / "t.db");
  const pid_t child = fork();
  if (child == 0) {
    const auto second = open_sqlite(folder / "t.db", "globex");
    _exit(code_of(second) == "store.busy" ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  store.reset();
  EXPECT_TRUE(open_at(folder / "t.db"));
}

TEST(SqliteFile, AReaderNeedsNoLockSeesCommitsAndCannotWrite) {
  const Folder folder;
  const auto writer = open_at(folder / "t.db");
  put_deal(*writer, "1");
  const auto reader = open_at(folder / "t.db", {.read_only = true});
  EXPECT_TRUE(must(reader->find(Side::crm, "deal", "1")));
  EXPECT_EQ(must(reader->tally()).at(0).count[0], 1);
  must(writer->begin());
  put_deal(*writer, "2");
  EXPECT_FALSE(must(reader->find(Side::crm, "deal", "2")));
  must(writer->commit());
  EXPECT_TRUE(must(reader->find(Side::crm, "deal", "2")));
  EXPECT_EQ(must(reader->tally()).at(0).count[0], 2);
  EXPECT_EQ(code_of(reader->set_setting("a", "b")), "store.read_only");
  EXPECT_EQ(code_of(reader->begin()), "store.read_only");
}

TEST(SqliteFile, AFileThatIsNotThereIsOnlyMadeWhenAsked) {
  const Folder folder;
  EXPECT_EQ(code_of(open_sqlite(folder / "t.db", "acme", {.create = false})), "store.absent");
  EXPECT_EQ(code_of(open_sqlite(folder / "t.db", "acme", {.read_only = true})), "store.absent");
  EXPECT_FALSE(std::filesystem::exists(folder / "t.db"));
  EXPECT_EQ(code_of(open_sqlite(folder / "no such folder/t.db", "acme")), "store.io");
  EXPECT_EQ(code_of(open_sqlite(folder / "t.db", "")), "store.entity.malformed");
}

TEST(SqliteFile, AnotherProgramsFileIsNotTouched) {
  const Folder folder;
  {
    auto db = must(sqlite::Connection::open(folder / "t.db", {}));
    must(db->script("CREATE TABLE songs (name TEXT); INSERT INTO songs VALUES ('Greensleeves')"));
  }
  const std::string before = read_text(folder / "t.db");
  EXPECT_EQ(code_of(open_sqlite(folder / "t.db", "acme")), "store.foreign");
  auto db = must(sqlite::Connection::open(folder / "t.db", {}));
  EXPECT_EQ(must(db->number("SELECT count(*) FROM sqlite_schema")), 1);
  EXPECT_EQ(must(db->number("SELECT count(*) FROM songs")), 1);
  std::ofstream(folder / "u.db")
      << "this is a letter, not a database, and long enough to be read as a header of 100 bytes, "
         "which is what SQLite looks at first";
  EXPECT_EQ(code_of(open_sqlite(folder / "u.db", "acme")), "store.corrupt");
}

TEST(SqliteFile, AnOlderSchemaIsMigratedWithItsData) {
  const Folder folder;
  const std::string cases = TIEOUT_SOURCE_DIR "/tests/store_conformance/migrations/0002/";
  {
    auto db = must(sqlite::Connection::open(folder / "t.db", {}));
    must(sqlite::migrate(*db, sqlite::kStoreMark, sqlite::store_migrations().first(1)));
    must(db->script(read_text(cases + "before.sql")));
  }
  EXPECT_EQ(code_of(open_sqlite(folder / "t.db", "acme", {.read_only = true})), "store.schema.older");
  {
    const auto store = open_at(folder / "t.db");
    EXPECT_EQ(must(store->find(Side::crm, "deal", "9120"))->body, "one");
    EXPECT_EQ(must(store->linked(LinkId{1}, Side::books))->vendor_id, "1001");
    EXPECT_EQ(must(store->setting("cursor.crm")), "page 3");
    EXPECT_EQ(must(store->intents_of(RecordId{1})).at(0).key, "inv-9120-1");
    EXPECT_EQ(must(store->link_count()), 1);
    EXPECT_EQ(must(store->tally()).at(0).count, (std::array<std::int64_t, 5>{0, 1, 2, 0, 0}));
  }
  EXPECT_EQ(outcome_of(verify_sqlite(folder / "t.db")), "worked");
  auto db = must(sqlite::Connection::open(folder / "t.db", {}));
  must(db->script(read_text(cases + "after.sql")));
  EXPECT_EQ(must(db->number("SELECT count(*) FROM (SELECT * FROM tally EXCEPT SELECT * FROM expected_tally)")), 0);
  EXPECT_EQ(must(db->number("SELECT count(*) FROM (SELECT * FROM expected_tally EXCEPT SELECT * FROM tally)")), 0);
}

TEST(SqliteFile, ANewerSchemaIsRefusedUntouched) {
  const Folder folder;
  open_at(folder / "t.db").reset();
  {
    auto db = must(sqlite::Connection::open(folder / "t.db", {}));
    must(db->script("INSERT INTO schema_version VALUES (999, 'from the future')"));
  }
  EXPECT_EQ(code_of(open_sqlite(folder / "t.db", "acme")), "store.schema.newer");
  EXPECT_EQ(code_of(open_sqlite(folder / "t.db", "acme", {.read_only = true})), "store.schema.newer");
}

TEST(SqliteFile, AFullDiskStopsWritingKeepsTheLastCommitAndGoesOnOnceThereIsRoom) {
  const Folder folder;
  std::string failed_with;
  int committed = 0;
  {
    const auto store = open_at(folder / "t.db", {.checkpoint_pages = 4, .max_pages = 60});
    for (int i = 0; i < 10'000 && failed_with.empty(); ++i) {
      must(store->begin());
      put_deal(*store, std::to_string(i), std::string(3'000, 'x') + std::to_string(i));
      const auto done = store->commit();
      if (done)
        ++committed;
      else
        failed_with = done.error().code;
    }
    EXPECT_EQ(failed_with, "store.full");
    EXPECT_GT(committed, 10);
    EXPECT_EQ(code_of(store->begin()), "store.stopped");
    EXPECT_EQ(code_of(store->set_setting("a", "b")), "store.stopped");
    EXPECT_EQ(static_cast<int>(must(store->all(Side::crm, "deal", RecordId::none, 10'000)).size()), committed);
    EXPECT_EQ(must(store->tally()).at(0).count[0], committed);
  }
  EXPECT_EQ(outcome_of(verify_sqlite(folder / "t.db")), "worked");
  const auto store = open_at(folder / "t.db");
  EXPECT_EQ(static_cast<int>(must(store->all(Side::crm, "deal", RecordId::none, 10'000)).size()), committed);
  EXPECT_NE(put_deal(*store, "one more"), RecordId::none);
}

TEST(SqliteFile, AlteredBytesAreFoundAndNamed) {
  const Folder folder;
  {
    const auto store = open_at(folder / "t.db");
    for (int i = 0; i < 200; ++i) put_deal(*store, std::to_string(i), std::string(2'000, 'x') + std::to_string(i));
  }
  EXPECT_EQ(outcome_of(verify_sqlite(folder / "t.db")), "worked");
  const auto size = std::filesystem::file_size(folder / "t.db");
  std::fstream file(folder / "t.db", std::ios::in | std::ios::out | std::ios::binary);
  for (std::uintmax_t at = 3 * 8192; at + 64 < size; at += 8192) {
    file.seekp(static_cast<std::streamoff>(at));
    file << "sixty-four bytes that are no page of anybody's database at all..";
  }
  file.close();
  EXPECT_EQ(code_of(verify_sqlite(folder / "t.db")), "store.corrupt");
  const auto store = open_sqlite(folder / "t.db", "acme");
  if (store) {
    EXPECT_EQ(code_of((*store)->all(Side::crm, "deal", RecordId::none, 1'000)), "store.corrupt");
    EXPECT_EQ(code_of((*store)->set_setting("a", "b")), "store.stopped");
  } else {
    EXPECT_EQ(code_of(store), "store.corrupt");
  }
}

TEST(SqliteFile, VerifyFindsATallyThatIsOffByOne) {
  const Folder folder;
  {
    const auto store = open_at(folder / "t.db");
    put_deal(*store, "1");
  }
  auto db = must(sqlite::Connection::open(folder / "t.db", {}));
  must(db->script("UPDATE tally SET count = count + 1"));
  db.reset();
  EXPECT_EQ(code_of(verify_sqlite(folder / "t.db")), "store.corrupt");
}

TEST(SqliteFile, TheSchemaItselfRefusesASecondRecordOfASideInALink) {
  const Folder folder;
  {
    const auto store = open_at(folder / "t.db");
    must(store->join(must(store->new_link({LinkId::none, "invoices", "x", kMorning, {}})), put_deal(*store, "1")));
    put_deal(*store, "2");
  }
  auto db = must(sqlite::Connection::open(folder / "t.db", {}));
  EXPECT_EQ(code_of(db->script("UPDATE record SET link = 1 WHERE vendor_id = '2'")), "store.repeated");
}

}  // namespace
}  // namespace tieout
