#include "model/record.hpp"

#include <gtest/gtest.h>

#include <random>

namespace tieout::model {
namespace {

Record invoice() {
  Record line(type_named("invoice_line"));
  line.set("kind", Value::text("item")).set("quantity", Value::decimal(Decimal::of("12")));
  line.set("net_amount", Value::decimal(Decimal::of("142.80"))).set("product", Value::text("11"));
  Record record(type_named("invoice"));
  record.set("number", Value::text("INV-1042")).set("customer", Value::text("58")).set("memo", Value::null());
  record.set("issued_on", Value::date(*parse_date("2026-03-14"))).set("total", Value::decimal(Decimal::of("142.80")));
  record.set_records("lines", {line, line});
  return record;
}

TEST(RecordBytes, GiveTheRecordBack) {
  std::string bytes;
  encode(invoice(), bytes);
  const auto back = decode(type_named("invoice"), bytes);
  ASSERT_TRUE(back) << back.error().what;
  EXPECT_EQ(*back, invoice());
  EXPECT_TRUE(back->get("memo").is_null());
  EXPECT_TRUE(back->get("email").is_absent());
  EXPECT_EQ(back->get("total").as_decimal().to_text(), "142.80");
  EXPECT_LT(bytes.size(), 110u);
}

TEST(RecordBytes, DamageIsNoticedAndNeverCrashes) {
  std::string bytes;
  encode(invoice(), bytes);
  for (std::size_t cut = 0; cut < bytes.size(); ++cut)
    EXPECT_FALSE(decode(type_named("invoice"), std::string_view(bytes).substr(0, cut))) << cut;
  std::mt19937 random(7);
  for (int i = 0; i < 20'000; ++i) {
    std::string damaged = bytes;
    damaged[random() % damaged.size()] = static_cast<char>(random());
    const auto back = decode(type_named("invoice"), damaged);
    EXPECT_TRUE(back || back.error().code.starts_with("model.stored."));
  }
  EXPECT_EQ(decode(type_named("invoice"), "\x02").error().code, "model.stored.version");
}

TEST(RecordBytes, FieldsThatThisBuildDoesNotKnowAreSteppedOver) {
  std::string bytes;
  encode(invoice(), bytes);
  const auto as_note = decode(type_named("note"), bytes);  // shares no field with an invoice
  ASSERT_TRUE(as_note) << as_note.error().what;
  EXPECT_EQ(*as_note, Record(type_named("note")));
}

TEST(RecordDigest, LooksAtTheNumberNotAtItsZeros) {
  Record a = invoice(), b = invoice();
  b.set("total", Value::decimal(Decimal::of("142.8")));
  EXPECT_EQ(a, b);
  EXPECT_EQ(digest(a), digest(b));
  b.set("memo", Value::absent());
  EXPECT_NE(digest(a), digest(b));
}

TEST(RecordJson, GoesOutAndComesBack) {
  const std::string text = to_json(invoice());
  EXPECT_NE(text.find(R"("total":"142.80")"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("memo":null)"), std::string::npos) << text;
  const auto back = from_json(type_named("invoice"), text);
  ASSERT_TRUE(back) << back.error().what;
  EXPECT_EQ(*back, invoice());
}

TEST(RecordJson, SaysWhereSomethingIsWrong) {
  const RecordType& type = type_named("invoice");
  EXPECT_EQ(from_json(type, R"({"lines":[{},{"quantity":"many"}]})").error().field, "invoice.lines[1].quantity");
  EXPECT_EQ(from_json(type, R"({"lines":[{},{"quantity":"many"}]})").error().code, "model.json.kind");
  EXPECT_EQ(from_json(type, R"({"totla":"1"})").error().code, "model.json.unknown_field");
  EXPECT_NE(from_json(type, R"({"totla":"1"})").error().what.find("did you mean total?"), std::string::npos);
  EXPECT_EQ(from_json(type, R"([])").error().code, "model.json.not_an_object");
}

TEST(RecordDiff, NamesTheFieldsThatDiffer) {
  Record changed = invoice();
  changed.set("memo", Value::text("x")).set("total", Value::decimal(Decimal::of("142.8")));
  const auto changes = diff(invoice(), changed);
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].field, "memo");
}

TEST(RecordCopies, AreIndependent) {
  const Record before = invoice();
  Record copy = before;
  copy.set("number", Value::text("other"));
  EXPECT_EQ(before.text("number"), "INV-1042");
}

}  // namespace
}  // namespace tieout::model
