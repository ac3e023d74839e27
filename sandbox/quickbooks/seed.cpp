// Every record of a seed goes through the same door as a client's: what the rules refuse cannot be planted.
#include "sandbox/quickbooks/seed.hpp"

#include <fmt/core.h>

#include "base/check.hpp"
#include "sandbox/quickbooks/text.hpp"

namespace tieout::sandbox::quickbooks {
namespace {

using json::Value;

struct Account {
  std::string_view name, type, sub_type;
};
constexpr Account kAccounts[] = {
    {"Accounts Receivable (A/R)", "Accounts Receivable", "AccountsReceivable"},
    {"Undeposited Funds", "Other Current Asset", "UndepositedFunds"},
    {"Checking", "Bank", "Checking"},
    {"Inventory Asset", "Other Current Asset", "Inventory"},
    {"Accounts Payable (A/P)", "Accounts Payable", "AccountsPayable"},
    {"Sales Tax Payable", "Other Current Liability", "SalesTaxPayable"},
    {"Opening Balance Equity", "Equity", "OpeningBalanceEquity"},
    {"Sales of Product Income", "Income", "SalesOfProductIncome"},
    {"Services", "Income", "ServiceFeeIncome"},
    {"Shipping Income", "Income", "OtherPrimaryIncome"},
    {"Discounts given", "Income", "DiscountsRefundsGiven"},
    {"Rounding", "Other Expense", "OtherMiscellaneousExpense"},
    {"Cost of Goods Sold", "Cost of Goods Sold", "SuppliesMaterialsCogs"},
    {"Bank Charges", "Expense", "BankCharges"},
    {"Bad Debts", "Expense", "BadDebts"},
    {"Exchange Gain or Loss", "Other Expense", "ExchangeGainOrLoss"},
};

/// Typed in by a clerk before there was a CRM. The first four columns are what matching has to work with.
struct Customer {
  std::string_view name, phone, line, city, postal_code, country, given, family, email;
};
constexpr Customer kCustomers[] = {
    {"Alfreds Futterkiste GmbH", "030-0074321", "Obere Str. 57", "Berlin", "12209", "Germany", "Maria", "Anders", ""},
    {"Around the Horn Ltd.", "(171) 555-7788", "120 Hanover Square", "London", "WA1 1DP", "UK", "Thomas", "Hardy", ""},
    {"Bolido Comidas preparadas", "(91) 555 22 82", "C/ Araquil, 67", "Madrid", "28023", "Spain", "Martin", "Sommer",
     ""},
    {"BERGLUNDS SNABBKÖP", "0921-12 34 65", "Berguvsvägen 8", "Luleå", "S-958 22", "Sweden", "Christina", "Berglund",
     ""},
    {"Koeniglich Essen", "0555-09876", "Maubelstr. 90", "Brandenburg", "14776", "Germany", "Philip", "Cramer", ""},
    {"Rattlesnake Canyon Grocery Inc.", "(505) 555-5939", "2817 Milton Drive", "Albuquerque", "87110", "USA", "Paula",
     "Wilson", ""},
    {"Save a lot Markets", "", "187 Suffolk Ln.", "Boise", "83720", "USA", "Jose", "Pavarotti", ""},
    {"Vins & alcools Chevalier", "26.47.15.10", "59 rue de l'Abbaye", "Reims", "51100", "France", "", "", ""},
    {"Pacific Tea House", "(206) 555-0142", "7 Pine Street", "Seattle", "98101", "USA", "Grace", "Lin",
     "grace@pacifictea.example"},
};

struct Item {
  std::string_view name, price, account;
};
constexpr Item kItems[] = {
    {"Chai", "18", "Sales of Product Income"},
    {"Chang", "19", "Sales of Product Income"},
    {"Aniseed Syrup 550 ml", "10", "Sales of Product Income"},
    {"Mishi Kobe Niku", "97", "Sales of Product Income"},
    {"Freight", "0", "Shipping Income"},
};

class Seed {
 public:
  Seed(Books& books, Instant now) : books_(books), context_{now} {}

  void chart() {
    for (const Account& account : kAccounts) {
      Value body = named("Name", account.name);
      body.set("AccountType", text(account.type));
      body.set("AccountSubType", text(account.sub_type));
      make(Entity::account, std::move(body));
    }
    for (const auto& [name, days] : {std::pair{"Due on receipt", 0}, {"Net 15", 15}, {"Net 30", 30}, {"Net 60", 60}}) {
      Value body = named("Name", name);
      body.set("DueDays", Value::number(days));
      make(Entity::term, std::move(body));
    }
    for (const char* name : {"Cash", "Check", "Credit Card", "Bank transfer"})
      make(Entity::payment_method, named("Name", name));
    item({"Services", "0", "Services"});
    books_.profile().is_us() ? us_tax() : uk_tax();
  }

  void northwind() {
    for (const Item& each : kItems) item(each);
    for (const Customer& customer : kCustomers) person(Entity::customer, customer);
    // A supplier that is also a customer of the CRM: its name is taken in the name space that both share.
    person(Entity::vendor, {"Island Trading", "(198) 555-8888", "Garden House Crowther Way", "Cowes", "PO31 7PJ", "UK",
                            "Helen", "Bennett", ""});
    person(Entity::vendor, {"Exotic Liquids", "(171) 555-2222", "49 Gilbert St.", "London", "EC1 4SD", "UK",
                            "Charlotte", "Cooper", ""});
  }

 private:
  static Value text(std::string_view value) { return Value::string(std::string(value)); }
  static Value named(std::string field, std::string_view name) {
    Value body = Value::object();
    body.set(std::move(field), text(name));
    return body;
  }
  void make(Entity entity, Value body) {
    const auto made = books_.create(entity, std::move(body), context_);
    CHECK(made.has_value(), made ? "" : made.error().errors.front().detail.c_str());
  }
  std::string account_id(std::string_view name) const {
    return std::to_string(books_.table(Entity::account).named(fold(name)).at(0));
  }

  void item(const Item& item) {
    Value body = named("Name", item.name);
    body.set("Type", text("Service"));
    body.set("UnitPrice", Value::number(std::string(item.price)));
    body.set("IncomeAccountRef", reference(account_id(item.account)));
    make(Entity::item, std::move(body));
  }

  void person(Entity entity, const Customer& customer) {
    Value body = named("DisplayName", customer.name);
    body.set("CompanyName", text(customer.name));
    const auto add = [&](const char* field, std::string_view value) {
      if (!value.empty()) body.set(field, text(value));
    };
    add("GivenName", customer.given);
    add("FamilyName", customer.family);
    if (!customer.phone.empty()) body.set("PrimaryPhone", named("FreeFormNumber", customer.phone));
    if (!customer.email.empty()) body.set("PrimaryEmailAddr", named("Address", customer.email));
    Value address = named("Line1", customer.line);
    address.set("City", text(customer.city));
    address.set("PostalCode", text(customer.postal_code));
    address.set("Country", text(customer.country));
    body.set("BillAddr", std::move(address));
    make(entity, std::move(body));
  }

  void tax(std::string_view code, std::string_view percent, std::string_view agency) {
    Value rate = named("TaxRateName", fmt::format("{} ({} %)", code, percent));
    rate.set("RateValue", Value::number(std::string(percent)));
    rate.set("TaxAgencyId", text(agency));
    rate.set("TaxApplicableOn", text("Sales"));
    Value body = named("TaxCode", code);
    body.set("TaxRateDetails", Value::array({std::move(rate)}));
    const auto made = books_.create_tax_code(body, context_);
    CHECK(made.has_value(), "a tax code of the seed was refused");
  }
  void us_tax() {
    make(Entity::tax_agency, named("DisplayName", "Washington State Department of Revenue"));
    tax("Washington", "10.1", "1");
    const Record* preferences = books_.table(Entity::preferences).find(1);
    Value group = Value::object();
    group.set("TaxGroupCodeRef", reference("1"));
    Value body = named("Id", "1");
    body.set("SyncToken", text(std::to_string(preferences->version)));
    body.set("TaxPrefs", std::move(group));
    CHECK(books_.update(Entity::preferences, std::move(body), context_).has_value(),
          "the default tax code was refused");
  }
  void uk_tax() {
    make(Entity::tax_agency, named("DisplayName", "HM Revenue & Customs"));
    for (const auto& [code, percent] : {std::pair{"20.0% S", "20"}, {"5.0% R", "5"}, {"0.0% Z", "0"}, {"Exempt", "0"}})
      tax(code, percent, "1");
  }

  Books& books_;
  Context context_;
};

}  // namespace

Result<bool> plant_seed(Books& books, std::string_view seed, Instant now) {
  const bool generated = seed == "generated" || seed.starts_with("generated:");
  if (seed != "northwind" && seed != "empty" && !generated)
    return fail("sandbox.seed.unknown",
                fmt::format("the QuickBooks sandbox has no seed \"{}\"; use northwind, empty or generated:N", seed),
                "seed");
  Seed planting(books, now);
  planting.chart();
  if (seed == "northwind") planting.northwind();
  return true;
}

}  // namespace tieout::sandbox::quickbooks
