// TaxService: the only way to make tax codes and rates. One call names a code and lists its rates, new or existing.
#include <fmt/core.h>

#include "sandbox/quickbooks/books.hpp"
#include "sandbox/quickbooks/text.hpp"

namespace tieout::sandbox::quickbooks {
namespace {
using json::Value;
Value text(std::string_view value) { return Value::string(std::string(value)); }
}  // namespace

/// The id and percentage of the rate that one detail asks for; makes it when it is new.
Outcome<std::int64_t> Books::tax_rate_for(const Value& detail, const Context& context, Decimal& percent) {
  if (detail.find("TaxRateId")) {
    const std::string& id = detail["TaxRateId"].text();
    const Record* rate = table(Entity::tax_rate).find(id_number(Entity::tax_rate, id));
    if (!rate) return refused(invalid_reference("TaxRate", id));
    percent = decimal_in(stored(*rate), "RateValue");
    return rate->id;
  }
  const std::string name = detail["TaxRateName"].text();
  percent = Decimal::parse(detail["RateValue"].text_or("")).value_or(Decimal{-1});
  Value document = Value::object();
  document.set("Name", text(name));
  document.set("Description", text(name));
  document.set("Active", Value::boolean(true));
  document.set("RateValue", Value::number(percent.to_text()));
  document.set("AgencyRef", reference(detail["TaxAgencyId"].text()));
  document.set("SpecialTaxType", text("NONE"));
  document.set("DisplayType", text("ReadOnly"));
  return put(Entity::tax_rate, next_id(Entity::tax_rate), document, keys_named(name), context.now).id;
}

Outcome<Value> Books::create_tax_code(const Value& body, const Context& context) {
  if (Refusal no = require(body, "TaxCode")) return refused(std::move(no));
  const std::string name = body["TaxCode"].text();
  if (!table(Entity::tax_code).named(fold(name)).empty())
    return refused(duplicate_name("Another tax code is already using this name. Please use a different name."));
  const Value& details = body["TaxRateDetails"];
  if (details.size() == 0) return refused(required_missing("TaxRateDetails"));
  // Everything is checked before the first rate is made.
  for (const Value& detail : details.items()) {
    if (detail.find("TaxRateId")) {
      const std::string& id = detail["TaxRateId"].text();
      if (!table(Entity::tax_rate).find(id_number(Entity::tax_rate, id)))
        return refused(invalid_reference("TaxRate", id));
      continue;
    }
    for (const char* field : {"TaxRateName", "RateValue", "TaxAgencyId"})
      if (Refusal no = require(detail, field)) return refused(std::move(no));
    const auto percent = Decimal::parse(detail["RateValue"].text());
    if (!percent || percent->is_negative() || *percent > Decimal{100})
      return refused(business_rule("RateValue must be from 0 to 100."));
    if (!table(Entity::tax_rate).named(fold(detail["TaxRateName"].text())).empty())
      return refused(duplicate_name("Another tax rate is already using this name. Please use a different name."));
    const std::string agency = detail["TaxAgencyId"].text_or("");
    if (!table(Entity::tax_agency).find(id_number(Entity::tax_agency, agency)))
      return refused(invalid_reference("TaxAgency", agency));
  }
  TaxCodeRates rates{name, {}};
  Value rate_list = Value::array(), answered = Value::array();
  for (const Value& detail : details.items()) {
    Decimal percent;
    const auto rate = tax_rate_for(detail, context, percent);
    if (!rate) return refused(rate.error());
    rates.shares.push_back({*rate, percent});
    Value entry = Value::object();
    entry.set("TaxRateRef", reference(std::to_string(*rate), table(Entity::tax_rate).find(*rate)->keys.display));
    entry.set("TaxTypeApplicable", text("TaxOnAmount"));
    entry.set("TaxOrder", Value::number(0));
    rate_list.push(std::move(entry));
    Value answer = detail;
    answer.set("TaxRateId", text(std::to_string(*rate)));
    answered.push(std::move(answer));
  }
  Value list = Value::object();
  list.set("TaxRateDetail", std::move(rate_list));
  Value document = Value::object();
  document.set("Name", text(name));
  document.set("Description", text(name));
  document.set("Active", Value::boolean(true));
  document.set("Taxable", Value::boolean(true));
  document.set("TaxGroup", Value::boolean(true));
  document.set("SalesTaxRateList", std::move(list));
  const std::int64_t id = put(Entity::tax_code, next_id(Entity::tax_code), document, keys_named(name), context.now).id;
  tax_codes_[id] = std::move(rates);
  Value out = Value::object();
  out.set("TaxCode", text(name));
  out.set("TaxCodeId", text(std::to_string(id)));
  out.set("TaxRateDetails", std::move(answered));
  return out;
}

}  // namespace tieout::sandbox::quickbooks
