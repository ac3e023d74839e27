#include <fmt/core.h>

#include "sandbox/hubspot/api.hpp"
#include "sandbox/hubspot/render.hpp"
#include "sandbox/kit/server.hpp"

namespace tieout::sandbox::hubspot {
namespace {

constexpr std::size_t kListDefault = 10;
constexpr std::size_t kListMost = 100;

std::optional<Answer> read_associations(Call& call, std::vector<Type>& into) {
  for (const std::string& name : call.names("associations")) {
    const auto type = type_named(name);
    if (!type) return bad_request(call, fmt::format("Unable to infer object type from: {}", name));
    if (std::find(into.begin(), into.end(), *type) == into.end()) into.push_back(*type);
  }
  return std::nullopt;
}

std::string list_link(const Call& call, Type type, std::string_view after) {
  std::string out = fmt::format("https://api.hubapi.com/crm/v3/objects/{}?after={}", info(type).plural, after);
  for (const auto& [name, value] : call.request.query)
    if (name == "limit" || name == "archived") out += fmt::format("&{}={}", name, value);
  return out;
}

/// The records of one page, and the id after which the next one begins (0: no more).
struct ListPage {
  std::vector<const Record*> records;
  Id next_after = 0;
  bool more = false;
};

ListPage page_of(const Table& table, Id after, std::size_t limit, bool archived) {
  ListPage out;
  const auto& all = table.records();
  for (std::size_t i = table.position_after(after); i < all.size(); ++i) {
    if (all[i].gone || all[i].archived != archived) continue;
    if (out.records.size() == limit) {
      out.more = true;
      break;
    }
    out.records.push_back(&all[i]);
    out.next_after = all[i].id;
  }
  return out;
}

/// Half a page back: for the injected fault of pages that overlap.
Id stepped_back(const Table& table, Id after, std::size_t limit) {
  const std::size_t position = table.position_after(after);
  const std::size_t back = std::min(position, std::max<std::size_t>(1, limit / 2));
  return position == back ? 0 : table.records()[position - back - 1].id;
}

Answer list(Call& call, Type type) {
  const Table& table = call.crm.table(type);
  const std::string_view limit_text = call.request.param("limit");
  const auto limit = limit_text.empty() ? std::optional<Id>(kListDefault) : parse_id(limit_text);
  if (!limit || *limit < 1 || *limit > static_cast<Id>(kListMost))
    return bad_request(call, fmt::format("limit must be between 1 and {}", kListMost));
  const std::string_view after_text = call.request.param("after");
  const auto after = after_text.empty() ? std::optional<Id>(0) : parse_id(after_text);
  if (!after) return bad_request(call, fmt::format("invalid paging cursor: {}", after_text));
  RenderOptions options;
  if (auto problem = read_associations(call, options.associations)) return std::move(*problem);
  const Selection selection(table, call.names("properties"));
  options.selection = &selection;

  const auto size = static_cast<std::size_t>(*limit);
  const Id start = call.faults.duplicate_page && *after > 0 ? stepped_back(table, *after, size) : *after;
  ListPage page = page_of(table, start, size, call.flag("archived"));
  if (call.faults.missing_page && !page.records.empty()) page = ListPage{{}, *after, true};

  std::string out = "{\"results\":[";
  for (std::size_t i = 0; i < page.records.size(); ++i) {
    if (i > 0) out += ',';
    append_record(out, call.crm, table, *page.records[i], options);
  }
  out += ']';
  if (page.more) {
    const std::string next = std::to_string(page.next_after);
    out += ',';
    append_next(out, next, list_link(call, type, next));
  }
  out += '}';
  return json_answer(200, std::move(out));
}

Answer read_one(Call& call, Type type, std::string_view id) {
  const Table& table = call.crm.table(type);
  const Record* record = find_record(call, type, id, call.request.param("idProperty"));
  if (record == nullptr || record->archived != call.flag("archived")) return not_found(call, id);
  RenderOptions options;
  if (auto problem = read_associations(call, options.associations)) return std::move(*problem);
  const Selection selection(table, call.names("properties"));
  options.selection = &selection;
  std::string out;
  append_record(out, call.crm, table, *record, options);
  return json_answer(200, std::move(out));
}

Answer create(Call& call, Type type) {
  Values values;
  std::vector<NewLink> links;
  if (auto problem = read_values(call.body["properties"], values)) return bad_request(call, *problem);
  if (auto problem = read_links(call.body["associations"], links)) return bad_request(call, *problem);
  if (auto refusal = call.crm.check(type, values, nullptr)) return trouble(call, *refusal);
  if (auto refusal = call.crm.check_links(type, links)) return trouble(call, *refusal);
  const Record& record = call.crm.create(type, values, links, call.now);
  ++call.written;
  std::string out;
  append_record(out, call.crm, call.crm.table(type), record, {});
  return json_answer(201, std::move(out));
}

Answer update(Call& call, Type type, std::string_view id) {
  Record* record = find_record(call, type, id, call.request.param("idProperty"));
  if (record == nullptr || record->archived) return not_found(call, id);
  Values values;
  if (auto problem = read_values(call.body["properties"], values)) return bad_request(call, *problem);
  if (auto refusal = call.crm.check(type, values, record)) return trouble(call, *refusal);
  call.crm.update(type, *record, values, call.now);
  ++call.written;
  std::string out;
  append_record(out, call.crm, call.crm.table(type), *record, {});
  return json_answer(200, std::move(out));
}

Answer archive(Call& call, Type type, std::string_view id) {
  if (Record* record = find_record(call, type, id, {}); record != nullptr && !record->archived) {
    call.crm.archive(type, *record, call.now);
    ++call.written;
  }
  return no_content();  // also for what never existed
}

Answer merge(Call& call, Type type) {
  const auto primary = parse_id(call.body["primaryObjectId"].text_or(""));
  const auto other = parse_id(call.body["objectIdToMerge"].text_or(""));
  if (!primary || !other) return bad_request(call, "primaryObjectId and objectIdToMerge must be ids");
  auto merged = call.crm.merge(type, *primary, *other, call.now);
  if (const auto* refusal = std::get_if<Refusal>(&merged)) return trouble(call, *refusal);
  call.written += 2;
  std::string out;
  append_record(out, call.crm, call.crm.table(type), *std::get<Record*>(merged), {});
  return json_answer(200, std::move(out));
}

Answer gdpr_delete(Call& call) {
  const std::string id = call.body["objectId"].text_or("");
  Record* record = find_record(call, contacts, id, call.body["idProperty"].text_or(""));
  if (record == nullptr) return not_found(call, id);
  const std::vector<Link> links = record->links;
  for (const Link& each : links) call.crm.dissociate(contacts, *record, each.to_type, each.to_id);
  call.crm.table(contacts).erase(*record);
  ++call.written;
  return no_content();
}

Answer posted(Call& call, Type type, std::string_view what) {
  if (what.empty()) return create(call, type);
  if (what == "search") return search_api(call, type);
  if (what == "merge") return merge(call, type);
  if (what == "gdpr-delete" && type == contacts) return gdpr_delete(call);
  return wrong_method();
}

}  // namespace

Record* find_record(Call& call, Type type, std::string_view id, std::string_view id_property) {
  Table& table = call.crm.table(type);
  if (id_property.empty() || id_property == "hs_object_id") {
    const auto number = parse_id(id);
    return number ? table.find(*number) : nullptr;
  }
  const int property = table.schema.find(id_property);
  if (property < 0 || !table.schema.at(property).unique) return nullptr;
  return table.by_unique(property, id);
}

std::optional<std::string> read_values(const json::Value& properties, Values& into) {
  if (!properties.is_object()) return "properties must be an object";
  into.reserve(properties.size());
  for (const auto& [name, value] : properties.members()) {
    if (value.is_object() || value.is_array()) return fmt::format("the value of property {} must be text", name);
    into.emplace_back(name, value.is_null() ? std::string() : value.text());
  }
  return std::nullopt;
}

std::optional<std::string> read_links(const json::Value& associations, std::vector<NewLink>& into) {
  for (const json::Value& item : associations.items()) {
    NewLink link;
    const auto to = parse_id(item["to"]["id"].text_or(""));
    if (!to) return "associations[].to.id must be an id";
    link.to = *to;
    for (const json::Value& type : item["types"].items()) {
      const auto category = category_named(type["associationCategory"].text());
      if (!category) return fmt::format("unknown association category: {}", type["associationCategory"].text());
      link.types.emplace_back(*category, static_cast<int>(type["associationTypeId"].as_int()));
    }
    if (link.types.empty()) return "associations[].types must not be empty";
    into.push_back(std::move(link));
  }
  return std::nullopt;
}

Answer objects_api(Call& call) {
  const auto type = type_named(call.part(3));
  if (!type) return bad_request(call, fmt::format("Unable to infer object type from: {}", call.part(3)));
  const std::string_view what = call.part(4);
  if (what == "batch") return call.method() == "POST" ? batch_api(call, *type, call.part(5)) : wrong_method();
  if (call.part(5) == "associations") return association_of_object(call, *type, 4);
  if (call.parts.size() > 5) return no_such_path();
  if (call.method() == "POST") return posted(call, *type, what);
  if (call.method() == "GET") return what.empty() ? list(call, *type) : read_one(call, *type, what);
  if (call.method() == "PATCH" && !what.empty()) return update(call, *type, what);
  if (call.method() == "DELETE" && !what.empty()) return archive(call, *type, what);
  return wrong_method();
}

}  // namespace tieout::sandbox::hubspot
