// The checklist of accounting fields (requirement B2), one line for each field of the canonical company, product,
// invoice and invoice line: does the CRM have it, can it be derived, or is it missing? The fields come from the
// declaration, so a new one shows up here by itself; only where a document's field comes from is written below.
#include <fmt/core.h>

#include "model/types.hpp"
#include "prove/preflight_work.hpp"

namespace tieout::prove::preflight {
namespace {

struct Source {
  std::string_view field;    ///< "invoice.issued_on"
  std::string_view in_crm;   ///< "deal.closed_on"; empty when the CRM has no place for it
  std::string_view derived;  ///< how it can be made when the CRM has none; empty when it cannot
};

constexpr Source kSources[] = {
    {"company.legal_name", "company.legal_name", "the name"},
    {"company.customer_number", "company.customer_number", "the books' own sequence, or the CRM's id"},
    {"company.domain", "company.domain", "the web site or the e-mail address"},
    {"company.email", "company.email", "the primary contact's e-mail"},
    {"company.website", "company.website", "the domain"},
    {"company.currency", "company.currency", "the books' home currency"},
    {"company.payment_terms", "company.payment_terms", "the books' default terms"},
    {"company.active", "company.active", "active unless the CRM says otherwise"},
    {"product.sku", "product.sku", "the product's name"},
    {"product.unit_price", "product.unit_price", "the price on each line"},
    {"product.currency", "product.currency", "the books' home currency"},
    {"product.kind", "product.kind", "the mapping's rule (goods or service)"},
    {"product.active", "product.active", "active unless the CRM says otherwise"},
    {"product.tax_code", "product.tax_code", "the mapping's tax rule"},
    {"product.income_account", "product.income_account", "the mapping's account for sales"},
    {"invoice.number", "deal.number", "the books' own sequence"},
    {"invoice.status", "", "the books keep it"},
    {"invoice.customer", "deal.company", ""},
    {"invoice.issued_on", "deal.closed_on", ""},
    {"invoice.due_on", "", "issue date and payment terms"},
    {"invoice.currency", "deal.currency", "the customer's currency"},
    {"invoice.exchange_rate", "", "the books' rate of the day; not needed in the home currency"},
    {"invoice.tax_mode", "", "the mapping states it"},
    {"invoice.lines", "deal.lines", ""},
    {"invoice.net_total", "", "the sum of the lines, by the mapping's rounding"},
    {"invoice.tax_total", "", "the lines and their tax codes"},
    {"invoice.total", "deal.amount", "net and tax"},
    {"invoice.open_balance", "", "the books keep it"},
    {"invoice.reference", "", "made for each invoice"},
    {"invoice.purchase_order", "deal.purchase_order", ""},
    {"invoice.email", "company.email", "the primary contact's e-mail"},
    {"invoice.payment_terms", "company.payment_terms", "the books' default terms"},
    {"invoice.deal", "deal.name", ""},
    {"invoice_line.kind", "deal_line.kind", "an item unless the mapping says otherwise"},
    {"invoice_line.product", "deal_line.product", "the SKU"},
    {"invoice_line.sku", "deal_line.sku", "the product"},
    {"invoice_line.description", "deal_line.description", "the product's name"},
    {"invoice_line.quantity", "deal_line.quantity", ""},
    {"invoice_line.unit_price", "deal_line.unit_price", "the product's list price"},
    {"invoice_line.discount_percent", "deal_line.discount_percent", "none where it is empty"},
    {"invoice_line.discount_amount", "deal_line.discount_amount", "none where it is empty"},
    {"invoice_line.net_amount", "", "quantity, price and discount, by the mapping's rounding"},
    {"invoice_line.tax_code", "deal_line.tax_code", "the product's tax code, else the mapping's tax rule"},
    {"invoice_line.tax_amount", "", "the net and its tax code"},
};

struct Filled {
  std::int64_t filled = 0, of = 0;
};

/// How many CRM records of that type have that field; lines are counted over all deals.
Filled count_filled(const AuditInput& input, std::string_view type, std::string_view field) {
  const model::RecordType* declared = model::find_type(type);
  Filled count;
  if (declared == nullptr) return count;
  const int index = declared->index_of(field);
  if (index < 0) return count;
  const auto take = [&](const model::Record& record) {
    ++count.of;
    const model::Value& value = record.at(index);
    const bool empty = !value.has_value() || (value.is_text() && value.as_text().empty());
    count.filled += empty ? 0 : 1;
  };
  if (type == "deal_line") {
    for (const Named& deal : input.deals)
      for (const model::Record& line : deal.record.records("lines")) take(line);
    return count;
  }
  const auto& records = type == "company" ? input.crm_companies : type == "product" ? input.crm_products : input.deals;
  for (const Named& one : records) take(one.record);
  return count;
}

FieldCheck check_field(const AuditInput& input, const model::RecordType& type, const model::FieldDecl& field) {
  FieldCheck check;
  check.field = fmt::format("{}.{}", type.name, field.name);
  check.is_required = field.is_required;
  const auto* source =
      std::find_if(std::begin(kSources), std::end(kSources), [&](const Source& s) { return s.field == check.field; });
  const bool listed = source != std::end(kSources);
  const bool of_the_crm = type.name == "company" || type.name == "product";
  const std::string from = listed ? std::string(source->in_crm) : of_the_crm ? check.field : std::string();
  std::string derived = listed ? std::string(source->derived) : std::string();
  if (!listed && field.owner == model::Owner::books) derived = "the books keep it";
  if (const std::size_t point = from.find('.'); point != std::string::npos) {
    const Filled count =
        count_filled(input, std::string_view(from).substr(0, point), std::string_view(from).substr(point + 1));
    check.filled = count.filled;
    check.of = count.of;
  }
  if (check.of > 0 && check.filled == check.of) {
    check.availability = Availability::present;
    check.how = from;
  } else if (!derived.empty()) {
    check.availability = Availability::derivable;
    check.how = check.filled > 0 ? fmt::format("{}; where it is empty: {}", from, derived) : derived;
  } else if (check.filled > 0) {
    check.availability = Availability::present;
    check.how = fmt::format("{}; {} of {} are empty", from, check.of - check.filled, check.of);
  } else {
    check.how = from.empty() ? "the CRM has no place for it; map a field of your own, or leave it out"
                             : fmt::format("fill {} in the CRM, or leave it out", from);
  }
  return check;
}

}  // namespace

std::vector<FieldCheck> check_fields(const AuditInput& input) {
  std::vector<FieldCheck> checks;
  for (const std::string_view name : {"company", "product", "invoice", "invoice_line"}) {
    const model::RecordType& type = model::type_named(name);
    for (const model::FieldDecl& field : type.fields) checks.push_back(check_field(input, type, field));
  }
  return checks;
}

}  // namespace tieout::prove::preflight
