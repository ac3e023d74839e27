#include "sandbox/hubspot/hubspot.hpp"

namespace tieout::sandbox {
namespace {

using namespace hubspot;

struct Custom {
  Type type;
  const char* name;
  const char* label;
  const char* value_type;
  const char* field_type;
  bool unique = false;
};

constexpr Custom kCustom[] = {
    {companies, "customer_number", "Customer number", "string", "text", true},
    {companies, "fax", "Fax", "string", "text"},
    {companies, "payment_terms", "Payment terms (days)", "number", "number"},
    {companies, "tax_id", "Tax id", "string", "text"},
    {companies, "credit_limit", "Credit limit", "number", "number"},
    {contacts, "contact_number", "Contact number", "string", "text", true},
    {products, "category", "Category", "string", "text"},
    {products, "quantity_per_unit", "Quantity per unit", "string", "text"},
    {deals, "order_number", "Order number", "string", "text", true},
    {deals, "po_number", "Purchase order number", "string", "text"},
    {deals, "required_date", "Required date", "date", "date"},
    {deals, "shipped_date", "Shipped date", "date", "date"},
    {deals, "ship_via", "Shipped by", "string", "text"},
    {deals, "ship_name", "Ship to", "string", "text"},
    {deals, "ship_address", "Ship to: street", "string", "text"},
    {deals, "ship_city", "Ship to: city", "string", "text"},
    {deals, "ship_state", "Ship to: state", "string", "text"},
    {deals, "ship_zip", "Ship to: postal code", "string", "text"},
    {deals, "ship_country", "Ship to: country", "string", "text"},
    {deals, "bill_to_name", "Bill to", "string", "text"},
    {deals, "bill_to_address", "Bill to: street", "string", "text"},
    {deals, "bill_to_city", "Bill to: city", "string", "text"},
    {deals, "bill_to_zip", "Bill to: postal code", "string", "text"},
    {deals, "bill_to_country", "Bill to: country", "string", "text"},
    // Money taken on the CRM side, to be booked.
    {deals, "receipt_amount", "Receipt: amount", "number", "number"},
    {deals, "receipt_date", "Receipt: date", "date", "date"},
    {deals, "receipt_reference", "Receipt: reference", "string", "text"},
    // What the books say, written back.
    {deals, "invoice_number", "Invoice number", "string", "text"},
    {deals, "invoice_status", "Invoice status", "string", "text"},
    {deals, "invoice_total", "Invoice total", "number", "number"},
    {deals, "amount_paid", "Amount paid", "number", "number"},
    {deals, "open_balance", "Open balance", "number", "number"},
    {deals, "last_payment_date", "Last payment date", "date", "date"},
    {deals, "tieout_invoice_id", "Invoice id in the books", "string", "text"},
};

}  // namespace

void seed_properties(Crm& crm, Instant now) {
  for (const Type type : {companies, contacts, products, deals}) {
    Schema& schema = crm.table(type).schema;
    schema.groups().push_back({"accounting", "Accounting", 1});
  }
  for (const Custom& custom : kCustom) {
    Property property;
    property.name = custom.name;
    property.label = custom.label;
    property.group = "accounting";
    property.type = custom.value_type;
    property.field_type = custom.field_type;
    property.unique = custom.unique;
    property.form_field = true;
    property.created = property.updated = now;
    crm.table(custom.type).schema.add(std::move(property));
  }
}

}  // namespace tieout::sandbox
