#include "sandbox/hubspot/crm.hpp"

#include <fmt/core.h>

#include <tuple>

#include "money/decimal.hpp"

namespace tieout::sandbox::hubspot {
namespace {

std::string_view value_in(const Values& values, std::string_view name) {
  for (const auto& [key, value] : values)
    if (key == name) return value;
  return {};
}

bool link_before(const Link& a, const Link& b) {
  return std::tie(a.to_type, a.to_id, a.category, a.type_id) < std::tie(b.to_type, b.to_id, b.category, b.type_id);
}

Pipeline sales_pipeline(Instant now) {
  Pipeline out{"default", "Sales Pipeline", 0, {}, now, now};
  const auto stage = [&](const char* id, const char* label, const char* probability) {
    const bool closed = std::string_view(probability) == "1.0" || std::string_view(probability) == "0.0";
    out.stages.push_back({id,
                          label,
                          static_cast<std::int64_t>(out.stages.size()),
                          {{"isClosed", closed ? "true" : "false"}, {"probability", probability}},
                          now,
                          now});
  };
  stage("appointmentscheduled", "Appointment Scheduled", "0.2");
  stage("qualifiedtobuy", "Qualified To Buy", "0.4");
  stage("presentationscheduled", "Presentation Scheduled", "0.6");
  stage("decisionmakerboughtin", "Decision Maker Bought-In", "0.8");
  stage("contractsent", "Contract Sent", "0.9");
  stage("closedwon", "Closed Won", "1.0");
  stage("closedlost", "Closed Lost", "0.0");
  return out;
}

Pipeline support_pipeline(Instant now) {
  Pipeline out{"0", "Support Pipeline", 0, {}, now, now};
  const char* labels[] = {"New", "Waiting on contact", "Waiting on us", "Closed"};
  for (int i = 0; i < 4; ++i)
    out.stages.push_back(
        {std::to_string(i + 1), labels[i], i, {{"ticketState", i == 3 ? "CLOSED" : "OPEN"}}, now, now});
  return out;
}

}  // namespace

Crm::Crm(Instant now) {
  for (int i = 0; i < kTypes; ++i) tables_.emplace_back(static_cast<Type>(i));
  pipelines_[deals].push_back(sales_pipeline(now));
  pipelines_[tickets].push_back(support_pipeline(now));
  owners_.push_back({"71001", "sales@example.com", "Sam", "Sales", 501, now});
  owners_.push_back({"71002", "accounts@example.com", "Alex", "Accounts", 502, now});
}

std::optional<Refusal> Crm::check_required(Type type, const Values& values) {
  const auto lacks = [&](std::string_view name) { return value_in(values, name).empty(); };
  std::vector<std::string> missing;
  if (type == contacts && lacks("email") && lacks("firstname") && lacks("lastname")) missing = {"email"};
  if (type == companies && lacks("name") && lacks("domain")) missing = {"name", "domain"};
  if (type == deals && lacks("dealname")) missing.push_back("dealname");
  if (type == deals && lacks("dealstage")) missing.push_back("dealstage");
  if (type == products && lacks("name")) missing = {"name"};
  if (missing.empty()) return std::nullopt;
  Refusal out;
  out.message = fmt::format("Error creating {}. Some required properties were not set.", info(type).upper);
  out.code = "REQUIRED_PROPERTIES_MISSING";
  for (const std::string& name : missing) out.context.emplace_back("properties", name);
  return out;
}

std::optional<Refusal> Crm::check_unique(Table& table, const Values& values, const Record* self) {
  for (const auto& [name, value] : values) {
    if (value.empty()) continue;
    const int number = table.schema.find(name);
    if (!table.schema.at(number).unique) continue;
    const Record* other = table.by_unique(number, value);
    if (other == nullptr || other == self) continue;
    Refusal out;
    if (table.type() == contacts && name == "email") {
      out.status = 409;
      out.category = "CONFLICT";
      out.message = fmt::format("Contact already exists. Existing ID: {}", other->id);
      return out;
    }
    out.message = "Property values were not valid: ";
    out.invalid.push_back(
        {name, "CONFLICTING_UNIQUE_VALUE",
         fmt::format("Cannot set PropertyValueCoordinates{{portalId={}, objectTypeId=ObjectTypeId{{"
                     "legacyObjectType={}}}, propertyName={}, value={}}} on {}. {} already has that value.",
                     portal_id, info(table.type()).upper, name, value, self ? self->id : 0, other->id)});
    return out;
  }
  return std::nullopt;
}

std::optional<Refusal> Crm::check(Type type, Values& values, const Record* self) {
  Table& of = tables_[type];
  Refusal refusal;
  refusal.message = "Property values were not valid: ";
  for (auto& [name, value] : values) {
    const int number = of.schema.find(name);
    if (number < 0) {
      refusal.invalid.push_back({name, "PROPERTY_DOESNT_EXIST", fmt::format("Property \"{}\" does not exist", name)});
      continue;
    }
    const Property& property = of.schema.at(number);
    if (property.read_only) {
      refusal.invalid.push_back(
          {name, "READ_ONLY_VALUE", fmt::format("\"{}\" is a read only property; its value cannot be set", name)});
      continue;
    }
    if (auto invalid = normalise(property, value)) refusal.invalid.push_back(std::move(*invalid));
  }
  if (type == deals) {
    std::string_view pipeline = value_in(values, "pipeline");
    std::string stored;
    if (pipeline.empty() && self != nullptr) pipeline = stored = text(of, *self, of.schema.find("pipeline"));
    if (pipeline.empty()) pipeline = "default";
    const std::string_view stage = value_in(values, "dealstage");
    const auto& all = pipelines_[deals];
    const auto found = std::find_if(all.begin(), all.end(), [&](const Pipeline& each) { return each.id == pipeline; });
    if (found == all.end())
      refusal.invalid.push_back(
          {"pipeline", "INVALID_OPTION", fmt::format("{} is not a valid pipeline ID.", pipeline)});
    else if (!stage.empty() && std::none_of(found->stages.begin(), found->stages.end(),
                                            [&](const Stage& each) { return each.id == stage; }))
      refusal.invalid.push_back({"dealstage", "INVALID_OPTION",
                                 fmt::format("{} is not a valid stage ID of the pipeline {}.", stage, pipeline)});
  }
  if (!refusal.invalid.empty()) return refusal;
  if (self == nullptr)
    if (auto missing = check_required(type, values)) return missing;
  return check_unique(of, values, self);
}

std::optional<Refusal> Crm::check_links(Type type, const std::vector<NewLink>& links) {
  for (const NewLink& wanted : links) {
    for (const auto& [category, id] : wanted.types) {
      Refusal out;
      const AssociationType* known = association_types_.find(category, id);
      if (known == nullptr || known->from != type) {
        out.message =
            fmt::format("invalid association type {}:{} for object type {}", name_of(category), id, info(type).id);
        out.code = "INVALID_ASSOCIATION_TYPE";
        return out;
      }
      if (tables_[known->to].live(wanted.to) == nullptr) {
        out.status = 404;
        out.category = "OBJECT_NOT_FOUND";
        out.message = fmt::format("No {} with ID {} exists. Please check the ID and try again.",
                                  info(known->to).singular, wanted.to);
        out.context.emplace_back("ids", std::to_string(wanted.to));
        return out;
      }
    }
  }
  return std::nullopt;
}

Values Crm::inherited_from_product(const Values& values) {
  // A line made from a product starts with what the product says; what the call says goes before.
  Values out;
  const std::string_view product_id = value_in(values, "hs_product_id");
  if (product_id.empty() || product_id.find_first_not_of("0123456789") != std::string_view::npos ||
      product_id.size() > 18)
    return out;
  Table& from = tables_[products];
  const Record* product = from.live(std::stoll(std::string(product_id)));
  if (product == nullptr) return out;
  for (const char* name : {"name", "description", "price", "hs_sku", "recurringbillingfrequency"}) {
    if (!value_in(values, name).empty()) continue;
    if (std::string value = text(from, *product, from.schema.find(name)); !value.empty()) out.emplace_back(name, value);
  }
  return out;
}

Record& Crm::create(Type type, const Values& values, const std::vector<NewLink>& links, Instant now) {
  Table& into = tables_[type];
  Record& record = into.add(++last_id_, now);
  if (type == deals && value_in(values, "pipeline").empty()) write_values(into, record, {{"pipeline", "default"}});
  if (type == line_items) write_values(into, record, inherited_from_product(values));
  write_values(into, record, values);
  derive(type, record);
  record.bag.trim();
  into.index_values(record);
  for (const NewLink& wanted : links)
    for (const auto& [category, id] : wanted.types) {
      const AssociationType& known = *association_types_.find(category, id);
      associate(type, record, known, *tables_[known.to].live(wanted.to));
    }
  if (log_ != nullptr) {
    Written written = noted(Deed::create, type, nullptr, values);
    written.id = std::to_string(record.id);
    log_->note(std::move(written));
  }
  return record;
}

void Crm::update(Type type, Record& record, const Values& values, Instant now) {
  Table& of = tables_[type];
  Written written = noted(Deed::update, type, &record, values);  // while the old values are still there
  of.unindex_values(record);
  write_values(of, record, values);
  derive(type, record);
  of.index_values(record);
  of.touch(record, now);
  if (log_ != nullptr) log_->note(std::move(written));
}

void Crm::archive(Type type, Record& record, Instant now) {
  tables_[type].archive(record, now);
  note(Deed::remove, type, record);
}

void Crm::restore(Type type, Record& record, Instant now) {
  tables_[type].restore(record, now);
  note(Deed::restore, type, record);
}

void Crm::write_values(Table& of, Record& record, const Values& values) {
  for (const auto& [name, value] : values) {
    const auto number = static_cast<std::uint16_t>(of.schema.find(name));
    if (value.empty())
      record.bag.erase(number);
    else
      record.bag.set(number, value);
  }
}

void Crm::derive(Type type, Record& record) {
  if (type == deals) derive_deal(tables_[deals], record);
  if (type == line_items) derive_line(tables_[line_items], record);
}

void Crm::derive_deal(Table& of, Record& record) {
  const std::string pipeline = text(of, record, of.schema.find("pipeline"));
  const std::string stage = text(of, record, of.schema.find("dealstage"));
  std::string probability;
  for (const Pipeline& each : pipelines_[deals])
    for (const Stage& known : each.stages)
      if (each.id == pipeline && known.id == stage)
        for (const auto& [name, value] : known.metadata)
          if (name == "probability") probability = value;
  const auto decimal = Decimal::parse(probability);
  const bool won = decimal && *decimal == Decimal(1);
  const bool lost = decimal && decimal->is_zero();
  write_values(of, record,
               {{"hs_is_closed_won", won ? "true" : "false"},
                {"hs_is_closed", won || lost ? "true" : "false"},
                {"hs_deal_stage_probability", probability}});
  const std::string currency = text(of, record, of.schema.find("deal_currency_code"));
  if (currency.empty() || currency == home_currency)
    write_values(of, record, {{"amount_in_home_currency", text(of, record, of.schema.find("amount"))}});
}

void Crm::derive_line(Table& of, Record& record) {
  const auto number = [&](std::string_view name) { return Decimal::parse(text(of, record, of.schema.find(name))); };
  const auto price = number("price");
  const auto quantity = number("quantity");
  std::string amount;
  if (price && quantity) {
    auto net = Decimal::multiply(*price, *quantity);
    const auto percent = number("hs_discount_percentage");
    const auto discount = number("discount");
    if (net && percent) {
      const auto kept = Decimal::multiply(*net, Decimal(100) - *percent);
      net = kept ? Decimal::divide(*kept, Decimal(100), 12, Rounding::half_even) : kept;
    } else if (net && discount) {
      const auto off = Decimal::multiply(*discount, *quantity);
      if (off) net = Decimal::subtract(*net, *off);
    }
    if (net) amount = net->normalised().to_text();
  }
  write_values(of, record, {{"amount", amount}});
}

std::string Crm::text(const Table& of, const Record& record, int property) const {
  switch (of.schema.at(property).source) {
    case Source::object_id:
      return std::to_string(record.id);
    case Source::created:
      return to_text(record.created);
    case Source::modified:
      return to_text(record.modified);
    case Source::stored:
      break;
  }
  return std::string(record.bag.find(static_cast<std::uint16_t>(property)).value_or(std::string_view{}));
}

void Crm::link(Record& record, const AssociationType& type, Id to) {
  const Link wanted{to, static_cast<std::uint16_t>(type.id), type.to, type.category};
  const auto at = std::lower_bound(record.links.begin(), record.links.end(), wanted, link_before);
  if (at != record.links.end() && !link_before(wanted, *at)) return;
  record.links.insert(at, wanted);
}

void Crm::unlink(Record& record, const AssociationType& type, Id to) {
  std::erase_if(record.links, [&](const Link& each) {
    return each.to_id == to && each.to_type == type.to && each.type_id == type.id && each.category == type.category;
  });
}

void Crm::associate(Type from, Record& record, const AssociationType& type, Record& to) {
  note(Deed::associate, from, record, fmt::format("{}/{}", info(type.to).plural, to.id));
  const auto both = [&](const AssociationType& wanted) {
    link(record, wanted, to.id);
    if (const AssociationType* back = association_types_.find(wanted.category, wanted.inverse))
      link(to, *back, record.id);
  };
  both(type);
  // A primary company is also an ordinary one, and the first ordinary one becomes the primary.
  const AssociationType* primary = association_types_.primary(from, type.to);
  const AssociationType* plain = association_types_.unlabelled(from, type.to);
  if (primary == nullptr || plain == nullptr) return;
  both(*plain);
  if (from == companies) return associate(type.to, to, *association_types_.find(type.category, type.inverse), record);
  std::vector<Id> others;
  for (const Link& each : record.links)
    if (each.to_type == type.to && each.type_id == primary->id && each.to_id != to.id) others.push_back(each.to_id);
  if (!type.primary && !others.empty()) return;
  for (const Id other : others) {
    unlink(record, *primary, other);
    if (Record* old = tables_[type.to].find(other))
      unlink(*old, *association_types_.find(Category::hubspot_defined, primary->inverse), record.id);
  }
  both(*primary);
  note_company(from, record);
}

/// A contact shows the id of its primary company as a property.
void Crm::note_company(Type from, Record& record) {
  if (from != contacts) return;
  std::string company;
  const AssociationType* primary = association_types_.primary(contacts, companies);
  for (const Link& each : record.links)
    if (each.to_type == companies && primary != nullptr && each.type_id == primary->id)
      company = std::to_string(each.to_id);
  Table& of = tables_[contacts];
  of.unindex_values(record);
  write_values(of, record, {{"associatedcompanyid", company}});
  of.index_values(record);
}

void Crm::dissociate(Type from, Record& record, Type to, Id to_id, const std::vector<std::pair<Category, int>>& only) {
  note(Deed::dissociate, from, record, fmt::format("{}/{}", info(to).plural, to_id));
  std::vector<Link> removed;
  std::erase_if(record.links, [&](const Link& each) {
    const bool named = only.empty() || std::any_of(only.begin(), only.end(), [&](const auto& type) {
                         return type.first == each.category && type.second == each.type_id;
                       });
    const bool goes = each.to_type == to && each.to_id == to_id && named;
    if (goes) removed.push_back(each);
    return goes;
  });
  Record* other = tables_[to].find(to_id);
  if (other == nullptr) return;
  for (const Link& each : removed) {
    const AssociationType* type = association_types_.find(each.category, each.type_id);
    std::erase_if(other->links, [&](const Link& back) {
      return back.to_type == from && back.to_id == record.id && back.category == each.category &&
             back.type_id == type->inverse;
    });
  }
  note_company(from, record);
  note_company(to, *other);
}

std::vector<Link> Crm::links(const Record& record, Type to) const {
  std::vector<Link> out;
  const Link least{0, 0, to, Category::hubspot_defined};
  for (auto at = std::lower_bound(record.links.begin(), record.links.end(), least, link_before);
       at != record.links.end() && at->to_type == to; ++at) {
    const Record* other = tables_[to].find(at->to_id);
    if (other != nullptr && !other->archived) out.push_back(*at);
  }
  return out;
}

}  // namespace tieout::sandbox::hubspot
