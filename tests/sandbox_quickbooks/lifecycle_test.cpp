// Versions, deletions, the change feed, batches and replays.
#include "company.hpp"

namespace tieout::sandbox::quickbooks {
namespace {

TEST(Versions, edge_128_AStaleTokenIsRefusedOnEveryKindOfWrite) {
  Company c;
  const std::string id = c.invoice(c.customer("A"), "10");
  const std::string stale = R"("Id":")" + id + R"(","SyncToken":"4")";
  EXPECT_EQ(c.post("/invoice", R"({"sparse":true,)" + stale + "}").code(), "5010");
  EXPECT_EQ(c.post("/invoice?operation=delete", "{" + stale + "}").code(), "5010");
  EXPECT_EQ(c.post("/invoice?operation=void", "{" + stale + "}").code(), "5010");
  EXPECT_EQ(c.post("/invoice", R"({"sparse":true,"Id":")" + id + R"("})").code(), "2020");
  EXPECT_EQ(c.post("/invoice", R"({"sparse":true,"Id":"999","SyncToken":"0"})").code(), "610");
  EXPECT_EQ(c.get("/invoice/999").code(), "610");
  EXPECT_EQ(c.get("/invoice/" + id)["Invoice"]["SyncToken"].text(), "0");
}

TEST(Feed, ShowsWhatChangedAndWhatWasDeletedAndNothingElse) {
  Company c;
  const std::string a = c.customer("A"), keep = c.invoice(a, "1"), drop = c.invoice(a, "2");
  c.now += std::chrono::minutes{10};
  const std::string since = "2026-03-10T18:05:00Z";
  c.post("/invoice?operation=delete", R"({"Id":")" + drop + R"(","SyncToken":"0"})");
  c.make("invoice", R"({"sparse":true,"PrivateNote":"x","Id":")" + keep + R"(","SyncToken":"0"})");
  c.make("invoice", R"({"sparse":true,"PrivateNote":"y","Id":")" + keep + R"(","SyncToken":"1"})");
  const auto answer = c.get("/cdc?entities=Customer,Invoice,payment&changedSince=" + since);
  ASSERT_EQ(answer.status, 200) << c.raw.body;
  const auto& parts = answer["CDCResponse"].items()[0]["QueryResponse"].items();
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_EQ(parts[0].size(), 0u);
  const auto& invoices = parts[1]["Invoice"].items();
  ASSERT_EQ(invoices.size(), 2u);
  EXPECT_EQ(invoices[0]["status"].text(), "Deleted");
  EXPECT_EQ(invoices[0]["Id"].text(), drop);
  EXPECT_EQ(invoices[0].size(), 3u);  // status, Id, MetaData
  EXPECT_EQ(invoices[1]["PrivateNote"].text(), "y");
  EXPECT_EQ(parts[1]["maxResults"].text(), "2");
}

TEST(Feed, edge_123_ReachesThirtyDaysAndCutsAtAThousandWithoutAWord) {
  Company c;
  EXPECT_EQ(c.get("/cdc?entities=Invoice&changedSince=2026-02-07T18:00:00Z").code(), "6000");
  EXPECT_EQ(c.get("/cdc?entities=Invoice&changedSince=2026-02-09T18:00:00Z").status, 200);
  EXPECT_EQ(c.get("/cdc?entities=TaxCode&changedSince=2026-03-09").code(), "4001");
  EXPECT_EQ(c.get("/cdc?changedSince=2026-03-09").code(), "2020");
  for (int i = 0; i < 600; ++i) c.customer("C" + std::to_string(i));
  const std::string first = c.invoice("1", "1");
  for (int i = 0; i < 599; ++i) c.invoice("1", "1");
  const auto feed = c.get("/cdc?entities=Customer,Invoice&changedSince=2026-03-10");
  const auto& parts = feed["CDCResponse"].items()[0]["QueryResponse"].items();
  EXPECT_EQ(parts[0]["Customer"].size(), 600u);
  EXPECT_EQ(parts[1]["Invoice"].size(), 400u);
  EXPECT_EQ(parts[1]["Invoice"].items()[0]["Id"].text(), first);
}

TEST(Batch, edge_134_EachItemHasItsOwnOutcomeInOrder) {
  Company c;
  const std::string a = c.customer("A");
  const auto answer = c.post("/batch", R"({"BatchItemRequest":[
    {"bId":"1","operation":"create","Invoice":)" +
                                           Company::invoice_body(a, "10") + R"(},
    {"bId":"2","operation":"create","Customer":{"DisplayName":"a"}},
    {"bId":"3","Query":"select * from Customer where DisplayName = 'A'"},
    {"bId":"4","operation":"update","Customer":{"Id":")" +
                                           a + R"(","SyncToken":"0","sparse":true,"Notes":"n"}},
    {"bId":"5","operation":"melt","Customer":{"DisplayName":"b"}}]})");
  ASSERT_EQ(answer.status, 200) << c.raw.body;
  const auto& items = answer["BatchItemResponse"].items();
  ASSERT_EQ(items.size(), 5u);
  EXPECT_EQ(items[0]["Invoice"]["TotalAmt"].text(), "10.00");
  EXPECT_EQ(items[1]["Fault"]["Error"].items()[0]["code"].text(), "6240");
  EXPECT_EQ(items[1]["bId"].text(), "2");
  EXPECT_EQ(items[2]["QueryResponse"]["Customer"].size(), 1u);
  EXPECT_EQ(items[3]["Customer"]["SyncToken"].text(), "1");
  EXPECT_EQ(items[4]["Fault"]["Error"].items()[0]["code"].text(), "500");
}

TEST(Batch, AnItemDoesNotSeeWhatAnEarlierOneMade) {
  Company c;
  const std::string next = std::to_string(std::stoi(c.customer("A")) + 1);
  const std::string body = R"({"BatchItemRequest":[{"bId":"1","operation":"create","Customer":{"DisplayName":"B"}},
    {"bId":"2","operation":"create","Invoice":)" +
                           Company::invoice_body(next, "10") + R"(},
    {"bId":"3","Query":"select count(*) from Customer"}]})";
  const auto items = c.post("/batch", body).body["BatchItemResponse"].items();
  EXPECT_EQ(items[0]["Customer"]["Id"].text(), next);
  EXPECT_EQ(items[1]["Fault"]["Error"].items()[0]["code"].text(), "2500");
  EXPECT_EQ(items[2]["QueryResponse"]["totalCount"].text(), "1");
  EXPECT_EQ(c.post("/invoice", Company::invoice_body(next, "10")).status, 200);
}

TEST(Batch, ThirtyItemsAreTheMost) {
  Company c;
  std::string items;
  for (int i = 0; i < 31; ++i) items += (i ? "," : "") + std::string(R"({"bId":"1","Query":"select * from Term"})");
  EXPECT_EQ(c.post("/batch", R"({"BatchItemRequest":[)" + items + "]}").status, 400);
}

TEST(Replays, edge_117_TheSameRequestIdGivesTheFirstOutcomeAndWritesOnce) {
  Company c;
  const std::string a = c.customer("A");
  const auto first = c.post("/invoice?requestid=r-1", Company::invoice_body(a, "10"));
  const auto again = c.post("/invoice?requestid=r-1", Company::invoice_body(a, "99"));
  EXPECT_EQ(first["Invoice"]["Id"].text(), again["Invoice"]["Id"].text());
  EXPECT_EQ(again["Invoice"]["TotalAmt"].text(), "10.00");
  EXPECT_EQ(c.query("select count(*) from Invoice")["QueryResponse"]["totalCount"].text(), "1");
  EXPECT_NE(c.post("/invoice?requestid=r-2", Company::invoice_body(a, "10"))["Invoice"]["Id"].text(),
            first["Invoice"]["Id"].text());
  const auto refused = c.post("/customer?requestid=r-3", R"({"DisplayName":"a"})");
  EXPECT_EQ(refused.code(), "6240");
  EXPECT_EQ(c.post("/customer?requestid=r-3", R"({"DisplayName":"other"})").code(), "6240");
  EXPECT_EQ(c.post("/customer?requestid=" + std::string(51, 'x'), R"({"DisplayName":"x"})").code(), "2050");
  // The window ends, and then the same id is a new request.
  c.now += std::chrono::hours{23};
  EXPECT_EQ(c.post("/customer?requestid=r-3", R"({"DisplayName":"other"})").code(), "6240");
  c.now += std::chrono::hours{2};
  EXPECT_EQ(c.post("/customer?requestid=r-3", R"({"DisplayName":"other"})").status, 200);
}

TEST(Replays, ALostAnswerAfterCommitIsFoundByItsRequestId) {
  Company c;
  const std::string a = c.customer("A");
  c.control(
      "faults",
      R"({"seed":1,"rules":[{"kind":"lose_answer_after_commit","match":{"method":"POST","path_prefix":"/v3"},"times":1}]})");
  c.post("/invoice?requestid=r-1", Company::invoice_body(a, "10"));
  EXPECT_TRUE(c.raw.drop);
  EXPECT_EQ(c.post("/invoice?requestid=r-1", Company::invoice_body(a, "10")).status, 200);
  EXPECT_EQ(c.query("select count(*) from Invoice")["QueryResponse"]["totalCount"].text(), "1");
}

}  // namespace
}  // namespace tieout::sandbox::quickbooks
