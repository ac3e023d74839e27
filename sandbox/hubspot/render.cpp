#include "sandbox/hubspot/render.hpp"

#include <charconv>

#include "sandbox/kit/server.hpp"

namespace tieout::sandbox::hubspot {
namespace {

constexpr std::size_t kEmbeddedAssociations = 100;  // the rest is behind paging.next

void append_two(std::string& out, std::int64_t value) {
  out += static_cast<char>('0' + value / 10);
  out += static_cast<char>('0' + value % 10);
}

void append_value(std::string& out, const Record& record, int number, Source source, bool& is_null) {
  is_null = false;
  switch (source) {
    case Source::object_id:
      out += '"';
      append_number(out, record.id);
      out += '"';
      return;
    case Source::created:
      append_instant(out, record.created);
      return;
    case Source::modified:
      append_instant(out, record.modified);
      return;
    case Source::stored:
      break;
  }
  if (const auto value = record.bag.find(static_cast<std::uint16_t>(number)))
    json::append_string(out, *value);
  else
    is_null = true;
}

void append_selected(std::string& out, const Record& record, const RenderOptions& options) {
  bool first = true;
  for (const Selection::Item& item : options.selection->items()) {
    const std::size_t before = out.size();
    if (!first) out += ',';
    out += item.key;
    bool is_null = false;
    append_value(out, record, item.number, item.source, is_null);
    if (is_null && options.leave_out_nulls) {
      out.resize(before);
      continue;
    }
    if (is_null) out += "null";
    first = false;
  }
}

void append_everything(std::string& out, const Table& table, const Record& record) {
  out += "\"hs_object_id\":\"";
  append_number(out, record.id);
  out += "\",\"createdate\":";
  append_instant(out, record.created);
  out += ",\"";
  out += info(table.type()).modified;
  out += "\":";
  append_instant(out, record.modified);
  record.bag.for_each([&](std::uint16_t number, std::string_view value) {
    out += ",\"";
    out += table.schema.at(number).name;
    out += "\":";
    json::append_string(out, value);
  });
}

void append_associations(std::string& out, const Crm& crm, const Table& table, const Record& record,
                         const std::vector<Type>& types) {
  std::string inside;
  for (const Type to : types) {
    const std::vector<Link> links = crm.links(record, to);
    if (links.empty()) continue;
    inside += inside.empty() ? "\"" : ",\"";
    inside += info(to).embedded;
    inside += "\":{\"results\":[";
    const std::size_t count = std::min(links.size(), kEmbeddedAssociations);
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) inside += ',';
      inside += "{\"id\":\"";
      append_number(inside, links[i].to_id);
      inside += "\",\"type\":";
      json::append_string(inside, crm.association_types().find(links[i].category, links[i].type_id)->name);
      inside += '}';
    }
    inside += ']';
    if (links.size() > count) {
      const std::string after = std::to_string(links[count - 1].to_id);
      std::string link = "https://api.hubapi.com/crm/v3/objects/";
      link += info(table.type()).plural;
      link += '/' + std::to_string(record.id) + "/associations/";
      link += info(to).plural;
      link += "?after=" + after;
      inside += ',';
      append_next(inside, after, link);
    }
    inside += '}';
  }
  if (inside.empty()) return;
  out += ",\"associations\":{";
  out += inside;
  out += '}';
}

}  // namespace

Selection::Selection(const Table& table, const std::vector<std::string>& names) {
  if (names.empty()) {
    for (const std::string_view name : info(table.type()).defaults) add(table.schema, name);
  }
  for (const std::string& name : names) add(table.schema, name);
  add(table.schema, "createdate");
  add(table.schema, info(table.type()).modified);
  add(table.schema, "hs_object_id");
}

void Selection::add(const Schema& schema, std::string_view name) {
  const int number = schema.find(name);
  if (number < 0) return;
  if (std::any_of(items_.begin(), items_.end(), [&](const Item& item) { return item.number == number; })) return;
  std::string key;
  json::append_string(key, name);
  items_.push_back({number, schema.at(number).source, key + ":"});
}

void append_number(std::string& out, std::int64_t value) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, end);
}

void append_instant(std::string& out, Instant instant) {
  // Most instants of a page fall on one day: its text is kept.
  thread_local std::chrono::sys_days known_day{std::chrono::days{-1}};
  thread_local std::string known_text;
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  if (day != known_day || known_text.empty()) {
    known_day = day;
    known_text = to_text(Date{day});
  }
  const std::int64_t ms = (instant - day).count();
  out += '"';
  out += known_text;
  out += 'T';
  append_two(out, ms / 3'600'000);
  out += ':';
  append_two(out, ms / 60'000 % 60);
  out += ':';
  append_two(out, ms / 1'000 % 60);
  out += '.';
  out += static_cast<char>('0' + ms % 1'000 / 100);
  append_two(out, ms % 100);
  out += "Z\"";
}

void append_record(std::string& out, const Crm& crm, const Table& table, const Record& record,
                   const RenderOptions& options) {
  out += "{\"id\":\"";
  append_number(out, record.id);
  out += "\",\"properties\":{";
  if (options.selection != nullptr)
    append_selected(out, record, options);
  else
    append_everything(out, table, record);
  out += "},\"createdAt\":";
  append_instant(out, record.created);
  out += ",\"updatedAt\":";
  append_instant(out, record.modified);
  out += record.archived ? ",\"archived\":true" : ",\"archived\":false";
  if (record.archived) {
    out += ",\"archivedAt\":";
    append_instant(out, record.archived_at);
  }
  if (options.is_new >= 0) out += options.is_new != 0 ? ",\"new\":true" : ",\"new\":false";
  if (!options.trace_id.empty()) {
    out += ",\"objectWriteTraceId\":";
    json::append_string(out, options.trace_id);
  }
  if (!options.associations.empty()) append_associations(out, crm, table, record, options.associations);
  out += '}';
}

void append_next(std::string& out, std::string_view after, std::string_view link) {
  out += "\"paging\":{\"next\":{\"after\":";
  json::append_string(out, after);
  if (!link.empty()) {
    out += ",\"link\":";
    json::append_string(out, link);
  }
  out += "}}";
}

Answer batch_answer(const Call& call, int status, std::string_view results, const std::vector<json::Value>& errors) {
  std::string out = "{\"status\":\"COMPLETE\",\"results\":[";
  out += results;
  out += ']';
  if (!errors.empty()) {
    out += ",\"numErrors\":";
    append_number(out, static_cast<std::int64_t>(errors.size()));
    out += ",\"errors\":[";
    for (std::size_t i = 0; i < errors.size(); ++i) {
      if (i > 0) out += ',';
      out += errors[i].dump();
    }
    out += ']';
  }
  out += ",\"startedAt\":";
  append_instant(out, call.now);
  out += ",\"completedAt\":";
  append_instant(out, call.now);
  out += '}';
  return json_answer(errors.empty() ? status : 207, std::move(out));
}

}  // namespace tieout::sandbox::hubspot
