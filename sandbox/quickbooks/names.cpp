// Customer, Vendor and Employee: one name space over the three, without regard to case; sub-customers up to five
// levels; a currency that is fixed once the name exists.
#include <fmt/core.h>

#include "sandbox/quickbooks/books.hpp"
#include "sandbox/quickbooks/naming.hpp"
#include "sandbox/quickbooks/text.hpp"

namespace tieout::sandbox::quickbooks {
namespace {

using json::Value;
constexpr int kMostLevels = 5;

std::string from_parts(const Value& document) {
  std::string out;
  for (const char* part : {"Title", "GivenName", "MiddleName", "FamilyName", "Suffix"}) {
    const std::string_view text = trimmed(document[part].text());
    if (text.empty()) continue;
    if (!out.empty()) out += ' ';
    out += text;
  }
  return out;
}

}  // namespace

Refusal Books::prepare_name(Draft& draft) {
  Value& document = draft.document;
  const Value* active = document.find("Active");
  draft.keys.active = !active || active->as_bool(true);
  document.set("Active", Value::boolean(draft.keys.active));

  std::string display(trimmed(document["DisplayName"].text()));
  if (display.empty()) display = from_parts(document);
  if (display.empty()) return required_missing("DisplayName");
  if (has_forbidden_characters(display)) return invalid_characters("DisplayName");
  display = with_deleted_mark(std::move(display), draft.keys.active);
  if (Refusal no = claim_display_name(draft, display)) return no;
  document.set("DisplayName", Value::string(display));
  draft.keys.display = display;

  for (const auto& [field, target] : {std::pair{"SalesTermRef", Entity::term},
                                      {"TermRef", Entity::term},
                                      {"PaymentMethodRef", Entity::payment_method},
                                      {"DefaultTaxCodeRef", Entity::tax_code},
                                      {"ARAccountRef", Entity::account}})
    if (Refusal no = resolve(document, field, target)) return no;
  if (draft.entity == Entity::employee) {
    if (!document.find("PrintOnCheckName")) document.set("PrintOnCheckName", Value::string(display));
    return {};
  }
  if (Refusal no = prepare_currency_of_name(draft)) return no;
  if (!document.find("PrintOnCheckName")) document.set("PrintOnCheckName", Value::string(display));
  if (draft.entity == Entity::vendor) return {};
  if (Refusal no = prepare_parent(draft)) return no;
  if (!document.find("Taxable")) document.set("Taxable", Value::boolean(profile_.is_us()));
  if (!document.find("PreferredDeliveryMethod")) document.set("PreferredDeliveryMethod", Value::string("Print"));
  return {};
}

Refusal Books::prepare_parent(Draft& draft) const {
  Value& document = draft.document;
  int level = 0;
  std::string full = draft.keys.display;
  if (document.find("ParentRef")) {
    if (Refusal no = resolve(document, "ParentRef", Entity::customer)) return no;
    draft.keys.parent = id_number(Entity::customer, ref_id(document, "ParentRef"));
    for (std::int64_t at = draft.keys.parent; at != 0; ++level) {
      if (draft.before && at == draft.before->id) return business_rule("A customer cannot be its own parent.");
      if (level + 1 >= kMostLevels) return business_rule("Sub-customers can be nested five levels deep at most.");
      const Record* parent = table(Entity::customer).find(at);
      full = parent->keys.display + ":" + full;
      at = parent->keys.parent;
    }
    if (!document.find("Job")) document.set("Job", Value::boolean(true));
    document.set("Level", Value::number(level));
  } else {
    document.remove("Level");
    document.set("Job", Value::boolean(false));
  }
  if (!document.find("BillWithParent")) document.set("BillWithParent", Value::boolean(false));
  document.set("FullyQualifiedName", Value::string(full));
  return {};
}

Refusal Books::prepare_currency_of_name(Draft& draft) const {
  Value& document = draft.document;
  std::string code = ref_id(document, "CurrencyRef");
  if (code.empty()) code = draft.before ? draft.before->keys.currency : profile_.home_currency;
  if (code != profile_.home_currency) {
    if (!settings_.multi_currency) return business_rule("Multi Currency should be enabled to perform this operation.");
    if (table(Entity::company_currency).named(fold(code)).empty())
      return business_rule(fmt::format("The currency {} is not set up for this company.", code));
  }
  if (draft.before && code != draft.before->keys.currency)
    return business_rule("The currency of an existing name cannot be changed.");
  document.set("CurrencyRef", reference(code, currency_name(code)));
  draft.keys.currency = code;
  return {};
}

Refusal Books::claim_display_name(const Draft& draft, std::string& display) const {
  const auto taken = [&](const std::string& folded) {
    const auto found = names_.find(folded);
    return found != names_.end() &&
           !(draft.before && found->second.entity == draft.entity && found->second.id == draft.before->id);
  };
  if (!taken(fold(display))) return {};
  if (draft.keys.active)
    return duplicate_name(
        "Another customer, vendor or employee is already using this name. Please use a different name.");
  // The second "Acme" to be made inactive must not clash with the first.
  const std::string stem = display.substr(0, display.size() - 1);
  for (int n = 2; taken(fold(display)); ++n) display = fmt::format("{} {})", stem, n);
  return {};
}

void Books::register_name(Entity entity, const Record& record, const std::string& old_folded) {
  if (old_folded == record.folded) return;
  if (!old_folded.empty()) names_.erase(old_folded);
  names_[record.folded] = {entity, record.id};
}

}  // namespace tieout::sandbox::quickbooks
