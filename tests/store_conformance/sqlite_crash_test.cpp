// Power of the real kind: a process that writes is killed with SIGKILL at a random moment, thirty times over on the
// same file. Every commit that was reported must be there, and of the one in flight all or nothing. And a disk that
// refuses to take more bytes in the middle of a commit.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <random>

#include "conformance.hpp"
#include "folder.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace tieout {
namespace {

/// One step of the engine in small: a sale becomes an invoice, everything in one transaction.
Result<Unit> write_step(Store& store, int number) {
  const std::string name = std::to_string(number);
  TRY(transaction, Transaction::on(store));
  Observation sale = seen(Side::crm, "deal", name, std::string(400, 'd') + name);
  sale.mentions = {{"company", name}};
  const Observation bill = seen(Side::books, "invoice", name, std::string(400, 'i') + name);
  TRY(sales, store.observe({&sale, 1}, kMorning));
  TRY(bills, store.observe({&bill, 1}, kMorning));
  TRY(link, store.new_link({LinkId::none, "invoices", "created", kMorning, {}}));
  TRY_VOID(store.join(link, sales[0].id));
  TRY_VOID(store.join(link, bills[0].id));
  const Intent intent = write_of("inv-" + name, sales[0].id);
  TRY(intents, store.add_intents({&intent, 1}));
  TRY_VOID(store.finish_intent(intents[0], IntentState::confirmed, name, "ok", "", kNoon));
  TRY_VOID(store.settle(sales[0].id, State::in_sync, "", "", "", true));
  TRY_VOID(store.settle(bills[0].id, State::in_sync, "", "", "", true));
  TRY_VOID(store.add_event(sales[0].id, {kNoon, "confirmed", "invoice " + name}));
  TRY_VOID(store.set_setting("cursor", name));
  return transaction.commit();
}

[[noreturn]] void write_until_killed(const std::string& path, int report) {
  auto store = open_sqlite(path, "acme", {.checkpoint_pages = 64});
  if (!store) _exit(1);
  const auto cursor = (*store)->setting("cursor");
  for (int number = cursor && !cursor->empty() ? std::stoi(*cursor) + 1 : 1;; ++number) {
    if (!write_step(**store, number)) _exit(2);
    if (::write(report, &number, sizeof number) != static_cast<ssize_t>(sizeof number)) _exit(3);
  }
}

/// Starts a writer, kills it after a while; the last commit that it reported.
int last_reported_before_kill(const std::string& path, std::mt19937& random) {
  int ends[2];
  if (pipe(ends) != 0) std::abort();
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    write_until_killed(path, ends[1]);
  }
  close(ends[1]);
  int number = 0, last = 0;
  const int wanted = 1 + static_cast<int>(random() % 60);
  for (int i = 0; i < wanted && ::read(ends[0], &number, sizeof number) == static_cast<ssize_t>(sizeof number); ++i)
    last = number;
  usleep(static_cast<useconds_t>(random() % 3'000));
  kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the writer gave up by itself with " << WEXITSTATUS(status);
  while (::read(ends[0], &number, sizeof number) == static_cast<ssize_t>(sizeof number)) last = number;
  close(ends[0]);
  return last;
}

/// Step `number` is wholly there.
void expect_step(Store& store, int number) {
  const std::string name = std::to_string(number);
  const auto sale = must(store.find(Side::crm, "deal", name));
  ASSERT_TRUE(sale) << number;
  EXPECT_EQ(sale->state, State::in_sync);
  const auto bill = must(store.linked(sale->link, Side::books));
  ASSERT_TRUE(bill) << number;
  EXPECT_EQ(bill->vendor_id, name);
  EXPECT_EQ(must(store.intents_of(sale->id)).at(0).state, IntentState::confirmed);
  EXPECT_EQ(must(store.events(sale->id)).size(), 1u);
  EXPECT_EQ(must(store.mentioning(Side::crm, "deal", "company", name)).size(), 1u);
}

TEST(SqliteCrash, KilledThirtyTimesItKeepsEveryReportedCommitWholeAndNothingHalf) {
  const Folder folder;
  const std::string path = folder / "t.db";
  std::mt19937 random(20260228);
  int before = 0;
  for (int round = 0; round < 30; ++round) {
    const int reported = last_reported_before_kill(path, random);
    ASSERT_GT(reported, before) << "round " << round;
    const auto store = must(open_sqlite(path, "acme"));
    const int kept = std::stoi(must(store->setting("cursor")));
    EXPECT_GE(kept, reported) << "a reported commit was lost in round " << round;
    EXPECT_LE(kept, reported + 1) << "round " << round;
    for (int number = before + 1; number <= kept; ++number) expect_step(*store, number);
    const std::string next = std::to_string(kept + 1);
    EXPECT_FALSE(must(store->find(Side::crm, "deal", next)));
    EXPECT_FALSE(must(store->find(Side::books, "invoice", next)));
    EXPECT_EQ(must(store->intents_with_key_prefix("inv-")), kept);
    EXPECT_EQ(must(store->link_count()), kept);
    for (const Tally& tally : must(store->tally())) EXPECT_EQ(tally.count[1], kept) << tally.type;
    before = kept;
    ASSERT_EQ(outcome_of(verify_sqlite(path)), "worked") << "round " << round;
  }
}

TEST(SqliteCrash, ADiskThatRefusesBytesInACommitIsAFaultAndNothingHalfIsLeft) {
  const Folder folder;
  const std::string path = folder / "t.db";
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit usual{};
  getrlimit(RLIMIT_FSIZE, &usual);
  int done = 0;
  {
    const auto store = must(open_sqlite(path, "acme"));
    rlimit tight = usual;
    tight.rlim_cur = 600'000;
    setrlimit(RLIMIT_FSIZE, &tight);
    Result<Unit> outcome = Unit{};
    while (done < 10'000 && (outcome = write_step(*store, done + 1))) ++done;
    setrlimit(RLIMIT_FSIZE, &usual);
    ASSERT_FALSE(outcome);
    EXPECT_TRUE(outcome.error().code == "store.io" || outcome.error().code == "store.full") << outcome.error().code;
    EXPECT_EQ(code_of(write_step(*store, done + 1)), "store.stopped")
        << "the room is back, but the disk is not to be trusted";
    EXPECT_EQ(must(store->link_count()), done);
  }
  EXPECT_EQ(outcome_of(verify_sqlite(path)), "worked");
  const auto store = must(open_sqlite(path, "acme"));
  EXPECT_GT(done, 0);
  for (int number = 1; number <= done; ++number) expect_step(*store, number);
  EXPECT_FALSE(must(store->find(Side::crm, "deal", std::to_string(done + 1))));
  EXPECT_EQ(code_of(write_step(*store, done + 1)), "worked");
}

}  // namespace
}  // namespace tieout
