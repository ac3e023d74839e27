// The query language.
#include "company.hpp"

namespace tieout::sandbox::quickbooks {
namespace {

class Queries : public ::testing::Test {
 protected:
  void SetUp() override {
    a = c.customer("Adam's Candy");
    b = c.customer("Bólido");
    inactive = c.customer("Gone");
    c.make("customer", R"({"sparse":true,"Active":false,"Id":")" + inactive + R"(","SyncToken":"0"})");
    for (int i = 1; i <= 5; ++i) {
      c.now += std::chrono::minutes{1};
      c.invoice(i % 2 ? a : b, std::to_string(i * 10) + ".50",
                R"(,"DocNumber":"N)" + std::to_string(i) + R"(","TxnDate":"2026-02-0)" + std::to_string(i) + "\"");
    }
  }
  std::string rows(const std::string& statement, const std::string& entity = "Invoice",
                   const std::string& field = "DocNumber") {
    const auto answer = c.query(statement);
    if (answer.status != 200) return "refused " + answer.code();
    std::string out;
    for (const auto& row : answer["QueryResponse"][entity].items()) out += (out.empty() ? "" : " ") + row[field].text();
    return out;
  }
  Company c;
  std::string a, b, inactive;
};

TEST_F(Queries, EveryOperatorInAnyCase) {
  EXPECT_EQ(rows("select * from invoice"), "N1 N2 N3 N4 N5");
  EXPECT_EQ(rows("SELECT * FROM Invoice WHERE TxnDate > '2026-02-03'"), "N4 N5");
  EXPECT_EQ(rows("SELECT * FROM INVOICE WHERE TxnDate >= '2026-02-03' AND TxnDate <= '2026-02-04'"), "N3 N4");
  EXPECT_EQ(rows("select * from Invoice where TxnDate < '2026-02-02'"), "N1");
  EXPECT_EQ(rows("select * from Invoice where TotalAmt > '30.49' and TotalAmt < 50"), "N3 N4");
  EXPECT_EQ(rows("select * from Invoice where docnumber in ('N2', 'n5', 'x')"), "N2 N5");
  EXPECT_EQ(rows("select * from Invoice where DocNumber like 'N%'"), "N1 N2 N3 N4 N5");
  EXPECT_EQ(rows("select * from Invoice where DocNumber like '%4%'"), "N4");
  EXPECT_EQ(rows("select * from Invoice where CustomerRef = '" + b + "'"), "N2 N4");
  EXPECT_EQ(rows("select * from Invoice where Balance > '0' and CustomerRef = '" + b + "' and DocNumber = 'N2'"), "N2");
  EXPECT_EQ(rows("select * from Customer where DisplayName = 'Adam\\'s Candy'", "Customer", "Id"), a);
  EXPECT_EQ(rows("select * from Customer where displayname = 'BÓLIDO'", "Customer", "Id"), b);
}

TEST_F(Queries, TimesAreWholeSecondsComparedAsInstants) {
  const std::string third = "2026-03-10T10:03:00-08:00";
  EXPECT_EQ(rows("select * from Invoice where MetaData.LastUpdatedTime > '" + third + "'"), "N4 N5");
  EXPECT_EQ(rows("select * from Invoice where Metadata.LastUpdatedTime >= '2026-03-10T18:03:00Z'"), "N3 N4 N5");
  EXPECT_EQ(rows("select * from Invoice where MetaData.LastUpdatedTime <= '2026-03-10T19:03:00.999+01:00'"),
            "N1 N2 N3");
  EXPECT_EQ(rows("select * from Invoice where MetaData.CreateTime > '2026-03-10T10:04:00'"), "N5");
  EXPECT_EQ(rows("select * from Invoice where MetaData.LastUpdatedTime > 'soon'"), "refused 4001");
}

TEST_F(Queries, OrderAndPages) {
  EXPECT_EQ(rows("select * from Invoice orderby TotalAmt desc maxresults 2"), "N5 N4");
  EXPECT_EQ(rows("select * from Invoice order by CustomerRef, TxnDate DESC"), "N5 N3 N1 N4 N2");
  EXPECT_EQ(rows("select * from Invoice startposition 2 maxresults 2"), "N2 N3");
  EXPECT_EQ(rows("select * from Invoice startposition 6"), "");
  const auto page = c.query("select * from Invoice startposition 4 maxresults 5000");
  EXPECT_EQ(page["QueryResponse"]["startPosition"].text(), "4");
  EXPECT_EQ(page["QueryResponse"]["maxResults"].text(), "2");
  EXPECT_EQ(c.query("select * from Invoice startposition 6")["QueryResponse"].size(), 0u);
}

TEST_F(Queries, AWriteBetweenTwoPagesIsSeenByTheSecond) {
  EXPECT_EQ(rows("select * from Invoice startposition 2 maxresults 2"), "N2 N3");
  c.invoice(a, "1", R"(,"DocNumber":"N6")");
  EXPECT_EQ(rows("select * from Invoice startposition 5 maxresults 9"), "N5 N6");
  const std::string first =
      c.query("select * from Invoice where DocNumber = 'N1'")["QueryResponse"]["Invoice"].items()[0]["Id"].text();
  c.post("/invoice?operation=delete", R"({"Id":")" + first + R"(","SyncToken":"0"})");
  EXPECT_EQ(rows("select * from Invoice startposition 2 maxresults 2"), "N3 N4");
  // The cached rows show what a payment has moved meanwhile.
  c.control("pay", R"({"invoice":"N3"})");
  EXPECT_EQ(rows("select * from Invoice startposition 2 maxresults 1", "Invoice", "Balance"), "0.00");
  EXPECT_EQ(rows("select * from Invoice where TxnDate > '2026-02-03' startposition 2 maxresults 9"), "N5 N6");
}

TEST_F(Queries, DefaultPageIsAHundredAndAThousandTheMost) {
  for (int i = 0; i < 1100; ++i) c.customer("C" + std::to_string(i));
  EXPECT_EQ(c.query("select * from Customer")["QueryResponse"]["Customer"].size(), 100u);
  EXPECT_EQ(c.query("select * from Customer maxresults 5000")["QueryResponse"]["Customer"].size(), 1000u);
}

TEST_F(Queries, InactiveNamesAreHiddenUnlessAskedFor) {
  EXPECT_EQ(rows("select * from Customer", "Customer", "Id"), a + " " + b);
  EXPECT_EQ(rows("select * from Customer where Active in (true, false)", "Customer", "Id"),
            a + " " + b + " " + inactive);
  EXPECT_EQ(rows("select * from Customer where Active = false", "Customer", "DisplayName"), "Gone (deleted)");
  EXPECT_EQ(c.query("select count(*) from Customer")["QueryResponse"]["totalCount"].text(), "2");
}

TEST_F(Queries, FieldListsGiveOnlyThose) {
  const auto row = c.query("select Id, DisplayName from Customer")["QueryResponse"]["Customer"].items()[0];
  EXPECT_EQ(row["DisplayName"].text(), "Adam's Candy");
  EXPECT_EQ(row.find("MetaData"), nullptr);
  EXPECT_EQ(row["sparse"].text(), "true");
}

TEST_F(Queries, WhatIsNoQueryIsRefused) {
  for (const char* bad : {"select * from Customer where Id = '1' or Id = '2'", "select * from Customer where Id != '1'",
                          "selec * from Customer", "select * from Customer where DisplayName = 'open",
                          "select * from Customer, Vendor", "select * from Customer maxresults many", ""})
    EXPECT_EQ(rows(bad), "refused 4000") << bad;
  EXPECT_EQ(rows("select * from Nothing"), "refused 4001");
  EXPECT_EQ(rows("select * from Customer where Nickname = 'x'"), "refused 4001");
  EXPECT_EQ(rows("select * from Customer startposition 0"), "refused 4001");
  EXPECT_EQ(rows("select * from Invoice where TotalAmt > 'lots'"), "refused 4001");
}

TEST_F(Queries, GetAndPostGiveTheSame) {
  EXPECT_EQ(
      c.get("/query?query=select%20*%20from%20Invoice%20where%20DocNumber%20%3D%20'N3'&minorversion=75&format=json")
          ["QueryResponse"]["Invoice"]
              .items()[0]["DocNumber"]
              .text(),
      "N3");
  EXPECT_EQ(c.get("/query?query=select+*+from+Term")["QueryResponse"]["Term"].size(), 4u);
}

TEST_F(Queries, AStaleIndexAndBrokenPagesComeOnDemand) {
  c.control("faults", R"({"rules":[{"kind":"stale_index","ms":90000,"match":{"path_prefix":"/v3"}}]})");
  EXPECT_EQ(rows("select * from Invoice"), "N1 N2 N3");
  const auto feed = c.get("/cdc?entities=Invoice&changedSince=2026-03-10T18:00:00Z")
                        .body["CDCResponse"]
                        .items()[0]["QueryResponse"]
                        .items()[0];
  EXPECT_EQ(feed["Invoice"].size(), 3u);
  c.control("faults", R"({"rules":[{"kind":"duplicate_page"}]})");
  EXPECT_EQ(rows("select * from Invoice startposition 3 maxresults 2"), "N1 N2");
  c.control("faults", R"({"rules":[{"kind":"missing_page"}]})");
  EXPECT_EQ(rows("select * from Invoice startposition 3 maxresults 2"), "");
}

}  // namespace
}  // namespace tieout::sandbox::quickbooks
