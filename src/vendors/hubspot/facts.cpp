// What is asked of a HubSpot account once: who it is, its currency and its deal stages; and the properties of our own
// that must exist before the first write.
#include <fmt/core.h>

#include "vendors/hubspot/connector.hpp"

namespace tieout::vendors::hubspot {
namespace {

constexpr const char* kGroup = "tieout";

void write_property(json::Writer& out, const OwnField& field) {
  out.begin_object().member("name", field.name).member("label", field.label).member("type", field.type);
  out.member("fieldType", field.type == "string" ? "text" : field.type).member("groupName", kGroup);
  out.member("description", "Kept by Tieout; please do not edit.");
  if (field.unique) out.key("hasUniqueValue").boolean(true);
  out.end_object();
}

}  // namespace

Result<ports::AccountFacts> HubSpot::facts() {
  TRY(response, session_.call({.path = "/account-info/v3/details", .body = {}, .about = "read the account"}));
  TRY(body, json::parse(response.body));
  ports::AccountFacts facts;
  facts.account_id = body["portalId"].text();
  if (facts.account_id.empty())
    return fail("hubspot.answer.shape", "HubSpot's account answer names no portal id; it is tried again later",
                "portalId");
  const std::string& wanted = session_.settings().account_id;
  if (!wanted.empty() && wanted != facts.account_id)
    return fail(
        "hubspot.account.mismatch",
        fmt::format(
            "this sign-in is for portal {}, but the connection '{}' belongs to portal {}; sign in to the right one",
            facts.account_id, session_.settings().name, wanted),
        "account_id");
  facts.name = body["uiDomain"].text();
  facts.home_currency = body["companyCurrency"].text();
  facts.time_zone = body["timeZone"].text();
  if (!facts.home_currency.empty()) facts.currencies.push_back(facts.home_currency);
  for (const json::Value& currency : body["additionalCurrencies"].items()) facts.currencies.push_back(currency.text());
  facts.multi_currency = facts.currencies.size() > 1;
  facts.settings.emplace_back("account_type", body["accountType"].text());
  if (std::find(objects_.begin(), objects_.end(), "deals") != objects_.end()) TRY_VOID(read_stages(facts));
  return facts;
}

Result<bool> HubSpot::read_stages(ports::AccountFacts& facts) {
  TRY(response, session_.call({.path = "/crm/v3/pipelines/deals", .body = {}, .about = "read the deal pipelines"}));
  TRY(body, json::parse(response.body));
  std::string won;
  for (const json::Value& pipeline : body["results"].items()) {
    facts.settings.emplace_back("pipeline." + pipeline["label"].text(), pipeline["id"].text());
    for (const json::Value& stage : pipeline["stages"].items()) {
      const std::string& id = stage["id"].text();
      facts.settings.emplace_back("stage." + id, stage["label"].text());
      if (same_value(stage["metadata"]["probability"].text(), "1") && stage["metadata"]["isClosed"].text() != "false")
        won += (won.empty() ? "" : ",") + id;
    }
  }
  facts.settings.emplace_back("won_stages", won);
  return true;
}

Result<std::vector<std::string>> HubSpot::ensure_setup() {
  std::vector<std::string> created;
  for (const std::string& object : objects_) {
    TRY(some, set_up(object));
    created.insert(created.end(), some.begin(), some.end());
  }
  return created;
}

Result<std::vector<std::string>> HubSpot::set_up(const std::string& object) {
  TRY(response,
      session_.call({.path = "/crm/v3/properties/" + object, .body = {}, .about = "read the properties of " + object}));
  TRY(body, json::parse(response.body));
  const auto exists = [&](const std::string& name) {
    const auto& items = body["results"].items();
    return std::any_of(items.begin(), items.end(),
                       [&](const json::Value& item) { return item["name"].text() == name; });
  };
  Call call{.kind = CallKind::write,
            .method = "POST",
            .path = "/crm/v3/properties/" + object + "/batch/create",
            .body = {},
            .about = "create properties of " + object};
  json::Writer out(call.body);
  out.begin_object().key("inputs").begin_array();
  std::vector<std::string> created;
  const auto want = [&](const OwnField& field) {
    if (exists(field.name) || std::find(created.begin(), created.end(), object + "." + field.name) != created.end())
      return;
    write_property(out, field);
    created.push_back(object + "." + field.name);
  };
  for (const OwnField& field : facts_of(object).own) want(field);
  for (const std::string& name : properties_of(object))  // asked for by a mapping of the user's own
    if (name.starts_with("tieout_")) want({name, name, "string", false});
  out.end_array().end_object();
  if (created.empty()) return created;
  Call group{.kind = CallKind::write,
             .method = "POST",
             .path = "/crm/v3/properties/" + object + "/groups",
             .body = {},
             .about = "create the property group of " + object};
  json::Writer text(group.body);
  text.begin_object().member("name", kGroup).member("label", "Tieout").end_object();
  // A group that exists is a 409; a lost answer is settled by the properties, which need the group.
  if (auto made = session_.call(std::move(group));
      !made && made.error().code != "hubspot.conflict" && made.error().certainty == Certainty::not_applied)
    return fail(made.error());
  TRY(answer, session_.call(std::move(call)));
  TRY(result, json::parse(answer.body));
  for (const json::Value& error : result["errors"].items())
    if (error["category"].text() != "CONFLICT" && error["category"].text() != "OBJECT_ALREADY_EXISTS")
      return fail("hubspot.setup.refused",
                  fmt::format("HubSpot did not create a property of {}: {}", object, error["message"].text()));
  return created;
}

}  // namespace tieout::vendors::hubspot
