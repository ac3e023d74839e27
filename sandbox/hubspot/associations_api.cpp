// Associations: of one record, in batches, default or labelled, in the v4 form and in the older v3 form.
#include <fmt/core.h>

#include "sandbox/hubspot/api.hpp"
#include "sandbox/hubspot/render.hpp"
#include "sandbox/kit/server.hpp"

namespace tieout::sandbox::hubspot {
namespace {

using json::Value;

constexpr std::size_t kPageMost = 500;
constexpr std::size_t kBatchMost = 2'000;  // v4 takes more than the objects do
constexpr std::size_t kReadMost = 1'000;

struct Target {
  Id id = 0;
  std::vector<Link> links;  ///< several types to one record
};

/// A page of the records associated with one, each once.
struct TargetPage {
  std::vector<Target> targets;
  std::string after;  ///< empty: no more
};

TargetPage targets_of(const Crm& crm, const Record& record, Type to, Id after, std::size_t limit) {
  TargetPage out;
  for (const Link& link : crm.links(record, to)) {
    if (link.to_id <= after) continue;
    if (!out.targets.empty() && out.targets.back().id == link.to_id) {
      out.targets.back().links.push_back(link);
      continue;
    }
    if (out.targets.size() == limit) {
      out.after = std::to_string(out.targets.back().id);
      break;
    }
    out.targets.push_back({link.to_id, {link}});
  }
  return out;
}

void append_types(std::string& out, const Crm& crm, const Target& target) {
  out += "{\"toObjectId\":\"";
  append_number(out, target.id);
  out += "\",\"associationTypes\":[";
  bool first = true;
  for (const Link& link : target.links) {
    const AssociationType& type = *crm.association_types().find(link.category, link.type_id);
    out += first ? "{\"category\":\"" : ",{\"category\":\"";
    first = false;
    out += name_of(link.category);
    out += "\",\"typeId\":";
    append_number(out, link.type_id);
    if (!type.label.empty()) {
      out += ",\"label\":";
      json::append_string(out, type.label);
    }
    out += '}';
  }
  out += "]}";
}

Answer list(Call& call, Type from, const Record& record, Type to, bool v4) {
  const std::string_view limit_text = call.request.param("limit");
  const auto limit = limit_text.empty() ? std::optional<Id>(kPageMost) : parse_id(limit_text);
  if (!limit || *limit < 1 || *limit > static_cast<Id>(kPageMost))
    return bad_request(call, fmt::format("limit must be between 1 and {}", kPageMost));
  const std::string_view after_text = call.request.param("after");
  const auto after = after_text.empty() ? std::optional<Id>(0) : parse_id(after_text);
  if (!after) return bad_request(call, fmt::format("invalid paging cursor: {}", after_text));
  const TargetPage page = targets_of(call.crm, record, to, *after, static_cast<std::size_t>(*limit));
  std::string out;
  for (const Target& target : page.targets) {
    if (v4) {
      if (!out.empty()) out += ',';
      append_types(out, call.crm, target);
      continue;
    }
    for (const Link& link : target.links) {
      if (!out.empty()) out += ',';
      out += fmt::format("{{\"id\":\"{}\",\"type\":\"{}\"}}", link.to_id,
                         call.crm.association_types().find(link.category, link.type_id)->name);
    }
  }
  out = "{\"results\":[" + out + "]";
  if (!page.after.empty()) {
    out += ',';
    append_next(out, page.after,
                fmt::format("https://api.hubapi.com/crm/{}/objects/{}/{}/associations/{}?after={}", v4 ? "v4" : "v3",
                            info(from).plural, record.id, info(to).plural, page.after));
  }
  return json_answer(200, out + "}");
}

/// Types as written in a request; an unknown one is said.
std::optional<std::string> read_types(const Call& call, Type from, Type to, const Value& types,
                                      std::vector<const AssociationType*>& into) {
  for (const Value& item : types.items()) {
    const auto category = category_named(item["associationCategory"].text());
    const int id = static_cast<int>(item["associationTypeId"].as_int());
    const AssociationType* type = category ? call.crm.association_types().find(*category, id) : nullptr;
    if (type == nullptr || type->from != from || type->to != to)
      return fmt::format("invalid association type {}:{} from {} to {}", item["associationCategory"].text(), id,
                         info(from).id, info(to).id);
    into.push_back(type);
  }
  if (into.empty()) return "at least one association type is required";
  return std::nullopt;
}

Value labels_between(Type from, Id from_id, Type to, Id to_id, const std::vector<const AssociationType*>& types) {
  Value labels = Value::array();
  for (const AssociationType* type : types)
    if (!type->label.empty()) labels.push(Value::string(type->label));
  Value out = Value::object();
  out.set("fromObjectTypeId", Value::string(std::string(info(from).id)));
  out.set("fromObjectId", Value::string(std::to_string(from_id)));
  out.set("toObjectTypeId", Value::string(std::string(info(to).id)));
  out.set("toObjectId", Value::string(std::to_string(to_id)));
  out.set("labels", std::move(labels));
  return out;
}

Value id_object(Id id) {
  Value out = Value::object();
  out.set("id", Value::string(std::to_string(id)));
  return out;
}

Value default_result(const Record& from, const Record& to, const AssociationType& type) {
  Value spec = Value::object();
  spec.set("associationCategory", Value::string(std::string(name_of(type.category))));
  spec.set("associationTypeId", Value::number(type.id));
  Value out = Value::object();
  out.set("from", id_object(from.id));
  out.set("to", id_object(to.id));
  out.set("associationSpec", std::move(spec));
  return out;
}

/// The live records that an input of a batch names.
struct Ends {
  Record* from = nullptr;
  Record* to = nullptr;
  std::vector<std::string> missing;
};

Ends ends_of(Call& call, Type from, Type to, const Value& from_id, const Value& to_id) {
  const auto live = [&](Type type, const Value& id, std::vector<std::string>& missing) {
    const auto number = parse_id(id["id"].text_or(""));
    Record* record = number ? call.crm.table(type).live(*number) : nullptr;
    if (record == nullptr) missing.push_back(id["id"].text_or(""));
    return record;
  };
  Ends out;
  out.from = live(from, from_id, out.missing);
  out.to = live(to, to_id, out.missing);
  return out;
}

Value missing_error(const std::vector<std::string>& ids) {
  return batch_error("OBJECT_NOT_FOUND", "One or more of the objects to associate do not exist.", ids);
}

void add_result(std::string& results, const Value& value) {
  if (!results.empty()) results += ',';
  results += value.dump();
}

Answer batch_create(Call& call, Type from, Type to) {
  std::string results;
  std::vector<Value> errors;
  for (const Value& input : call.body["inputs"].items()) {
    std::vector<const AssociationType*> types;
    if (auto problem = read_types(call, from, to, input["types"], types)) return bad_request(call, *problem);
    const Ends ends = ends_of(call, from, to, input["from"], input["to"]);
    if (!ends.missing.empty()) {
      errors.push_back(missing_error(ends.missing));
      continue;
    }
    for (const AssociationType* type : types) call.crm.associate(from, *ends.from, *type, *ends.to);
    ++call.written;
    add_result(results, labels_between(from, ends.from->id, to, ends.to->id, types));
  }
  return batch_answer(call, 201, results, errors);
}

Answer batch_default(Call& call, Type from, Type to) {
  const AssociationType* type = call.crm.association_types().unlabelled(from, to);
  if (type == nullptr)
    return bad_request(call, fmt::format("{} cannot be associated with {}", info(from).plural, info(to).plural));
  std::string results;
  std::vector<Value> errors;
  for (const Value& input : call.body["inputs"].items()) {
    const Ends ends = ends_of(call, from, to, input["from"], input["to"]);
    if (!ends.missing.empty()) {
      errors.push_back(missing_error(ends.missing));
      continue;
    }
    call.crm.associate(from, *ends.from, *type, *ends.to);
    ++call.written;
    add_result(results, default_result(*ends.from, *ends.to, *type));
  }
  return batch_answer(call, 200, results, errors);
}

Answer batch_read(Call& call, Type from, Type to, bool v4) {
  if (call.body["inputs"].size() > kReadMost)
    return bad_request(call, fmt::format("at most {} inputs are allowed", kReadMost));
  std::string results;
  std::vector<Value> errors;
  for (const Value& input : call.body["inputs"].items()) {
    const std::string id = input["id"].text_or("");
    const auto number = parse_id(id);
    const Record* record = number ? call.crm.table(from).live(*number) : nullptr;
    const auto after = parse_id(input["after"].text_or("0"));
    const TargetPage page =
        record != nullptr ? targets_of(call.crm, *record, to, after.value_or(0), kPageMost) : TargetPage{};
    if (page.targets.empty()) {
      errors.push_back(batch_error(
          "OBJECT_NOT_FOUND",
          fmt::format("No {} is associated with {} {}.", info(to).singular, info(from).singular, id), {id}));
      errors.back().set("subCategory", Value::string("crm.associations.NO_ASSOCIATIONS_FOUND"));
      continue;
    }
    if (!results.empty()) results += ',';
    results += fmt::format("{{\"from\":{{\"id\":\"{}\"}},\"to\":[", record->id);
    bool first = true;
    for (const Target& target : page.targets) {
      if (v4) {
        if (!first) results += ',';
        first = false;
        append_types(results, call.crm, target);
        continue;
      }
      for (const Link& link : target.links) {
        if (!first) results += ',';
        first = false;
        results += fmt::format("{{\"id\":\"{}\",\"type\":\"{}\"}}", link.to_id,
                               call.crm.association_types().find(link.category, link.type_id)->name);
      }
    }
    results += ']';
    if (!page.after.empty()) {
      results += ',';
      append_next(results, page.after, {});
    }
    results += '}';
  }
  return batch_answer(call, 200, results, errors);
}

Answer batch_archive(Call& call, Type from, Type to, bool labels_only) {
  for (const Value& input : call.body["inputs"].items()) {
    std::vector<std::pair<Category, int>> only;
    if (labels_only) {
      std::vector<const AssociationType*> types;
      if (auto problem = read_types(call, from, to, input["types"], types)) return bad_request(call, *problem);
      for (const AssociationType* type : types) only.emplace_back(type->category, type->id);
    }
    // v4 names several targets a source, v3 and the labels one.
    const std::vector<Value> single{input["to"]};
    for (const Value& target : input["to"].is_array() ? input["to"].items() : single) {
      const Ends ends = ends_of(call, from, to, input["from"], target);
      if (!ends.missing.empty()) continue;
      call.crm.dissociate(from, *ends.from, to, ends.to->id, only);
      ++call.written;
    }
  }
  return no_content();
}

Answer labels(Call& call, Type from, Type to) {
  const auto listed = [](const std::vector<const AssociationType*>& types) {
    Value results = Value::array();
    for (const AssociationType* type : types) {
      Value item = Value::object();
      item.set("category", Value::string(std::string(name_of(type->category))));
      item.set("typeId", Value::number(type->id));
      if (!type->label.empty()) item.set("label", Value::string(type->label));
      results.push(std::move(item));
    }
    Value out = Value::object();
    out.set("results", std::move(results));
    return out;
  };
  if (call.method() == "GET") return json_answer(200, listed(call.crm.association_types().between(from, to)));
  if (call.method() != "POST") return wrong_method();
  const std::string& name = call.body["name"].text();
  const std::string& label = call.body["label"].text();
  if (name.empty() || label.empty()) return bad_request(call, "Some required fields were not set: [name, label]");
  ++call.written;
  return json_answer(
      200, listed(call.crm.association_types().add_label(from, to, name, label, call.body["inverseLabel"].text())));
}

Answer put_default(Call& call, Type from, std::string_view from_id, std::string_view to_name, std::string_view to_id) {
  const auto to = type_named(to_name);
  if (!to) return bad_request(call, fmt::format("Unable to infer object type from: {}", to_name));
  const AssociationType* type = call.crm.association_types().unlabelled(from, *to);
  if (type == nullptr)
    return bad_request(call, fmt::format("{} cannot be associated with {}", info(from).plural, info(*to).plural));
  const auto a = parse_id(from_id);
  const auto b = parse_id(to_id);
  Record* source = a ? call.crm.table(from).live(*a) : nullptr;
  Record* target = b ? call.crm.table(*to).live(*b) : nullptr;
  if (source == nullptr || target == nullptr) return not_found(call, source == nullptr ? from_id : to_id);
  call.crm.associate(from, *source, *type, *target);
  ++call.written;
  std::string results;
  add_result(results, default_result(*source, *target, *type));
  return batch_answer(call, 200, results, {});
}

Answer put_labelled(Call& call, Type from, Record& source, Type to, Record& target) {
  std::vector<const AssociationType*> types;
  if (auto problem = read_types(call, from, to, call.body, types)) return bad_request(call, *problem);
  for (const AssociationType* type : types) call.crm.associate(from, source, *type, target);
  ++call.written;
  return json_answer(201, labels_between(from, source.id, to, target.id, types));
}

/// v3: PUT|DELETE /crm/v3/objects/{from}/{id}/associations/{to}/{id}/{type name or number}
Answer single_v3(Call& call, Type from, Record& source, Type to, Record& target, std::string_view type_name) {
  const auto number = parse_id(type_name);
  const AssociationType* type =
      number ? call.crm.association_types().find(Category::hubspot_defined, static_cast<int>(*number))
             : call.crm.association_types().named(from, to, type_name);
  if (type == nullptr || type->from != from || type->to != to)
    return bad_request(call, fmt::format("invalid association type {}", type_name));
  ++call.written;
  if (call.method() == "DELETE") {
    call.crm.dissociate(from, source, to, target.id, {{type->category, type->id}});
    return no_content();
  }
  call.crm.associate(from, source, *type, target);
  RenderOptions options;
  options.associations = {to};
  const Selection selection(call.crm.table(from), {});
  options.selection = &selection;
  std::string out;
  append_record(out, call.crm, call.crm.table(from), source, options);
  return json_answer(200, std::move(out));
}

Answer batch_of(Call& call, bool v4) {
  const auto from = type_named(call.part(3));
  const auto to = type_named(call.part(4));
  if (!from || !to)
    return bad_request(call, fmt::format("Unable to infer object type from: {}", call.part(from ? 4 : 3)));
  if (call.part(5) == "labels" && v4) return labels(call, *from, *to);
  if (call.part(5) != "batch" || call.method() != "POST") return no_such_path();
  if (!call.body["inputs"].is_array()) return bad_request(call, "Some required fields were not set: [inputs]");
  if (call.body["inputs"].size() > kBatchMost)
    return bad_request(call, fmt::format("at most {} inputs are allowed", kBatchMost));
  const std::string_view operation = call.part(6);
  if (operation == "read") return batch_read(call, *from, *to, v4);
  if (operation == "archive") return batch_archive(call, *from, *to, false);
  if (v4 && operation == "create") return batch_create(call, *from, *to);
  if (v4 && operation == "associate" && call.part(7) == "default") return batch_default(call, *from, *to);
  if (v4 && operation == "labels" && call.part(7) == "archive") return batch_archive(call, *from, *to, true);
  return no_such_path();
}

Answer batch_create_v3(Call& call, Type from, Type to) {
  std::string results;
  std::vector<Value> errors;
  for (const Value& input : call.body["inputs"].items()) {
    const std::string& name = input["type"].text();
    const AssociationType* type = call.crm.association_types().named(from, to, name);
    if (type == nullptr) return bad_request(call, fmt::format("invalid association type {}", name));
    const Ends ends = ends_of(call, from, to, input["from"], input["to"]);
    if (!ends.missing.empty()) {
      errors.push_back(missing_error(ends.missing));
      continue;
    }
    call.crm.associate(from, *ends.from, *type, *ends.to);
    ++call.written;
    Value item = Value::object();
    item.set("from", id_object(ends.from->id));
    item.set("to", id_object(ends.to->id));
    item.set("type", Value::string(name));
    add_result(results, item);
  }
  return batch_answer(call, 201, results, errors);
}

}  // namespace

Answer association_of_object(Call& call, Type type, std::size_t at) {
  const bool v4 = call.part(1) == "v4";
  const std::string_view id = call.part(at);
  if (call.part(at + 2) == "default")
    return call.method() == "PUT" ? put_default(call, type, id, call.part(at + 3), call.part(at + 4)) : wrong_method();
  const auto to = type_named(call.part(at + 2));
  if (!to) return bad_request(call, fmt::format("Unable to infer object type from: {}", call.part(at + 2)));
  const auto number = parse_id(id);
  Record* source = number ? call.crm.table(type).live(*number) : nullptr;
  if (source == nullptr) return not_found(call, id);
  const std::string_view to_id = call.part(at + 3);
  if (to_id.empty()) return call.method() == "GET" ? list(call, type, *source, *to, v4) : wrong_method();
  const auto to_number = parse_id(to_id);
  Record* target = to_number ? call.crm.table(*to).live(*to_number) : nullptr;
  if (target == nullptr) return not_found(call, to_id);
  if (!call.part(at + 4).empty() && (call.method() == "PUT" || call.method() == "DELETE"))
    return single_v3(call, type, *source, *to, *target, call.part(at + 4));
  if (call.method() == "PUT") return put_labelled(call, type, *source, *to, *target);
  if (call.method() != "DELETE") return wrong_method();
  call.crm.dissociate(type, *source, *to, target->id);
  ++call.written;
  return no_content();
}

Answer associations_v4(Call& call) { return batch_of(call, true); }

Answer associations_v3(Call& call) {
  const auto from = type_named(call.part(3));
  const auto to = type_named(call.part(4));
  if (from && to && call.part(5) == "batch" && call.part(6) == "create" && call.method() == "POST")
    return batch_create_v3(call, *from, *to);
  return batch_of(call, false);
}

}  // namespace tieout::sandbox::hubspot
