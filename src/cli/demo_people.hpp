// What people do in the demo, outside of Tieout: a customer pays in the books, a sales person edits a deal in the CRM.
// Plain calls to the sandboxes' APIs, as any other program would make them.
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "money/decimal.hpp"
#include "ports/http.hpp"

namespace tieout::cli {

struct DemoAccount {
  std::string url;
  std::string token;
  std::string realm;  ///< QuickBooks only
};

struct PaidInvoice {
  std::string number;
  std::string customer;
  std::string currency;
  Decimal amount;
  bool in_full = true;
};

class DemoPeople {
 public:
  DemoPeople(ports::Http& http, DemoAccount crm, DemoAccount books)
      : http_(http), crm_(std::move(crm)), books_(std::move(books)) {}

  /// Records a payment for each of the first `count` open invoices in the books: in full, every fifth one half of it.
  Result<std::vector<PaidInvoice>> pay_invoices(int count);

  /// Changes one property of a record in the CRM.
  Result<bool> edit(const std::string& object, const std::string& id, const std::string& property,
                    const std::string& value);

  /// Records by object, as the sandbox counts them.
  Result<json::Value> counts(const DemoAccount& account);
  const DemoAccount& crm() const { return crm_; }
  const DemoAccount& books() const { return books_; }

 private:
  Result<json::Value> call(const DemoAccount& account, const std::string& method, const std::string& path,
                           const std::string& body = "");
  ports::Http& http_;
  DemoAccount crm_, books_;
};

}  // namespace tieout::cli
