// The write log of the books, people at their own pages, and the merge of two customers.
#include "company.hpp"

namespace tieout::sandbox::quickbooks {
namespace {

TEST(WriteLog, IsOffUntilAskedFor) {
  Company company;
  company.customer("Acme");
  EXPECT_TRUE(company.sandbox->write_log().entries().empty());
}

TEST(WriteLog, SaysWhatWasChangedFromWhatAndByWhom) {
  Company company;
  const std::string id = company.customer("Acme");
  company.sandbox->write_log().keep(true);
  const auto answer = company.call("POST", company.base() + "/customer",
                                   R"({"Id":")" + id + R"(","SyncToken":"0","sparse":true,"DisplayName":"Acme Ltd"})",
                                   std::string(kPersonToken));
  ASSERT_EQ(answer.status, 200) << company.raw.body;
  ASSERT_EQ(company.sandbox->write_log().entries().size(), 1u);
  const Written& written = company.sandbox->write_log().entries().front();
  EXPECT_TRUE(written.by_person);
  EXPECT_EQ(written.deed, Deed::update);
  EXPECT_EQ(written.object, "Customer");
  EXPECT_EQ(written.id, id);
  ASSERT_EQ(written.fields.size(), 1u);
  EXPECT_EQ(written.fields[0].before, "Acme");
  EXPECT_EQ(written.fields[0].after, "Acme Ltd");
}

TEST(WriteLog, NotesWhatWasRefusedAndWhy) {
  Company company;
  const std::string customer = company.customer("Acme");
  company.control("close_books", R"({"date":"2026-02-28"})");
  company.sandbox->write_log().keep(true);
  company.post("/invoice", Company::invoice_body(customer, "5", R"(,"TxnDate":"2026-02-01")"));
  company.invoice(customer, "5");
  const auto& entries = company.sandbox->write_log().entries();
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].refused, "6210");
  EXPECT_FALSE(entries[0].by_person);
  EXPECT_TRUE(entries[1].refused.empty());
  EXPECT_EQ(entries[1].id, "1");
}

TEST(People, AreLeftAloneByFaultsAndLimitsOfTheApi) {
  Company company({.seed = "empty", .faults_file = {}, .no_limits = false});
  const auto faults = company.control("faults", R"({"seed":1,"rules":[{"kind":"status_500"}]})");
  ASSERT_EQ(faults.status, 200);
  EXPECT_EQ(company.get("/customer/1").status, 500);
  for (int i = 0; i < 30; ++i)
    EXPECT_EQ(company
                  .call("POST", company.base() + "/customer", R"({"DisplayName":"C)" + std::to_string(i) + "\"}",
                        std::string(kPersonToken))
                  .status,
              200);
}

TEST(Merge, MovesEverythingToTheOneThatIsKept) {
  Company company;
  const std::string kept = company.customer("Acme"), lost = company.customer("Acme Ltd");
  const std::string job =
      company.make("customer", R"({"DisplayName":"Job","ParentRef":{"value":")" + lost + "\"}}")["Id"].text();
  const std::string invoice = company.invoice(lost, "100");
  company.post("/payment", Company::payment_body(lost, "40", Company::settles("Invoice", invoice, "40")));
  const auto merged = company.control("merge", R"({"kept":")" + kept + R"(","lost":")" + lost + "\"}");
  ASSERT_EQ(merged.status, 200) << company.raw.body;
  EXPECT_EQ(company.get("/invoice/" + invoice)["Invoice"]["CustomerRef"]["value"].text(), kept);
  EXPECT_EQ(company.get("/invoice/" + invoice)["Invoice"]["Balance"].text(), "60.00");
  EXPECT_EQ(company.get("/payment/2")["Payment"]["CustomerRef"]["value"].text(), kept);
  EXPECT_EQ(company.get("/customer/" + kept)["Customer"]["Balance"].text(), "60.00");
  EXPECT_EQ(company.get("/customer/" + job)["Customer"]["ParentRef"]["value"].text(), kept);
  const auto gone = company.get("/customer/" + lost);
  EXPECT_FALSE(gone["Customer"]["Active"].as_bool(true));
  EXPECT_EQ(gone["Customer"]["Balance"].text_or("0.00"), "0.00");
  EXPECT_EQ(company.customer("Acme Ltd"), "4") << "the old name is free again";
}

TEST(Merge, IsRefusedForNamesThatCannotBecomeOne) {
  Company company;
  const std::string kept = company.customer("Acme");
  const std::string job =
      company.make("customer", R"({"DisplayName":"Job","ParentRef":{"value":")" + kept + "\"}}")["Id"].text();
  EXPECT_EQ(company.control("merge", R"({"kept":")" + kept + R"(","lost":")" + kept + "\"}").code(), "6000");
  EXPECT_EQ(company.control("merge", R"({"kept":")" + job + R"(","lost":")" + kept + "\"}").code(), "6000");
  EXPECT_EQ(company.control("merge", R"({"kept":")" + kept + R"(","lost":"99"})").code(), "610");
}

}  // namespace
}  // namespace tieout::sandbox::quickbooks
