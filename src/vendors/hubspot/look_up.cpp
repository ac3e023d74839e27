// What became of an uncertain write to HubSpot. A change is looked up by reading the record again and comparing what
// was sent; a create by our reference, which is a unique property: reading by it does not depend on the search index.
// "Absent" is said only after the settle time: until then the write may still arrive.
#include <fmt/core.h>

#include <charconv>

#include "vendors/hubspot/connector.hpp"

namespace tieout::vendors::hubspot {
namespace {

using ports::Found;
using ports::WriteKind;

constexpr std::size_t kBatch = 100;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// "01.50" → "1.5"; nothing when it is no plain decimal number.
std::optional<std::string> plain_number(std::string_view text) {
  std::string out;
  bool point = false, digits = false;
  if (!text.empty() && text.front() == '-') {
    out = "-";
    text.remove_prefix(1);
  }
  for (const char c : text) {
    if (c == '.' && !point)
      point = true;
    else if (c >= '0' && c <= '9')
      digits = true;
    else
      return std::nullopt;
    out += c;
  }
  if (!digits) return std::nullopt;
  if (point) {
    while (out.back() == '0') out.pop_back();
    if (out.back() == '.') out.pop_back();
  }
  const std::size_t sign = out.starts_with('-') ? 1 : 0;
  while (out.size() > sign + 1 && out[sign] == '0' && out[sign + 1] != '.') out.erase(sign, 1);
  if (out.size() == sign || out[sign] == '.') out.insert(sign, "0");
  return out == "-0" ? "0" : out;
}

std::optional<std::int64_t> instant_ms(const std::string& text) {
  if (auto date = parse_date(text)) return to_ms(std::chrono::sys_days{*date});
  if (auto instant = parse_instant(text)) return to_ms(*instant);
  std::int64_t ms = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ms);
  if (error == std::errc() && end == text.data() + text.size() && text.size() >= 12) return ms;
  return std::nullopt;
}

bool all_equal(const json::Value& sent, const json::Value& found) {
  for (const auto& [name, value] : sent.members()) {
    if (name == "associations" || name == "id") continue;
    if (!same_value(property_text(value), found[name].text())) return false;
  }
  return true;
}

}  // namespace

bool same_value(const std::string& sent, const std::string& found) {
  if (trimmed(sent) == trimmed(found)) return true;
  if (const auto a = plain_number(trimmed(sent)); a && a == plain_number(trimmed(found))) return true;
  const auto a = instant_ms(sent);
  return a && a == instant_ms(found);
}

Result<std::vector<ports::Lookup>> HubSpot::look_up(std::span<const ports::WriteRequest> requests,
                                                    Instant written_after) {
  std::vector<ports::Lookup> out(requests.size());
  const auto settle = std::chrono::seconds{session_.setting("settle_seconds", session_.manifest().settle_seconds)};
  const bool settled = session_.now() - written_after >= settle;
  std::map<std::pair<std::string, WriteKind>, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const auto& request = requests[i];
    if (!session_.manifest().object(request.object) || request.kind == WriteKind::void_document) continue;
    if (request.kind == WriteKind::create && request.reference.empty()) continue;  // without a mark: unsure for ever
    groups[{request.object, request.kind}].push_back(i);
  }
  for (const auto& [key, items] : groups) {
    for (std::size_t at = 0; at < items.size(); at += kBatch) {
      const std::vector<std::size_t> part(
          items.begin() + static_cast<std::ptrdiff_t>(at),
          items.begin() + static_cast<std::ptrdiff_t>(std::min(items.size(), at + kBatch)));
      if (key.second == WriteKind::create)
        TRY_VOID(look_up_creates(requests, part, settled, out));
      else
        TRY_VOID(look_up_updates(requests, part, settled, out));
    }
  }
  return out;
}

Result<bool> HubSpot::look_up_updates(std::span<const ports::WriteRequest> requests,
                                      const std::vector<std::size_t>& items, bool settled,
                                      std::vector<ports::Lookup>& out) {
  const std::string& object = requests[items.front()].object;
  std::vector<json::Value> sent;
  std::vector<std::string> names = properties_of(object);
  for (const std::size_t item : items) {
    auto body = json::parse(requests[item].body);
    sent.push_back(body ? properties_in(*body) : json::Value::object());
    for (const auto& [name, value] : sent.back().members())
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  Call call{.method = "POST",
            .path = "/crm/v3/objects/" + object + "/batch/read",
            .body = {},
            .about = fmt::format("look up {} changed {}", items.size(), object)};
  json::Writer text(call.body);
  text.begin_object().key("propertiesWithHistory").begin_array().end_array().key("properties").begin_array();
  for (const std::string& name : names) text.string(name);
  text.end_array().key("inputs").begin_array();
  for (const std::size_t item : items) text.begin_object().member("id", requests[item].vendor_id).end_object();
  text.end_array().end_object();
  TRY(response, session_.call(std::move(call)));
  TRY(answer, read_answer(std::move(response.body)));
  std::unordered_map<std::string, const Row*> rows;
  for (const Row& row : answer.rows) rows.emplace(row.id, &row);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto found = rows.find(requests[items[i]].vendor_id);
    ports::Lookup& lookup = out[items[i]];
    if (found == rows.end()) {
      TRY(told, read(object, std::span(&requests[items[i]].vendor_id, 1)));
      // Only its own 404, or another record answering in its place after a merge, says that it is gone; then our change
      // can never arrive any more.
      if (!told.empty() && told.front().deleted && told.front().vendor_id == requests[items[i]].vendor_id)
        lookup = {Found::absent, std::move(told.front())};
      continue;
    }
    auto properties = json::parse(found->second->properties);
    if (!properties) continue;
    lookup.found = all_equal(sent[i], *properties) ? Found::written : settled ? Found::absent : Found::unsure;
    lookup.record = plain_record(object, *found->second);
    lookup.record->partial = !linked_kinds(object).empty();
  }
  return true;
}

Result<Answer> HubSpot::find_references(const std::string& object, const std::vector<std::string>& references,
                                        const std::vector<std::string>& properties) {
  const std::string property = facts_of(object).detail("reference");
  const auto call_with = [&](bool by_search) {
    Call call{.method = "POST",
              .path = fmt::format("/crm/v3/objects/{}/{}", object, by_search ? "search" : "batch/read"),
              .body = {},
              .about = fmt::format("look up {} created {}", references.size(), object)};
    json::Writer text(call.body);
    text.begin_object();
    if (by_search) {
      text.key("filterGroups").begin_array().begin_object().key("filters").begin_array().begin_object();
      text.member("propertyName", property).member("operator", "IN").key("values").begin_array();
      for (const std::string& reference : references) text.string(reference);
      text.end_array().end_object().end_array().end_object().end_array().key("limit").number(200);
    } else {
      text.member("idProperty", property)
          .key("propertiesWithHistory")
          .begin_array()
          .end_array()
          .key("inputs")
          .begin_array();
      for (const std::string& reference : references) text.begin_object().member("id", reference).end_object();
      text.end_array();
    }
    text.key("properties").begin_array();
    for (const std::string& name : properties) text.string(name);
    text.end_array().end_object();
    return call;
  };
  auto response = session_.call(call_with(false));
  // An account whose property was made without "unique" cannot be read by it; the search finds it, a little late.
  if (!response && response.error().code != "hubspot.unreachable" &&
      response.error().certainty == Certainty::not_applied)
    response = session_.call(call_with(true));
  if (!response) return fail(response.error());
  return read_answer(std::move(response->body));
}

Result<bool> HubSpot::look_up_creates(std::span<const ports::WriteRequest> requests,
                                      const std::vector<std::size_t>& items, bool settled,
                                      std::vector<ports::Lookup>& out) {
  const std::string& object = requests[items.front()].object;
  const std::string property = facts_of(object).detail("reference");
  if (property.empty()) return true;
  std::vector<std::string> references;
  for (const std::size_t item : items) references.push_back(requests[item].reference);
  std::vector<std::string> names = properties_of(object);
  if (std::find(names.begin(), names.end(), property) == names.end()) names.push_back(property);
  TRY(answer, find_references(object, references, names));
  std::unordered_map<std::string, const Row*> rows;
  for (const Row& row : answer.rows)
    if (auto properties = json::parse(row.properties)) rows.emplace((*properties)[property].text(), &row);
  for (const std::size_t item : items) {
    const auto found = rows.find(requests[item].reference);
    if (found == rows.end()) {
      out[item].found = settled ? Found::absent : Found::unsure;
      continue;
    }
    out[item].found = Found::written;
    out[item].record = plain_record(object, *found->second);
    out[item].record->partial = !linked_kinds(object).empty();
  }
  return true;
}

}  // namespace tieout::vendors::hubspot
