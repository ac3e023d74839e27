// The company itself: CompanyInfo, Preferences (which switch rules on and off), currencies and their rates, and the tax
// codes that TaxService makes.
#include <fmt/core.h>

#include "sandbox/quickbooks/books.hpp"
#include "sandbox/quickbooks/naming.hpp"
#include "sandbox/quickbooks/shape.hpp"
#include "sandbox/quickbooks/text.hpp"

namespace tieout::sandbox::quickbooks {
namespace {

using json::Value;

Value text(std::string_view value) { return Value::string(std::string(value)); }

/// Day rates in US dollars for documents that bring none; a company whose home is not USD sets its own.
constexpr std::pair<std::string_view, std::string_view> kDayRates[] = {
    {"AUD", "0.66"}, {"BRL", "0.19"},   {"CAD", "0.73"},  {"CHF", "1.12"},  {"DKK", "0.147"}, {"EUR", "1.10"},
    {"GBP", "1.27"}, {"JPY", "0.0067"}, {"MXN", "0.055"}, {"NOK", "0.094"}, {"SEK", "0.096"},
};

Value company_document(const Profile& profile, Instant now) {
  Value address = Value::object();
  address.set("Line1", text("14 Garrett Hill"));
  address.set("City", text("Seattle"));
  address.set("CountrySubDivisionCode", text("WA"));
  address.set("PostalCode", text("98101"));
  Value out = Value::object();
  out.set("CompanyName", text(profile.company));
  out.set("LegalName", text(profile.company));
  out.set("CompanyAddr", address);
  out.set("LegalAddr", std::move(address));
  out.set("CompanyStartDate", text(to_text(local_date(now, profile.utc_offset_minutes))));
  out.set("FiscalYearStartMonth", text("January"));
  out.set("Country", text(profile.country));
  out.set("DefaultTimeZone", text("America/Los_Angeles"));
  out.set("SupportedLanguages", text("en"));
  return out;
}

Value preferences_document(const Profile& profile) {
  Value accounting = Value::object();
  accounting.set("FirstMonthOfFiscalYear", text("January"));
  accounting.set("UseAccountNumbers", Value::boolean(false));
  accounting.set("ClassTrackingPerTxnLine", Value::boolean(true));
  accounting.set("TrackDepartments", Value::boolean(true));
  Value sales = Value::object();
  sales.set("CustomTxnNumbers", Value::boolean(false));
  sales.set("AllowDeposit", Value::boolean(true));
  sales.set("AllowDiscount", Value::boolean(true));
  sales.set("AllowEstimates", Value::boolean(true));
  sales.set("AllowShipping", Value::boolean(true));
  sales.set("AllowServiceDate", Value::boolean(true));
  sales.set("AutoApplyCredit", Value::boolean(false));
  Value currency = Value::object();
  currency.set("MultiCurrencyEnabled", Value::boolean(false));
  currency.set("HomeCurrency", reference(profile.home_currency));
  Value tax = Value::object();
  tax.set("UsingSalesTax", Value::boolean(true));
  tax.set("PartnerTaxEnabled", Value::boolean(profile.is_us()));
  Value warning = Value::object();
  warning.set("Name", text("WarnDuplicateInvoiceNumber"));
  warning.set("Value", text("true"));
  Value other = Value::object();
  other.set("NameValue", Value::array({std::move(warning)}));
  Value out = Value::object();
  out.set("AccountingInfoPrefs", std::move(accounting));
  out.set("SalesFormsPrefs", std::move(sales));
  out.set("TaxPrefs", std::move(tax));
  out.set("CurrencyPrefs", std::move(currency));
  out.set("OtherPrefs", std::move(other));
  return out;
}

}  // namespace

Record& Books::put(Entity entity, std::int64_t id, const Value& document, Keys keys, Instant now) {
  Record& record = table_of(entity).insert(id, std::move(keys), now, ++births_);
  store(record, document);
  return record;
}

void Books::found_company(Instant now) {
  put(Entity::company_info, next_id(Entity::company_info), company_document(profile_, now), {}, now);
  const Value preferences = preferences_document(profile_);
  put(Entity::preferences, next_id(Entity::preferences), preferences, {}, now);
  read_settings(preferences);
  if (!profile_.is_us()) return;
  for (const auto& [id, name, described] : {std::tuple{-1, "TAX", "Taxable"}, {-2, "NON", "Non taxable"}}) {
    Value code = Value::object();
    code.set("Name", text(name));
    code.set("Description", text(described));
    code.set("Active", Value::boolean(true));
    code.set("Taxable", Value::boolean(id == -1));
    code.set("TaxGroup", Value::boolean(false));
    put(Entity::tax_code, id, code, keys_named(name), now);
  }
}

void Books::read_settings(const Value& preferences) {
  const Value& sales = preferences["SalesFormsPrefs"];
  settings_.book_close_date = preferences["AccountingInfoPrefs"]["BookCloseDate"].text();
  settings_.custom_txn_numbers = sales["CustomTxnNumbers"].as_bool();
  settings_.auto_apply_credit = sales["AutoApplyCredit"].as_bool();
  settings_.allow_shipping = sales["AllowShipping"].as_bool();
  settings_.multi_currency = preferences["CurrencyPrefs"]["MultiCurrencyEnabled"].as_bool();
  settings_.partner_tax = preferences["TaxPrefs"]["PartnerTaxEnabled"].as_bool();
  settings_.default_tax_code = preferences["TaxPrefs"]["TaxGroupCodeRef"]["value"].text();
  for (const Value& pair : preferences["OtherPrefs"]["NameValue"].items())
    if (pair["Name"].text() == "WarnDuplicateInvoiceNumber")
      settings_.warn_duplicate_numbers = pair["Value"].text() == "true";
}

Refusal Books::prepare_company(Draft& draft) {
  Value& document = draft.document;
  switch (draft.entity) {
    case Entity::company_currency:
      return prepare_currency(draft);
    case Entity::tax_agency:
      if (Refusal no = require(document, "DisplayName")) return no;
      draft.keys.display = document["DisplayName"].text();
      for (const std::int64_t id : table(Entity::tax_agency).named(fold(draft.keys.display)))
        if (!draft.before || draft.before->id != id)
          return duplicate_name("Another tax agency is already using this name.");
      return {};
    case Entity::preferences: {
      const Value& currency = document["CurrencyPrefs"];
      if (settings_.multi_currency && !currency["MultiCurrencyEnabled"].as_bool())
        return business_rule("Multi Currency cannot be turned off once it is on.");
      if (ref_id(currency, "HomeCurrency") != profile_.home_currency)
        return business_rule("The home currency cannot be changed.");
      return {};
    }
    default:
      return {};
  }
}

Refusal Books::prepare_currency(Draft& draft) const {
  Value& document = draft.document;
  if (!settings_.multi_currency) return business_rule("Multi Currency should be enabled to perform this operation.");
  if (Refusal no = require(document, "Code")) return no;
  const std::string code = document["Code"].text();
  if (code.size() != 3 || code.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string::npos)
    return invalid_enumeration("Code", code);
  for (const std::int64_t id : table(Entity::company_currency).named(fold(code)))
    if (!draft.before || draft.before->id != id) return duplicate_name("This currency is already set up.");
  const Value* active = document.find("Active");
  draft.keys.active = !active || active->as_bool(true);
  document.set("Active", Value::boolean(draft.keys.active));
  document.set("Name", text(currency_name(code)));
  draft.keys.display = code;
  return {};
}

Decimal Books::exchange_rate(std::string_view currency, std::string_view date) const {
  if (currency == profile_.home_currency) return Decimal{1};
  if (const auto found = rates_.find(currency); found != rates_.end()) {
    auto after = found->second.upper_bound(std::string(date));
    if (after != found->second.begin()) return std::prev(after)->second;
  }
  for (const auto& [code, rate] : kDayRates)
    if (code == currency) return Decimal::of(rate);
  return Decimal{1};
}

Outcome<const Record*> Books::set_exchange_rate(Value body, const Context& context) {
  if (!settings_.multi_currency)
    return refused(business_rule("Multi Currency should be enabled to perform this operation."));
  if (Refusal no = check_shape(*type_named("ExchangeRate"), body)) return refused(std::move(no));
  for (const char* field : {"SourceCurrencyCode", "Rate"})
    if (Refusal no = require(body, field)) return refused(std::move(no));
  const Decimal rate = decimal_in(body, "Rate");
  if (rate.sign() <= 0) return refused(business_rule("The exchange rate must be more than 0."));
  const std::string code = body["SourceCurrencyCode"].text();
  std::string day = body["AsOfDate"].text();
  if (day.empty()) day = to_text(local_date(context.now, profile_.utc_offset_minutes));
  Value document = Value::object();
  document.set("SourceCurrencyCode", text(code));
  document.set("TargetCurrencyCode", text(profile_.home_currency));
  document.set("Rate", Value::number(rate.to_text()));
  document.set("AsOfDate", text(day));
  rates_[code][day] = rate;
  const std::string name = code + " " + day;
  Table& table = table_of(Entity::exchange_rate);
  for (const std::int64_t id : table.named(fold(name))) {
    Record& record = *table.find(id);
    store(record, document);
    table.touch(record, context.now);
    return &record;
  }
  return &put(Entity::exchange_rate, next_id(Entity::exchange_rate), document, keys_named(name), context.now);
}

}  // namespace tieout::sandbox::quickbooks
