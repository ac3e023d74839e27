#include "cli/project.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

namespace tieout::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kGood = R"(entity: "Northwind Ltd"
connections:
  crm:
    vendor: hubspot
    base_url: http://127.0.0.1:8081/
    token_env: HUBSPOT_TOKEN
    settings: {page_size: 100}
  books:
    vendor: quickbooks
    account_id: "9341452725837119"
mapping:
  rounding_level: document
)";

std::string code_of(const std::string& yaml) {
  const auto project = parse_project(yaml, ".");
  return project ? "" : project.error().code;
}

TEST(Project, ReadsWhatAPersonWrote) {
  const auto project = parse_project(kGood, "/books");
  ASSERT_TRUE(project) << project.error().what;
  EXPECT_EQ(project->entity, "Northwind Ltd");
  EXPECT_EQ(project->crm.settings.base_url, "http://127.0.0.1:8081");
  EXPECT_EQ(project->crm.settings.extra.at("page_size"), "100");
  EXPECT_EQ(project->crm.token_env, "HUBSPOT_TOKEN");
  EXPECT_EQ(project->books.settings.account_id, "9341452725837119");
  EXPECT_EQ(project->mapping_settings.front(), (std::pair<std::string, std::string>{"rounding_level", "document"}));
  EXPECT_EQ(project->store_path(), "/books/.tieout/store.db");
}

TEST(Project, NamesTheLineOfAMistakeAndWhatWasMeant) {
  const auto project = parse_project("entity: x\nconections: {}\n", ".");
  ASSERT_FALSE(project);
  EXPECT_EQ(project.error().code, "project.key.unknown");
  EXPECT_NE(project.error().what.find("tieout.yaml:2"), std::string::npos) << project.error().what;
  EXPECT_NE(project.error().what.find("\"connections\""), std::string::npos) << project.error().what;
}

TEST(Project, EachMistakeHasItsOwnCode) {
  EXPECT_EQ(code_of("connections: [1"), "project.malformed");
  EXPECT_EQ(code_of("- a\n- b\n"), "project.malformed");
  EXPECT_EQ(code_of("entity: x\n"), "project.key.missing");
  EXPECT_EQ(code_of("connections: {crm: {vendor: hubspot}}\n"), "project.key.missing");
  EXPECT_EQ(code_of("connections: {crm: {}, books: {vendor: quickbooks}}\n"), "project.key.missing");
  EXPECT_EQ(code_of("connections: {crm: {vendor: hubspot, tokn_env: X}, books: {vendor: quickbooks}}\n"),
            "project.key.unknown");
  EXPECT_EQ(code_of("connections: {crm: {vendor: [1]}, books: {vendor: quickbooks}}\n"), "project.malformed");
  EXPECT_EQ(code_of("mapping: {a: [1]}\nconnections: {crm: {vendor: h}, books: {vendor: q}}\n"), "project.malformed");
}

class ProjectFolder : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "tieout-project-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::string folder_;
};

TEST_F(ProjectFolder, WhatInitWritesIsWhatIsRead) {
  Project project;
  project.folder = folder_;
  project.entity = "A \"quoted\" name: with colon";
  project.crm.settings.name = "crm";
  project.crm.settings.vendor = "hubspot";
  project.crm.settings.base_url = "http://127.0.0.1:1";
  project.books.settings.name = "books";
  project.books.settings.vendor = "quickbooks";
  project.books.settings.account_id = "0123";
  project.mapping_settings = {{"rounding_level", "line"}};
  ASSERT_TRUE(create_project(project));
  const auto read = load_project(folder_);
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(read->entity, project.entity);
  EXPECT_EQ(read->crm.settings.base_url, project.crm.settings.base_url);
  EXPECT_EQ(read->books.settings.account_id, "0123");
  EXPECT_EQ(read->mapping_settings, project.mapping_settings);
  EXPECT_EQ(fs::status(project.state_folder()).permissions(), fs::perms::owner_all);

  const auto again = create_project(project);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, "project.exists");
}

TEST_F(ProjectFolder, AFolderWithoutConfigurationSaysHowToMakeOne) {
  const auto project = load_project(folder_);
  ASSERT_FALSE(project);
  EXPECT_EQ(project.error().code, "project.absent");
  EXPECT_NE(project.error().what.find("tieout init"), std::string::npos);
}

}  // namespace
}  // namespace tieout::cli
