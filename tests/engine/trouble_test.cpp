// When things went wrong and a person has to end it: doubts, dead letters, replay, backfill, breakers.
#include "world.hpp"

namespace tieout::engine {
namespace {

constexpr const char* kBooks = "/v3/company/9130357849";

std::string rules(const std::string& list) { return R"({"seed":1,"rules":[)" + list + "]}"; }
std::string rule(const std::string& kind, const std::string& path, const std::string& more = "") {
  return R"({"kind":")" + kind + R"(","match":{"method":"POST","path_prefix":")" + path + "\"}" + more + "}";
}

struct Trouble : ::testing::Test {
  explicit Trouble(int deals = 2, Milliseconds settle = std::chrono::minutes{2})
      : world({.hubspot_seed = "generated:" + std::to_string(deals),
               .quickbooks_seed = "generated",
               .mapping_settings = {},
               .connection_extra = {{"settle_seconds", "0"}, {"overlap_seconds", "1"}, {"archived_every", "1"}},
               .settle = settle}) {}
  std::vector<std::string> ids(const std::string& object, int most = 100) {
    std::vector<std::string> out;
    const auto page =
        *json::parse(world.crm_call("GET", "/crm/v3/objects/" + object + "?limit=" + std::to_string(most)).body);
    for (const json::Value& one : page["results"].items()) out.push_back(one["id"].text());
    return out;
  }
  void edit(const std::string& object, const std::string& id, const std::string& properties) {
    ASSERT_EQ(
        world.crm_call("PATCH", "/crm/v3/objects/" + object + "/" + id, R"({"properties":)" + properties + "}").status,
        200);
  }
  std::string state_of(const std::string& record) {
    const auto explained = world.engine->explain(record);
    return explained ? explained->state + " " + explained->reason_code : explained.error().code;
  }
  std::string code_of_doubt(const std::string& record, std::optional<std::string> id,
                            const std::string& why = "saw it") {
    const auto ended = world.engine->end_doubt(record, id, "ana", why);
    return ended ? "ended" : ended.error().code;
  }
  /// The answer to the invoice is lost, and the look-ups are answered by nobody; the four queries before it, which ask
  /// for facts of the company, are.
  void lose_answer_and_look_ups() {
    must(world.engine->observe());
    world.faults(*world.quickbooks, rules(rule("lose_answer_after_commit", std::string(kBooks) + "/invoice") + "," +
                                          R"({"kind":"status_500","after":4,"match":{"method":"GET","path_prefix":")" +
                                          kBooks + R"(/query"}})"));
    (void)world.engine->sync();
    world.heal();
  }
  World world;
};
struct TroubleOne : Trouble {
  TroubleOne() : Trouble(1) {}
};
struct TroubleMany : Trouble {
  TroubleMany() : Trouble(40, Milliseconds{0}) {}
};

TEST_F(TroubleOne, ADoubtIsListedAndEndedByItsRecord) {
  const std::string deal = ids("deals")[0];
  lose_answer_and_look_ups();
  const auto doubts = must(world.engine->doubts());
  ASSERT_EQ(doubts.size(), 1U);
  EXPECT_EQ(doubts[0].record, "deal " + deal);
  EXPECT_EQ(doubts[0].what, "create invoice in books");
  EXPECT_EQ(doubts[0].reference, "deal/" + deal + "/1");
  EXPECT_GT(doubts[0].believed_from, doubts[0].sent_at);
  const std::string invoice = world.books_query("Invoice").front()["Id"].text();
  EXPECT_EQ(code_of_doubt("deal " + deal, "4711"), "doubt.evidence");
  // The same content under no mark, or another one, is another sale's.
  json::Value twin = world.books_query("Invoice").front();
  const json::Value customer = twin["CustomerRef"], lines = twin["Line"];
  const auto made = *json::parse(world
                                     .books_call("POST", "/invoice",
                                                 R"({"CustomerRef":)" + customer.dump() + R"(,"Line":)" + lines.dump() +
                                                     R"(,"TxnDate":")" + twin["TxnDate"].text() + "\"}")
                                     .body);
  const std::string unmarked = made["Invoice"]["Id"].text();
  ASSERT_FALSE(unmarked.empty()) << made.dump();
  const auto refused = world.engine->end_doubt("deal " + deal, unmarked, "ana", "saw it");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().what.find("does not carry our mark"), std::string::npos) << refused.error().what;
  world.books_call("POST", "/invoice?operation=delete",
                   R"({"Id":")" + unmarked + R"(","SyncToken":")" + made["Invoice"]["SyncToken"].text() + "\"}");
  EXPECT_EQ(code_of_doubt("deal " + deal, invoice, ""), "doubt.why");
  EXPECT_EQ(code_of_doubt("deal " + deal, invoice), "ended");
  EXPECT_EQ(must(world.engine->doubts()).size(), 0U);
  EXPECT_EQ(code_of_doubt("deal " + deal, invoice), "doubt.none");
  must(world.engine->sync());
  must(world.engine->sync());
  EXPECT_EQ(world.books_query("Invoice").size(), 1U);
  EXPECT_EQ(state_of("crm deal " + deal), "in_sync ");
  bool told = false;
  for (const ExplainLine& line : must(world.engine->explain("crm deal " + deal)).story)
    told = told || line.text.find("ana said the write arrived as invoice " + invoice) != std::string::npos;
  EXPECT_TRUE(told);
}

TEST_F(TroubleOne, NeverIsBelievedAfterItsTimeAndOneMoreLook) {
  world.faults(*world.quickbooks, rules(rule("lose_request", std::string(kBooks) + "/invoice")));
  must(world.engine->sync());
  const std::string deal = ids("deals")[0];
  ASSERT_EQ(must(world.engine->doubts()).size(), 1U);
  EXPECT_GT(must(world.engine->doubts())[0].look_ups, 0);
  EXPECT_EQ(code_of_doubt("deal " + deal, std::nullopt), "doubt.too_early");
  world.clock.ahead += std::chrono::minutes{3};
  EXPECT_EQ(code_of_doubt("deal " + deal, std::nullopt), "ended");
  world.heal();
  must(world.engine->sync());
  EXPECT_EQ(world.books_query("Invoice").size(), 1U);
  EXPECT_EQ(must(world.engine->doubts()).size(), 0U);
}

TEST_F(TroubleOne, NeverIsNotBelievedWhenTheRecordIsThere) {
  lose_answer_and_look_ups();
  ASSERT_EQ(must(world.engine->doubts()).size(), 1U);
  world.clock.ahead += std::chrono::minutes{3};
  const Doubt ended = must(world.engine->end_doubt("deal " + ids("deals")[0], std::nullopt, "ana", "looked for it"));
  EXPECT_NE(ended.outcome.find("written after all"), std::string::npos) << ended.outcome;
  must(world.engine->sync());
  EXPECT_EQ(world.books_query("Invoice").size(), 1U);
}

TEST_F(TroubleOne, TriesAreBoundedThenFailedThenReplayed) {
  world.faults(*world.quickbooks, rules(rule("status_500", std::string(kBooks) + "/invoice", R"(,"status":429)")));
  const std::string deal = ids("deals")[0];
  int runs = 0;
  for (; runs < 40 && !state_of("crm deal " + deal).starts_with("failed"); ++runs) {
    (void)world.engine->sync();
    world.clock.ahead += std::chrono::minutes{31};
  }
  ASSERT_TRUE(state_of("crm deal " + deal).starts_with("failed")) << state_of("crm deal " + deal);
  EXPECT_GE(runs, 10) << "a round of its own counts as a try";
  const auto letters = must(world.engine->dead_letters());
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(letters[0].state, "failed");
  ASSERT_EQ(letters[0].records.size(), 1U);
  world.heal();
  must(world.engine->sync());
  EXPECT_EQ(world.books_query("Invoice").size(), 0U) << "nothing more is sent by itself";
  EXPECT_EQ(must(world.engine->replay_code(letters[0].code, "ana")), 1);
  must(world.engine->sync());
  EXPECT_EQ(world.books_query("Invoice").size(), 1U);
  EXPECT_EQ(must(world.engine->dead_letters()).size(), 0U);
  EXPECT_FALSE(world.engine->replay_code("no.such.code", "ana"));
}

TEST_F(TroubleOne, BetweenTriesItWaitsLonger) {
  world.faults(*world.quickbooks, rules(rule("status_500", std::string(kBooks) + "/invoice", R"(,"status":429)")));
  const auto sent = [&] {
    return (*json::parse(world.quickbooks->handle(sandbox::make_request("GET", "/_sandbox/faults")).body))["rules"]
        .items()
        .front()["fired"]
        .as_int();
  };
  for (int i = 0; i < 4; ++i) (void)world.engine->sync();
  const std::int64_t before = sent();
  (void)world.engine->sync();
  EXPECT_EQ(sent(), before) << "not due yet";
  world.clock.ahead += std::chrono::minutes{31};
  (void)world.engine->sync();
  EXPECT_GT(sent(), before);
}

TEST_F(TroubleMany, ReplayOfARangeHasNoEffectWhereNothingDiffers) {
  const Instant before = world.clock.now();
  must(world.engine->sync());
  const std::int64_t writes = world.writes();
  const ReplayReport report =
      must(world.engine->replay(before - std::chrono::minutes{1}, world.clock.now() + std::chrono::minutes{1}, "ana"));
  EXPECT_GT(report.pages, 0);
  EXPECT_GE(report.records, 80);
  EXPECT_EQ(report.unreadable, 0);
  EXPECT_EQ(report.gone, 0);
  EXPECT_GE(report.marked, 80);
  EXPECT_EQ(must(world.engine->sync()).written.total(), 0);
  EXPECT_EQ(world.writes(), writes);
  EXPECT_EQ(must(world.engine->replay(before - std::chrono::hours{2}, before - std::chrono::hours{1}, "ana")).records,
            0);
  EXPECT_FALSE(world.engine->replay(before, before, "ana"));
}

TEST_F(TroubleMany, BackfillFindsWhatADeltaLostAndGoesOnWhereItWasInterrupted) {
  must(world.engine->sync());
  const std::string cursor = must(world.store->setting("cursor/crm"));
  // An edit that no delta will ever tell of: the place-mark is moved past it.
  edit("companies", ids("companies")[0], R"({"phone":"+49 30 7654321"})");
  world.clock.ahead += std::chrono::seconds{5};
  world.faults(*world.quickbooks, R"({"seed":1,"rules":[{"kind":"status_500","match":{"method":"GET"}}]})");
  EXPECT_FALSE(world.engine->backfill("", std::nullopt, "ana"));
  world.heal();
  const BackfillReport report = must(world.engine->backfill("", std::nullopt, "ana"));
  EXPECT_EQ(report.fresh, 0);
  EXPECT_GT(report.fetched, 0);
  EXPECT_EQ(must(world.store->setting("cursor/crm")), cursor) << "the delta's place-mark is its own";
  must(world.engine->sync());
  EXPECT_EQ(world.books_query("Customer").size(), 40U + 0U) << "nobody twice";
  EXPECT_EQ(must(world.engine->sync()).written.total(), 0);
  EXPECT_EQ(must(world.engine->backfill("deals", world.clock.now() + std::chrono::hours{1}, "ana")).taken, 0);
  EXPECT_FALSE(world.engine->backfill("dragons", std::nullopt, "ana"));
}

TEST_F(TroubleMany, Edge144AMassDeletionStopsItsLaneAndNothingElse) {
  must(world.engine->sync());
  const auto companies = ids("companies");
  for (int i = 0; i < 25; ++i)
    ASSERT_EQ(world.crm_call("DELETE", "/crm/v3/objects/companies/" + companies[static_cast<std::size_t>(i)]).status,
              204);
  const std::string deal = ids("deals").back();
  edit("deals", deal, R"({"receipt_amount":"1.00","receipt_date":"2026-11-20"})");
  const RunReport report = must(world.engine->sync());
  ASSERT_EQ(report.breakers.size(), 1U);
  EXPECT_EQ(report.breakers[0].code, "breaker.mass_delete");
  EXPECT_EQ(report.breakers[0].held, 25);
  EXPECT_EQ(state_of("crm company " + companies[0]), "held breaker.mass_delete");
  EXPECT_EQ(world.books_query("Payment").size(), 1U) << "the money lane goes on";
  EXPECT_FALSE(world.engine->release("no/such/lane", "ana", "x"));
  EXPECT_FALSE(world.engine->release(report.breakers[0].lane, "ana", ""));
  must(world.engine->release(report.breakers[0].lane, "ana", "these were trials"));
  EXPECT_EQ(must(world.engine->sync()).breakers.size(), 0U);
  EXPECT_EQ(state_of("crm company " + companies[0]), "held record.deleted");
}

TEST_F(TroubleMany, Edge143AMassUpdateIsHeldAsOneAndReleasedExactly) {
  must(world.engine->sync());
  world.set_breakers([](Breakers& limits) { limits.update_least = 10; });
  const auto companies = ids("companies");
  for (int i = 0; i < 20; ++i)
    edit("companies", companies[static_cast<std::size_t>(i)], R"({"name":"Renamed )" + std::to_string(i) + "\"}");
  const std::int64_t writes = world.writes();
  const RunReport report = must(world.engine->sync());
  ASSERT_EQ(report.breakers.size(), 1U);
  EXPECT_EQ(report.breakers[0].code, "breaker.mass_update");
  EXPECT_EQ(report.breakers[0].lane, "customers/update/books");
  EXPECT_EQ(world.writes(), writes) << "stopped before the first write";
  EXPECT_EQ(must(world.engine->status()).breakers.size(), 1U);
  EXPECT_EQ(must(world.engine->plan()).changes.size(), 0U);
  must(world.engine->release("customers/update/books", "ana", "rebranding"));
  EXPECT_EQ(must(world.engine->sync()).written.updated, 20);
}

TEST_F(TroubleMany, ThePlanDoesNotOfferWhatABreakerStopped) {
  must(world.engine->sync());
  world.set_breakers([](Breakers& limits) { limits.update_least = 10; });
  const auto companies = ids("companies");
  for (int i = 0; i < 20; ++i)
    edit("companies", companies[static_cast<std::size_t>(i)], R"({"name":"Renamed )" + std::to_string(i) + "\"}");
  const auto plan = must(world.engine->plan());
  EXPECT_EQ(plan.changes.size(), 0U);
  ASSERT_FALSE(plan.withheld.empty());
  EXPECT_EQ(plan.withheld.front().code, "breaker.mass_update");
}

TEST_F(TroubleMany, MoneyAboveItsLimitIsHeldUntilReleased) {
  must(world.engine->sync());
  world.set_breakers([](Breakers& limits) {
    for (const char* currency : {"USD", "EUR"}) limits.money[currency] = Decimal::of("5.00");
  });
  const auto deals = ids("deals");
  for (int i = 0; i < 6; ++i)
    edit("deals", deals[static_cast<std::size_t>(i)], R"({"receipt_amount":"1.00","receipt_date":"2026-11-20"})");
  const RunReport report = must(world.engine->sync());
  ASSERT_EQ(report.breakers.size(), 1U);
  EXPECT_EQ(report.breakers[0].code, "breaker.mass_money");
  EXPECT_EQ(world.books_query("Payment").size(), 0U);
  must(world.engine->release(report.breakers[0].lane, "ana", "a trade fair"));
  must(world.engine->sync());
  EXPECT_EQ(world.books_query("Payment").size(), 6U);
}

TEST_F(TroubleMany, WhatALaneHoldsCountsForWhatComesAfterAndOneByOneIsNoWayAround) {
  must(world.engine->sync());
  world.set_breakers([](Breakers& limits) { limits.update_least = 10; });
  const auto companies = ids("companies");
  const auto rename = [&](int from, int to) {
    for (int i = from; i < to; ++i)
      edit("companies", companies[static_cast<std::size_t>(i)], R"({"name":"Renamed )" + std::to_string(i) + "\"}");
  };
  rename(0, 20);
  must(world.engine->sync());
  rename(20, 23);  // few, but of the same flood
  const std::int64_t writes = world.writes();
  const RunReport report = must(world.engine->sync());
  ASSERT_EQ(report.breakers.size(), 1U);
  EXPECT_EQ(report.breakers[0].held, 23);
  EXPECT_EQ(report.breakers[0].count, 23);
  EXPECT_EQ(world.writes(), writes);
  rename(23, 25);
  EXPECT_EQ(must(world.engine->plan()).changes.size(), 0U) << "the plan offers nothing of a lane that stands";
  const auto held = "crm company " + companies[3];
  for (const auto& way : {world.engine->retry(held, "ana"), world.engine->create_new(held, "ana")}) {
    ASSERT_FALSE(way);
    EXPECT_EQ(way.error().code, "replay.breaker");
    EXPECT_NE(way.error().what.find("tieout breaker release customers/update/books"), std::string::npos);
  }
  EXPECT_EQ(world.engine->replay_record(held, "ana").error().code, "replay.breaker");
  must(world.engine->release("customers/update/books", "ana", "rebranding"));
  EXPECT_EQ(must(world.engine->sync()).written.updated, 25);
}

TEST_F(TroubleMany, MoneyInDropsIsCountedTogether) {
  must(world.engine->sync());
  world.set_breakers([](Breakers& limits) {
    for (const char* currency : {"USD", "EUR"}) limits.money[currency] = Decimal::of("5.00");
  });
  const auto deals = ids("deals");
  const auto receipt = [&](int at, const std::string& amount) {
    edit("deals", deals[static_cast<std::size_t>(at)],
         R"({"receipt_amount":")" + amount + R"(","receipt_date":"2026-11-20"})");
  };
  for (int i = 0; i < 6; ++i) receipt(i, "1.00");
  must(world.engine->sync());
  receipt(6, "1.00");
  receipt(0, "1.50");
  const RunReport report = must(world.engine->sync());
  ASSERT_EQ(report.breakers.size(), 1U);
  EXPECT_EQ(report.breakers[0].held, 7);
  EXPECT_NE(report.breakers[0].text.find("7.50"), std::string::npos) << report.breakers[0].text;
  EXPECT_EQ(world.books_query("Payment").size(), 0U);
}

TEST_F(TroubleMany, WhatARunMakesPossibleIsWeighedBeforeItIsWritten) {
  world.faults(*world.quickbooks, rules(rule("status_500", kBooks, R"(,"status":429)")));
  (void)world.engine->sync();
  world.heal();
  ASSERT_EQ(world.books_query("Invoice").size(), 0U);
  world.set_breakers([](Breakers& limits) { limits.create_least = 30, limits.create_percent = 20; });
  world.clock.ahead += std::chrono::hours{1};
  // Every customer is let through, so that all invoices become possible within the very run.
  for (int i = 0; i < 3; ++i) {
    (void)world.engine->sync();
    for (const Breaker& lane : must(world.engine->breakers()))
      if (!lane.lane.starts_with("invoices/"))
        must(world.engine->release(lane.lane, "ana", "the first load was interrupted"));
  }
  EXPECT_EQ(world.books_query("Customer").size(), 40U);
  EXPECT_LT(world.books_query("Invoice").size(), 30U);
  bool stopped = false;
  for (const Breaker& lane : must(world.engine->breakers())) stopped = stopped || lane.lane == "invoices/create/books";
  EXPECT_TRUE(stopped);
}

TEST_F(TroubleOne, APageKeptInAnOlderFormIsCountedAndTheOthersAreRead) {
  const Instant before = world.clock.now();
  must(world.engine->sync());
  must(world.store->keep_payload(Side::crm, world.clock.now(), R"({"results":[{"id":"12"}]})"));
  const ReplayReport report =
      must(world.engine->replay(before - std::chrono::minutes{1}, world.clock.now() + std::chrono::minutes{1}, "ana"));
  EXPECT_EQ(report.unreadable, 1);
  EXPECT_GT(report.records, 1);
}

TEST_F(TroubleOne, Edge131AFieldThatFlipsIsHeldAndBothRulesAreNamed) {
  must(world.engine->sync());
  const std::string company = ids("companies")[0];
  const std::string name = "ACME GmbH";
  edit("companies", company, R"({"name":")" + name + "\"}");
  must(world.engine->sync());
  const auto customers = [&] { return world.books_query("Customer").front(); };
  std::string state;
  for (int i = 0; i < 8 && !state.starts_with("held"); ++i) {
    const json::Value now = customers();
    world.books_call("POST", "/customer",
                     R"({"Id":")" + now["Id"].text() + R"(","SyncToken":")" + now["SyncToken"].text() +
                         R"(","sparse":true,"DisplayName":"Acme Gmbh"})");
    must(world.engine->sync());
    state = state_of("crm company " + company);
  }
  EXPECT_EQ(state, "held breaker.oscillation");
  const std::string reason = must(world.engine->explain("crm company " + company)).reason;
  EXPECT_NE(reason.find("flow 'customers'"), std::string::npos) << reason;
  EXPECT_NE(reason.find("a rule or a person in books"), std::string::npos) << reason;
  const auto lanes = must(world.engine->breakers());
  ASSERT_EQ(lanes.size(), 1U);
  must(world.engine->release(lanes[0].lane, "ana", "the rule in the books is off"));
  must(world.engine->sync());
  EXPECT_EQ(customers()["DisplayName"].text(), name);
}

TEST_F(TroubleMany, AnAnswerThatWasEmptyByMistakeHidesNothingForLongerThanADay) {
  must(world.engine->sync());
  const json::Value customer = world.books_query("Customer").front();
  const json::Value terms = world.books_query("Term").front();
  ASSERT_EQ(world
                .books_call("POST", "/customer",
                            R"({"Id":")" + customer["Id"].text() + R"(","SyncToken":")" + customer["SyncToken"].text() +
                                R"(","sparse":true,"SalesTermRef":{"value":")" + terms["Id"].text() + "\"}}")
                .status,
            200);
  world.faults(*world.quickbooks,
               R"({"seed":1,"rules":[{"kind":"missing_page","match":{"method":"GET","path_prefix":")" +
                   std::string(kBooks) + R"(/cdc"}}]})");
  must(world.engine->sync());
  world.heal();
  world.clock.ahead += std::chrono::hours{25};
  for (int i = 0; i < 3; ++i) must(world.engine->sync());
  const auto record = must(world.store->find(Side::books, "company", customer["Id"].text()));
  EXPECT_EQ(model::decode(model::type_named("company"), record->body)->text("payment_terms"), terms["Name"].text());
}

}  // namespace
}  // namespace tieout::engine
