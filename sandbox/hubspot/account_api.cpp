// What belongs to the account as a whole: pipelines and their stages, owners, currency and time zone.
#include <fmt/core.h>

#include "sandbox/hubspot/api.hpp"
#include "sandbox/hubspot/render.hpp"
#include "sandbox/kit/server.hpp"

namespace tieout::sandbox::hubspot {
namespace {

using json::Value;

Value to_json(const Stage& stage) {
  Value metadata = Value::object();
  for (const auto& [name, value] : stage.metadata) metadata.set(name, Value::string(value));
  Value out = Value::object();
  out.set("label", Value::string(stage.label));
  out.set("displayOrder", Value::number(stage.display_order));
  out.set("metadata", std::move(metadata));
  out.set("id", Value::string(stage.id));
  out.set("createdAt", Value::string(to_text(stage.created)));
  out.set("updatedAt", Value::string(to_text(stage.updated)));
  out.set("archived", Value::boolean(false));
  out.set("writePermissions", Value::string("CRM_PERMISSIONS_ENFORCEMENT"));
  return out;
}

Value to_json(const Pipeline& pipeline) {
  Value stages = Value::array();
  for (const Stage& stage : pipeline.stages) stages.push(to_json(stage));
  Value out = Value::object();
  out.set("label", Value::string(pipeline.label));
  out.set("displayOrder", Value::number(pipeline.display_order));
  out.set("id", Value::string(pipeline.id));
  out.set("stages", std::move(stages));
  out.set("createdAt", Value::string(to_text(pipeline.created)));
  out.set("updatedAt", Value::string(to_text(pipeline.updated)));
  out.set("archived", Value::boolean(false));
  return out;
}

Value to_json(const Owner& owner) {
  Value out = Value::object();
  out.set("id", Value::string(owner.id));
  out.set("email", Value::string(owner.email));
  out.set("type", Value::string("PERSON"));
  out.set("firstName", Value::string(owner.first_name));
  out.set("lastName", Value::string(owner.last_name));
  out.set("userId", Value::number(owner.user_id));
  out.set("userIdIncludingInactive", Value::number(owner.user_id));
  out.set("createdAt", Value::string(to_text(owner.created)));
  out.set("updatedAt", Value::string(to_text(owner.created)));
  out.set("archived", Value::boolean(false));
  return out;
}

template <class Items>
Answer listed(const Items& items) {
  Value results = Value::array();
  for (const auto& item : items) results.push(to_json(item));
  Value out = Value::object();
  out.set("results", std::move(results));
  return json_answer(200, out);
}

Answer gone(const Call& call, std::string_view what, std::string_view id) {
  return trouble(call, Trouble{404, "OBJECT_NOT_FOUND", fmt::format("{} with ID '{}' does not exist", what, id)});
}

std::string fresh_id(std::size_t seed) { return std::to_string(900'000 + seed); }

void read_stage(const Value& body, Stage& into) {
  if (body["label"].is_string()) into.label = body["label"].text();
  into.display_order = body["displayOrder"].as_int(into.display_order);
  if (!body["metadata"].is_object()) return;
  into.metadata.clear();
  for (const auto& [name, value] : body["metadata"].members()) into.metadata.emplace_back(name, value.text());
}

std::optional<std::string> wrong_stage(Type type, const Stage& stage) {
  if (stage.label.empty()) return "Some required fields were not set: [label]";
  if (type != deals) return std::nullopt;
  for (const auto& [name, value] : stage.metadata)
    if (name == "probability" && !value.empty()) return std::nullopt;
  return "stage metadata of a deal pipeline must contain probability";
}

std::size_t stage_count(Crm& crm) {
  std::size_t out = 0;
  for (const Type type : {deals, tickets})
    for (const Pipeline& pipeline : crm.pipelines(type)) out += pipeline.stages.size() + 1;
  return out;
}

Answer stages_api(Call& call, Type type, Pipeline& pipeline) {
  const std::string_view id = call.part(6);
  if (id.empty() && call.method() == "GET") return listed(pipeline.stages);
  if (id.empty() && call.method() == "POST") {
    Stage stage{fresh_id(stage_count(call.crm)), {}, 0, {}, call.now, call.now};
    read_stage(call.body, stage);
    if (auto wrong = wrong_stage(type, stage)) return bad_request(call, *wrong);
    pipeline.stages.push_back(stage);
    ++call.written;
    return json_answer(201, to_json(stage));
  }
  const auto found =
      std::find_if(pipeline.stages.begin(), pipeline.stages.end(), [&](const Stage& each) { return each.id == id; });
  if (found == pipeline.stages.end()) return gone(call, "Stage", id);
  if (call.method() == "GET") return json_answer(200, to_json(*found));
  ++call.written;
  if (call.method() == "DELETE") {
    pipeline.stages.erase(found);
    return no_content();
  }
  if (call.method() != "PATCH" && call.method() != "PUT") return wrong_method();
  read_stage(call.body, *found);
  found->updated = call.now;
  return json_answer(200, to_json(*found));
}

bool in_use(Call& call, Type type, const Pipeline& pipeline) {
  Table& table = call.crm.table(type);
  const int property = table.schema.find(type == deals ? "pipeline" : "hs_pipeline");
  return std::any_of(table.records().begin(), table.records().end(), [&](const Record& record) {
    return !record.archived && record.bag.find(static_cast<std::uint16_t>(property)) == pipeline.id;
  });
}

Answer create_pipeline(Call& call, Type type) {
  Pipeline pipeline{fresh_id(stage_count(call.crm)),
                    call.body["label"].text(),
                    call.body["displayOrder"].as_int(),
                    {},
                    call.now,
                    call.now};
  if (pipeline.label.empty()) return bad_request(call, "Some required fields were not set: [label]");
  for (const Value& item : call.body["stages"].items()) {
    Stage stage{fresh_id(stage_count(call.crm) + 1 + pipeline.stages.size()), {}, 0, {}, call.now, call.now};
    read_stage(item, stage);
    if (auto wrong = wrong_stage(type, stage)) return bad_request(call, *wrong);
    pipeline.stages.push_back(std::move(stage));
  }
  call.crm.pipelines(type).push_back(pipeline);
  ++call.written;
  return json_answer(201, to_json(pipeline));
}

}  // namespace

Answer pipelines_api(Call& call) {
  const auto type = type_named(call.part(3));
  if (!type || (*type != deals && *type != tickets))
    return bad_request(call, fmt::format("{} have no pipelines", call.part(3)));
  auto& pipelines = call.crm.pipelines(*type);
  const std::string_view id = call.part(4);
  if (id.empty() && call.method() == "GET") return listed(pipelines);
  if (id.empty()) return call.method() == "POST" ? create_pipeline(call, *type) : wrong_method();
  const auto found =
      std::find_if(pipelines.begin(), pipelines.end(), [&](const Pipeline& each) { return each.id == id; });
  if (found == pipelines.end()) return gone(call, "Pipeline", id);
  if (call.part(5) == "stages") return stages_api(call, *type, *found);
  if (!call.part(5).empty()) return no_such_path();
  if (call.method() == "GET") return json_answer(200, to_json(*found));
  if (call.method() == "DELETE") {
    const bool careful =
        call.flag("validateReferencesBeforeDelete") || call.flag("validateDealStageUsagesBeforeDelete");
    if (careful && in_use(call, *type, *found)) return bad_request(call, fmt::format("Pipeline {} is in use", id));
    pipelines.erase(found);
    ++call.written;
    return no_content();
  }
  if (call.method() != "PATCH" && call.method() != "PUT") return wrong_method();
  if (call.body["label"].is_string()) found->label = call.body["label"].text();
  found->display_order = call.body["displayOrder"].as_int(found->display_order);
  found->updated = call.now;
  ++call.written;
  return json_answer(200, to_json(*found));
}

Answer owners_api(Call& call) {
  if (call.method() != "GET") return wrong_method();
  const std::string_view id = call.part(3);
  if (!id.empty()) {
    const bool by_user = call.request.param("idProperty") == "userId";
    for (const Owner& owner : call.crm.owners())
      if ((by_user ? std::to_string(owner.user_id) : owner.id) == id) return json_answer(200, to_json(owner));
    return gone(call, "Owner", id);
  }
  const std::string_view email = call.request.param("email");
  std::vector<Owner> found;
  for (const Owner& owner : call.crm.owners())
    if ((email.empty() || owner.email == email) && !call.flag("archived")) found.push_back(owner);
  return listed(found);
}

Answer account_api(Call& call) {
  if (call.method() != "GET") return wrong_method();
  Value out = Value::object();
  out.set("portalId", Value::number(call.crm.portal_id));
  out.set("accountType", Value::string("DEVELOPER_TEST"));
  out.set("timeZone", Value::string(call.crm.time_zone));
  out.set("companyCurrency", Value::string(call.crm.home_currency));
  out.set("additionalCurrencies", Value::array());
  out.set("utcOffset", Value::string("-05:00"));
  out.set("utcOffsetMilliseconds", Value::number(-18'000'000));
  out.set("uiDomain", Value::string("app.hubspot.com"));
  out.set("dataHostingLocation", Value::string("na1"));
  return json_answer(200, out);
}

}  // namespace tieout::sandbox::hubspot
