// The shipped packs: they load, their own cases pass, and the pages made from them are up to date.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "base/embedded.hpp"
#include "mapping/mapping.hpp"
#include "mapping/yaml.hpp"
#include "schema_check.hpp"

namespace tieout::mapping {
namespace {

std::string file_text(const std::string& path) {
  std::ifstream in(std::string(TIEOUT_SOURCE_DIR) + "/" + path);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

TEST(ShippedPacks, LoadAndAgreeWithTheirOwnCases) {
  const auto packs = PackSet::load_embedded();
  ASSERT_TRUE(packs) << packs.error().what;
  const TestReport report = packs->run_tests();
  for (const CaseResult& one : report.cases)
    EXPECT_TRUE(one.passed) << one.pack << ": " << one.name << "\n" << one.difference;
  EXPECT_GE(report.cases.size(), 40u);
}

TEST(ShippedPacks, CarryWhatTheEngineNeeds) {
  const auto packs = PackSet::load_embedded();
  ASSERT_TRUE(packs) << packs.error().what;
  for (const char* object : {"companies", "contacts", "products", "deals"})
    EXPECT_TRUE(packs->find("hubspot", object)) << object;
  for (const char* object : {"Customer", "Item", "Invoice", "Payment", "CreditMemo", "Term", "TaxCode", "Account"})
    EXPECT_TRUE(packs->find("quickbooks", object)) << object;
  for (const char* flow : {"customers", "products", "invoices", "deal-status", "receipts"})
    EXPECT_TRUE(packs->flow(flow)) << flow;
  EXPECT_FALSE(packs->find("quickbooks", "Account")->writable());
  const auto names = packs->find("hubspot", "companies")->vendor_names("properties");
  EXPECT_NE(std::find(names.begin(), names.end(), "zip"), names.end());
}

TEST(ShippedPacks, DigestChangesWithAnyFile) {
  std::vector<PackFile> files{{"a.yaml", file_text("packs/flows/products.yaml")}};
  const auto first = PackSet::load(files);
  ASSERT_TRUE(first) << first.error().what;
  files[0].text += "# another word\n";
  const auto second = PackSet::load(files);
  ASSERT_TRUE(second);
  EXPECT_NE(first->digest(), second->digest());
}

TEST(ShippedPacks, SatisfyTheSchemaThatEditorsUse) {
  const auto schema = json::parse(file_text("packs/schema/pack.schema.json"));
  ASSERT_TRUE(schema) << schema.error().what;
  for (const std::string_view name : embedded_names("packs/")) {
    const auto tree = Yaml::parse(*embedded_file(name), std::string(name));
    ASSERT_TRUE(tree) << tree.error().what;
    EXPECT_EQ(against_schema(*schema, tree->to_json()), "") << name;
  }
  const auto wrong =
      Yaml::parse("flow: x\nversion: 1.0.0\nkind: mirror\ntype: company\nfields: {name: {ownr: crm}}\n", "wrong.yaml");
  EXPECT_NE(against_schema(*schema, wrong->to_json()), "");
}

TEST(FieldMatrix, TheCommittedPageIsUpToDate) {
  const auto packs = PackSet::load_embedded();
  ASSERT_TRUE(packs) << packs.error().what;
  const std::string page = field_matrix_page(*packs);
  if (std::getenv("REGOLD")) std::ofstream(std::string(TIEOUT_SOURCE_DIR) + "/docs/reference/field-matrix.md") << page;
  EXPECT_TRUE(file_text("docs/reference/field-matrix.md") == page)
      << "docs/reference/field-matrix.md is stale; write it anew with REGOLD=1 "
      << "mapping_test";
}

}  // namespace
}  // namespace tieout::mapping
