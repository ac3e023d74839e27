// Payments, credits, deposits, and what they move on the documents they settle.
#include "company.hpp"

namespace tieout::sandbox::quickbooks {
namespace {

std::string key(const json::Value& record) {
  return R"("Id":")" + record["Id"].text() + R"(","SyncToken":")" + record["SyncToken"].text() + "\"";
}

TEST(Payments, edge_076_PartThenRestMovesBalanceVersionAndTimeOfTheInvoice) {
  Company c;
  const std::string a = c.customer("A"), invoice = c.invoice(a, "100");
  c.now += std::chrono::minutes{5};
  c.make("payment", Company::payment_body(a, "40", Company::settles("Invoice", invoice, "40")));
  auto read = c.get("/invoice/" + invoice)["Invoice"];
  EXPECT_EQ(read["Balance"].text(), "60.00");
  EXPECT_EQ(read["SyncToken"].text(), "1");
  EXPECT_EQ(read["MetaData"]["LastUpdatedTime"].text(), "2026-03-10T10:05:00-08:00");
  EXPECT_EQ(read["LinkedTxn"].items()[0]["TxnType"].text(), "Payment");
  EXPECT_EQ(c.get("/customer/" + a)["Customer"]["Balance"].text(), "60.00");
  c.make("payment", Company::payment_body(a, "60", Company::settles("Invoice", invoice, "60")));
  read = c.get("/invoice/" + invoice)["Invoice"];
  EXPECT_EQ(read["Balance"].text(), "0.00");
  EXPECT_EQ(read["LinkedTxn"].size(), 2u);
}

TEST(Payments, edge_077_OnePaymentOverTwoInvoices) {
  Company c;
  const std::string a = c.customer("A"), first = c.invoice(a, "30"), second = c.invoice(a, "50");
  const auto payment = c.make("payment", Company::payment_body(a, "75",
                                                               Company::settles("Invoice", first, "30") + "," +
                                                                   Company::settles("Invoice", second, "45")));
  EXPECT_EQ(payment["UnappliedAmt"].text(), "0.00");
  EXPECT_EQ(c.get("/invoice/" + second)["Invoice"]["Balance"].text(), "5.00");
}

TEST(Payments, edge_079_MoreThanTheOpenBalanceIsRefusedButARestStaysUnapplied) {
  Company c;
  const std::string a = c.customer("A"), invoice = c.invoice(a, "100");
  EXPECT_EQ(c.post("/payment", Company::payment_body(a, "120", Company::settles("Invoice", invoice, "120"))).code(),
            "6000");
  EXPECT_EQ(c.post("/payment", Company::payment_body(a, "80", Company::settles("Invoice", invoice, "100"))).code(),
            "6000");
  const auto payment = c.make("payment", Company::payment_body(a, "120", Company::settles("Invoice", invoice, "100")));
  EXPECT_EQ(payment["UnappliedAmt"].text(), "20.00");
  EXPECT_EQ(c.get("/customer/" + a)["Customer"]["Balance"].text(), "-20.00");
}

TEST(Payments, edge_080_APrepaymentIsAppliedLater) {
  Company c;
  const std::string a = c.customer("A");
  const auto early = c.make("payment", R"({"CustomerRef":{"value":")" + a + R"("},"TotalAmt":50})");
  EXPECT_EQ(early["UnappliedAmt"].text(), "50.00");
  const std::string invoice = c.invoice(a, "80");
  const auto applied = c.make("payment", R"({"sparse":true,)" + key(early) + R"(,"Line":[)" +
                                             Company::settles("Invoice", invoice, "50") + "]}");
  EXPECT_EQ(applied["UnappliedAmt"].text(), "0.00");
  EXPECT_EQ(c.get("/invoice/" + invoice)["Invoice"]["Balance"].text(), "30.00");
}

TEST(Payments, edge_082_MovingAPaymentFreesOneInvoiceAndSettlesTheOther) {
  Company c;
  const std::string a = c.customer("A"), first = c.invoice(a, "30"), second = c.invoice(a, "30");
  const auto payment = c.make("payment", Company::payment_body(a, "30", Company::settles("Invoice", first, "30")));
  c.make("payment",
         R"({"sparse":true,)" + key(payment) + R"(,"Line":[)" + Company::settles("Invoice", second, "30") + "]}");
  EXPECT_EQ(c.get("/invoice/" + first)["Invoice"]["Balance"].text(), "30.00");
  EXPECT_EQ(c.get("/invoice/" + second)["Invoice"]["Balance"].text(), "0.00");
}

TEST(Payments, edge_081_ADeletedPaymentReopensTheInvoice) {
  Company c;
  const std::string a = c.customer("A"), invoice = c.invoice(a, "30");
  const auto payment = c.make("payment", Company::payment_body(a, "30", Company::settles("Invoice", invoice, "30")));
  const auto gone = c.post("/payment?operation=delete", "{" + key(payment) + "}");
  EXPECT_EQ(gone["Payment"]["status"].text(), "Deleted");
  EXPECT_EQ(c.get("/invoice/" + invoice)["Invoice"]["Balance"].text(), "30.00");
  EXPECT_EQ(c.get("/invoice/" + invoice)["Invoice"].find("LinkedTxn"), nullptr);
  EXPECT_EQ(c.get("/customer/" + a)["Customer"]["Balance"].text(), "30.00");
}

TEST(Payments, VoidingAPaymentKeepsItAtZero) {
  Company c;
  const std::string a = c.customer("A"), invoice = c.invoice(a, "30");
  const auto payment = c.make("payment", Company::payment_body(a, "30", Company::settles("Invoice", invoice, "30")));
  const auto gone =
      c.post("/payment?operation=update&include=void", R"({"sparse":true,)" + key(payment) + "}")["Payment"];
  EXPECT_EQ(gone["TotalAmt"].text(), "0.00");
  EXPECT_EQ(gone["PrivateNote"].text(), "Voided");
  EXPECT_EQ(c.get("/invoice/" + invoice)["Invoice"]["Balance"].text(), "30.00");
}

TEST(Payments, VoidingAPaidInvoiceLeavesThePaymentUnapplied) {
  Company c;
  const std::string a = c.customer("A"), invoice = c.invoice(a, "30", R"(,"PrivateNote":"deal 7")");
  const auto payment = c.make("payment", Company::payment_body(a, "30", Company::settles("Invoice", invoice, "30")));
  const auto gone = c.post("/invoice?operation=void", R"({"Id":")" + invoice + R"(","SyncToken":"1"})")["Invoice"];
  EXPECT_EQ(gone["TotalAmt"].text(), "0.00");
  EXPECT_EQ(gone["Balance"].text(), "0.00");
  EXPECT_EQ(gone["PrivateNote"].text(), "Voided - deal 7");
  const auto free = c.get("/payment/" + payment["Id"].text())["Payment"];
  EXPECT_EQ(free["UnappliedAmt"].text(), "30.00");
  EXPECT_EQ(free["Line"].size(), 0u);
  EXPECT_EQ(free["SyncToken"].text(), "1");
  EXPECT_EQ(c.get("/customer/" + a)["Customer"]["Balance"].text(), "-30.00");
}

TEST(Payments, edge_052_LoweringAPaidInvoiceFreesPartOfThePayment) {
  Company c;
  const std::string a = c.customer("A"), invoice = c.invoice(a, "100");
  const auto payment = c.make("payment", Company::payment_body(a, "100", Company::settles("Invoice", invoice, "100")));
  const auto lower = c.make(
      "invoice",
      R"({"sparse":true,"Id":")" + invoice +
          R"(","SyncToken":"1","Line":[{"Amount":70,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"1"}}}]})");
  EXPECT_EQ(lower["Balance"].text(), "0.00");
  EXPECT_EQ(c.get("/payment/" + payment["Id"].text())["Payment"]["UnappliedAmt"].text(), "30.00");
}

TEST(Payments, edge_084_AZeroPaymentAppliesACredit) {
  Company c;
  const std::string a = c.customer("A"), invoice = c.invoice(a, "100");
  const auto credit = c.make("creditmemo", Company::invoice_body(a, "30"));
  EXPECT_EQ(credit["RemainingCredit"].text(), "30.00");
  EXPECT_EQ(c.get("/customer/" + a)["Customer"]["Balance"].text(), "70.00");
  c.make("payment", Company::payment_body(a, "0",
                                          Company::settles("Invoice", invoice, "20") + "," +
                                              Company::settles("CreditMemo", credit["Id"].text(), "20")));
  EXPECT_EQ(c.get("/invoice/" + invoice)["Invoice"]["Balance"].text(), "80.00");
  EXPECT_EQ(c.get("/creditmemo/" + credit["Id"].text())["CreditMemo"]["RemainingCredit"].text(), "10.00");
  EXPECT_EQ(c.get("/customer/" + a)["Customer"]["Balance"].text(), "70.00");
  // The invoice goes: the credit is whole again, not lost in the payment.
  c.post("/invoice?operation=delete", R"({"Id":")" + invoice + R"(","SyncToken":"1"})");
  EXPECT_EQ(c.get("/creditmemo/" + credit["Id"].text())["CreditMemo"]["RemainingCredit"].text(), "30.00");
}

TEST(Payments, CreditsApplyThemselvesWhenTheCompanyWantsIt) {
  Company c;
  c.make("preferences", R"({"Id":"1","SyncToken":"1","sparse":true,"SalesFormsPrefs":{"AutoApplyCredit":true}})");
  const std::string a = c.customer("A"), young = c.invoice(a, "50"),
                    old = c.invoice(a, "20", R"(,"TxnDate":"2026-01-01")");
  c.make("creditmemo", Company::invoice_body(a, "30"));
  EXPECT_EQ(c.get("/invoice/" + old)["Invoice"]["Balance"].text(), "0.00");
  EXPECT_EQ(c.get("/invoice/" + young)["Invoice"]["Balance"].text(), "40.00");
}

TEST(Payments, edge_093_AnotherCustomersInvoiceIsRefusedButTheFamilyMayPay) {
  Company c;
  const std::string a = c.customer("A"), b = c.customer("B"), invoice = c.invoice(a, "10");
  EXPECT_EQ(c.post("/payment", Company::payment_body(b, "10", Company::settles("Invoice", invoice, "10"))).code(),
            "6000");
  const std::string job =
      c.make("customer", R"({"DisplayName":"A job","ParentRef":{"value":")" + a + R"("}})")["Id"].text();
  EXPECT_EQ(c.post("/payment", Company::payment_body(job, "10", Company::settles("Invoice", invoice, "10"))).status,
            200);
  EXPECT_EQ(c.post("/payment", Company::payment_body(a, "10", Company::settles("Invoice", "9999", "10"))).code(),
            "2500");
}

TEST(Payments, ADepositedPaymentCannotChange) {
  Company c;
  const std::string a = c.customer("A"), invoice = c.invoice(a, "10");
  const auto payment = c.make("payment", Company::payment_body(a, "10", Company::settles("Invoice", invoice, "10")));
  const auto deposit =
      c.make("deposit", R"({"DepositToAccountRef":{"value":"3"},"Line":[{"Amount":10,"LinkedTxn":[{"TxnId":")" +
                            payment["Id"].text() + R"(","TxnType":"Payment"}]}]})");
  const std::string now_key = R"("Id":")" + payment["Id"].text() + R"(","SyncToken":"1")";
  EXPECT_EQ(c.post("/payment", R"({"sparse":true,"PrivateNote":"x",)" + now_key + "}").code(), "6540");
  EXPECT_EQ(c.post("/payment?operation=delete", "{" + now_key + "}").code(), "6540");
  EXPECT_EQ(c.post("/payment?operation=void", "{" + now_key + "}").code(), "6540");
  c.post("/deposit?operation=delete", "{" + key(deposit) + "}");
  EXPECT_EQ(c.post("/payment?operation=delete", R"({"Id":")" + payment["Id"].text() + R"(","SyncToken":"2"})").status,
            200);
}

TEST(Payments, TheAccountantsShortcutGoesTheNormalWay) {
  Company c;
  const std::string a = c.customer("A"), invoice = c.invoice(a, "12.50", R"(,"DocNumber":"INV-9")");
  const auto part = c.control("pay", R"({"invoice":"INV-9","amount":"2.50","date":"2026-03-09","method":"check"})");
  EXPECT_EQ(part["Payment"]["TxnDate"].text(), "2026-03-09");
  EXPECT_EQ(part["Payment"]["PaymentMethodRef"]["name"].text(), "Check");
  EXPECT_EQ(c.get("/invoice/" + invoice)["Invoice"]["Balance"].text(), "10.00");
  EXPECT_EQ(c.control("pay", R"({"invoice":")" + invoice + R"("})")["Payment"]["TotalAmt"].text(), "10.00");
  EXPECT_EQ(c.control("pay", R"({"invoice":"nope"})").code(), "2500");
}

}  // namespace
}  // namespace tieout::sandbox::quickbooks
