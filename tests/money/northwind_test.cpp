// Northwind's 830 orders through the document totals: figures that anyone can check with a spreadsheet.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "money/document.hpp"

namespace tieout {
namespace {

/// Orders by number, each line as quantity, price and percent off. The file has no quoted cells.
std::map<std::string, Document> read_orders(Rounding rounding, Level level) {
  std::ifstream in(TIEOUT_SOURCE_DIR "/sandbox/seed/northwind/order_details.csv");
  std::map<std::string, Document> orders;
  std::string row;
  std::getline(in, row);
  while (std::getline(in, row)) {
    if (!row.empty() && row.back() == '\r') row.pop_back();
    std::istringstream cells(row);
    std::string order, product, price, quantity, discount;
    std::getline(cells, order, ',');
    std::getline(cells, product, ',');
    std::getline(cells, price, ',');
    std::getline(cells, quantity, ',');
    std::getline(cells, discount, ',');
    DocumentLine line;
    line.id = product;
    line.unit_price = Decimal::of(price);
    line.quantity = Decimal::of(quantity);
    line.discount_percent = Decimal::of(discount) * Decimal{100};
    Document& document = orders[order];
    document.rules.currency = Currency::of("USD");
    document.rules.rounding = rounding;
    document.rules.amount_level = level;
    document.lines.push_back(std::move(line));
  }
  return orders;
}

Decimal total_of(Rounding rounding, Level level) {
  Decimal sum;
  for (const auto& [number, order] : read_orders(rounding, level)) sum += compute_totals(order)->total;
  return sum;
}

TEST(Northwind, HasTheExactNetSum) {
  Decimal sum;
  std::size_t lines = 0;
  const auto orders = read_orders(Rounding::half_up, Level::line);
  for (const auto& [number, order] : orders) {
    for (const auto& line : order.lines) {
      sum += line.unit_price * line.quantity * (Decimal{1} - line.discount_percent * Decimal::of("0.01"));
      ++lines;
    }
  }
  EXPECT_EQ(orders.size(), 830u);
  EXPECT_EQ(lines, 2155u);
  EXPECT_EQ(sum, Decimal::of("1265793.0395"));
}

TEST(Northwind, TotalsOfEveryRoundingModeAreTheKnownOnes) {
  EXPECT_EQ(total_of(Rounding::half_up, Level::line).to_text(), "1265793.29");
  EXPECT_EQ(total_of(Rounding::half_even, Level::line).to_text(), "1265793.02");
  EXPECT_EQ(total_of(Rounding::half_up, Level::document).to_text(), "1265793.22");
}

TEST(Northwind, SevenOrdersDifferAndTheDifferenceIsNamed) {
  const auto per_line = read_orders(Rounding::half_up, Level::line);
  int different = 0;
  for (const auto& [number, order] : read_orders(Rounding::half_up, Level::document)) {
    const auto by_document = *compute_totals(order), by_line = *compute_totals(per_line.at(number));
    const Decimal difference = by_document.total - by_line.total;
    EXPECT_EQ(by_document.rounding_difference, difference) << "order " << number;
    if (!difference.is_zero()) ++different;
  }
  EXPECT_EQ(different, 7);
}

}  // namespace
}  // namespace tieout
