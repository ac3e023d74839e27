// The names of writes and what follows an attempt.
#include "act/intent.hpp"

#include <gtest/gtest.h>

#include "act/confirm.hpp"

namespace tieout::act {
namespace {

Subject deal(std::string_view id, std::int64_t revision = 1) {
  return {"main", "9130", "invoices", ports::Side::crm, "deal", id, revision};
}

TEST(IntentKey, IsTheSameForTheSameSaleAndAnotherForEveryOther) {
  EXPECT_EQ(create_key(deal("9120")), create_key(deal("9120")));
  EXPECT_NE(create_key(deal("9120")), create_key(deal("9121")));
  EXPECT_NE(create_key(deal("9120")), create_key(deal("9120", 2)));
  Subject elsewhere = deal("9120");
  elsewhere.account = "9131";
  EXPECT_NE(create_key(deal("9120")), create_key(elsewhere));
}

TEST(IntentKey, PartsCannotRunIntoEachOther) {
  Subject a = deal("12"), b = deal("2");
  a.source_type = "deal";
  b.source_type = "deal1";
  EXPECT_NE(create_key(a), create_key(b));
}

TEST(IntentKey, FitsTheVendorsLimits) { EXPECT_LE(with_attempt(create_key(deal("9120")), 999).size(), 36u); }

TEST(IntentKey, AnUpdateIsNamedByWhatItMakesOfWhichVersion) {
  const ports::ContentDigest one{1}, two{2};
  EXPECT_NE(update_key(deal("1"), "7", "3", one), update_key(deal("1"), "7", "3", two));
  EXPECT_NE(update_key(deal("1"), "7", "3", one), update_key(deal("1"), "7", "4", one));
}

TEST(Reference, NamesTheSaleAndItsRevision) { EXPECT_EQ(reference(deal("9120", 2)), "deal/9120/2"); }

ports::WriteOutcome fault(std::string code, Certainty certainty, bool retry = false) {
  ports::WriteOutcome outcome;
  outcome.fault = Fault(std::move(code), "what", "", certainty);
  outcome.retry = retry;
  return outcome;
}

TEST(Judge, SilenceIsLookedUpAndNeverSentAgain) {
  EXPECT_EQ(judge(fault("http.timeout", Certainty::unknown)).next, Next::look_up);
  EXPECT_EQ(judge(fault("http.timeout", Certainty::unknown, true)).next, Next::look_up);
  EXPECT_EQ(judge(fault("x", Certainty::applied)).next, Next::look_up);
  EXPECT_EQ(judge(ports::WriteOutcome{}).next, Next::look_up) << "an answer without content is doubt, not refusal";
}

TEST(Judge, AConfirmedRecordIsKeptWhateverElseIsSaid) {
  ports::WriteOutcome outcome = fault("x.stale", Certainty::not_applied);
  outcome.record.emplace();
  EXPECT_EQ(judge(outcome).next, Next::keep);
  EXPECT_EQ(judge(outcome).intent, ports::IntentState::confirmed);
  EXPECT_EQ(judge(fault("x", Certainty::not_applied)).next, Next::hold) << "a code shorter than any ending";
}

TEST(Judge, ARefusalIsHeldAStaleCopyIsReadAgainAThrottleWaits) {
  EXPECT_EQ(judge(fault("quickbooks.name.taken", Certainty::not_applied)).next, Next::hold);
  EXPECT_EQ(judge(fault("quickbooks.stale", Certainty::not_applied)).next, Next::reread);
  EXPECT_EQ(judge(fault("quickbooks.throttled", Certainty::not_applied, true)).next, Next::later);
}

TEST(Settle, Edge118AnAbsentWriteIsBelievedOnlyAfterItsTime) {
  using std::chrono::seconds;
  EXPECT_EQ(settle(ports::Found::absent, seconds{89}, seconds{120}), Settled::wait);
  EXPECT_EQ(settle(ports::Found::absent, seconds{120}, seconds{120}), Settled::absent);
  EXPECT_EQ(settle(ports::Found::unsure, seconds{500}, seconds{120}), Settled::wait);
  EXPECT_EQ(settle(ports::Found::written, seconds{0}, seconds{120}), Settled::written);
}

}  // namespace
}  // namespace tieout::act
