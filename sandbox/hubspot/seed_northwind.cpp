// Northwind as a HubSpot account would hold it: customers are companies with one contact each, orders are won deals.
// Amounts are exact decimals: a line is price × quantity less its percent discount; a deal's amount is the sum of its
// lines and freight, rounded half-up to cents once.
#include <fmt/core.h>

#include <map>

#include "base/embedded.hpp"
#include "sandbox/hubspot/hubspot.hpp"
#include "sandbox/hubspot/seed.hpp"
#include "sandbox/kit/csv.hpp"

namespace tieout::sandbox {
namespace {

using namespace hubspot;

struct Files {
  SeedTable customers;
  SeedTable products;
  SeedTable orders;
  SeedTable lines;
};

Result<SeedTable> read(const char* name) {
  const auto text = embedded_file(fmt::format("seed/northwind/{}.csv", name));
  if (!text)
    return fail("sandbox.seed.unreadable", fmt::format("the seed file northwind/{}.csv was not built in", name));
  return SeedTable(*text);
}

Result<Files> read_files() {
  TRY(customers, read("customers"));
  TRY(products, read("products"));
  TRY(orders, read("orders"));
  TRY(lines, read("order_details"));
  return Files{std::move(customers), std::move(products), std::move(orders), std::move(lines)};
}

std::string day(const std::string& text) { return text.substr(0, std::min<std::size_t>(10, text.size())); }

std::string closed_at(const std::string& text) { return text.empty() ? text : day(text) + "T00:00:00.000Z"; }

std::string trimmed(std::string text) {
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

class Northwind {
 public:
  Northwind(Crm& crm, const Files& files, Instant now) : files_(files), sow_(crm, 6'000, now), crm_(crm) {}

  void sow() {
    for (std::size_t i = 0; i < files_.products.size(); ++i) product(i);
    freight_ = sow_.make(hubspot::products, {{"name", "Freight"}, {"hs_sku", "FREIGHT"}, {"category", "Services"}}).id;
    for (std::size_t i = 0; i < files_.customers.size(); ++i) customer(i);
    for (std::size_t i = 0; i < files_.lines.size(); ++i) lines_of_order_[files_.lines.at(i, "OrderID")].push_back(i);
    for (std::size_t i = 0; i < files_.orders.size(); ++i) order(i);
    open_deals();
    deal_without_lines();
  }

 private:
  void product(std::size_t row) {
    const SeedTable& from = files_.products;
    const Record& made = sow_.make(hubspot::products, {{"name", from.at(row, "ProductName")},
                                                       {"price", from.at(row, "UnitPrice")},
                                                       {"hs_sku", sku(from.at(row, "ProductID"))},
                                                       {"category", from.at(row, "CategoryName")},
                                                       {"quantity_per_unit", from.at(row, "QuantityPerUnit")}});
    product_rows_[from.at(row, "ProductID")] = {made.id, row};
  }

  static std::string sku(const std::string& product_id) { return "NW-" + product_id; }

  void customer(std::size_t row) {
    const SeedTable& from = files_.customers;
    const std::string& number = from.at(row, "CustomerID");
    Record& company = sow_.make(companies, {{"name", from.at(row, "CompanyName")},
                                            {"customer_number", number},
                                            {"address", from.at(row, "Address")},
                                            {"city", from.at(row, "City")},
                                            {"state", from.at(row, "Region")},
                                            {"zip", from.at(row, "PostalCode")},
                                            {"country", from.at(row, "Country")},
                                            {"phone", from.at(row, "Phone")},
                                            {"fax", from.at(row, "Fax")}});
    const std::string& name = from.at(row, "ContactName");
    const std::size_t blank = std::min(name.find(' '), name.size());
    Record& contact = sow_.make(contacts, {{"firstname", name.substr(0, blank)},
                                           {"lastname", blank < name.size() ? name.substr(blank + 1) : std::string()},
                                           {"jobtitle", from.at(row, "ContactTitle")},
                                           {"phone", from.at(row, "Phone")},
                                           {"fax", from.at(row, "Fax")},
                                           {"company", trimmed(from.at(row, "CompanyName"))},
                                           {"contact_number", number}});
    sow_.join(contacts, contact, companies, company);
    customers_[number] = {company.id, contact.id, from.at(row, "CompanyName")};
  }

  Record& deal(const std::string& customer_number, const Values& values) {
    const Customer& customer = customers_.at(customer_number);
    Record& made = sow_.make(deals, values);
    sow_.join(deals, made, companies, *crm_.table(companies).find(customer.company));
    sow_.join(deals, made, contacts, *crm_.table(contacts).find(customer.contact));
    return made;
  }

  void line(Record& of, const Values& values) { sow_.join(deals, of, line_items, sow_.make(line_items, values)); }

  /// The line's values, and its exact net amount added to the sum.
  Values order_line(std::size_t row, Decimal& sum) {
    const SeedTable& from = files_.lines;
    const auto& [product_id, product_row] = product_rows_.at(from.at(row, "ProductID"));
    const Decimal percent = (Decimal::of(from.at(row, "Discount")) * Decimal(100)).normalised();
    const Decimal price = Decimal::of(from.at(row, "UnitPrice"));
    sum += price * Decimal::of(from.at(row, "Quantity")) * (Decimal(100) - percent) * Decimal::of("0.01");
    return {{"name", files_.products.at(product_row, "ProductName")},
            {"hs_product_id", std::to_string(product_id)},
            {"hs_sku", sku(from.at(row, "ProductID"))},
            {"price", from.at(row, "UnitPrice")},
            {"quantity", from.at(row, "Quantity")},
            {"hs_discount_percentage", percent.is_zero() ? std::string() : percent.to_text()},
            {"hs_line_item_currency_code", "USD"}};
  }

  void order(std::size_t row) {
    const SeedTable& from = files_.orders;
    const std::string& number = from.at(row, "OrderID");
    const Customer& customer = customers_.at(from.at(row, "CustomerID"));
    Decimal sum = Decimal::of(from.at(row, "Freight"));
    std::vector<Values> lines;
    for (const std::size_t line_row : lines_of_order_[number]) lines.push_back(order_line(line_row, sum));
    lines.push_back({{"name", "Freight"},
                     {"hs_product_id", std::to_string(freight_)},
                     {"hs_sku", "FREIGHT"},
                     {"price", from.at(row, "Freight")},
                     {"quantity", "1"},
                     {"hs_line_item_currency_code", "USD"}});
    Record& made = deal(from.at(row, "CustomerID"), {{"dealname", fmt::format("Order {} · {}", number, customer.name)},
                                                     {"pipeline", "default"},
                                                     {"dealstage", "closedwon"},
                                                     {"closedate", closed_at(from.at(row, "OrderDate"))},
                                                     {"amount", sum.rounded(2, Rounding::half_up).to_text()},
                                                     {"deal_currency_code", "USD"},
                                                     {"order_number", number},
                                                     {"po_number", "PO-" + number},
                                                     {"required_date", day(from.at(row, "RequiredDate"))},
                                                     {"shipped_date", day(from.at(row, "ShippedDate"))},
                                                     {"ship_via", from.at(row, "Shipper")},
                                                     {"ship_name", from.at(row, "ShipName")},
                                                     {"ship_address", from.at(row, "ShipAddress")},
                                                     {"ship_city", from.at(row, "ShipCity")},
                                                     {"ship_state", from.at(row, "ShipRegion")},
                                                     {"ship_zip", from.at(row, "ShipPostalCode")},
                                                     {"ship_country", from.at(row, "ShipCountry")}});
    for (const Values& values : lines) line(made, values);
  }

  /// Not sold yet: nothing of these may reach the books.
  void open_deals() {
    const std::pair<const char*, const char*> open[] = {{"ALFKI", "qualifiedtobuy"},
                                                        {"BERGS", "contractsent"},
                                                        {"ERNSH", "presentationscheduled"},
                                                        {"QUICK", "closedlost"}};
    for (const auto& [customer, stage] : open) {
      Record& made = deal(customer, {{"dealname", fmt::format("Spring order · {}", customers_.at(customer).name)},
                                     {"pipeline", "default"},
                                     {"dealstage", stage},
                                     {"amount", "180.00"},
                                     {"closedate", "1998-06-30T00:00:00.000Z"},
                                     {"deal_currency_code", "USD"}});
      line(made, {{"hs_product_id", std::to_string(product_rows_.at("1").first)},
                  {"quantity", "10"},
                  {"hs_line_item_currency_code", "USD"}});
    }
  }

  /// Won, but nothing to invoice: to be held with that reason.
  void deal_without_lines() {
    deal("SAVEA", {{"dealname", fmt::format("Framework agreement · {}", customers_.at("SAVEA").name)},
                   {"pipeline", "default"},
                   {"dealstage", "closedwon"},
                   {"amount", "2500.00"},
                   {"closedate", "1998-05-07T00:00:00.000Z"},
                   {"deal_currency_code", "USD"}});
  }

  struct Customer {
    Id company = 0;
    Id contact = 0;
    std::string name;
  };
  const Files& files_;
  Sower sow_;
  Crm& crm_;
  Id freight_ = 0;
  std::map<std::string, std::pair<Id, std::size_t>> product_rows_;
  std::map<std::string, Customer> customers_;
  std::map<std::string, std::vector<std::size_t>> lines_of_order_;
};

}  // namespace

Result<bool> seed_northwind(Crm& crm, Instant now) {
  TRY(files, read_files());
  seed_properties(crm, now);
  Northwind(crm, files, now).sow();
  return true;
}

}  // namespace tieout::sandbox
