// Made-up records for benchmarks: every company has one won deal. Everything follows from the running number, so that
// two runs, and two machines, see the same account.
#include <fmt/core.h>

#include "sandbox/hubspot/hubspot.hpp"
#include "sandbox/hubspot/seed.hpp"

namespace tieout::sandbox {
namespace {

using namespace hubspot;

constexpr std::int64_t kProducts = 100;

/// A spread-out number below `below` from two others.
std::uint64_t scattered(std::uint64_t a, std::uint64_t b, std::uint64_t below) {
  std::uint64_t value = (a * 0x9e3779b97f4a7c15ULL) ^ (b + 0x632be59bd9b4e019ULL);
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
  value ^= value >> 27;
  return value % below;
}

std::string cents(std::int64_t amount) { return Decimal::from_mantissa(amount, 2).to_text(); }

std::int64_t price_cents(std::int64_t product) {
  return 199 + static_cast<std::int64_t>(scattered(7, static_cast<std::uint64_t>(product), 49'900));
}

}  // namespace

void seed_generated(Crm& crm, std::int64_t count, Instant now) {
  static constexpr const char* kCities[][3] = {
      {"Berlin", "10115", "Germany"},         {"Lyon", "69001", "France"},       {"Boston", "02108", "USA"},
      {"Leeds", "LS1 1UR", "United Kingdom"}, {"Porto", "4000-008", "Portugal"}, {"Austin", "73301", "USA"}};
  seed_properties(crm, now);
  Sower sow(crm, count * 6 + kProducts, now);
  std::vector<Id> product_ids;
  for (std::int64_t i = 0; i < kProducts; ++i)
    product_ids.push_back(sow.make(products, {{"name", fmt::format("Product {:03}", i)},
                                              {"hs_sku", fmt::format("SKU-{:03}", i)},
                                              {"price", cents(price_cents(i))}})
                              .id);
  for (std::int64_t i = 0; i < count; ++i) {
    const auto number = static_cast<std::uint64_t>(i);
    const auto& city = kCities[scattered(number, 1, std::size(kCities))];
    Record& company = sow.make(companies, {{"name", fmt::format("Customer {:07} Ltd", i)},
                                           {"customer_number", fmt::format("C{:07}", i)},
                                           {"domain", fmt::format("c{:07}.example.com", i)},
                                           {"phone", fmt::format("+1 555 {:07}", i)},
                                           {"address", fmt::format("{} High Street", 1 + scattered(number, 2, 400))},
                                           {"city", city[0]},
                                           {"zip", city[1]},
                                           {"country", city[2]}});
    std::vector<Values> lines;
    std::int64_t total = 0;
    for (std::uint64_t line = 0; line <= scattered(number, 3, 3); ++line) {
      const auto product = static_cast<std::int64_t>(scattered(number, 10 + line, kProducts));
      const auto quantity = 1 + static_cast<std::int64_t>(scattered(number, 20 + line, 20));
      total += quantity * price_cents(product);
      lines.push_back({{"name", fmt::format("Product {:03}", product)},
                       {"hs_product_id", std::to_string(product_ids[static_cast<std::size_t>(product)])},
                       {"hs_sku", fmt::format("SKU-{:03}", product)},
                       {"price", cents(price_cents(product))},
                       {"quantity", std::to_string(quantity)},
                       {"hs_line_item_currency_code", "USD"}});
    }
    Record& deal =
        sow.make(deals, {{"dealname", fmt::format("Order {}", 100'000 + i)},
                         {"pipeline", "default"},
                         {"dealstage", "closedwon"},
                         {"amount", cents(total)},
                         {"deal_currency_code", "USD"},
                         {"order_number", std::to_string(100'000 + i)},
                         {"closedate", to_text(Instant{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}} +
                                               std::chrono::days{scattered(number, 4, 300)})}});
    sow.join(deals, deal, companies, company);
    for (const Values& line : lines) sow.join(deals, deal, line_items, sow.make(line_items, line));
  }
}

}  // namespace tieout::sandbox
