#include "vendors/hubspot/cursor.hpp"

#include <charconv>

#include "base/json.hpp"

namespace tieout::vendors::hubspot {
namespace {

constexpr int kVersion = 1;

void write_mark(json::Writer& out, const Mark& mark) {
  out.begin_object().key("floor").number(mark.floor);
  if (mark.started) {
    out.key("base").number(mark.base).member("after", mark.after).key("top").number(mark.top);
    out.key("time").number(mark.vendor_time).key("done").boolean(mark.done);
  }
  out.key("seen").begin_object();
  for (const auto& [id, modified] : mark.seen) out.key(id).number(modified);
  out.end_object().end_object();
}

Mark read_mark(const json::Value& value) {
  Mark mark;
  mark.floor = value["floor"].as_int();
  mark.started = value.find("base") != nullptr;
  mark.base = value["base"].as_int();
  mark.after = value["after"].text();
  mark.top = value["top"].as_int();
  mark.vendor_time = value["time"].as_int();
  mark.done = value["done"].as_bool();
  for (const auto& [id, modified] : value["seen"].members()) mark.seen[id] = modified.as_int();
  return mark;
}

}  // namespace

Mark& Cursor::mark(const std::string& object_name) {
  for (auto& [name, mark] : marks)
    if (name == object_name) return mark;
  marks.emplace_back(object_name, Mark{});
  marks.back().second.floor = started;
  return marks.back().second;
}

std::string to_text(const Cursor& cursor) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("v").number(kVersion);
  out.member("phase", cursor.phase == Phase::load ? "load" : cursor.phase == Phase::delta ? "delta" : "archived");
  out.key("object").number(cursor.object).member("after", cursor.after).key("started").number(cursor.started);
  out.key("passes").number(cursor.passes).key("marks").begin_object();
  for (const auto& [name, mark] : cursor.marks) {
    out.key(name);
    write_mark(out, mark);
  }
  out.end_object().end_object();
  return text;
}

Result<Cursor> parse_cursor(const std::string& text) {
  Cursor cursor;
  if (text.empty()) return cursor;
  auto value = json::parse(text);
  const std::string phase = value ? (*value)["phase"].text() : "";
  if (!value || (*value)["v"].as_int() != kVersion || (phase != "load" && phase != "delta" && phase != "archived"))
    return fail("hubspot.cursor.malformed",
                "the stored place-mark of this connection cannot be read; start it anew with an empty one");
  cursor.phase = phase == "load" ? Phase::load : phase == "delta" ? Phase::delta : Phase::archived;
  cursor.object = static_cast<int>((*value)["object"].as_int());
  cursor.after = (*value)["after"].text();
  cursor.started = (*value)["started"].as_int();
  cursor.passes = static_cast<int>((*value)["passes"].as_int());
  for (const auto& [name, mark] : (*value)["marks"].members()) cursor.marks.emplace_back(name, read_mark(mark));
  return cursor;
}

}  // namespace tieout::vendors::hubspot
