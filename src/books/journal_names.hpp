// The names of the journal's accounts. Plain text journals give meaning to colons, double blanks, semicolons and
// brackets, so a customer's name is made harmless, and two customers of one name are told apart by their ids.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "books/ledger.hpp"

namespace tieout::books {

/// One line of harmless text: no control characters, no ; | ( ) [ ] { } " @ =, single blanks, none at the ends.
std::string harmless(std::string_view text);

class AccountNames {
 public:
  explicit AccountNames(const Ledger& ledger);

  /// "Alfreds Futterkiste", or "Customer 58" when nothing is known by that id.
  std::string customer(std::string_view id) const;
  std::string receivable(std::string_view customer) const;
  /// One for a customer and all that belong to it: the books let a payment of one use the credit of another.
  std::string credit(std::string_view customer) const;
  /// Where the income of an invoice line goes: the account of its product, else by the kind of line.
  std::string income(const model::Record& line) const;
  /// The account that a refund was paid from.
  std::string money(std::string_view account) const;

  bool is_receivable(std::string_view account) const;
  bool is_customers(std::string_view account) const;  ///< a receivable or credit account
  /// The credit account of the customer whose receivable account this is.
  std::string credit_beside(const std::string& receivable) const;

 private:
  std::string root_of(std::string_view customer) const;

  std::unordered_map<std::string, std::string> customers_, parents_, accounts_, income_of_product_;
  mutable std::unordered_map<std::string, std::string> credit_beside_;
};

}  // namespace tieout::books
