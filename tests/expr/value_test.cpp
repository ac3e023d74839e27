// The value that records and expressions share.
#include <gtest/gtest.h>

#include "model/value.hpp"

namespace tieout::model {
namespace {

TEST(Value, TellsAbsentFromNull) {
  EXPECT_TRUE(Value().is_absent());
  EXPECT_FALSE(Value::null().same(Value::absent()));
  EXPECT_FALSE(Value::null().has_value());
  EXPECT_TRUE(Value::integer(0).has_value());
}

TEST(Value, KeepsTextsOfAnyLength) {
  for (const std::size_t length : {0, 1, 21, 22, 23, 24, 1000}) {
    const std::string text(length, 'x');
    const Value value = Value::text(text);
    const Value copy = value;  // NOLINT: the copy is what is tested
    EXPECT_EQ(copy.as_text(), text);
    EXPECT_TRUE(copy.same(value));
    EXPECT_EQ(copy.hash(), value.hash());
  }
}

TEST(Value, IsTheSameDecimalWhateverItsPlaces) {
  const Value a = Value::decimal(Decimal::of("1.50")), b = Value::decimal(Decimal::of("1.5"));
  EXPECT_TRUE(a.same(b));
  EXPECT_EQ(a.hash(), b.hash());
  EXPECT_EQ(a.as_decimal().to_text(), "1.50");
  EXPECT_EQ(Value::decimal(Decimal::of("-99999999999999999999999.123")).as_decimal().to_text(),
            "-99999999999999999999999.123");
}

TEST(Value, ComparesMapsInAnyOrder) {
  const Value a = Value::map({{Value::text("x"), Value::integer(1)}, {Value::text("y"), Value::integer(2)}});
  const Value b = Value::map({{Value::text("y"), Value::integer(2)}, {Value::text("x"), Value::integer(1)}});
  EXPECT_TRUE(a.same(b));
  EXPECT_EQ(a.hash(), b.hash());
}

TEST(Value, FindsKeysInSmallAndLargeMaps) {
  for (const int size : {3, 8, 9, 1000}) {
    std::vector<MapEntry> entries;
    for (int i = 0; i < size; ++i) entries.push_back({Value::text("key" + std::to_string(i)), Value::integer(i)});
    entries.push_back({Value::integer(7), Value::text("seven")});
    const Value map = Value::map(std::move(entries));
    for (int i = 0; i < size; ++i) ASSERT_EQ(map.find("key" + std::to_string(i))->as_integer(), i);
    EXPECT_EQ(map.find(Value::unsigned_integer(7))->as_text(), "seven");
    EXPECT_EQ(map.find(Value::floating(7.0))->as_text(), "seven");
    EXPECT_EQ(map.find(Value::floating(7.5)), nullptr);
    EXPECT_EQ(map.find("nope"), nullptr);
  }
}

TEST(Value, CopiesSharedSlotsBeforeWriting) {
  const RecordShape shape("thing", {"a", "b"});
  Value record = Value::record(&shape, {Value::integer(1), Value::absent()});
  const Value before = record;
  record.writable_slots()[0] = Value::integer(2);
  EXPECT_EQ(before.slot(0).as_integer(), 1);
  EXPECT_EQ(record.slot(0).as_integer(), 2);
  EXPECT_EQ(record.field("a")->as_integer(), 2);
  EXPECT_EQ(record.field("nope"), nullptr);
  EXPECT_FALSE(before.same(record));
}

TEST(Value, KeepsMomentsBeforeTheEpoch) {
  const Instant instant = instant_from_ms(-1);
  const Value value = Value::instant(instant);
  EXPECT_EQ(value.as_moment().seconds, -1);
  EXPECT_EQ(value.as_moment().nanos, 999'000'000);
  EXPECT_EQ(value.as_instant(), instant);
}

}  // namespace
}  // namespace tieout::model
