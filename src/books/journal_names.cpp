#include "books/journal_names.hpp"

#include <fmt/core.h>

#include <map>
#include <set>

namespace tieout::books {
namespace {

constexpr std::string_view kReceivable = "Assets:Receivable:";
constexpr std::string_view kCredit = "Liabilities:Customer Credit:";

std::string found_or(const std::unordered_map<std::string, std::string>& names, std::string_view id,
                     std::string otherwise) {
  const auto at = names.find(std::string(id));
  return at == names.end() ? std::move(otherwise) : at->second;
}

/// A colon would begin a sub-account: the look-alike letter is what the books' own names use, too.
std::string one_level(std::string_view name) {
  std::string out;
  for (const char c : harmless(name)) {
    if (c == ':')
      out += "\xEA\x9E\x89";  // ꞉
    else
      out += c;
  }
  return out;
}

}  // namespace

std::string harmless(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool speaks = std::string_view(";|()[]{}\"@=").find(c) != std::string_view::npos;
    const bool blank = speaks || static_cast<unsigned char>(c) <= ' ' || c == 0x7F;
    if (!blank)
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

AccountNames::AccountNames(const Ledger& ledger) {
  std::map<std::string, int> how_many;
  for (const Named& customer : ledger.customers) ++how_many[one_level(customer.record.text("name"))];
  for (const Named& customer : ledger.customers) {
    std::string name = one_level(customer.record.text("name"));
    if (name.empty() || how_many[name] > 1) name = harmless(fmt::format("{} #{}", name, customer.id));
    customers_.emplace(customer.id, std::move(name));
    if (const std::string_view parent = customer.record.text("parent"); !parent.empty())
      parents_.emplace(customer.id, parent);
  }
  for (const Named& account : ledger.accounts) accounts_.emplace(account.id, harmless(account.record.text("name")));
  for (const Named& product : ledger.products)
    if (const std::string_view account = product.record.text("income_account"); !account.empty())
      income_of_product_.emplace(product.id, account);
}

std::string AccountNames::customer(std::string_view id) const {
  return found_or(customers_, id, harmless(fmt::format("Customer {}", id)));
}

std::string AccountNames::receivable(std::string_view customer) const {
  std::string name = std::string(kReceivable) + this->customer(customer);
  credit_beside_.emplace(name, credit(customer));
  return name;
}

std::string AccountNames::credit(std::string_view customer) const {
  return std::string(kCredit) + this->customer(root_of(customer));
}

std::string AccountNames::root_of(std::string_view customer) const {
  std::string at(customer);
  std::set<std::string> seen;  // a ring of parents is the books' mistake, not ours to hang on
  while (seen.insert(at).second) {
    const auto parent = parents_.find(at);
    if (parent == parents_.end()) break;
    at = parent->second;
  }
  return at;
}

std::string AccountNames::income(const model::Record& line) const {
  const std::string account = found_or(income_of_product_, line.text("product"), "");
  const std::string name = found_or(accounts_, account, "");
  if (!name.empty()) return name.starts_with("Income:") ? name : "Income:" + name;
  if (line.text("kind") == "freight") return "Income:Freight";
  if (line.text("kind") == "rounding") return "Income:Rounding";
  return "Income:Sales";
}

std::string AccountNames::money(std::string_view account) const {
  const std::string name = found_or(accounts_, account, "");
  return name.empty() ? "Assets:Bank" : "Assets:Bank:" + name;
}

bool AccountNames::is_receivable(std::string_view account) const { return account.starts_with(kReceivable); }

bool AccountNames::is_customers(std::string_view account) const {
  return is_receivable(account) || account.starts_with(kCredit);
}

std::string AccountNames::credit_beside(const std::string& receivable) const {
  return found_or(credit_beside_, receivable, "");
}

}  // namespace tieout::books
