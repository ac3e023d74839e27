// Link surgery: a person takes records apart, points them elsewhere, merges and splits them. No document moves, every
// turn is kept and has its opposite, and matching never undoes what a person decided.
#include "world.hpp"

namespace tieout::engine {
namespace {

struct Links : ::testing::Test {
  Links() : world({.hubspot_seed = "generated:3", .quickbooks_seed = "generated", .mapping_settings = {}}) {}
  void SetUp() override {
    must(world.engine->sync());
    must(world.engine->sync());
    const auto page = *json::parse(world.crm_call("GET", "/crm/v3/objects/companies?limit=3&properties=name").body);
    for (const json::Value& one : page["results"].items()) {
      companies.push_back(one["id"].text());
      names.push_back(one["properties"]["name"].text());
      customers.push_back(
          world.books_query("Customer", " where DisplayName = '" + names.back() + "'").at(0)["Id"].text());
    }
    const auto deals = *json::parse(world.crm_call("GET", "/crm/v3/objects/deals?limit=1").body);
    deal = deals["results"].items().front()["id"].text();
  }
  std::string customer(const std::string& name) {
    const auto made = world.books_call("POST", "/customer", R"({"DisplayName":")" + name + "\"}");
    must(world.engine->sync());
    return (*json::parse(made.body))["Customer"]["Id"].text();
  }
  std::string linked(const std::string& record) { return must(world.engine->explain(record)).linked_to; }
  std::string state_of(const std::string& record) {
    const Explanation explained = must(world.engine->explain(record));
    return explained.state + " " + explained.reason_code;
  }
  /// The same documents with the same versions: nothing of them was written.
  std::map<std::string, std::string> documents() {
    std::map<std::string, std::string> out;
    for (const json::Value& one : world.books_query("Invoice")) out[one["Id"].text()] = one["SyncToken"].text();
    return out;
  }

  World world;
  std::vector<std::string> companies, names, customers;
  std::string deal;
};

TEST_F(Links, UnlinkShowsDocumentsAndMoneyFirstAndTheyStay) {
  const auto before = documents();
  const LinkTurn shown = must(world.engine->unlink("crm company " + companies[0], "ana", false));
  EXPECT_FALSE(shown.done);
  ASSERT_EQ(shown.documents.size(), 1u);
  EXPECT_EQ(shown.money.at("USD").second, shown.documents[0].open);
  EXPECT_GT(shown.documents[0].open, Decimal(0));
  EXPECT_NE(linked("crm company " + companies[0]), "") << "only shown";
  EXPECT_TRUE(must(world.engine->unlink("crm company " + companies[0], "ana", true)).done);
  EXPECT_EQ(linked("crm company " + companies[0]), "");
  EXPECT_EQ(documents(), before);
}

TEST_F(Links, WhatWasTakenApartIsNotLinkedOrMadeAgainByItself) {
  must(world.engine->unlink("crm company " + companies[0], "ana", true));
  const std::size_t customers_before = world.books_query("Customer").size();
  const std::int64_t writes = world.writes();
  must(world.engine->sync());
  must(world.engine->sync());
  EXPECT_EQ(linked("crm company " + companies[0]), "") << "the names are equal, and a person said no";
  EXPECT_EQ(state_of("crm company " + companies[0]), "held link.unlinked");
  EXPECT_EQ(world.books_query("Customer").size(), customers_before);
  EXPECT_EQ(world.writes(), writes);
  // Also when a person asks for another try: that pair is refused, not only put off.
  must(world.engine->retry("crm company " + companies[0], "ana"));
  must(world.engine->sync());
  EXPECT_EQ(linked("crm company " + companies[0]), "");
}

TEST_F(Links, RepointTakesBackAnUnlink) {
  const std::string was = linked("crm company " + companies[0]);
  const LinkTurn turn = must(world.engine->unlink("crm company " + companies[0], "ana", true));
  EXPECT_NE(turn.back.find("repoint"), std::string::npos);
  must(world.engine->repoint("crm company " + companies[0], customers[0], "ben", true));
  must(world.engine->sync());
  EXPECT_EQ(linked("crm company " + companies[0]), was);
  EXPECT_EQ(must(world.engine->sync()).written.total(), 0);
  const LinkHistory history = must(world.engine->link_history("crm company " + companies[0]));
  ASSERT_GE(history.turns.size(), 2u);
  EXPECT_NE(history.turns.front().text.find("ana"), std::string::npos);
  EXPECT_NE(history.turns.back().text.find("ben"), std::string::npos);
  EXPECT_TRUE(history.refused.empty()) << "the refusal is taken back with it";
}

TEST_F(Links, RepointMovesTheLinkAndNoDocument) {
  const std::string other = customer("Quite Another GmbH");
  const auto before = documents();
  const LinkTurn shown = must(world.engine->repoint("crm company " + companies[0], other, "ana", false));
  EXPECT_EQ(shown.documents.size(), 1u) << "those of the customer that it leaves";
  must(world.engine->repoint("crm company " + companies[0], other, "ana", true));
  must(world.engine->sync());
  EXPECT_NE(linked("crm company " + companies[0]).find(other), std::string::npos);
  EXPECT_EQ(documents(), before);
}

TEST_F(Links, ARecordHasOneLiveLinkAtMost) {
  const auto taken = world.engine->repoint("crm company " + companies[0], customers[1], "ana", true);
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, "link.partner.taken");
  const auto same = world.engine->repoint("crm company " + companies[0], customers[0], "ana", true);
  ASSERT_FALSE(same);
  EXPECT_EQ(same.error().code, "link.same");
  const auto unknown = world.engine->repoint("crm company " + companies[0], "4711", "ana", true);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, "link.partner.unknown");
}

TEST_F(Links, ADealTakenFromItsInvoiceIsNotInvoicedASecondTime) {
  must(world.engine->unlink("deal " + deal, "ana", true));
  const std::size_t invoices = world.books_query("Invoice").size();
  must(world.engine->sync());
  must(world.engine->retry("deal " + deal, "ana"));
  must(world.engine->sync());
  EXPECT_EQ(state_of("deal " + deal), "held link.refused");
  must(world.engine->create_new("deal " + deal, "ana"));
  must(world.engine->sync());
  EXPECT_EQ(world.books_query("Invoice").size(), invoices) << "one sale makes one invoice";
}

TEST_F(Links, ADealWhoseInvoiceIsPointedElsewhereIsHeldAndNotInvoicedASecondTime) {
  const auto deals = *json::parse(world.crm_call("GET", "/crm/v3/objects/deals?limit=2").body);
  const std::string other = deals["results"].items().at(1)["id"].text();
  std::string invoice;
  for (const json::Value& one : world.books_query("Invoice"))
    if (one["PrivateNote"].text().find("deal/" + deal + "/1") != std::string::npos) invoice = one["Id"].text();
  ASSERT_FALSE(invoice.empty());
  must(world.engine->unlink("deal " + other, "ana", true));
  must(world.engine->repoint("books invoice " + invoice, other, "ana", true));
  const std::size_t invoices = world.books_query("Invoice").size();
  must(world.engine->sync());
  must(world.engine->sync());
  EXPECT_EQ(state_of("deal " + deal), "held link.unlinked");
  EXPECT_EQ(world.books_query("Invoice").size(), invoices) << "re-invoiced by itself";
  // Nor when a person asks for another try, or for a new one: the mark stands on an invoice of another deal.
  must(world.engine->retry("deal " + deal, "ana"));
  must(world.engine->sync());
  EXPECT_EQ(state_of("deal " + deal), "held link.refused");
  must(world.engine->create_new("deal " + deal, "ana"));
  must(world.engine->sync());
  EXPECT_EQ(world.books_query("Invoice").size(), invoices) << "a second invoice with the same mark";
}

TEST_F(Links, EdgeMergeKeepsTheOtherNameAndSplitGivesItBack) {
  const auto before = documents();
  const std::string first = "crm company " + companies[0], second = "crm company " + companies[1];
  const std::string was = linked(second);
  const LinkTurn shown = must(world.engine->merge_links(first, second, "ana", false));
  EXPECT_EQ(shown.documents.size(), 2u) << "of both customers";
  must(world.engine->merge_links(first, second, "ana", true));
  must(world.engine->sync());
  EXPECT_EQ(state_of(second), "skipped link.alias");
  EXPECT_EQ(state_of("books company " + customers[1]), "skipped link.alias");
  EXPECT_NE(linked(first).find(customers[0]), std::string::npos);
  EXPECT_EQ(must(world.engine->link_history(first)).other_names, std::vector{companies[1]});
  EXPECT_EQ(documents(), before);
  // What refers to the other name now means the first: a new deal of it is billed to the first one's customer.
  EXPECT_EQ(must(world.engine->sync()).written.total(), 0);
  must(world.engine->split(second, "ana", true));
  must(world.engine->sync());
  EXPECT_EQ(linked(second), was);
  EXPECT_EQ(state_of(second), "in_sync ");
  EXPECT_TRUE(must(world.engine->link_history(first)).other_names.empty());
  EXPECT_EQ(documents(), before);
}

TEST_F(Links, WhatIsNotTheSameKindCanNotBeMerged) {
  const auto refused = world.engine->merge_links("crm company " + companies[0], "deal " + deal, "ana", true);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "link.merge.kind");
  const auto none = world.engine->split("crm company " + companies[0], "ana", true);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, "link.not_merged");
  must(world.engine->unlink("crm company " + companies[0], "ana", true));
  const auto nothing = world.engine->unlink("crm company " + companies[0], "ana", true);
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().code, "link.none");
}

}  // namespace
}  // namespace tieout::engine
