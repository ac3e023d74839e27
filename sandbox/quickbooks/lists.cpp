// The other lists: items, accounts, terms, payment methods, classes, departments. Names are unique per list (under the
// same parent), and what a sale will need later (an income account, days until due) is demanded here.
#include <fmt/core.h>

#include "sandbox/quickbooks/books.hpp"
#include "sandbox/quickbooks/naming.hpp"
#include "sandbox/quickbooks/text.hpp"

namespace tieout::sandbox::quickbooks {
namespace {

using json::Value;

std::string_view classification_of(std::string_view account_type) {
  if (account_type == "Income" || account_type == "Other Income") return "Revenue";
  if (account_type == "Expense" || account_type == "Other Expense" || account_type == "Cost of Goods Sold")
    return "Expense";
  if (account_type == "Equity") return "Equity";
  if (account_type.find("Payable") != std::string_view::npos ||
      account_type.find("Liability") != std::string_view::npos || account_type == "Credit Card")
    return "Liability";
  return "Asset";
}

bool has_parent(Entity entity) {
  return entity == Entity::item || entity == Entity::account || entity == Entity::class_ ||
         entity == Entity::department;
}

}  // namespace

Refusal Books::prepare_list(Draft& draft) {
  Value& document = draft.document;
  if (Refusal no = require(document, "Name")) return no;
  std::string name(trimmed(document["Name"].text()));
  if (has_forbidden_characters(name)) return invalid_characters("Name");
  const Value* active = document.find("Active");
  draft.keys.active = !active || active->as_bool(true);
  document.set("Active", Value::boolean(draft.keys.active));
  name = with_deleted_mark(std::move(name), draft.keys.active);

  if (has_parent(draft.entity)) {
    if (Refusal no = resolve(document, "ParentRef", draft.entity)) return no;
    draft.keys.parent = id_number(draft.entity, ref_id(document, "ParentRef"));
    if (draft.before && draft.keys.parent == draft.before->id)
      return business_rule("An element cannot be its own parent.");
    const Record* parent = table(draft.entity).find(draft.keys.parent);
    const std::string above = parent ? parent->keys.display + ":" : std::string();
    document.set("FullyQualifiedName", Value::string(above + name));
  }
  if (Refusal no = claim_list_name(draft, name)) return no;
  document.set("Name", Value::string(name));
  draft.keys.display = name;
  switch (draft.entity) {
    case Entity::item:
      return prepare_item(draft);
    case Entity::account:
      return prepare_account(draft);
    case Entity::term:
      return prepare_term(draft);
    default:
      return prepare_simple(draft);
  }
}

Refusal Books::claim_list_name(const Draft& draft, std::string& name) const {
  const auto taken = [&] {
    for (const std::int64_t id : table(draft.entity).named(fold(name)))
      if ((!draft.before || id != draft.before->id) && table(draft.entity).find(id)->keys.parent == draft.keys.parent)
        return true;
    return false;
  };
  if (!taken()) return {};
  if (draft.keys.active)
    return duplicate_name(fmt::format("Another {} is already using this name. Please use a different name.",
                                      lower(info(draft.entity).name)));
  const std::string stem = name.substr(0, name.size() - 1);
  for (int n = 2; taken(); ++n) name = fmt::format("{} {})", stem, n);
  return {};
}

Refusal Books::account_of_kind(Value& document, std::string_view field, std::string_view kinds) const {
  if (!document.find(field)) return {};
  const std::string id = ref_id(document, field);
  if (Refusal no = resolve(document, field, Entity::account)) return no;
  const Record* account = table(Entity::account).find(id_number(Entity::account, id));
  if (kinds.find("|" + account->keys.kind + "|") == std::string_view::npos)
    return business_rule(fmt::format("{}: the account {} has the type {}, which cannot be used here.", field,
                                     account->keys.display, account->keys.kind));
  return {};
}

Refusal Books::prepare_item(Draft& draft) const {
  Value& document = draft.document;
  if (!document.find("Type")) document.set("Type", Value::string("Service"));
  const std::string type = document["Type"].text();
  draft.keys.kind = type;
  if (Refusal no =
          account_of_kind(document, "IncomeAccountRef", "|Income|Other Income|Other Current Liability|Expense|"))
    return no;
  if (Refusal no = account_of_kind(document, "ExpenseAccountRef", "|Expense|Other Expense|Cost of Goods Sold|"))
    return no;
  if (Refusal no = account_of_kind(document, "AssetAccountRef", "|Other Current Asset|")) return no;
  if (Refusal no = resolve(document, "SalesTaxCodeRef", Entity::tax_code)) return no;
  const bool sold = type == "Service" || type == "NonInventory" || type == "Inventory";
  if (sold && !document.find("IncomeAccountRef") && (type == "Inventory" || !document.find("ExpenseAccountRef")))
    return required_missing("IncomeAccountRef");
  if (type == "Inventory") {
    for (const char* field : {"ExpenseAccountRef", "AssetAccountRef", "InvStartDate", "QtyOnHand"})
      if (Refusal no = require(document, field)) return no;
    document.set("TrackQtyOnHand", Value::boolean(true));
  } else if (!document.find("TrackQtyOnHand")) {
    document.set("TrackQtyOnHand", Value::boolean(false));
  }
  if (type == "Category") return {};
  if (!document.find("Taxable")) document.set("Taxable", Value::boolean(false));
  if (!document.find("UnitPrice")) document.set("UnitPrice", Value::number("0"));
  if (decimal_in(document, "UnitPrice").needed_scale() > 7)
    document.set("UnitPrice",
                 Value::number(decimal_in(document, "UnitPrice").rounded(7, Rounding::half_up).normalised().to_text()));
  return {};
}

Refusal Books::prepare_account(Draft& draft) const {
  Value& document = draft.document;
  if (Refusal no = require(document, "AccountType")) return no;
  draft.keys.kind = document["AccountType"].text();
  if (draft.before && draft.before->keys.kind != draft.keys.kind && !draft.before->keys.kind.empty() &&
      classification_of(draft.before->keys.kind) != classification_of(draft.keys.kind))
    return business_rule("The type of an account that is in use cannot be changed to another classification.");
  document.set("Classification", Value::string(std::string(classification_of(draft.keys.kind))));
  document.set("SubAccount", Value::boolean(draft.keys.parent != 0));
  if (!document.find("CurrencyRef"))
    document.set("CurrencyRef", reference(profile_.home_currency, currency_name(profile_.home_currency)));
  return {};
}

Refusal Books::prepare_term(Draft& draft) const {
  Value& document = draft.document;
  const Value* days = document.find("DueDays");
  const Value* day = document.find("DayOfMonthDue");
  if (!days && !day) return required_missing("DueDays");
  if (days && (days->as_int(-1) < 0 || days->as_int() > 999)) return business_rule("DueDays must be from 0 to 999.");
  if (day && (day->as_int(0) < 1 || day->as_int() > 31)) return business_rule("DayOfMonthDue must be from 1 to 31.");
  document.set("Type", Value::string(days ? "STANDARD" : "DATE_DRIVEN"));
  return {};
}

Refusal Books::prepare_simple(Draft& draft) const {
  if (draft.entity == Entity::payment_method && !draft.document.find("Type"))
    draft.document.set("Type", Value::string("NON_CREDIT_CARD"));
  return {};
}

}  // namespace tieout::sandbox::quickbooks
