// What people and vendors do to records without asking us: merge, delete, restore, enter again. Documents are never
// doubled and never moved; links and old ids lead to what lives on.
#include "world.hpp"

namespace tieout::engine {
namespace {

struct Follow : ::testing::Test {
  explicit Follow(int deals = 2)
      : world({.hubspot_seed = "generated:" + std::to_string(deals),
               .quickbooks_seed = "generated",
               .mapping_settings = {},
               .connection_extra = {{"settle_seconds", "0"}, {"overlap_seconds", "1"}, {"archived_every", "1"}}}) {
    must(world.engine->sync());
  }

  std::vector<std::string> ids(const std::string& object) {
    std::vector<std::string> out;
    const auto page = *json::parse(world.crm_call("GET", "/crm/v3/objects/" + object + "?limit=20").body);
    for (const json::Value& one : page["results"].items()) out.push_back(one["id"].text());
    return out;
  }
  std::string property(const std::string& object, const std::string& id, const std::string& name) {
    return (*json::parse(
        world.crm_call("GET", "/crm/v3/objects/" + object + "/" + id + "?properties=" + name).body))["properties"][name]
        .text();
  }
  void edit(const std::string& object, const std::string& id, const std::string& properties) {
    const auto answer =
        world.crm_call("PATCH", "/crm/v3/objects/" + object + "/" + id, R"({"properties":)" + properties + "}");
    ASSERT_EQ(answer.status, 200) << answer.body;
  }
  std::string merge(const std::string& object, const std::string& primary, const std::string& other) {
    const auto answer =
        world.crm_call("POST", "/crm/v3/objects/" + object + "/merge",
                       R"({"primaryObjectId":")" + primary + R"(","objectIdToMerge":")" + other + "\"}");
    EXPECT_EQ(answer.status, 200) << answer.body;
    return (*json::parse(answer.body))["id"].text();
  }
  void archive(const std::string& object, const std::string& id) {
    ASSERT_EQ(world.crm_call("DELETE", "/crm/v3/objects/" + object + "/" + id).status, 204);
  }
  void restore(const std::string& object, const std::string& id) {
    const auto answer = world.hubspot->handle(
        sandbox::make_request("POST", "/_sandbox/restore", R"({"objectType":")" + object + R"(","id":")" + id + "\"}"));
    ASSERT_LT(answer.status, 300) << answer.body;
  }
  void change(const std::string& entity, const json::Value& now, const std::string& fields) {
    const auto answer = world.books_call("POST", "/" + entity,
                                         R"({"Id":")" + now["Id"].text() + R"(","SyncToken":")" +
                                             now["SyncToken"].text() + R"(","sparse":true,)" + fields + "}");
    ASSERT_EQ(answer.status, 200) << answer.body;
  }
  std::string state_of(const std::string& record) {
    const auto explained = world.engine->explain(record);
    return explained ? explained->state + " " + explained->reason_code : explained.error().code;
  }
  std::string customer_of(const std::string& company) {  // id in the books
    const auto record = must(world.store->find(Side::crm, "company", company));
    if (!record || record->link == ports::LinkId::none) return {};
    const auto partner = must(world.store->linked(record->link, Side::books));
    return partner ? partner->vendor_id : "";
  }
  std::string deal_of(const std::string& company, const std::string& amount = "") {  // a won deal like the first
    const std::string from = ids("deals")[0];
    json::Value properties = json::Value::object();
    for (const char* name : {"dealstage", "pipeline", "closedate", "deal_currency_code"})
      if (const std::string value = property("deals", from, name); !value.empty())
        properties.set(name, json::Value::string(value));
    properties.set("dealname", json::Value::string("One more"));
    properties.set("amount", json::Value::string(amount.empty() ? "10.00" : amount));
    const auto made = *json::parse(
        world
            .crm_call("POST", "/crm/v3/objects/deals",
                      R"({"properties":)" + properties.dump() + R"(,"associations":[{"to":{"id":")" + company +
                          R"("},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":5}]}]})")
            .body);
    const std::string product = ids("products")[0];
    world.crm_call("POST", "/crm/v3/objects/line_items",
                   R"({"properties":{"name":"A thing","hs_product_id":")" + product +
                       R"(","quantity":"1","price":"10.00"},"associations":[{"to":{"id":")" + made["id"].text() +
                       R"("},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":20}]}]})");
    return made["id"].text();
  }
  int log_lines(const std::string& action, const std::string& record) {
    int count = 0;
    for (const ports::LogLeaf& leaf : must(world.store->leaves(0, 100'000)))
      if (leaf.text.find("\"act\":\"" + action + "\"") != std::string::npos &&
          leaf.text.find("\"record\":\"" + record + "\"") != std::string::npos)
        ++count;
    return count;
  }
  std::int64_t two_syncs() {
    must(world.engine->sync());
    return must(world.engine->sync()).written.total();
  }
  World world;
};
struct FollowOne : Follow {
  FollowOne() : Follow(1) {}
};

TEST_F(Follow, Edge107AMergedCompanyKeepsItsCustomerUnderItsNewId) {
  const auto companies = ids("companies");
  const std::string first = customer_of(companies[0]), second = customer_of(companies[1]);
  const std::size_t customers = world.books_query("Customer").size();
  const std::string survivor = merge("companies", companies[0], companies[1]);
  ASSERT_NE(survivor, companies[0]);
  EXPECT_EQ(two_syncs(), 0);
  EXPECT_EQ(customer_of(survivor), first);
  EXPECT_EQ(world.books_query("Customer").size(), customers) << "nobody new";
  EXPECT_EQ(state_of("crm company " + companies[0]), "skipped record.merged");
  EXPECT_EQ(state_of("crm company " + companies[1]), "skipped record.merged");
  EXPECT_EQ(must(world.store->surviving(Side::crm, "company", companies[1])), survivor);
  // Edge 105: the second customer stays, with its documents, and says why.
  EXPECT_EQ(state_of("books company " + second), "skipped partner.secondary");
  for (const std::string& deal : ids("deals")) EXPECT_EQ(state_of("crm deal " + deal), "in_sync ") << deal;
  EXPECT_TRUE(must(world.engine->reconcile()).ties_out);
}

TEST_F(Follow, Edge105ADealOfAMergedCompanyIsInvoicedToThePrimaryCustomer) {
  const auto companies = ids("companies");
  const std::string first = customer_of(companies[0]);
  const std::string survivor = merge("companies", companies[0], companies[1]);
  const std::string deal = deal_of(survivor);
  two_syncs();
  ASSERT_EQ(state_of("crm deal " + deal), "in_sync ") << must(world.engine->explain("crm deal " + deal)).reason;
  const auto invoices = world.books_query("Invoice");
  EXPECT_EQ(invoices.size(), 3U);
  EXPECT_EQ(invoices.back()["CustomerRef"]["value"].text(), first);
}

TEST_F(Follow, Edge105AfterALostStoreTheMarkOfAMergedDealStillFindsItsInvoice) {
  const auto deals = ids("deals");
  edit("deals", deals[0], R"({"receipt_amount":"1.00","receipt_date":"2026-11-20"})");
  two_syncs();
  ASSERT_EQ(world.books_query("Payment").size(), 1U);
  const std::string survivor = merge("deals", deals[0], deals[1]);
  two_syncs();
  EXPECT_EQ(world.books_query("Invoice").size(), 2U) << state_of("crm deal " + survivor);
  EXPECT_EQ(world.books_query("Payment").size(), 1U);
  world.lose_store();
  two_syncs();
  EXPECT_EQ(world.books_query("Invoice").size(), 2U) << "the invoice carries the mark of a deal that was merged";
  EXPECT_EQ(world.books_query("Payment").size(), 1U);
}

TEST_F(Follow, Edge106CustomersMergedInTheBooksLeadToTheSurvivor) {
  const auto companies = ids("companies");
  const std::string lost = customer_of(companies[0]), kept = customer_of(companies[1]);
  ASSERT_EQ(world.quickbooks
                ->handle(sandbox::make_request("POST", "/_sandbox/merge",
                                               R"({"kept":")" + kept + R"(","lost":")" + lost + "\"}"))
                .status,
            200);
  EXPECT_EQ(two_syncs(), 0);
  EXPECT_EQ(must(world.store->surviving(Side::books, "company", lost)), kept);
  EXPECT_EQ(state_of("crm company " + companies[0]), "skipped partner.secondary");
  for (const std::string& deal : ids("deals")) EXPECT_EQ(state_of("crm deal " + deal), "in_sync ") << deal;
  const std::string deal = deal_of(companies[0]);
  two_syncs();
  ASSERT_EQ(state_of("crm deal " + deal), "in_sync ") << must(world.engine->explain("crm deal " + deal)).reason;
  EXPECT_EQ(world.books_query("Invoice").back()["CustomerRef"]["value"].text(), kept);
}

TEST_F(Follow, Edge106ALinkIsRePointedWhenTheSurvivorHasNoneYet) {
  const auto companies = ids("companies");
  const std::string lost = customer_of(companies[0]);
  const std::string kept = (*json::parse(
      world.books_call("POST", "/customer", R"({"DisplayName":"Quite Another Name"})").body))["Customer"]["Id"]
                               .text();
  must(world.engine->sync());
  ASSERT_EQ(world.quickbooks
                ->handle(sandbox::make_request("POST", "/_sandbox/merge",
                                               R"({"kept":")" + kept + R"(","lost":")" + lost + "\"}"))
                .status,
            200);
  must(world.engine->sync());
  EXPECT_EQ(customer_of(companies[0]), kept);
  EXPECT_EQ(two_syncs(), 0);
}

TEST_F(FollowOne, Edge108ARestoredCompanyIsLinkedAsBefore) {
  const std::string id = ids("companies")[0], customer = customer_of(id);
  archive("companies", id);
  must(world.engine->sync());
  EXPECT_EQ(state_of("crm company " + id), "held record.deleted");
  EXPECT_EQ(state_of("books company " + customer), "held partner.deleted");
  restore("companies", id);
  two_syncs();
  EXPECT_EQ(state_of("crm company " + id), "in_sync ");
  EXPECT_EQ(state_of("books company " + customer), "in_sync ");
  EXPECT_EQ(customer_of(id), customer);
}

TEST_F(FollowOne, Edge108ARestoredDealAndItsInvoiceAreInSyncAgain) {
  const std::string id = ids("deals")[0], invoice = world.books_query("Invoice").front()["Id"].text();
  archive("deals", id);
  must(world.engine->sync());
  EXPECT_EQ(state_of("crm deal " + id), "held record.deleted");
  EXPECT_EQ(state_of("books invoice " + invoice), "held write_back.no_target");
  restore("deals", id);
  two_syncs();
  EXPECT_EQ(state_of("crm deal " + id), "in_sync ");
  EXPECT_EQ(state_of("books invoice " + invoice), "in_sync ");
  EXPECT_EQ(world.books_query("Invoice").size(), 1U);
}

TEST_F(FollowOne, Edge108WhatWasSkippedBecauseItWasGoneIsFollowedAgainWhenItIsBack) {
  const std::string id = ids("deals")[0], invoice = world.books_query("Invoice").front()["Id"].text();
  archive("deals", id);
  must(world.engine->sync());
  must(world.engine->skip("crm deal " + id, "deleted on purpose", "ana"));
  must(world.engine->skip("books invoice " + invoice, "its deal is gone", "ana"));
  must(world.engine->sync());
  EXPECT_EQ(state_of("crm deal " + id), "skipped review.skipped");
  restore("deals", id);
  two_syncs();
  EXPECT_EQ(state_of("crm deal " + id), "in_sync ");
  EXPECT_EQ(state_of("books invoice " + invoice), "in_sync ");
  EXPECT_EQ(world.books_query("Invoice").size(), 1U);
}

TEST_F(FollowOne, ACompanyDeletedAndEnteredAgainIsTheSameCustomer) {
  const std::string id = ids("companies")[0], customer = customer_of(id), name = property("companies", id, "name");
  archive("companies", id);
  must(world.engine->sync());
  const std::string again = (*json::parse(
      world.crm_call("POST", "/crm/v3/objects/companies", R"({"properties":{"name":")" + name + "\"}}").body))["id"]
                                .text();
  const std::size_t customers = world.books_query("Customer").size();
  two_syncs();
  EXPECT_EQ(customer_of(again), customer);
  EXPECT_EQ(world.books_query("Customer").size(), customers);
  EXPECT_EQ(state_of("crm company " + id), "skipped record.merged");
}

TEST_F(FollowOne, ADealEnteredAgainAfterItsDeletionIsAQuestion) {
  const std::string id = ids("deals")[0];
  const std::string company = ids("companies")[0];
  archive("deals", id);
  must(world.engine->sync());
  restore("deals", id);  // its own twin: the same words under another id
  const std::string twin = (*json::parse(
      world
          .crm_call("POST", "/crm/v3/objects/deals",
                    [&] {
                      json::Value properties = json::Value::object();
                      for (const char* name :
                           {"dealname", "amount", "dealstage", "pipeline", "closedate", "deal_currency_code"})
                        if (const std::string value = property("deals", id, name); !value.empty())
                          properties.set(name, json::Value::string(value));
                      return R"({"properties":)" + properties.dump() + R"(,"associations":[{"to":{"id":")" + company +
                             R"("},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":5}]}]})";
                    }())
          .body))["id"]
                               .text();
  const auto lines = *json::parse(
      world.crm_call("GET", "/crm/v3/objects/line_items?limit=50&properties=name,hs_product_id,quantity,price").body);
  for (const json::Value& line : lines["results"].items())
    world.crm_call("POST", "/crm/v3/objects/line_items",
                   R"({"properties":{"name":")" + line["properties"]["name"].text() + R"(","hs_product_id":")" +
                       line["properties"]["hs_product_id"].text() + R"(","quantity":")" +
                       line["properties"]["quantity"].text() + R"(","price":")" + line["properties"]["price"].text() +
                       R"("},"associations":[{"to":{"id":")" + twin +
                       R"("},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":20}]}]})");
  archive("deals", id);
  must(world.engine->sync());
  must(world.engine->sync());
  ASSERT_EQ(state_of("crm deal " + twin), "held deal.recreated")
      << must(world.engine->explain("crm deal " + twin)).reason;
  EXPECT_EQ(world.books_query("Invoice").size(), 1U);
  must(world.engine->accept("crm deal " + twin, id, "ana"));
  two_syncs();
  EXPECT_EQ(state_of("crm deal " + twin), "in_sync ");
  EXPECT_EQ(world.books_query("Invoice").size(), 1U);
}

TEST_F(FollowOne, Edge109AnInactiveCustomerGetsNoNewInvoiceAndItsPaymentsAreRead) {
  const std::string company = ids("companies")[0], deal = ids("deals")[0];
  json::Value customer;
  for (const json::Value& one : world.books_query("Customer"))
    if (one["Id"].text() == customer_of(company)) customer = one;
  const json::Value invoice = world.books_query("Invoice").front();
  // Paid while active, then made inactive; both are read at once.
  const auto paid = world.quickbooks->handle(sandbox::make_request(
      "POST", "/_sandbox/pay",
      R"({"invoice":")" + invoice["DocNumber"].text() + R"(","amount":")" + invoice["TotalAmt"].text() + "\"}"));
  ASSERT_EQ(paid.status, 200) << paid.body;
  customer = (*json::parse(world.books_call("GET", "/customer/" + customer_of(company)).body))["Customer"];
  change("customer", customer, R"("Active":false)");
  must(world.engine->sync());
  EXPECT_EQ(world.books_query("Payment").size(), 1U);
  EXPECT_EQ(property("deals", deal, "tieout_invoice_status"), "paid");
  const std::string more = deal_of(company);
  must(world.engine->sync());
  EXPECT_EQ(state_of("crm deal " + more), "held customer.inactive");
  EXPECT_EQ(world.books_query("Invoice").size(), 1U);
  const auto now = *json::parse(world.books_call("GET", "/customer/" + customer_of(company)).body);
  change("customer", now["Customer"], R"("Active":true)");
  two_syncs();
  EXPECT_EQ(state_of("crm deal " + more), "in_sync ");
}

TEST_F(Follow, Edge107ADealWhoseInvoiceWasRefusedTakesOverTheInvoiceOfTheOneMergedIntoIt) {
  const std::string invoiced = ids("deals")[0];
  for (const bool refused_first : {true, false}) {
    const std::string deal = deal_of(ids("companies")[0]);
    world.faults(
        *world.quickbooks,
        R"({"seed":1,"rules":[{"kind":"status_500","status":429,"match":{"method":"POST","path_prefix":"/v3/company/9130357849/invoice"}}]})");
    must(world.engine->sync());
    world.heal();
    const auto sent = must(world.store->find(Side::crm, "deal", deal));
    ASSERT_TRUE(sent && sent->link != ports::LinkId::none) << "its link waits for its invoice";
    ASSERT_FALSE(must(world.store->linked(sent->link, Side::books)));
    const std::string other = refused_first ? invoiced : ids("deals")[1];
    const std::string survivor = refused_first ? merge("deals", deal, other) : merge("deals", other, deal);
    two_syncs();
    EXPECT_EQ(world.books_query("Invoice").size(), 2U) << state_of("crm deal " + survivor);
    const auto record = must(world.store->find(Side::crm, "deal", survivor));
    ASSERT_TRUE(record && record->link != ports::LinkId::none);
    EXPECT_TRUE(must(world.store->linked(record->link, Side::books)));
    EXPECT_EQ(log_lines("link.aliased", "crm:deal:" + deal) + log_lines("link.aliased", "crm:deal:" + other),
              survivor == deal || survivor == other ? 1 : 2);
  }
}

TEST_F(Follow, Edge106AnInvoiceThatMovedAloneIsNoMerge) {
  const auto companies = ids("companies");
  const std::string from = customer_of(companies[0]), to = customer_of(companies[1]);
  deal_of(companies[0]);
  two_syncs();
  std::vector<json::Value> theirs;
  for (const json::Value& one : world.books_query("Invoice"))
    if (one["CustomerRef"]["value"].text() == from) theirs.push_back(one);
  ASSERT_EQ(theirs.size(), 2U);
  change("invoice", theirs[0], R"("CustomerRef":{"value":")" + to + "\"}");
  const auto now = *json::parse(world.books_call("GET", "/customer/" + from).body);
  change("customer", now["Customer"], R"("Active":false)");
  two_syncs();
  EXPECT_EQ(must(world.store->surviving(Side::books, "company", from)), from);
  EXPECT_EQ(customer_of(companies[0]), from);
}

TEST_F(FollowOne, AnErrorIsNoDeletion) {
  const std::string id = ids("companies")[0];
  world.faults(
      *world.hubspot,
      R"({"seed":1,"rules":[{"kind":"status_500","status":404,"match":{"method":"POST","path_prefix":"/crm/v3/objects/companies"}}]})");
  (void)world.engine->sync();
  world.heal();
  must(world.engine->sync());
  EXPECT_EQ(state_of("crm company " + id), "in_sync ");
}

TEST_F(FollowOne, ALineItemArchivedAfterTheInvoiceIsFoundByTheSweep) {
  const std::string deal = ids("deals")[0];
  const auto lines = ids("line_items");
  ASSERT_FALSE(lines.empty());
  archive("line_items", lines[0]);
  world.clock.ahead += std::chrono::hours{25};
  must(world.engine->sync());
  EXPECT_TRUE(state_of("crm deal " + deal).starts_with("held ")) << state_of("crm deal " + deal);
}

TEST_F(Follow, Edge145AnOlderCopyOfTheStoreDoublesNothing) {
  const std::filesystem::path copy = world.folder.string() + "-copy";
  world.close_store();
  std::filesystem::copy(world.folder, copy, std::filesystem::copy_options::recursive);
  world.reopen();
  const auto made = *json::parse(
      world.crm_call("POST", "/crm/v3/objects/companies", R"({"properties":{"name":"Came Later Ltd"}})").body);
  const std::string deal = deal_of(made["id"].text());
  two_syncs();
  ASSERT_EQ(world.books_query("Invoice").size(), 3U) << state_of("crm deal " + deal);
  const std::size_t customers = world.books_query("Customer").size();
  world.close_store();
  std::filesystem::remove_all(world.folder);
  std::filesystem::copy(copy, world.folder, std::filesystem::copy_options::recursive);
  std::filesystem::remove_all(copy);
  world.reopen();
  two_syncs();
  EXPECT_EQ(world.books_query("Invoice").size(), 3U);
  EXPECT_EQ(world.books_query("Customer").size(), customers);
  EXPECT_EQ(state_of("crm deal " + deal), "in_sync ");
  EXPECT_TRUE(must(world.engine->reconcile()).ties_out);
}

TEST_F(FollowOne, Edge146ASecondInstanceOnTheSameStoreIsRefused) {
  const auto second = open_sqlite((world.folder / "store.db").string(), "Northwind");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, "store.busy");
}

}  // namespace
}  // namespace tieout::engine
