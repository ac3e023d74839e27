#include "vendors/quickbooks/cursor.hpp"

#include "base/json.hpp"

namespace tieout::vendors::quickbooks {
namespace {

constexpr int kVersion = 1;

const char* word(Phase phase) { return phase == Phase::load ? "load" : phase == Phase::delta ? "delta" : "narrow"; }

}  // namespace

std::string to_text(const Cursor& cursor) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("v").number(kVersion).member("phase", word(cursor.phase)).key("entity").number(cursor.entity);
  out.key("position").number(cursor.position).member("last", cursor.last).key("backs").number(cursor.backs);
  out.key("started").number(cursor.started).key("floor").number(cursor.floor).key("since").number(cursor.since);
  out.key("query").boolean(cursor.query).key("too_old").boolean(cursor.too_old).key("seen").begin_object();
  for (const auto& [name, seen] : cursor.seen)
    out.key(name).begin_array().string(seen.token).number(seen.at).end_array();
  out.end_object().end_object();
  return text;
}

Result<Cursor> parse_cursor(const std::string& text) {
  Cursor cursor;
  if (text.empty()) return cursor;
  auto value = json::parse(text);
  const std::string phase = value ? (*value)["phase"].text() : "";
  if (!value || (*value)["v"].as_int() != kVersion || (phase != "load" && phase != "delta" && phase != "narrow"))
    return fail("quickbooks.cursor.malformed",
                "the stored place-mark of this connection cannot be read; start it anew with an empty one");
  cursor.phase = phase == "load" ? Phase::load : phase == "delta" ? Phase::delta : Phase::narrow;
  cursor.entity = static_cast<int>((*value)["entity"].as_int());
  cursor.position = (*value)["position"].as_int(1);
  cursor.last = (*value)["last"].text();
  cursor.backs = static_cast<int>((*value)["backs"].as_int());
  cursor.started = (*value)["started"].as_int();
  cursor.floor = (*value)["floor"].as_int();
  cursor.since = (*value)["since"].as_int();
  cursor.query = (*value)["query"].as_bool();
  cursor.too_old = (*value)["too_old"].as_bool();
  for (const auto& [name, seen] : (*value)["seen"].members())
    if (seen.size() == 2) cursor.seen[name] = {seen.items()[0].text(), seen.items()[1].as_int()};
  return cursor;
}

}  // namespace tieout::vendors::quickbooks
