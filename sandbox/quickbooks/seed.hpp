// What the company's books hold at the start.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "sandbox/quickbooks/books.hpp"

namespace tieout::sandbox::quickbooks {

/// northwind  chart of accounts, terms, tax, a few items, and customers that a clerk had typed in before: slightly
/// other
///            names than the CRM's, some with the same telephone or address; one vendor with a customer's name
/// empty      chart of accounts, terms, tax and the default item
/// generated  the same as empty, also as generated:N, which says how many records the CRM has; the books start without
/// Fails with sandbox.seed.unknown.
Result<bool> plant_seed(Books& books, std::string_view seed, Instant now);

}  // namespace tieout::sandbox::quickbooks
