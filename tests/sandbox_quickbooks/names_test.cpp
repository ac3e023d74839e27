// Names: the space that customers, vendors and employees share, what may stand in them, and what inactive means.
#include "company.hpp"

namespace tieout::sandbox::quickbooks {
namespace {

TEST(Names, edge_095_AVendorOrEmployeeHoldsTheNameWithoutRegardToCase) {
  Company c;
  c.make("vendor", R"({"DisplayName":"Island Trading"})");
  EXPECT_EQ(c.post("/customer", R"({"DisplayName":"ISLAND trading"})").code(), "6240");
  EXPECT_EQ(c.post("/employee", R"({"DisplayName":"island trading","GivenName":"I"})").code(), "6240");
  EXPECT_EQ(c.post("/customer", R"({"DisplayName":"Island Trading Ltd"})").status, 200);
}

TEST(Names, AccentsMakeAnotherNameButCaseOfAccentedLettersDoesNot) {
  Company c;
  c.customer("Bólido");
  EXPECT_EQ(c.post("/customer", R"({"DisplayName":"BÓLIDO"})").code(), "6240");
  EXPECT_EQ(c.post("/customer", R"({"DisplayName":"Bolido"})").status, 200);
}

TEST(Names, edge_096_ColonTabAndLineBreakAreRefused) {
  Company c;
  EXPECT_EQ(c.post("/customer", R"({"DisplayName":"A:B"})").code(), "2040");
  EXPECT_EQ(c.post("/customer", R"({"DisplayName":"A\tB"})").code(), "2040");
  EXPECT_EQ(c.post("/vendor", R"({"DisplayName":"A\nB"})").code(), "2040");
}

TEST(Names, edge_098_LengthsAreCountedInCharacters) {
  Company c;
  std::string umlauts;
  for (int i = 0; i < 500; ++i) umlauts += "ü";
  EXPECT_EQ(c.post("/customer", R"({"DisplayName":")" + umlauts + R"("})").status, 200);
  EXPECT_EQ(c.post("/customer", R"({"DisplayName":")" + umlauts + R"(u"})").code(), "2050");
  EXPECT_EQ(c.post("/customer", R"({"DisplayName":"X","GivenName":")" + std::string(101, 'x') + R"("})").code(),
            "2050");
}

TEST(Names, edge_114_APhoneThatIsTooLongNamesItsField) {
  Company c;
  const auto answer =
      c.post("/customer", R"({"DisplayName":"P","PrimaryPhone":{"FreeFormNumber":")" + std::string(31, '5') + R"("}})");
  EXPECT_EQ(answer.code(), "2050");
  EXPECT_EQ(answer["Fault"]["Error"].items()[0]["element"].text(), "FreeFormNumber");
}

TEST(Names, DisplayNameIsMadeFromThePartsWhenAbsent) {
  Company c;
  const auto made = c.make("customer", R"({"Title":"Ms","GivenName":"Maria","FamilyName":"Anders"})");
  EXPECT_EQ(made["DisplayName"].text(), "Ms Maria Anders");
  EXPECT_EQ(c.post("/customer", R"({"CompanyName":"Only a company"})").code(), "2020");
}

TEST(Names, AnInactiveNameIsMarkedFreesItsNameAndComesBack) {
  Company c;
  const auto first = c.make("customer", R"({"DisplayName":"Acme"})");
  const auto gone =
      c.make("customer", R"({"sparse":true,"Active":false,"Id":")" + first["Id"].text() + R"(","SyncToken":"0"})");
  EXPECT_EQ(gone["DisplayName"].text(), "Acme (deleted)");
  const std::string second = c.customer("Acme");
  EXPECT_EQ(c.post("/customer", R"({"sparse":true,"Active":true,"Id":")" + first["Id"].text() + R"(","SyncToken":"1"})")
                .code(),
            "6240");
  EXPECT_EQ(c.post("/customer", R"({"sparse":true,"Active":false,"Id":")" + second + R"(","SyncToken":"0"})").status,
            200);
  EXPECT_EQ(c.post("/customer", R"({"sparse":true,"Active":true,"Id":")" + first["Id"].text() +
                                    R"(","SyncToken":"1"})")["Customer"]["DisplayName"]
                .text(),
            "Acme");
}

TEST(Names, NamesCannotBeDeleted) {
  Company c;
  const std::string id = c.customer("Acme");
  EXPECT_EQ(c.post("/customer?operation=delete", R"({"Id":")" + id + R"(","SyncToken":"0"})").code(), "500");
}

TEST(Names, edge_111_SubCustomersNestFiveLevelsAndShowTheirFullName) {
  Company c;
  std::string parent = c.customer("L1");
  for (int level = 2; level <= 5; ++level) {
    const auto made = c.make(
        "customer", R"({"DisplayName":"L)" + std::to_string(level) + R"(","ParentRef":{"value":")" + parent + R"("}})");
    parent = made["Id"].text();
    if (level == 3) {
      EXPECT_EQ(made["FullyQualifiedName"].text(), "L1:L2:L3");
    }
    EXPECT_EQ(made["Job"].text(), "true");
  }
  EXPECT_EQ(c.post("/customer", R"({"DisplayName":"L6","ParentRef":{"value":")" + parent + R"("}})").code(), "6000");
}

TEST(Names, AnUnknownPropertyIsRefusedByName) {
  Company c;
  const auto answer = c.post("/customer", R"({"DisplayName":"A","Nickname":"B"})");
  EXPECT_EQ(answer.code(), "2010");
  EXPECT_NE(c.raw.body.find("Nickname"), std::string::npos);
  EXPECT_EQ(c.post("/customer", "{\"DisplayName\":").code(), "2010");
}

TEST(Names, AFullUpdateClearsWhatItLeavesOutASparseOneDoesNot) {
  Company c;
  const auto made = c.make("customer", R"({"DisplayName":"Acme","Notes":"old","CompanyName":"Acme Inc"})");
  const std::string id = made["Id"].text();
  const auto sparse =
      c.make("customer", R"({"sparse":true,"Id":")" + id + R"(","SyncToken":"0","CompanyName":"Acme Ltd"})");
  EXPECT_EQ(sparse["Notes"].text(), "old");
  EXPECT_EQ(sparse["SyncToken"].text(), "1");
  const auto cleared = c.make("customer", R"({"sparse":true,"Id":")" + id + R"(","SyncToken":"1","CompanyName":""})");
  EXPECT_EQ(cleared.find("CompanyName"), nullptr);
  const auto full = c.make("customer", R"({"Id":")" + id + R"(","SyncToken":"2","DisplayName":"Acme"})");
  EXPECT_EQ(full.find("Notes"), nullptr);
  EXPECT_EQ(c.post("/customer", R"({"Id":")" + id + R"(","SyncToken":"2","DisplayName":"Acme"})").code(), "5010");
}

TEST(Lists, ItemsNeedAnIncomeAccountOfTheRightKindAndAUniqueName) {
  Company c;
  EXPECT_EQ(c.post("/item", R"({"Name":"Chai","Type":"Service"})").code(), "2020");
  EXPECT_EQ(c.post("/item", R"({"Name":"Chai","Type":"Service","IncomeAccountRef":{"value":"3"}})").code(), "6000");
  EXPECT_EQ(c.post("/item", R"({"Name":"Chai","Type":"Service","IncomeAccountRef":{"value":"999"}})").code(), "2500");
  EXPECT_EQ(c.post("/item", R"({"Name":"Chai","Type":"Service","IncomeAccountRef":{"value":"8"}})").status, 200);
  EXPECT_EQ(c.post("/item", R"({"Name":"chai","Type":"Service","IncomeAccountRef":{"value":"8"}})").code(), "6240");
  EXPECT_EQ(c.post("/item", R"({"Name":"Tea","Type":"Servise","IncomeAccountRef":{"value":"8"}})").code(), "2170");
}

TEST(Lists, ATermNeedsDaysOrADayOfTheMonth) {
  Company c;
  EXPECT_EQ(c.post("/term", R"({"Name":"Some"})").code(), "2020");
  EXPECT_EQ(c.post("/term", R"({"Name":"Long","DueDays":1000})").code(), "6000");
  EXPECT_EQ(c.post("/term", R"({"Name":"Mid","DayOfMonthDue":15})").status, 200);
}

}  // namespace
}  // namespace tieout::sandbox::quickbooks
