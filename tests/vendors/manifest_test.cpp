#include "vendors/manifest.hpp"

#include "fake_world.hpp"

namespace tieout::vendors {
namespace {

TEST(Manifest, EveryVendorHasOneThatCanBeRead) {
  for (const std::string& vendor : known_vendors()) {
    auto manifest = load_manifest(vendor);
    ASSERT_TRUE(manifest) << vendor << ": " << manifest.error().what;
    EXPECT_EQ(manifest->name, vendor);
    for (const ErrorClass& error : manifest->errors) {
      EXPECT_TRUE(error.code.starts_with(vendor + ".")) << error.code;
      EXPECT_FALSE(error.what.empty());
    }
    for (const Scope& scope : manifest->scopes) EXPECT_FALSE(scope.because.empty()) << scope.scope;
  }
}

TEST(Manifest, RefusesAFieldItDoesNotKnowAndSaysWhere) {
  auto manifest = parse_manifest("name: x\ntitle: X\nkind: crm\ntier: preview\nscoops: []\n");
  ASSERT_FALSE(manifest);
  EXPECT_EQ(manifest.error().code, "manifest.malformed");
  EXPECT_NE(manifest.error().what.find("line 5"), std::string::npos) << manifest.error().what;
}

TEST(Manifest, RefusesToRetryWhatMayHaveBeenApplied) {
  auto manifest = parse_manifest(
      "name: x\ntitle: X\nkind: crm\ntier: preview\nerrors:\n"
      "  - {status: 500, code: x.y, what: z, certainty: unknown, retry: true}\n");
  ASSERT_FALSE(manifest);
}

TEST(Manifest, QuickBooksErrorsHaveTheirOwnCodes) {
  auto manifest = load_manifest("quickbooks");
  ASSERT_TRUE(manifest);
  const std::pair<const char*, const char*> kExpected[] = {
      {"5010", "quickbooks.stale"},          {"6240", "quickbooks.name.taken"},
      {"6210", "quickbooks.period.closed"},  {"6140", "quickbooks.number.taken"},
      {"2050", "quickbooks.field.too_long"}, {"2500", "quickbooks.reference.invalid"},
      {"3200", "quickbooks.auth.refused"},   {"3100", "quickbooks.realm.refused"},
      {"3001", "quickbooks.throttled"},      {"610", "quickbooks.record.gone"},
      {"10000", "quickbooks.silence"}};
  for (const auto& [vendor, ours] : kExpected) {
    const ErrorClass* found = manifest->classify(400, vendor, "");
    ASSERT_NE(found, nullptr) << vendor;
    EXPECT_EQ(found->code, ours);
  }
}

TEST(Connect, NamesWhatIsWrongWithTheSettings) {
  Bench bench("hubspot");
  const World world{bench.http, bench.clock, bench.random, bench.tokens};
  const auto code = [&](const ConnectionSettings& settings) {
    auto made = make_connector(settings, world);
    return made ? std::string("ok") : made.error().code + " " + made.error().field;
  };
  ConnectionSettings settings = bench.settings;
  settings.vendor = "acme";
  EXPECT_EQ(code(settings), "connection.vendor.unknown vendor");
  settings.vendor = "quickbooks";
  EXPECT_EQ(code(settings), "connection.setting.missing account_id");
  settings = bench.settings;
  settings.extra["page_size"] = "many";
  EXPECT_EQ(code(settings), "connection.setting.bad page_size");
  settings = bench.settings;
  settings.objects = {"dealz"};
  EXPECT_EQ(code(settings), "connection.setting.bad objects");
  EXPECT_TRUE(bench.http.requests.empty());
}

}  // namespace
}  // namespace tieout::vendors
