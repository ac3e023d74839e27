// What is asked of the books once a run: the company, its currency and closing date, and the ids behind the names that
// mappings choose by (terms, tax codes, accounts, payment methods).
#include <fmt/core.h>

#include "vendors/quickbooks/connector.hpp"

namespace tieout::vendors::quickbooks {
namespace {

struct List {
  const char* entity;
  const char* prefix;
};
constexpr List kLists[] = {
    {"Term", "term."}, {"TaxCode", "tax_code."}, {"Account", "account."}, {"PaymentMethod", "payment_method."}};

Fault shape(const std::string& what) {
  return {"quickbooks.answer.shape",
          fmt::format("QuickBooks' answer has an unexpected form: {}; it is tried again later", what)};
}

Result<bool> read_company(const std::string& body, const std::string& realm, const std::string& connection,
                          ports::AccountFacts& facts) {
  TRY(answer, json::parse(body));
  const json::Value& company = answer["CompanyInfo"];
  if (!company.is_object()) return fail(shape("CompanyInfo is missing"));
  // QuickBooks gives the company itself the Id 1; where a realm id stands there, it must be ours.
  const std::string& id = company["Id"].text();
  if (!id.empty() && id != "1" && id != realm)
    return fail(
        "quickbooks.realm.mismatch",
        fmt::format(
            "this sign-in is for company {}, but the connection '{}' belongs to company {}; sign in to the right one",
            id, connection, realm),
        "account_id");
  facts.account_id = realm;
  facts.name = company["CompanyName"].text();
  facts.country = company["Country"].text();
  facts.time_zone = company["DefaultTimeZone"].text();
  facts.settings.emplace_back("fiscal_year_start", company["FiscalYearStartMonth"].text());
  return true;
}

Result<bool> read_preferences(const std::string& body, ports::AccountFacts& facts) {
  TRY(answer, json::parse(body));
  const json::Value& preferences = answer["Preferences"];
  if (!preferences.is_object()) return fail(shape("Preferences is missing"));
  const json::Value& currency = preferences["CurrencyPrefs"];
  facts.multi_currency = currency["MultiCurrencyEnabled"].as_bool();
  facts.home_currency = currency["HomeCurrency"]["value"].text();
  if (!facts.home_currency.empty()) facts.currencies.push_back(facts.home_currency);
  const std::string& closing = preferences["AccountingInfoPrefs"]["BookCloseDate"].text();
  if (!closing.empty()) {
    auto date = parse_date(std::string_view(closing).substr(0, 10));
    if (!date) return fail(shape("BookCloseDate is not a date"));
    facts.books_closed_through = *date;
  }
  const auto flag = [](const json::Value& value) { return value.as_bool() ? "true" : "false"; };
  facts.settings.emplace_back("custom_document_numbers", flag(preferences["SalesFormsPrefs"]["CustomTxnNumbers"]));
  facts.settings.emplace_back("uses_sales_tax", flag(preferences["TaxPrefs"]["UsingSalesTax"]));
  facts.settings.emplace_back("automated_sales_tax", flag(preferences["TaxPrefs"]["PartnerTaxEnabled"]));
  facts.settings.emplace_back("allow_shipping", flag(preferences["SalesFormsPrefs"]["AllowShipping"]));
  facts.settings.emplace_back("allow_discount", flag(preferences["SalesFormsPrefs"]["AllowDiscount"]));
  return true;
}

void read_list(const List& list, const json::Value& answer, ports::AccountFacts& facts) {
  std::map<std::string, std::string> first_of_type;
  for (const json::Value& row : answer["QueryResponse"][list.entity].items()) {
    const std::string& id = row["Id"].text();
    const std::string& name = row.find("FullyQualifiedName") ? row["FullyQualifiedName"].text() : row["Name"].text();
    if (id.empty() || name.empty() || (row.find("Active") && !row["Active"].as_bool(true))) continue;
    facts.settings.emplace_back(list.prefix + name, id);
    if (const std::string& type = row["AccountType"].text(); !type.empty()) first_of_type.emplace(type, id);
  }
  for (const auto& [type, id] : first_of_type) facts.settings.emplace_back("first_account." + type, id);
}

}  // namespace

Result<ports::AccountFacts> QuickBooks::facts() {
  const std::string& realm = session_.settings().account_id;
  std::vector<Session::Pending> pending;
  pending.push_back(
      session_.start({.path = path("/companyinfo/" + url_encoded(realm)), .body = {}, .about = "read the company"}));
  pending.push_back(session_.start({.path = path("/preferences"), .body = {}, .about = "read the preferences"}));
  for (const List& list : kLists)
    pending.push_back(session_.start(
        query_call(fmt::format("SELECT * FROM {} MAXRESULTS 1000", list.entity), fmt::format("list {}", list.entity))));
  std::vector<std::string> bodies;
  std::optional<Fault> failed;
  for (Session::Pending& one : pending) {
    auto response = session_.finish(std::move(one));
    if (!response && !failed) failed = response.error();
    bodies.push_back(response ? std::move(response->body) : std::string());
  }
  if (failed) return fail(std::move(*failed));
  ports::AccountFacts facts;
  TRY_VOID(read_company(bodies[0], realm, session_.settings().name, facts));
  TRY_VOID(read_preferences(bodies[1], facts));
  for (std::size_t i = 0; i < std::size(kLists); ++i) {
    TRY(answer, json::parse(bodies[i + 2]));
    if (!answer["QueryResponse"].is_object()) return fail(shape("a list is missing"));
    read_list(kLists[i], answer, facts);
  }
  if (facts.multi_currency) {
    TRY(response, session_.call(query_call("SELECT * FROM CompanyCurrency MAXRESULTS 1000", "list the currencies")));
    TRY(answer, json::parse(response.body));
    if (!answer["QueryResponse"].is_object()) return fail(shape("the list of currencies is missing"));
    for (const json::Value& row : answer["QueryResponse"]["CompanyCurrency"].items())
      if (const std::string& code = row["Code"].text();
          !code.empty() && std::find(facts.currencies.begin(), facts.currencies.end(), code) == facts.currencies.end())
        facts.currencies.push_back(code);
  }
  return facts;
}

}  // namespace tieout::vendors::quickbooks
