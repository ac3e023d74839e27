#include "sandbox/hubspot/types.hpp"

#include <fmt/core.h>

namespace tieout::sandbox::hubspot {

namespace {

struct Row {
  std::string_view names;  ///< plural, singular, number, as in messages
  std::string_view embedded;
  std::string_view defaults;
  std::string_view searched;
};

constexpr Row kRows[kTypes] = {
    {"contacts contact 0-1 CONTACT", "contacts", "firstname lastname email", "firstname lastname email phone company"},
    {"companies company 0-2 COMPANY", "companies", "name domain", "name domain phone website"},
    {"deals deal 0-3 DEAL", "deals", "dealname amount closedate pipeline dealstage", "dealname dealstage description"},
    {"tickets ticket 0-5 TICKET", "tickets", "subject content hs_pipeline hs_pipeline_stage", "subject content"},
    {"products product 0-7 PRODUCT", "products", "name description price", "name description price hs_sku"},
    {"line_items line_item 0-8 LINE_ITEM", "line items", "name quantity price", "name hs_sku"},
    {"quotes quote 0-14 QUOTE", "quotes", "hs_title hs_expiration_date", "hs_title"},
    {"invoices invoice 0-53 INVOICE", "invoices", "hs_number hs_invoice_status hs_amount_billed hs_balance_due",
     "hs_number hs_title"},
    {"commerce_payments commerce_payment 0-101 COMMERCE_PAYMENT", "commerce payments",
     "hs_initial_amount hs_latest_status", "hs_customer_email"},
    {"orders order 0-123 ORDER", "orders", "hs_order_name hs_total_price", "hs_order_name"},
};

std::array<TypeInfo, kTypes> make_infos() {
  std::array<TypeInfo, kTypes> out;
  for (std::size_t i = 0; i < kTypes; ++i) {
    const std::vector<std::string_view> names = words_of_list(kRows[i].names);
    const std::string_view modified = i == contacts ? "lastmodifieddate" : "hs_lastmodifieddate";
    out[i] = {names[0],
              names[1],
              names[2],
              names[3],
              kRows[i].embedded,
              modified,
              words_of_list(kRows[i].defaults),
              words_of_list(kRows[i].searched)};
  }
  return out;
}

}  // namespace

std::vector<std::string_view> words_of_list(std::string_view text) {
  std::vector<std::string_view> out;
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = begin;
    while (end < text.size() && text[end] != ' ') ++end;
    if (end > begin) out.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

const TypeInfo& info(Type type) {
  static const std::array<TypeInfo, kTypes> all = make_infos();
  return all[type];
}

std::optional<Type> type_named(std::string_view name) {
  for (int i = 0; i < kTypes; ++i) {
    const TypeInfo& known = info(static_cast<Type>(i));
    if (name == known.plural || name == known.singular || name == known.id) return static_cast<Type>(i);
  }
  return std::nullopt;
}

std::string_view name_of(Category category) {
  switch (category) {
    case Category::hubspot_defined:
      return "HUBSPOT_DEFINED";
    case Category::user_defined:
      return "USER_DEFINED";
    case Category::integrator_defined:
      return "INTEGRATOR_DEFINED";
  }
  return {};
}

std::optional<Category> category_named(std::string_view name) {
  for (const Category category : {Category::hubspot_defined, Category::user_defined, Category::integrator_defined})
    if (name == name_of(category)) return category;
  return std::nullopt;
}

void AssociationTypes::pair(Type a, Type b, int ab, int ba, bool primary) {
  // Where a pair has a primary association the plain name means that one, and the other is "…_unlabeled".
  const auto name = [&](Type from, Type to) {
    std::string out = fmt::format("{}_to_{}", info(from).singular, info(to).singular);
    const bool has_primary = (from == contacts && to == companies) || (from == companies && to == contacts) ||
                             (from == deals && to == companies) || (from == companies && to == deals) ||
                             (from == tickets && to == companies) || (from == companies && to == tickets);
    return has_primary && !primary ? out + "_unlabeled" : out;
  };
  const std::string label = primary ? "Primary" : "";
  types_.push_back({a, b, ab, ba, primary, name(a, b), label});
  if (ab != ba) types_.push_back({b, a, ba, ab, primary, name(b, a), label});
}

AssociationTypes::AssociationTypes() {
  pair(contacts, companies, 1, 2, true);
  pair(contacts, companies, 279, 280);
  pair(deals, companies, 5, 6, true);
  pair(deals, companies, 341, 342);
  pair(tickets, companies, 26, 25, true);
  pair(tickets, companies, 339, 340);
  pair(deals, contacts, 3, 4);
  pair(contacts, tickets, 15, 16);
  pair(deals, line_items, 19, 20);
  pair(deals, tickets, 27, 28);
  pair(deals, quotes, 63, 64);
  pair(quotes, line_items, 67, 68);
  pair(quotes, contacts, 69, 70);
  pair(quotes, companies, 71, 72);
  pair(invoices, deals, 175, 176);
  pair(invoices, contacts, 177, 178);
  pair(invoices, companies, 179, 180);
  pair(invoices, payments, 393, 392);
  pair(invoices, line_items, 409, 410);
  pair(invoices, quotes, 407, 408);
  pair(payments, contacts, 387, 388);
  pair(payments, companies, 389, 390);
  pair(payments, deals, 391, 394);
  pair(orders, contacts, 507, 508);
  pair(orders, companies, 509, 510);
  pair(orders, deals, 512, 511);
  pair(orders, line_items, 513, 514);
  pair(contacts, contacts, 449, 449);
  pair(companies, companies, 450, 450);
  pair(deals, deals, 451, 451);
}

const AssociationType* AssociationTypes::find(Category category, int id) const {
  for (const AssociationType& type : types_)
    if (type.id == id && type.category == category) return &type;
  return nullptr;
}

const AssociationType* AssociationTypes::unlabelled(Type from, Type to) const {
  for (const AssociationType& type : types_)
    if (type.from == from && type.to == to && type.label.empty() && type.category == Category::hubspot_defined)
      return &type;
  return nullptr;
}

const AssociationType* AssociationTypes::primary(Type from, Type to) const {
  for (const AssociationType& type : types_)
    if (type.from == from && type.to == to && type.primary) return &type;
  return nullptr;
}

const AssociationType* AssociationTypes::named(Type from, Type to, std::string_view name) const {
  for (const AssociationType& type : types_)
    if (type.from == from && type.to == to && type.name == name) return &type;
  return nullptr;
}

std::vector<const AssociationType*> AssociationTypes::between(Type from, Type to) const {
  std::vector<const AssociationType*> out;
  for (const AssociationType& type : types_)
    if (type.from == from && type.to == to) out.push_back(&type);
  return out;
}

std::vector<const AssociationType*> AssociationTypes::add_label(Type from, Type to, const std::string& name,
                                                                const std::string& label,
                                                                const std::string& inverse_label) {
  const int there = next_user_defined_++;
  const int back = inverse_label.empty() && from == to ? there : next_user_defined_++;
  types_.push_back({from, to, there, back, false, name, label, Category::user_defined});
  if (back != there)
    types_.push_back(
        {to, from, back, there, false, name, inverse_label.empty() ? label : inverse_label, Category::user_defined});
  std::vector<const AssociationType*> out{find(Category::user_defined, there)};
  if (back != there) out.push_back(find(Category::user_defined, back));
  return out;
}

}  // namespace tieout::sandbox::hubspot
