// The books' side as Tieout last saw it, read from the store into one value: customers, documents, payments and the
// names that their accounts go by. What is computed from it (the journal here) is pure.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/record.hpp"
#include "ports/store.hpp"

namespace tieout::books {

/// A canonical record with the id that it has in the books.
struct Named {
  std::string id;
  model::Record record;
};

struct Ledger {
  std::vector<Named> customers, products, accounts;  ///< names; also of records that are archived by now
  std::vector<Named> invoices, credit_notes, payments, refunds;
};

/// Everything of the books' side that is not deleted there and could be read. Makes no call to a vendor.
/// Fails with the codes of the store, and model.stored.damaged.
Result<Ledger> read_ledger(ports::Store& store);

}  // namespace tieout::books
