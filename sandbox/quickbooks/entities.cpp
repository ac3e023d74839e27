// The table behind entities.hpp, in the order of the enumeration.
#include "sandbox/quickbooks/entities.hpp"

#include <array>

#include "sandbox/quickbooks/text.hpp"

namespace tieout::sandbox::quickbooks {
namespace {

constexpr std::array<EntityInfo, kEntities> kInfos = {{
    {Entity::account, "Account", "Name"},
    {Entity::class_, "Class", "Name"},
    {.entity = Entity::company_currency, .name = "CompanyCurrency", .name_field = "Code"},
    {.entity = Entity::company_info, .name = "CompanyInfo", .name_field = "", .creatable = false, .in_cdc = false},
    {.entity = Entity::credit_memo,
     .name = "CreditMemo",
     .name_field = "DocNumber",
     .transaction = true,
     .sales_form = true,
     .voidable = true},
    {Entity::customer, "Customer", "DisplayName"},
    {Entity::department, "Department", "Name"},
    {.entity = Entity::deposit, .name = "Deposit", .name_field = "DocNumber", .transaction = true},
    {Entity::employee, "Employee", "DisplayName"},
    {.entity = Entity::estimate,
     .name = "Estimate",
     .name_field = "DocNumber",
     .transaction = true,
     .sales_form = true},
    {.entity = Entity::exchange_rate, .name = "ExchangeRate", .name_field = "", .in_cdc = false},
    {.entity = Entity::invoice,
     .name = "Invoice",
     .name_field = "DocNumber",
     .transaction = true,
     .sales_form = true,
     .voidable = true},
    {Entity::item, "Item", "Name"},
    {.entity = Entity::payment, .name = "Payment", .name_field = "", .transaction = true, .voidable = true},
    {Entity::payment_method, "PaymentMethod", "Name"},
    {.entity = Entity::preferences, .name = "Preferences", .name_field = "", .creatable = false, .in_cdc = false},
    {.entity = Entity::refund_receipt,
     .name = "RefundReceipt",
     .name_field = "DocNumber",
     .transaction = true,
     .sales_form = true,
     .voidable = true},
    {.entity = Entity::sales_receipt,
     .name = "SalesReceipt",
     .name_field = "DocNumber",
     .transaction = true,
     .sales_form = true,
     .voidable = true},
    {.entity = Entity::tax_agency, .name = "TaxAgency", .name_field = "DisplayName", .in_cdc = false},
    {.entity = Entity::tax_code, .name = "TaxCode", .name_field = "Name", .creatable = false, .in_cdc = false},
    {.entity = Entity::tax_rate, .name = "TaxRate", .name_field = "Name", .creatable = false, .in_cdc = false},
    {Entity::term, "Term", "Name"},
    {Entity::vendor, "Vendor", "DisplayName"},
}};

}  // namespace

std::span<const EntityInfo> all_entities() { return kInfos; }
const EntityInfo& info(Entity entity) { return kInfos[static_cast<std::size_t>(entity)]; }

const EntityInfo* entity_named(std::string_view name) {
  for (const EntityInfo& each : kInfos)
    if (same_word(each.name, name)) return &each;
  return nullptr;
}

}  // namespace tieout::sandbox::quickbooks
