// Promises that are easily lost between two steps: what a person decides counts, what one side edits arrives, and what
// was written once is found again, whatever happened in between.
#include "world.hpp"

namespace tieout::engine {
namespace {

constexpr const char* kBooks = "/v3/company/9130357849";

std::string rule(const std::string& kind, const std::string& path, const std::string& more = "") {
  return R"({"kind":")" + kind + R"(","match":{"method":"POST","path_prefix":")" + path + "\"}" + more + "}";
}
std::string rules(const std::string& list) { return R"({"seed":1,"rules":[)" + list + "]}"; }

WorldOptions small(int deals, Milliseconds settle = Milliseconds{0}) {
  return {.hubspot_seed = "generated:" + std::to_string(deals),
          .quickbooks_seed = "generated",
          .mapping_settings = {},
          .settle = settle};
}

struct Promise : ::testing::Test {
  explicit Promise(WorldOptions options = small(2)) : world(std::move(options)) {}

  std::vector<std::string> ids(const std::string& object) {
    std::vector<std::string> out;
    const auto page = *json::parse(world.crm_call("GET", "/crm/v3/objects/" + object + "?limit=5").body);
    for (const json::Value& one : page["results"].items()) out.push_back(one["id"].text());
    return out;
  }
  void edit(const std::string& object, const std::string& id, const std::string& properties) {
    const auto answer =
        world.crm_call("PATCH", "/crm/v3/objects/" + object + "/" + id, R"({"properties":)" + properties + "}");
    ASSERT_EQ(answer.status, 200) << answer.body;
  }
  std::string property(const std::string& object, const std::string& id, const std::string& name) {
    return (*json::parse(
        world.crm_call("GET", "/crm/v3/objects/" + object + "/" + id + "?properties=" + name).body))["properties"][name]
        .text();
  }
  void change(const std::string& entity, const json::Value& now, const std::string& fields) {
    const auto answer = world.books_call("POST", "/" + entity,
                                         R"({"Id":")" + now["Id"].text() + R"(","SyncToken":")" +
                                             now["SyncToken"].text() + R"(","sparse":true,)" + fields + "}");
    ASSERT_EQ(answer.status, 200) << answer.body;
  }
  std::string company(const std::string& name) {
    return (*json::parse(
        world.crm_call("POST", "/crm/v3/objects/companies", R"({"properties":{"name":")" + name + "\"}}").body))["id"]
        .text();
  }
  std::string customer(const std::string& name) {
    return (*json::parse(
        world.books_call("POST", "/customer", R"({"DisplayName":")" + name + "\"}").body))["Customer"]["Id"]
        .text();
  }
  std::string state_of(const std::string& record) {
    const auto explained = world.engine->explain(record);
    return explained ? explained->state + " " + explained->reason_code : explained.error().code;
  }
  std::int64_t fired() {
    return (*json::parse(world.quickbooks->handle(sandbox::make_request("GET", "/_sandbox/faults")).body))["rules"]
        .items()
        .front()["fired"]
        .as_int();
  }
  void point_books_at_another_company() {  // seen from the store: it was built on company 1111
    auto transaction = must(ports::Transaction::on(*world.store));
    auto facts = *json::parse(must(world.store->setting("facts/books")));
    facts.set("account_id", json::Value::string("1111"));
    must(world.store->set_setting("facts/books", facts.dump()));
    must(transaction.commit());
  }
  World world;
};
struct PromiseOne : Promise {
  PromiseOne() : Promise(small(1)) {}
};
struct PromiseSettling : Promise {
  PromiseSettling() : Promise(small(1, std::chrono::minutes{2})) {}
};
struct PromiseEmpty : Promise {
  PromiseEmpty() : Promise({.hubspot_seed = "empty", .quickbooks_seed = "empty", .mapping_settings = {}}) {}
};

struct PromiseArchived : Promise {
  PromiseArchived()
      : Promise({.hubspot_seed = "generated:1",
                 .quickbooks_seed = "generated",
                 .mapping_settings = {},
                 .connection_extra = {{"settle_seconds", "0"}, {"overlap_seconds", "1"}, {"archived_every", "1"}}}) {}
};

TEST_F(PromiseOne, AReceiptThatIsTakenBackBeforeItWasPostedIsNotPosted) {
  const std::string deal = ids("deals")[0];
  const std::string amount = property("deals", deal, "amount");
  edit("deals", deal, R"({"amount":"1.23","receipt_amount":"1.00","receipt_date":"2026-11-20"})");
  must(world.engine->sync());
  ASSERT_EQ(world.books_query("Payment").size(), 0u);
  edit("deals", deal, R"({"amount":")" + amount + R"(","receipt_amount":""})");
  must(world.engine->sync());
  EXPECT_EQ(world.books_query("Invoice").size(), 1u);
  EXPECT_EQ(world.books_query("Payment").size(), 0u) << "nobody took that money";
}

TEST_F(Promise, Edge145ALostStoreMakesNoSecondPayment) {
  must(world.engine->sync());
  for (const std::string& deal : ids("deals")) {
    edit("deals", deal, R"({"receipt_amount":"1.00","receipt_date":"2026-11-20"})");
    must(world.engine->sync());
  }
  ASSERT_EQ(world.books_query("Payment").size(), 2u);
  world.lose_store();
  must(world.engine->sync());
  EXPECT_EQ(world.books_query("Invoice").size(), 2u);
  EXPECT_EQ(world.books_query("Payment").size(), 2u);
  const bool doubled = world.books_query("Payment").size() > 2u;
  EXPECT_EQ(must(world.engine->reconcile()).ties_out, !doubled) << "and nobody would notice";
}

TEST_F(PromiseOne, Edge145ALostStoreDoesNotBillAgainWhatWasDeletedMeanwhile) {
  must(world.engine->sync());
  must(world.engine->sync());
  const std::string deal = ids("deals")[0];
  const json::Value invoice = world.books_query("Invoice").front();
  ASSERT_EQ(property("deals", deal, "tieout_invoice_id"), invoice["Id"].text());
  ASSERT_EQ(
      world
          .books_call("POST", "/invoice?operation=delete",
                      R"({"Id":")" + invoice["Id"].text() + R"(","SyncToken":")" + invoice["SyncToken"].text() + "\"}")
          .status,
      200);
  world.lose_store();
  must(world.engine->sync());
  EXPECT_EQ(world.books_query("Invoice").size(), 0u);
  EXPECT_EQ(state_of("crm deal " + deal), "held deal.invoiced_before");
  must(world.engine->create_new("crm deal " + deal, "ana"));
  must(world.engine->sync());
  EXPECT_EQ(world.books_query("Invoice").size(), 1u);
}

TEST_F(PromiseOne, APartnerAcceptedAfterARefusedCreateIsLinked) {
  const std::string other = customer("Quite Another Name");
  const std::string id = ids("companies")[0];
  ASSERT_EQ(
      world.books_call("POST", "/vendor", R"({"DisplayName":")" + property("companies", id, "name") + "\"}").status,
      200);
  must(world.engine->sync());
  ASSERT_EQ(state_of("crm company " + id), "held quickbooks.name.taken");
  must(world.engine->accept("crm company " + id, other, "tester"));
  must(world.engine->sync());
  EXPECT_NE(must(world.engine->explain("crm company " + id)).linked_to.find("company " + other), std::string::npos)
      << state_of("crm company " + id);
}

TEST_F(PromiseOne, WhenBothSidesEditedARefusedHalfIsNotForgotten) {
  must(world.engine->sync());
  const std::string id = ids("companies")[0];
  const json::Value terms = world.books_query("Term").front();
  change("customer", world.books_query("Customer").front(),
         R"("SalesTermRef":{"value":")" + terms["Id"].text() + "\"}");
  edit("companies", id, R"({"phone":"+49 30 1234567"})");
  world.faults(*world.hubspot,
               rules(rule("status_500", "/crm/v3/objects/companies/batch/update", R"(,"status":400,"times":1)")));
  must(world.engine->sync());
  world.heal();
  if (state_of("books company " + world.books_query("Customer").front()["Id"].text()).starts_with("held"))
    must(world.engine->retry("books company " + world.books_query("Customer").front()["Id"].text(), "tester"));
  must(world.engine->sync());
  must(world.engine->sync());
  EXPECT_EQ(world.books_query("Customer").front()["PrimaryPhone"]["FreeFormNumber"].text(), "+49 30 1234567");
  EXPECT_EQ(must(world.engine->records(Side::crm, "company")).front().text("payment_terms"), terms["Name"].text());
}

TEST_F(PromiseOne, TermsFromTheBooksAndAPhoneFromTheCrmCrossInOneSync) {
  must(world.engine->sync());
  const json::Value terms = world.books_query("Term").front();
  change("customer", world.books_query("Customer").front(),
         R"("SalesTermRef":{"value":")" + terms["Id"].text() + "\"}");
  edit("companies", ids("companies")[0], R"({"phone":"+49 30 1234567"})");
  must(world.engine->sync());
  EXPECT_EQ(world.books_query("Customer").front()["PrimaryPhone"]["FreeFormNumber"].text(), "+49 30 1234567");
  EXPECT_EQ(must(world.engine->records(Side::crm, "company")).front().text("payment_terms"), terms["Name"].text());
}

TEST_F(Promise, Edge117AnInvoiceReDatedInTheBooksWhileInDoubtIsFoundByItsMark) {
  std::map<std::string, std::string> amounts;
  for (const std::string& deal : ids("deals")) {
    amounts[deal] = property("deals", deal, "amount");
    edit("deals", deal, R"({"amount":"1.23"})");
  }
  must(world.engine->sync());
  for (const auto& [deal, amount] : amounts) edit("deals", deal, R"({"amount":")" + amount + "\"}");
  world.faults(
      *world.quickbooks,
      rules(rule("lose_answer_after_commit", std::string(kBooks) + "/batch", R"(,"times":1)") +
            R"(,{"kind":"status_500","after":5,"match":{"method":"GET","path_prefix":")" + kBooks + R"(/query"}})"));
  (void)world.engine->sync();  // the facts are read; the answer is lost, and so is every look-up
  world.heal();
  ASSERT_EQ(world.books_query("Invoice").size(), 2u);
  change("invoice", world.books_query("Invoice").front(), R"("TxnDate":"2019-03-01","DueDate":"2019-03-31")");
  world.clock.ahead += std::chrono::hours{1};
  must(world.engine->sync());
  EXPECT_EQ(world.books_query("Invoice").size(), 2u);
}

TEST_F(Promise, APeriodClosedBetweenTwoRunsOfOneProcessIsKnown) {
  const std::string deal = ids("deals")[0];
  const std::string amount = property("deals", deal, "amount");
  edit("deals", deal, R"({"amount":"1.23"})");
  must(world.engine->sync());
  ASSERT_EQ(world.quickbooks->handle(sandbox::make_request("POST", "/_sandbox/close_books", R"({"date":"2020-12-31"})"))
                .status,
            200);
  edit("deals", deal, R"({"closedate":"2020-01-15T00:00:00Z","amount":")" + amount + "\"}");
  must(world.engine->sync());
  EXPECT_EQ(state_of("deal " + deal), "held period.closed");
}

TEST_F(PromiseSettling, Edge118ASecondSendHasItsOwnSettleTime) {
  world.faults(*world.quickbooks, rules(rule("lose_request", std::string(kBooks) + "/invoice")));
  must(world.engine->sync());
  ASSERT_EQ(fired(), 1);
  world.clock.ahead += std::chrono::minutes{3};
  must(world.engine->sync());
  ASSERT_EQ(fired(), 2) << "the settle time has passed: sent once more";
  must(world.engine->sync());
  EXPECT_EQ(fired(), 2) << "the second send may still arrive";
}

TEST_F(PromiseOne, Edge137NothingOfAnotherCompanyIsStored) {
  must(world.engine->sync());
  const json::Value one = world.books_query("Customer").front();
  point_books_at_another_company();
  change("customer", one, R"("BillAddr":{"City":"Elsewhere"})");
  EXPECT_FALSE(world.engine->sync());
  for (const model::Record& record : must(world.engine->records(Side::books, "company")))
    EXPECT_NE(record.text("billing_city"), "Elsewhere");
}

TEST_F(PromiseSettling, Edge137ADoubtfulWriteIsNotSentToAnotherCompany) {
  world.faults(*world.quickbooks, rules(rule("lose_request", std::string(kBooks) + "/invoice")));
  must(world.engine->sync());
  world.heal();
  point_books_at_another_company();
  world.clock.ahead += std::chrono::minutes{5};
  EXPECT_FALSE(world.engine->sync());
  EXPECT_EQ(world.books_query("Invoice").size(), 0u);
}

TEST_F(PromiseSettling, ADealDeletedWhileItsWriteBackIsInDoubtDoesNotStayInDoubtForEver) {
  world.faults(*world.hubspot, rules(rule("lose_request", "/crm/v3/objects/deals/batch/update")));
  must(world.engine->sync());
  world.heal();
  ASSERT_EQ(world.crm_call("DELETE", "/crm/v3/objects/deals/" + ids("deals")[0]).status, 204);
  for (int run = 0; run < 3; ++run) {
    world.clock.ahead += std::chrono::hours{1};
    must(world.engine->sync());
  }
  EXPECT_EQ(must(world.engine->status()).unfinished_intents, 0);
}

TEST_F(PromiseSettling, ACompanyMergedWhileAWriteToItIsInDoubtDoesNotStayInDoubtForEver) {
  must(world.engine->sync());
  const std::string id = ids("companies")[0], other = company("A Second One");
  const json::Value terms = world.books_query("Term").front();
  world.faults(*world.hubspot, rules(rule("lose_request", "/crm/v3/objects/companies/batch/update")));
  change("customer", world.books_query("Customer").front(),
         R"("SalesTermRef":{"value":")" + terms["Id"].text() + "\"}");
  must(world.engine->sync());
  ASSERT_GT(must(world.engine->status()).unfinished_intents, 0);
  world.heal();
  const auto merged = world.crm_call("POST", "/crm/v3/objects/companies/merge",
                                     R"({"primaryObjectId":")" + other + R"(","objectIdToMerge":")" + id + "\"}");
  ASSERT_EQ(merged.status, 200) << merged.body;
  for (int run = 0; run < 3; ++run) {
    world.clock.ahead += std::chrono::hours{1};
    must(world.engine->sync());
  }
  EXPECT_EQ(must(world.engine->status()).unfinished_intents, 0);
}

TEST_F(PromiseSettling, ADealSkippedInReviewIsNotSentFromTheJournal) {
  world.faults(*world.quickbooks, rules(rule("lose_request", std::string(kBooks) + "/invoice")));
  must(world.engine->sync());
  world.heal();
  must(world.engine->skip("deal " + ids("deals")[0], "it was a test deal", "tester"));
  world.clock.ahead += std::chrono::minutes{5};
  must(world.engine->sync());
  EXPECT_EQ(world.books_query("Invoice").size(), 0u) << state_of("deal " + ids("deals")[0]);
}

TEST_F(PromiseEmpty, AnAcceptedPartnerIsNotMatchedASecondTime) {
  customer("Zenith Trading Partners");
  const std::string partner = customer("Acme Industrial Supplies");
  const std::string first = company("Zenith Trading Partnerz");
  const std::string accepted = company("Acme Industrial Suppliez");
  must(world.engine->sync());
  ASSERT_EQ(state_of("crm company " + first), "held match.suggested");
  must(world.engine->accept("crm company " + accepted, partner, "tester"));
  company("Acme Industrial Supplies");
  edit("companies", first, R"({"phone":"+49 30 7"})");
  const auto synced = world.engine->sync();
  ASSERT_TRUE(synced) << synced.error().code << ": " << synced.error().what;
}

TEST_F(PromiseOne, ARetryKeepsACorrection) {
  const std::string id = ids("companies")[0];
  const std::string name = property("companies", id, "name");
  ASSERT_EQ(world.books_call("POST", "/vendor", R"({"DisplayName":")" + name + "\"}").status, 200);
  must(world.engine->sync());
  ASSERT_EQ(state_of("crm company " + id), "held quickbooks.name.taken");
  must(world.engine->fix("crm company " + id, "name", name + " (Customer)", "tester"));
  must(world.engine->retry("crm company " + id, "tester"));
  must(world.engine->sync());
  EXPECT_EQ(state_of("crm company " + id), "in_sync ");
}

TEST_F(PromiseOne, AnInvoiceWithOurMarkThatAppearsAfterARefusalIsLinked) {
  const std::string deal = ids("deals")[0];
  const std::string amount = property("deals", deal, "amount");
  edit("deals", deal, R"({"amount":"1.23"})");
  must(world.engine->sync());
  for (const json::Value& item : world.books_query("Item")) change("item", item, R"("Active":false)");
  edit("deals", deal, R"({"amount":")" + amount + "\"}");
  must(world.engine->sync());
  ASSERT_EQ(state_of("deal " + deal).substr(0, 15), "held quickbooks") << state_of("deal " + deal);
  for (const json::Value& item : world.books_query("Item", " where Active = false"))
    change("item", item, R"("Active":true)");
  const auto made = world.books_call(
      "POST", "/invoice",
      R"({"CustomerRef":{"value":")" + world.books_query("Customer").front()["Id"].text() +
          R"("},"PrivateNote":"[tieout:deal/)" + deal +
          R"(/1]","Line":[{"Amount":5,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":")" +
          world.books_query("Item").front()["Id"].text() + "\"}}}]}");
  ASSERT_EQ(made.status, 200) << made.body;
  must(world.engine->retry("deal " + deal, "tester"));
  const auto synced = world.engine->sync();
  ASSERT_TRUE(synced) << synced.error().code << ": " << synced.error().what;
  EXPECT_EQ(world.books_query("Invoice").size(), 1u);
}

TEST_F(PromiseOne, ADealWhoseInvoiceWasDeletedIsNotInSync) {
  must(world.engine->sync());
  const json::Value invoice = world.books_query("Invoice").front();
  const auto answer = world.books_call(
      "POST", "/invoice?operation=delete",
      R"({"Id":")" + invoice["Id"].text() + R"(","SyncToken":")" + invoice["SyncToken"].text() + "\"}");
  ASSERT_EQ(answer.status, 200) << answer.body;
  const std::string deal = ids("deals")[0];
  edit("deals", deal, R"({"dealname":"Saved again"})");
  must(world.engine->sync());
  EXPECT_NE(state_of("deal " + deal), "in_sync ");
}

TEST_F(PromiseOne, ADealWhoseInvoiceWasVoidedIsNotInSyncThoughNobodySavedTheDeal) {
  must(world.engine->sync());
  const json::Value invoice = world.books_query("Invoice").front();
  const auto answer = world.books_call(
      "POST", "/invoice?operation=void",
      R"({"Id":")" + invoice["Id"].text() + R"(","SyncToken":")" + invoice["SyncToken"].text() + "\"}");
  ASSERT_EQ(answer.status, 200) << answer.body;
  must(world.engine->sync());
  EXPECT_EQ(state_of("deal " + ids("deals")[0]), "held invoice.void");
  EXPECT_EQ(must(world.engine->status()).dirty, 0);
}

TEST_F(PromiseOne, ADealWhoseInvoiceWasCorrectedBeforeTheFirstWriteBackIsNotInSync) {
  world.faults(*world.hubspot,
               rules(rule("status_500", "/crm/v3/objects/deals/batch/update", R"(,"status":400,"times":1)")));
  must(world.engine->sync());
  world.heal();
  const std::string deal = ids("deals")[0];
  ASSERT_EQ(property("deals", deal, "tieout_invoice_id"), "");
  change("invoice", world.books_query("Invoice").front(),
         R"("Line":[{"Amount":5.01,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":")" +
             world.books_query("Item").front()["Id"].text() + "\"}}}]");
  must(world.engine->sync());
  EXPECT_EQ(property("deals", deal, "tieout_invoice_total"), "5.01");
  EXPECT_EQ(state_of("deal " + deal), "held deal.changed_after_invoice");
}

TEST_F(PromiseOne, ACompanyDeletedInTheCrmIsNoticed) {
  must(world.engine->sync());
  const std::string id = ids("companies")[0];
  ASSERT_EQ(world.crm_call("DELETE", "/crm/v3/objects/companies/" + id).status, 204);
  for (int run = 0; run < 11; ++run) must(world.engine->sync());  // the archived lists are read every tenth time
  EXPECT_EQ(state_of("crm company " + id), "held record.deleted");
}

TEST_F(PromiseArchived, ADeletedCompanyStaysHeldAndUntouchedWhenItsCustomerIsEdited) {
  must(world.engine->sync());
  const std::string id = ids("companies")[0];
  ASSERT_EQ(world.crm_call("DELETE", "/crm/v3/objects/companies/" + id).status, 204);
  must(world.engine->sync());
  ASSERT_EQ(state_of("crm company " + id), "held record.deleted");
  change("customer", world.books_query("Customer").front(), R"("BillAddr":{"City":"Elsewhere"})");
  const std::int64_t writes = world.writes();
  must(world.engine->sync());
  EXPECT_EQ(state_of("crm company " + id), "held record.deleted");
  EXPECT_EQ(world.writes(), writes) << "the deleted side does not overrule the living one";
}

TEST_F(PromiseEmpty, ADoubtfulCustomerWhoseNameBelongsToAnotherLinkIsNotTakenForOurs) {
  const std::string first = company("Olive Logistics");
  must(world.engine->sync());
  if (world.books_query("Customer").empty()) {
    must(world.engine->create_new("crm company " + first, "tester"));
    must(world.engine->sync());
  }
  ASSERT_EQ(world.books_query("Customer").size(), 1u);
  change("customer", world.books_query("Customer").front(), R"("DisplayName":"Alder Market")");
  world.faults(*world.quickbooks, rules(rule("status_500", kBooks)));  // nothing is carried out, and nobody says so
  const std::string second = company("Alder Market");
  must(world.engine->sync());
  world.heal();
  for (int run = 0; run < 3; ++run) {
    world.clock.ahead += std::chrono::hours{1};
    const auto synced = world.engine->sync();
    ASSERT_TRUE(synced) << synced.error().code << ": " << synced.error().what;
  }
  EXPECT_EQ(must(world.engine->status()).unfinished_intents, 0);
}

TEST_F(PromiseEmpty, ACreateInTheCrmWhoseAnswerWasLostIsFoundAgain) {
  const std::string id = customer("Only In The Books");
  must(world.engine->sync());
  must(world.engine->create_new("books company " + id, "tester"));
  world.faults(*world.hubspot,
               rules(rule("lose_answer_after_commit", "/crm/v3/objects/companies/batch/create", R"(,"times":1)")));
  for (int run = 0; run < 3; ++run) {
    must(world.engine->sync());
    world.clock.ahead += std::chrono::hours{1};
  }
  EXPECT_EQ(ids("companies").size(), 1u);
  EXPECT_EQ(must(world.engine->status()).unfinished_intents, 0);
  EXPECT_EQ(state_of("books company " + id), "in_sync ");
}

TEST_F(PromiseOne, Edge079AReceiptLargerThanItsNewInvoiceIsPostedOnceUpToWhatIsOpen) {
  const std::string deal = ids("deals")[0];
  edit("deals", deal, R"({"receipt_amount":"999999.00","receipt_date":"2026-11-20"})");
  const decide::Plan plan = must(world.engine->plan());
  EXPECT_TRUE(plan.payments.empty()) << "what it may settle is known when its invoice exists";
  must(world.engine->apply(plan));
  const RunReport report = must(world.engine->sync());
  EXPECT_EQ(report.written.refused, 0);
  ASSERT_EQ(world.books_query("Payment").size(), 1u) << state_of("crm payment " + deal + "/receipt");
  EXPECT_EQ(Decimal::of(world.books_query("Invoice").front()["Balance"].text()), Decimal::of("0"));
}

TEST_F(PromiseSettling, AnEditMadeWhileInDoubtIsLookedAtWhenTheWriteIsRefused) {
  const std::string id = ids("companies")[0];
  const std::string name = property("companies", id, "name");
  world.faults(*world.quickbooks, rules(rule("lose_request", std::string(kBooks) + "/customer")));
  must(world.engine->sync());
  world.heal();
  ASSERT_EQ(state_of("crm company " + id), "pending write.in_doubt");
  ASSERT_EQ(world.books_call("POST", "/vendor", R"({"DisplayName":")" + name + "\"}").status, 200);
  edit("companies", id, R"({"name":"A Name That Is Free"})");
  must(world.engine->sync());  // the edit is read, its record is in doubt
  world.clock.ahead += std::chrono::minutes{5};
  must(world.engine->sync());
  must(world.engine->sync());
  EXPECT_EQ(state_of("crm company " + id), "in_sync ");
}

TEST_F(PromiseOne, ACorrectionThatHasNoEffectIsRefused) {
  const std::string deal = ids("deals")[0];
  must(world.engine->plan());
  const auto fixed = world.engine->fix("deal " + deal, "currency", "EUR", "tester");
  must(world.engine->sync());
  EXPECT_FALSE(fixed) << "accepted, but the invoice is made as if nothing had been said: " << state_of("deal " + deal);
}

TEST_F(PromiseSettling, AStalePlanSendsNothingFromTheJournal) {
  world.faults(*world.quickbooks, rules(rule("lose_request", std::string(kBooks) + "/invoice")));
  must(world.engine->sync());
  world.heal();
  edit("companies", ids("companies")[0], R"({"phone":"1"})");
  const decide::Plan plan = must(world.engine->plan());
  ASSERT_EQ(plan.changes.size(), 1u);
  edit("companies", ids("companies")[0], R"({"phone":"2"})");
  world.clock.ahead += std::chrono::minutes{5};
  const std::int64_t writes = world.writes();
  const auto applied = world.engine->apply(plan);
  ASSERT_FALSE(applied);
  EXPECT_EQ(world.writes(), writes) << applied.error().what;
}

TEST_F(PromiseOne, ARenameInTheCrmAfterACorrectionIsNotSwallowed) {
  const std::string id = ids("companies")[0];
  const std::string name = property("companies", id, "name");
  ASSERT_EQ(world.books_call("POST", "/vendor", R"({"DisplayName":")" + name + "\"}").status, 200);
  must(world.engine->sync());
  must(world.engine->fix("crm company " + id, "name", name + " (Customer)", "tester"));
  must(world.engine->sync());
  ASSERT_EQ(state_of("crm company " + id), "in_sync ");
  edit("companies", id, R"({"name":"Quite Renamed Company"})");
  must(world.engine->sync());
  const bool renamed = world.books_query("Customer").front()["DisplayName"].text() == "Quite Renamed Company";
  EXPECT_TRUE(renamed || state_of("crm company " + id).starts_with("held")) << state_of("crm company " + id);
}

TEST_F(PromiseOne, ASkippedCompanyIsLeftAloneFromTheOtherSideToo) {
  must(world.engine->sync());
  const std::string id = ids("companies")[0];
  must(world.engine->skip("crm company " + id, "kept by hand", "tester"));
  must(world.engine->sync());
  change("customer", world.books_query("Customer").front(), R"("BillAddr":{"City":"Elsewhere"})");
  const std::int64_t writes = world.writes();
  must(world.engine->sync());
  EXPECT_EQ(world.writes(), writes);
  EXPECT_EQ(state_of("crm company " + id), "skipped review.skipped");
}

struct PromiseWaiting : Promise {  // the first deal waits for its company, whose name a vendor has in the books
  PromiseWaiting() : Promise(small(1)) {}
  void SetUp() override {
    company_id = ids("companies")[0];
    deal = ids("deals")[0];
    edit("deals", deal, R"({"amount":""})");
    ASSERT_EQ(
        world.books_call("POST", "/vendor", R"({"DisplayName":")" + property("companies", company_id, "name") + "\"}")
            .status,
        200);
    must(world.engine->sync());
    ASSERT_EQ(state_of("deal " + deal), "pending depends");
  }
  void let_go() {
    must(world.engine->fix("crm company " + company_id, "name", "A Name That Is Free", "tester"));
    must(world.engine->sync());
  }
  std::string company_id, deal;
};

TEST_F(PromiseWaiting, ADealDeletedWhileItWaitedIsNotInvoiced) {
  ASSERT_EQ(world.crm_call("DELETE", "/crm/v3/objects/deals/" + deal).status, 204);
  must(world.engine->sync());
  let_go();
  EXPECT_EQ(world.books_query("Invoice").size(), 0u) << state_of("deal " + deal);
}

TEST_F(PromiseWaiting, Edge127ALineRemovedWhileTheDealWaitedIsNotInvoiced) {
  const auto with =
      *json::parse(world.crm_call("GET", "/crm/v3/objects/deals/" + deal + "?associations=line_items").body);
  const auto lines = with["associations"]["line items"]["results"].items();
  ASSERT_GT(lines.size(), 0u) << with.dump();
  for (const json::Value& line : lines)
    ASSERT_EQ(world.crm_call("DELETE", "/crm/v3/objects/line_items/" + line["id"].text()).status, 204);
  must(world.engine->sync());
  let_go();
  EXPECT_EQ(world.books_query("Invoice").size(), 0u) << state_of("deal " + deal) << ": the deal has no line any more";
}

TEST_F(PromiseWaiting, ADealMovedToAnotherCompanyWhileItWaitedIsInvoicedThere) {
  const std::string other = company("Brand New Company");
  world.crm_call("PUT", "/crm/v4/objects/deals/" + deal + "/associations/default/companies/" + other);
  const auto gone = world.crm_call("DELETE", "/crm/v4/objects/deals/" + deal + "/associations/companies/" + company_id);
  ASSERT_LT(gone.status, 300) << gone.body;
  must(world.engine->sync());
  let_go();
  for (const json::Value& invoice : world.books_query("Invoice"))
    EXPECT_EQ(invoice["CustomerRef"]["name"].text(), "Brand New Company") << invoice["CustomerRef"].dump();
}

}  // namespace
}  // namespace tieout::engine
