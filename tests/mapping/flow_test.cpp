// Flows: what a derive comes to, and the known totals of the real data set.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "mapping/mapping.hpp"

namespace tieout::mapping {
namespace {

const PackSet& packs() {
  static const auto loaded = PackSet::load_embedded();
  EXPECT_TRUE(loaded) << loaded.error().what;
  return *loaded;
}

Variables variables_with(const std::vector<std::pair<std::string, std::string>>& settings) {
  auto variables = packs().variables(settings);
  EXPECT_TRUE(variables) << variables.error().what;
  Account books;
  books.home_currency = "USD";
  variables->set_account(Side::books, books);
  return *variables;
}

std::vector<std::vector<std::string>> csv_rows(const std::string& path) {
  std::ifstream in(std::string(TIEOUT_SOURCE_DIR) + "/" + path);
  std::stringstream text;
  text << in.rdbuf();
  const std::string content = text.str();
  CsvReader reader(content);
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> cells;
  while (*reader.next(cells)) rows.push_back(cells);
  return rows;
}

/// The 830 orders as deals without freight: order id → lines.
std::map<std::string, std::vector<model::Record>> orders() {
  std::map<std::string, std::vector<model::Record>> result;
  const auto rows = csv_rows("sandbox/seed/northwind/order_details.csv");
  for (std::size_t i = 1; i < rows.size(); ++i) {
    model::Record line(model::type_named("deal_line"));
    line.set("kind", model::Value::text("item")).set("product", model::Value::text(rows[i][1]));
    line.set("unit_price", model::Value::decimal(Decimal::of(rows[i][2])));
    line.set("quantity", model::Value::decimal(Decimal::of(rows[i][3])));
    line.set("discount_percent", model::Value::decimal(Decimal::of(rows[i][4]) * Decimal(100)));
    result[rows[i][0]].push_back(std::move(line));
  }
  return result;
}

Decimal net_of_all_orders(const Variables& variables, std::string* changed = nullptr) {
  const Flow& flow = *packs().flow("invoices");
  const ObjectMapping& invoice = *packs().find("quickbooks", "Invoice");
  Decimal sum;
  for (const auto& [id, lines] : orders()) {
    model::Record deal(model::type_named("deal"));
    deal.set("name", model::Value::text("Order " + id)).set("is_won", model::Value::boolean(true));
    deal.set("company", model::Value::text("1")).set("closed_on", model::Value::date(*parse_date("1998-05-06")));
    deal.set_records("lines", lines);
    const auto outcome = flow.derive({deal, id, {}, {}}, variables);
    if (!outcome || !std::holds_alternative<Derived>(*outcome)) {
      ADD_FAILURE() << id;
      continue;
    }
    const model::Record& record = std::get<Derived>(*outcome).record;
    sum += record.decimal("total");
    // What is sent must add up to the total, line by line, as the books will compute it.
    const auto body = invoice.to_vendor(record, variables);
    EXPECT_TRUE(body) << body.error().what;
    const auto json = json::parse(*body);
    Decimal sent;
    for (const json::Value& line : (*json)["Line"].items()) {
      const Decimal amount = Decimal::of(line["Amount"].text());
      sent += amount;
      const json::Value& detail = line["SalesItemLineDetail"];
      if (!detail.find("Qty")) continue;
      const Decimal product = Decimal::of(detail["Qty"].text()) * Decimal::of(detail["UnitPrice"].text());
      EXPECT_EQ(product.rounded(2, Rounding::half_up), amount) << id;
    }
    EXPECT_EQ(sent, record.decimal("total")) << id;
    if (changed && record.records("lines").size() != lines.size()) *changed += id + " ";
  }
  return sum;
}

TEST(InvoicesFlow, NorthwindRoundedByLineComesToTheKnownTotal) {
  EXPECT_EQ(net_of_all_orders(variables_with({})).to_text(), "1265793.29");
}

TEST(InvoicesFlow, NorthwindRoundedByDocumentComesToTheOtherKnownTotal) {
  std::string with_rounding_line;
  EXPECT_EQ(
      net_of_all_orders(variables_with({{"rounding_level", "document"}, {"rounding_item", "99"}}), &with_rounding_line)
          .to_text(),
      "1265793.22");
  EXPECT_EQ(std::count(with_rounding_line.begin(), with_rounding_line.end(), ' '), 7) << with_rounding_line;
}

TEST(InvoicesFlow, NorthwindRoundedHalfEvenComesToTheThirdKnownTotal) {
  EXPECT_EQ(net_of_all_orders(variables_with({{"rounding", "half_even"}})).to_text(), "1265793.02");
}

TEST(InvoicesFlow, SaysWhatItIs) {
  const Flow& flow = *packs().flow("invoices");
  EXPECT_EQ(flow.kind(), FlowKind::derive);
  EXPECT_EQ(flow.from_type().name, "deal");
  EXPECT_EQ(flow.to_side(), Side::books);
  EXPECT_EQ(flow.update_policy(), UpdatePolicy::while_unpaid);
  EXPECT_FALSE(flow.writes_back());
  EXPECT_TRUE(packs().flow("deal-status")->writes_back());
  EXPECT_EQ(packs().flow("deal-status")->facts(), std::vector<std::string>{"last_paid_on"});
}

TEST(CustomersFlow, OwnersAndDirectionsAreAsStated) {
  const Flow& flow = *packs().flow("customers");
  const int terms = flow.type().index_of("payment_terms");
  const auto found =
      std::find_if(flow.fields().begin(), flow.fields().end(), [&](const FieldPolicy& p) { return p.field == terms; });
  ASSERT_NE(found, flow.fields().end());
  EXPECT_EQ(found->owner, model::Owner::books);
  EXPECT_TRUE(found->to_crm);
  EXPECT_FALSE(found->to_books);
  EXPECT_EQ(flow.unmatched(Side::books), Unmatched::skip);
  EXPECT_EQ(flow.type().fields[flow.match_keys()[0].field].name, "tax_id");
}

TEST(CustomersFlow, ARecordThatSaysNothingIsHeldNotCrashed) {
  const auto verdict =
      packs().flow("customers")->check(Side::crm, model::Record(model::type_named("company")), "1", variables_with({}));
  ASSERT_TRUE(verdict) << verdict.error().what;
  ASSERT_TRUE(std::holds_alternative<Hold>(*verdict));
  EXPECT_EQ(std::get<Hold>(*verdict).code, "company.name.missing");
}

TEST(HoldMessages, ShowTheValuesThatTheySpeakOf) {
  model::Record deal(model::type_named("deal"));
  deal.set("is_won", model::Value::boolean(true)).set("company", model::Value::text("1"));
  deal.set("closed_on", model::Value::date(*parse_date("1998-05-06")))
      .set("amount", model::Value::decimal(Decimal::of("99.00")));
  model::Record line(model::type_named("deal_line"));
  line.set("kind", model::Value::text("item")).set("product", model::Value::text("1"));
  line.set("quantity", model::Value::decimal(2)).set("unit_price", model::Value::decimal(50));
  deal.set_records("lines", {line});
  const auto outcome = packs().flow("invoices")->derive({deal, "9", {}, {}}, variables_with({}));
  ASSERT_TRUE(outcome) << outcome.error().what;
  ASSERT_TRUE(std::holds_alternative<Hold>(*outcome));
  EXPECT_EQ(std::get<Hold>(*outcome).reason,
            "The deal says 99.00, but its lines come to 100.00; correct the amount or the lines in the CRM.");
}

}  // namespace
}  // namespace tieout::mapping
