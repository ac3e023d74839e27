// The entities that the sandbox keeps, and what can be done with each.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace tieout::sandbox::quickbooks {

enum class Entity : std::uint8_t {
  account,
  class_,
  company_currency,
  company_info,
  credit_memo,
  customer,
  department,
  deposit,
  employee,
  estimate,
  exchange_rate,
  invoice,
  item,
  payment,
  payment_method,
  preferences,
  refund_receipt,
  sales_receipt,
  tax_agency,
  tax_code,
  tax_rate,
  term,
  vendor,
};
inline constexpr std::size_t kEntities = 23;

struct EntityInfo {
  Entity entity;
  std::string_view name;        ///< "Invoice"
  std::string_view name_field;  ///< "DisplayName", "Name", "DocNumber" or empty: what find-by-name means here
  bool transaction = false;     ///< has TxnDate, shares the numbering of transactions, can be deleted
  bool sales_form = false;  ///< has item lines and a total: Invoice, CreditMemo, SalesReceipt, RefundReceipt, Estimate
  bool voidable = false;
  bool creatable = true;  ///< through POST /{entity}; TaxCode and TaxRate only through TaxService
  bool in_cdc = true;
};

std::span<const EntityInfo> all_entities();
const EntityInfo& info(Entity entity);
/// In any case, as clients write it in paths and queries; null when there is none.
const EntityInfo* entity_named(std::string_view name);

}  // namespace tieout::sandbox::quickbooks
