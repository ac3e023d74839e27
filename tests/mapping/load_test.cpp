// Mistakes in packs: each gets its code and its place, all of them at once, and nothing is loaded.
#include <gtest/gtest.h>

#include "mapping/mapping.hpp"

namespace tieout::mapping {
namespace {

constexpr const char* kGood = R"(pack: acme
version: 1.0.0
side: books
schema:
  Customer:
    Id: text readonly
    Name: text(20) required
    Balance: number
    Tags: [text]
objects:
  Customer:
    type: company
    in:
      name: source.Name
    out:
      Name: record.name
)";

Fault mistake(const std::string& text) {
  const std::vector<PackFile> files{{"packs/acme.yaml", text}};
  const auto packs = PackSet::load(files);
  return packs ? Fault() : packs.error();
}

std::string with(std::string text, std::string_view before, std::string_view after) {
  const std::size_t at = text.find(before);
  EXPECT_NE(at, std::string::npos) << before;
  return text.replace(at, before.size(), after);
}

TEST(LoadPacks, TakesAGoodPack) { EXPECT_EQ(mistake(kGood).code, "") << mistake(kGood).what; }

TEST(LoadPacks, NamesAnUnknownSourceFieldWithItsPlaceAndASuggestion) {
  const Fault fault = mistake(with(kGood, "source.Name", "source.Nmae"));
  EXPECT_EQ(fault.code, "mapping.unknown_field");
  EXPECT_EQ(fault.what.substr(0, 20), "packs/acme.yaml:14:1") << fault.what;
  EXPECT_NE(fault.what.find("Name"), std::string::npos) << fault.what;
}

TEST(LoadPacks, NamesAnUnknownCanonicalField) {
  const Fault fault = mistake(with(kGood, "      name: source", "      nmae: source"));
  EXPECT_EQ(fault.code, "mapping.unknown_field");
  EXPECT_NE(fault.what.find("packs/acme.yaml:14:7: a company has no field 'nmae'; did you mean 'name'?"),
            std::string::npos)
      << fault.what;
}

TEST(LoadPacks, NamesAnUnknownVendorField) {
  const Fault fault = mistake(with(kGood, "      Name: record", "      Naem: record"));
  EXPECT_EQ(fault.code, "mapping.unknown_field");
  EXPECT_NE(fault.what.find("did you mean 'Name'?"), std::string::npos) << fault.what;
}

TEST(LoadPacks, RefusesATypeThatTheFieldCannotHold) {
  EXPECT_EQ(mistake(with(kGood, "name: source.Name", "name: source.Balance")).code, "mapping.type_mismatch");
  EXPECT_EQ(mistake(with(kGood, "Name: record.name", "Balance: record.name")).code, "mapping.type_mismatch");
}

TEST(LoadPacks, RefusesToWriteWhatIsReadOnly) {
  EXPECT_EQ(mistake(with(kGood, "      Name: record.name", "      Name: record.name\n      Id: record.name")).code,
            "mapping.read_only");
}

TEST(LoadPacks, RefusesAnUnknownType) {
  EXPECT_EQ(mistake(with(kGood, "type: company", "type: compony")).code, "mapping.unknown_type");
  EXPECT_EQ(mistake(with(kGood, "Balance: number", "Balance: nubmer")).code, "mapping.unknown_type");
}

TEST(LoadPacks, RefusesWhatItDoesNotUnderstand) {
  EXPECT_EQ(mistake(with(kGood, "    out:", "    outt:")).code, "mapping.structure");
  EXPECT_EQ(mistake(with(kGood, "version: 1.0.0", "version: one")).code, "mapping.structure");
  EXPECT_EQ(mistake(with(kGood, "pack: acme", "puck: acme")).code, "mapping.structure");
}

TEST(LoadPacks, RefusesAnExpressionThatIsNone) {
  EXPECT_EQ(mistake(with(kGood, "name: source.Name", "name: source.Name +")).code, "mapping.expression.malformed");
}

TEST(LoadPacks, RefusesYamlThatIsNone) {
  EXPECT_EQ(mistake("pack: [acme").code, "mapping.yaml");
  EXPECT_EQ(mistake("pack: acme\npack: acme\n").code, "mapping.yaml");
}

TEST(LoadPacks, ListsEveryMistakeAtOnce) {
  std::string text = with(kGood, "name: source.Name", "nmae: source.Name");
  const Fault fault = mistake(with(text, "      Name: record.name", "      Name: record.nome"));
  EXPECT_NE(fault.what.find("nmae"), std::string::npos) << fault.what;
  EXPECT_NE(fault.what.find("nome"), std::string::npos) << fault.what;
}

TEST(LoadPacks, InsistsOnWhatTheVendorInsistsOn) {
  EXPECT_EQ(mistake(with(kGood, "Name: record.name", "Balance: record.credit_limit")).code, "mapping.structure");
}

TEST(Settings, AreCheckedByNameAndKind) {
  const auto packs = PackSet::load_embedded();
  ASSERT_TRUE(packs) << packs.error().what;
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  EXPECT_TRUE(packs->variables());
  EXPECT_TRUE(packs->variables(Pairs{{"rounding_level", "document"}}));
  EXPECT_EQ(packs->variables(Pairs{{"rounding_levle", "document"}}).error().code, "mapping.setting.unknown");
  EXPECT_NE(packs->variables(Pairs{{"rounding_levle", "document"}}).error().what.find("rounding_level"),
            std::string::npos);
  EXPECT_EQ(packs->variables(Pairs{{"rounding_level", "sometimes"}}).error().code, "mapping.setting.kind");
}

}  // namespace
}  // namespace tieout::mapping
