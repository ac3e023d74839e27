// The promises of ports/store.hpp, written against the port alone. A store joins the suite by adding itself to
// backends.cpp; what only one of them promises (files, locks, crashes) stands in its own test program.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ports/store.hpp"

namespace tieout {

using namespace ports;

/// One kind of store. `open` is called again with the same place to see what lasted.
struct Backend {
  std::string name;
  bool lasts;  ///< what was committed is there when opened again
  std::unique_ptr<Store> (*open)(const std::string& place, const std::string& entity);
};

inline void PrintTo(const Backend& backend, std::ostream* out) { *out << backend.name; }

/// The value, or a failed test with the fault.
template <class T>
T must(Result<T> result) {
  if (!result) ADD_FAILURE() << result.error().code << ": " << result.error().what;
  return result ? *std::move(result) : T{};
}
template <class T>
std::string code_of(const Result<T>& result) {
  return result ? "worked" : result.error().code;
}
/// "worked", or code and text.
template <class T>
std::string outcome_of(const Result<T>& result) {
  return result ? "worked" : result.error().code + ": " + result.error().what;
}

inline const Instant kMorning = instant_from_ms(1'772'000'000'000);
inline const Instant kNoon = kMorning + Milliseconds{10'000'000};

inline ContentDigest digest_for(std::string_view text) {
  ContentDigest digest{};
  for (std::size_t i = 0; i < text.size(); ++i)
    digest[i % 16] = static_cast<std::uint8_t>(digest[i % 16] * 31 + text[i]);
  return digest;
}

inline Observation seen(Side side, std::string type, std::string vendor_id, std::string body) {
  Observation observation;
  observation.side = side;
  observation.type = std::move(type);
  observation.vendor_id = std::move(vendor_id);
  observation.version = "v1";
  observation.modified_at = kMorning;
  observation.digest = digest_for(body);
  observation.body = std::move(body);
  return observation;
}

inline Intent write_of(std::string key, RecordId source) {
  Intent intent;
  intent.key = std::move(key);
  intent.type = "invoice";
  intent.object = "Invoice";
  intent.source = source;
  intent.body = R"({"total":"260.10"})";
  intent.created_at = kMorning;
  return intent;
}

inline std::vector<std::string> vendor_ids(const std::vector<StoredRecord>& records) {
  std::vector<std::string> ids;
  for (const StoredRecord& record : records) ids.push_back(record.vendor_id);
  return ids;
}
using Ids = std::vector<std::string>;

class StoreConformance : public testing::TestWithParam<Backend> {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "tieout-store-XXXXXX").string();
    place_ = mkdtemp(pattern.data());
    store = GetParam().open(place_, "acme");
    ASSERT_TRUE(store);
  }
  void TearDown() override {
    if (store) expect_counts_add_up();
    store.reset();
    std::filesystem::remove_all(place_);
  }

  void reopen() {
    store.reset();
    store = GetParam().open(place_, "acme");
    ASSERT_TRUE(store);
  }

  RecordId observe(const Observation& observation, Instant at = kMorning) {
    const auto noted = must(store->observe({&observation, 1}, at));
    return noted.empty() ? RecordId::none : noted[0].id;
  }
  RecordId deal(const std::string& vendor_id) {
    return observe(seen(Side::crm, "deal", vendor_id, "deal " + vendor_id));
  }
  RecordId invoice(const std::string& vendor_id) {
    return observe(seen(Side::books, "invoice", vendor_id, "invoice " + vendor_id));
  }
  StoredRecord record(RecordId id) { return must(store->record(id)).value_or(StoredRecord{}); }
  LinkId new_link() {
    return must(store->new_link({LinkId::none, "invoices", "created by plan-7f3a09", kMorning, {}}));
  }
  void settle(RecordId id, State state, bool agreed) { must(store->settle(id, state, "", "", "", agreed)); }

  /// Conservation: the tally equals what a walk through every state finds.
  void expect_counts_add_up() {
    std::map<std::pair<Side, std::string>, std::array<std::int64_t, 5>> walked;
    for (int state = 0; state < 5; ++state) {
      RecordId after = RecordId::none;
      for (;;) {
        const auto page = must(store->in_state(static_cast<State>(state), after, 100));
        for (const StoredRecord& found : page) walked[{found.side, found.type}][static_cast<std::size_t>(state)] += 1;
        if (page.empty()) break;
        after = page.back().id;
      }
    }
    std::map<std::pair<Side, std::string>, std::array<std::int64_t, 5>> told;
    for (const Tally& tally : must(store->tally()))
      if (tally.count != std::array<std::int64_t, 5>{}) told[{tally.side, tally.type}] = tally.count;
    EXPECT_EQ(told, walked);
  }

  std::unique_ptr<Store> store;
  std::string place_;
};

}  // namespace tieout
