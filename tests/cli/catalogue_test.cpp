#include "cli/catalogue.hpp"

#include <gtest/gtest.h>

#include <set>

#include "cli/exit_code.hpp"

namespace tieout::cli {
namespace {

TEST(Catalogue, EveryCodeSaysWhatItMeansAndWhatToDoAndStandsOnce) {
  const auto entries = error_catalogue();
  ASSERT_GT(entries.size(), 30u);
  std::set<std::string> seen;
  for (const CatalogueEntry& entry : entries) {
    EXPECT_TRUE(seen.insert(entry.code).second) << entry.code << " stands twice";
    EXPECT_FALSE(entry.meaning.empty()) << entry.code;
    EXPECT_FALSE(entry.remedy.empty()) << entry.code;
  }
}

TEST(ExitCodes, FollowTheKindOfTrouble) {
  EXPECT_EQ(exit_for(Fault("plan.stale", "")), Exit::stale);
  EXPECT_EQ(exit_for(Fault("project.absent", "")), Exit::usage);
  EXPECT_EQ(exit_for(Fault("secrets.absent", "")), Exit::not_signed_in);
  EXPECT_EQ(exit_for(Fault("store.busy", "")), Exit::try_again);
  EXPECT_EQ(exit_for(Fault("http.connect", "")), Exit::try_again);
  EXPECT_EQ(exit_for(Fault("hubspot.unreachable", "")), Exit::try_again);
  EXPECT_EQ(exit_for(Fault("quickbooks.throttled", "")), Exit::try_again);
  EXPECT_EQ(exit_for(Fault("hubspot.auth.revoked", "")), Exit::not_signed_in);
  EXPECT_EQ(exit_for(Fault("store.corrupt", "")), Exit::failed);
}

}  // namespace
}  // namespace tieout::cli
