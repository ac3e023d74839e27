// CSV as it comes: every liberty that real files take, and a line and column for every one that cannot be taken.
#include <filesystem>
#include <fstream>

#include "fake_world.hpp"
#include "vendors/files/csv.hpp"

namespace tieout::vendors {
namespace {

namespace fs = std::filesystem;
using files::Charset;
using files::CsvReader;
using files::CsvRules;

using Rows = std::vector<std::vector<std::string>>;

Result<Rows> read(const std::string& text, CsvRules rules = {}, std::size_t piece = 3) {
  Rows rows;
  CsvReader reader(rules, [&](std::vector<std::string>& cells, std::int64_t) { rows.push_back(cells); });
  for (std::size_t at = 0; at < text.size(); at += piece)
    TRY_VOID(reader.feed(std::string_view(text).substr(at, piece)));
  TRY_VOID(reader.finish());
  return rows;
}

TEST(Csv, TakesWhatRealFilesDo) {
  const std::pair<std::string, Rows> kCases[] = {
      {"a,b\r\n1,2\r\n", {{"a", "b"}, {"1", "2"}}},
      {"a,b\n1,2", {{"a", "b"}, {"1", "2"}}},
      {"\xEF\xBB\xBF"
       "a\n\xEF\n",
       {}},  // not UTF-8 after the mark: see below
      {"\xEF\xBB\xBF"
       "a,b\n",
       {{"a", "b"}}},
      {"\"a,\"\"x\"\"\",\"two\r\nlines\"\n", {{"a,\"x\"", "two\r\nlines"}}},
      {"a\rb\r", {{"a"}, {"b"}}},
      {"\n\na\n\n", {{"a"}}},
      {",\n", {{"", ""}}},
      {"\"\"\n", {{""}}},
      {"", {}},
  };
  for (const auto& [text, rows] : kCases) {
    for (std::size_t piece : {1, 2, 1000}) {
      auto got = read(text, {}, piece);
      if (text.find("\xEF\n") != std::string::npos) {
        ASSERT_FALSE(got);
        EXPECT_EQ(got.error().code, "csv.text.charset");
        continue;
      }
      ASSERT_TRUE(got) << text << got.error().what;
      EXPECT_EQ(*got, rows) << text;
    }
  }
}

TEST(Csv, ReadsWindows1252AndOtherDelimiters) {
  auto got = read(
      "Stra\xDF"
      "e;\x80 5\n",
      {.delimiter = ';', .charset = Charset::windows_1252});
  ASSERT_TRUE(got);
  EXPECT_EQ(*got, (Rows{{"Straße", "€ 5"}}));
  EXPECT_EQ(read("\x81\n", {.charset = Charset::windows_1252}).error().code, "csv.text.charset");
}

TEST(Csv, NamesLineAndColumn) {
  const std::tuple<std::string, const char*, const char*> kCases[] = {
      {"a,b\n1,x\"y\n", "csv.quote.stray", "line 2, column 4"},
      {"a\n\"b\"c\n", "csv.quote.stray", "line 2, column 4"},
      {"a,b\nü,\"never", "csv.quote.open", "line 2, column 3"},
      {std::string("a\nb\0c", 5), "csv.nul", "line 2, column 2"},
  };
  for (const auto& [text, code, where] : kCases) {
    auto got = read(text);
    ASSERT_FALSE(got) << text;
    EXPECT_EQ(got.error().code, code);
    EXPECT_EQ(got.error().field, where) << text;
  }
  EXPECT_EQ(read(std::string(100, 'x'), {.longest_field = 50}).error().code, "csv.field.long");
}

TEST(Csv, WhatIsWrittenIsReadBack) {
  const Rows rows = {{"a", "b,c", "d\"e"}, {" x ", "", "l\r\nm"}, {"ü", "-1", "=1+1"}};
  std::string text;
  for (const auto& row : rows) files::append_csv_row(text, row);
  auto got = read(text);
  ASSERT_TRUE(got);
  EXPECT_EQ(*got, rows);
  text.clear();
  files::append_csv_row(text, {""});
  EXPECT_EQ(read(text)->size(), 1U);
}

struct Folder : testing::Test {
  Bench bench{"files"};
  fs::path folder = fs::temp_directory_path() / ("tieout_files_" + std::to_string(::getpid()));
  void SetUp() override {
    fs::remove_all(folder);
    fs::create_directories(folder / "in");
    bench.settings.extra = {{"folder", (folder / "in").string()},
                            {"out_folder", (folder / "out").string()},
                            {"page_size", "2"},
                            {"key.customers", "id"}};
  }
  void TearDown() override { fs::remove_all(folder); }
  void put(const std::string& name, const std::string& text) {
    std::ofstream(folder / "in" / name, std::ios::binary) << text;
  }
  std::vector<ports::RawRecord> pull_all(std::string& cursor) {
    std::vector<ports::RawRecord> out;
    for (bool more = true; more;) {
      auto page = bench.connector->pull(cursor);
      EXPECT_TRUE(page) << (page ? "" : page.error().what);
      if (!page) break;
      for (auto& record : page->records) out.push_back(std::move(record));
      cursor = page->next_cursor;
      more = page->more;
    }
    return out;
  }
};

TEST_F(Folder, RowsBecomeRecordsAndAreReadOnce) {
  put("customers.csv", "id,name\nA,Älpler\nB,\"x\ny\"\nC,z\n");
  put("notes.txt", "no");
  bench.make();
  std::string cursor;
  const auto records = pull_all(cursor);
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records[0].object, "customers");
  EXPECT_EQ(records[0].vendor_id, "A");
  EXPECT_EQ(parsed(records[0].body)["row"]["name"].text(), "Älpler");
  EXPECT_TRUE(pull_all(cursor).empty());
  put("customers.csv", "id,name\nA,Älpler\nB,\"x\ny\"\nC,changed\n");
  const auto again = pull_all(cursor);
  ASSERT_EQ(again.size(), 3U);
  EXPECT_EQ(again[0].version, records[0].version);
  EXPECT_NE(again[2].version, records[2].version);
}

TEST_F(Folder, GoesOnInTheMiddleOfAFileAfterARestart) {
  put("customers.csv", "id\nA\nB\nC\n");
  bench.make();
  auto first = bench.connector->pull("");
  ASSERT_TRUE(first);
  bench.make();  // another process
  auto second = bench.connector->pull(first->next_cursor);
  ASSERT_TRUE(second);
  ASSERT_EQ(second->records.size(), 1U);
  EXPECT_EQ(second->records[0].vendor_id, "C");
}

TEST_F(Folder, MalformedFilesSayWhere) {
  const std::tuple<const char*, const char*> kCases[] = {
      {"id,name\nA\n", "csv.columns"},    {"id,id\nA,B\n", "csv.header"},     {"id,\nA,B\n", "csv.header"},
      {"key\nA\n", "csv.column.missing"}, {"id\n\"\"\n", "csv.cell.missing"}, {"id\n\"A\n", "csv.quote.open"}};
  for (const auto& [text, code] : kCases) {
    put("customers.csv", text);
    bench.make();
    auto page = bench.connector->pull("");
    ASSERT_FALSE(page) << text;
    EXPECT_EQ(page.error().code, code) << page.error().what;
    EXPECT_NE(page.error().what.find("customers.csv"), std::string::npos) << page.error().what;
  }
}

TEST_F(Folder, WritesEachRowOnceAlsoAfterACrashInTheMiddleOfOne) {
  bench.make();
  const auto row = [](const std::string& key, const std::string& name) {
    return ports::WriteRequest{
        ports::WriteKind::create, "invoices", "", "", R"({"name":")" + name + R"(","total":1.10})", key, ""};
  };
  for (const auto& outcome : bench.write({row("k1", "a"), row("k2", "b,c"), row("k1", "a")}))
    EXPECT_EQ(code_of(outcome), "ok");
  std::ofstream(folder / "out" / "invoices.csv", std::ios::app | std::ios::binary) << "half,\"a ro";
  bench.make();
  const std::vector<ports::WriteRequest> asked = {row("k2", "b,c"), row("k3", "d")};
  auto found = bench.connector->look_up(asked, bench.clock.time);
  ASSERT_TRUE(found);
  EXPECT_EQ((*found)[0].found, ports::Found::written);
  EXPECT_EQ((*found)[1].found, ports::Found::absent);
  EXPECT_EQ(code_of(bench.write({row("k3", "d")})[0]), "ok");
  std::ifstream in(folder / "out" / "invoices.csv", std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  EXPECT_EQ(text, "name,total,tieout_key\r\na,1.10,k1\r\n\"b,c\",1.10,k2\r\nd,1.10,k3\r\n");
  EXPECT_EQ(code_of(bench.write({{ports::WriteKind::create, "invoices", "", "", R"({"other":"x"})", "k4", ""}})[0]),
            "files.column.unknown");
  EXPECT_EQ(code_of(bench.write({{ports::WriteKind::create, "../evil", "", "", "{}", "k5", ""}})[0]),
            "files.object.name");
}

}  // namespace
}  // namespace tieout::vendors
