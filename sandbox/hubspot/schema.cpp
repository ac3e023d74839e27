#include "sandbox/hubspot/schema.hpp"

#include <fmt/core.h>

#include "money/decimal.hpp"

namespace tieout::sandbox::hubspot {
namespace {

struct Standard {
  std::string_view name;
  std::string_view type;  ///< "ro-" in front: written by HubSpot alone
};

/// The standard properties that matter here, "name" (text) or "name:type", by object type.
constexpr std::string_view kStandard[kTypes] = {
    /* contacts */
    "firstname lastname email:unique phone mobilephone fax jobtitle company salutation address city state zip country "
    "website hs_language lifecyclestage hubspot_owner_id associatedcompanyid:ro-string hs_additional_emails "
    "hs_merged_object_ids:ro-string",
    /* companies */
    "name domain description phone address address2 city state zip country website industry timezone "
    "annualrevenue:number numberofemployees:number lifecyclestage hubspot_owner_id hs_additional_domains "
    "hs_merged_object_ids:ro-string",
    /* deals */
    "dealname amount:number closedate:datetime pipeline dealstage dealtype description deal_currency_code "
    "hubspot_owner_id hs_priority amount_in_home_currency:ro-number hs_is_closed:ro-bool hs_is_closed_won:ro-bool "
    "hs_deal_stage_probability:ro-number hs_exchange_rate:ro-number hs_merged_object_ids:ro-string",
    /* tickets */
    "subject content hs_pipeline hs_pipeline_stage hs_ticket_priority hubspot_owner_id hs_merged_object_ids:ro-string",
    /* products */
    "name description price:number hs_sku hs_cost_of_goods_sold:number tax:number hs_product_type hs_url "
    "recurringbillingfrequency hs_recurring_billing_period hs_merged_object_ids:ro-string",
    /* line_items */
    "name description quantity:number price:number discount:number hs_discount_percentage:number amount:ro-number "
    "hs_product_id hs_sku hs_line_item_currency_code hs_tax_rate_group_id hs_position_on_quote:number "
    "hs_cost_of_goods_sold:number tax:number recurringbillingfrequency hs_recurring_billing_period "
    "hs_recurring_billing_start_date:date hs_merged_object_ids:ro-string",
    /* quotes */
    "hs_title hs_expiration_date:datetime hs_status hs_quote_amount:ro-number hs_currency",
    /* invoices */
    "hs_number hs_title hs_invoice_status hs_invoice_date:datetime hs_due_date:datetime hs_currency "
    "hs_amount_billed:number hs_amount_paid:number hs_balance_due:number hs_purchase_order_number "
    "hs_external_created_date:datetime hs_comments",
    /* payments */
    "hs_initial_amount:number hs_latest_status hs_initiated_date:datetime hs_currency_code hs_customer_email "
    "hs_reference_number",
    /* orders */
    "hs_order_name hs_total_price:number hs_currency_code hs_external_order_id hs_fulfillment_status",
};

std::vector<Standard> standard_properties(Type type) {
  std::vector<Standard> out;
  for (const std::string_view word : words_of_list(kStandard[type])) {
    std::size_t colon = 0;
    while (colon < word.size() && word[colon] != ':') ++colon;
    out.push_back({word.substr(0, colon), colon < word.size() ? word.substr(colon + 1) : std::string_view("string")});
  }
  return out;
}

Property standard(const Standard& wanted, const std::string& group) {
  Property out;
  out.name = wanted.name;
  out.label = wanted.name;
  out.group = group;
  out.hubspot_defined = true;
  std::string_view type = wanted.type;
  if (type.starts_with("ro-")) {
    out.read_only = true;
    type.remove_prefix(3);
  }
  out.unique = type == "unique";
  out.type = out.unique ? "string" : type;
  out.field_type = out.type == "number"                           ? "number"
                   : out.type == "bool"                           ? "booleancheckbox"
                   : out.type == "datetime" || out.type == "date" ? "date"
                                                                  : "text";
  out.form_field = !out.read_only;
  return out;
}

InvalidValue refused(const Property& property, std::string error, std::string message) {
  return {property.name, std::move(error), std::move(message)};
}

bool whole_number(std::string_view text) {
  if (!text.empty() && text.front() == '-') text.remove_prefix(1);
  return !text.empty() && text.size() <= 15 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::optional<Instant> instant_of(const std::string& value) {
  if (whole_number(value)) return instant_from_ms(std::stoll(value));
  if (const auto date = parse_date(value)) return Instant{std::chrono::sys_days{*date}};
  if (const auto instant = parse_instant(value)) return *instant;
  return std::nullopt;
}

std::optional<InvalidValue> normalise_date(const Property& property, std::string& value) {
  const auto instant = instant_of(value);
  const bool midnight = instant && *instant == std::chrono::floor<std::chrono::days>(*instant);
  if (!instant) return refused(property, "INVALID_DATE", fmt::format("{} was not a valid long.", value));
  if (!midnight)
    return refused(property, "INVALID_DATE", fmt::format("{} is at {} UTC, not midnight!", value, to_text(*instant)));
  value = to_text(utc_date(*instant));
  return std::nullopt;
}

std::optional<InvalidValue> normalise_enumeration(const Property& property, const std::string& value) {
  const bool several = property.field_type == "checkbox";
  std::string_view rest = value;
  while (!rest.empty()) {
    const std::size_t end = several ? std::min(rest.find(';'), rest.size()) : rest.size();
    const std::string_view one = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const bool known = std::any_of(property.options.begin(), property.options.end(),
                                   [&](const Option& option) { return option.value == one; });
    if (known || one.empty()) continue;
    std::string allowed;
    for (const Option& option : property.options) allowed += (allowed.empty() ? "" : ", ") + option.value;
    return refused(property, "INVALID_OPTION",
                   fmt::format("{} was not one of the allowed options: [{}]", one, allowed));
  }
  return std::nullopt;
}

}  // namespace

Schema::Schema(Type type) {
  const std::string group = std::string(info(type).singular) + "information";
  groups_.push_back({group, std::string(info(type).singular) + " information", 0});
  const auto virtual_property = [&](std::string_view name, Source source, std::string_view of_type) {
    Property property = standard({name, of_type}, group);
    property.source = source;
    property.read_only = true;
    add(std::move(property));
  };
  virtual_property("hs_object_id", Source::object_id, "number");
  virtual_property("createdate", Source::created, "datetime");
  virtual_property("hs_createdate", Source::created, "datetime");
  virtual_property(info(type).modified, Source::modified, "datetime");
  for (const Standard& each : standard_properties(type)) add(standard(each, group));
}

int Schema::find(std::string_view name) const {
  const auto found = numbers_.find(name);
  if (found == numbers_.end() || properties_[static_cast<std::size_t>(found->second)].archived) return -1;
  return found->second;
}

Property* Schema::any(std::string_view name) {
  const auto found = numbers_.find(name);
  return found == numbers_.end() ? nullptr : &properties_[static_cast<std::size_t>(found->second)];
}

int Schema::add(Property property) {
  if (const auto found = numbers_.find(property.name); found != numbers_.end()) {
    const bool was_unique = properties_[static_cast<std::size_t>(found->second)].unique;
    if (property.unique && !was_unique) unique_.push_back(found->second);
    properties_[static_cast<std::size_t>(found->second)] = std::move(property);
    return found->second;
  }
  const int number = static_cast<int>(properties_.size());
  numbers_.emplace(property.name, number);
  if (property.unique) unique_.push_back(number);
  properties_.push_back(std::move(property));
  return number;
}

void Schema::archive(int number, Instant now) {
  at(number).archived = true;
  at(number).archived_at = now;
}

Group* Schema::group(std::string_view name) {
  for (Group& each : groups_)
    if (each.name == name && !each.archived) return &each;
  return nullptr;
}

json::Value to_json(const Property& property) {
  using json::Value;
  Value options = Value::array();
  for (const Option& option : property.options) {
    Value item = Value::object();
    item.set("label", Value::string(option.label));
    item.set("value", Value::string(option.value));
    item.set("description", Value::string(option.description));
    item.set("displayOrder", Value::number(option.display_order));
    item.set("hidden", Value::boolean(option.hidden));
    options.push(std::move(item));
  }
  Value rules = Value::object();
  rules.set("archivable", Value::boolean(!property.hubspot_defined));
  rules.set("readOnlyDefinition", Value::boolean(property.hubspot_defined));
  rules.set("readOnlyValue", Value::boolean(property.read_only));
  Value out = Value::object();
  out.set("createdAt", Value::string(to_text(property.created)));
  out.set("updatedAt", Value::string(to_text(property.updated)));
  out.set("name", Value::string(property.name));
  out.set("label", Value::string(property.label));
  out.set("type", Value::string(property.type));
  out.set("fieldType", Value::string(property.field_type));
  out.set("description", Value::string(property.description));
  out.set("groupName", Value::string(property.group));
  out.set("options", std::move(options));
  out.set("displayOrder", Value::number(property.display_order));
  out.set("calculated", Value::boolean(property.read_only && property.hubspot_defined));
  out.set("externalOptions", Value::boolean(false));
  out.set("hasUniqueValue", Value::boolean(property.unique));
  out.set("hidden", Value::boolean(property.hidden));
  out.set("hubspotDefined", Value::boolean(property.hubspot_defined));
  out.set("archived", Value::boolean(property.archived));
  if (property.archived) out.set("archivedAt", Value::string(to_text(property.archived_at)));
  out.set("modificationMetadata", std::move(rules));
  out.set("formField", Value::boolean(property.form_field));
  return out;
}

json::Value to_json(const Group& group) {
  using json::Value;
  Value out = Value::object();
  out.set("name", Value::string(group.name));
  out.set("label", Value::string(group.label));
  out.set("displayOrder", Value::number(group.display_order));
  out.set("archived", Value::boolean(group.archived));
  return out;
}

std::optional<InvalidValue> normalise(const Property& property, std::string& value) {
  if (value.empty()) return std::nullopt;
  if (value.size() > 65'536)
    return refused(property, "PROPERTY_TOO_LONG", fmt::format("{} exceeds 65536 characters", property.name));
  if (property.type == "number" && !Decimal::parse(value))
    return refused(property, "INVALID_INTEGER", fmt::format("{} was not a valid number.", value));
  if (property.type == "date") return normalise_date(property, value);
  if (property.type == "datetime") {
    const auto instant = instant_of(value);
    if (!instant) return refused(property, "INVALID_LONG", fmt::format("{} was not a valid long.", value));
    value = to_text(*instant);
  }
  if (property.type == "enumeration") return normalise_enumeration(property, value);
  if (property.type == "bool" && value != "true" && value != "false")
    return refused(property, "INVALID_OPTION",
                   fmt::format("{} was not one of the allowed options: [true, false]", value));
  if (property.name == "email" && value.find('@') == std::string::npos)
    return refused(property, "INVALID_EMAIL", fmt::format("Email address {} is invalid", value));
  return std::nullopt;
}

}  // namespace tieout::sandbox::hubspot
