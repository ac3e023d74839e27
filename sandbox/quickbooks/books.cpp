// The life of a record: create, update, void, delete, read. What each entity demands of its document is asked of
// prepare(); only when nothing objects is anything changed, so a refused write leaves no trace.
#include "sandbox/quickbooks/books.hpp"

#include <fmt/core.h>

#include <charconv>

#include "base/check.hpp"
#include "sandbox/quickbooks/shape.hpp"
#include "sandbox/quickbooks/text.hpp"

namespace tieout::sandbox::quickbooks {
namespace {

using json::Value;

// TAX and NON are codes with words for ids; inside they are the two negative numbers.
constexpr std::int64_t kTax = -1, kNon = -2;

constexpr std::string_view kServerFields[] = {
    "Id",
    "SyncToken",
    "MetaData",
    "domain",
    "sparse",
    "status",
    "Balance",
    "BalanceWithJobs",
    "HomeBalance",
    "HomeTotalAmt",
    "UnappliedAmt",
    "RemainingCredit",
    "FullyQualifiedName",
    "Level",
    "CurrentBalance",
    "CurrentBalanceWithSubAccounts",
    "OverDueBalance",
    "V4IDPseudonym",
    "ClientEntityId",
    "ClientCompanyId",
    "InvoiceLink",
};

bool is_server_field(std::string_view name) {
  for (const std::string_view each : kServerFields)
    if (each == name) return true;
  return false;
}

void strip_server_fields(Value& body, Entity entity) {
  std::erase_if(body.members(), [&](const Value::Member& member) {
    if (member.first == "TotalAmt") return entity != Entity::payment;
    return is_server_field(member.first);
  });
}

bool is_person(Entity entity) {
  return entity == Entity::customer || entity == Entity::vendor || entity == Entity::employee;
}

}  // namespace

Books::Books(Profile profile, Instant now) : profile_(std::move(profile)) { found_company(now); }

std::string Books::id_text(Entity entity, std::int64_t id) {
  if (entity == Entity::tax_code && id == kTax) return "TAX";
  if (entity == Entity::tax_code && id == kNon) return "NON";
  return std::to_string(id);
}

std::int64_t Books::id_number(Entity entity, std::string_view text) {
  if (entity == Entity::tax_code && text == "TAX") return kTax;
  if (entity == Entity::tax_code && text == "NON") return kNon;
  std::int64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() && out > 0 ? out : 0;
}

std::int64_t Books::next_id(Entity entity) {
  if (info(entity).transaction) return ++transaction_ids_;
  if (is_person(entity)) return ++name_ids_;
  return ++own_ids_[static_cast<std::size_t>(entity)];
}

Outcome<const Record*> Books::create_record(Entity entity, Value body, const Context& context) {
  if (!info(entity).creatable) return refused(unsupported_operation(fmt::format("create on {}", info(entity).name)));
  if (entity == Entity::exchange_rate) return set_exchange_rate(std::move(body), context);
  if (Refusal no = check_shape(*type_named(info(entity).name), body)) return refused(std::move(no));
  strip_server_fields(body, entity);
  Draft draft{
      .entity = entity, .document = std::move(body), .keys = {}, .before = nullptr, .context = context, .targets = {}};
  draft.tax_sent = draft.document.find("TxnTaxDetail") != nullptr;
  draft.links_sent = draft.document.find("LinkedTxn") != nullptr;
  drop_nulls(draft.document);
  if (Refusal no = prepare(draft)) return refused(std::move(no));
  return commit(draft);
}

Outcome<Record*> Books::current(Entity entity, const Value& body) {
  const std::int64_t id = id_number(entity, body["Id"].text());
  if (body["Id"].text().empty()) return refused(required_missing("Id"));
  Record* record = table_of(entity).find(id);
  if (!record || !is_visible(*record)) return refused(object_not_found());
  const std::string& version = body["SyncToken"].text();
  if (version.empty()) return refused(required_missing("SyncToken"));
  if (version != std::to_string(record->version)) return refused(stale_object());
  return record;
}

Outcome<const Record*> Books::update_record(Entity entity, Value body, const Context& context) {
  if (entity == Entity::tax_code || entity == Entity::tax_rate)
    return refused(unsupported_operation(fmt::format("update on {}", info(entity).name)));
  if (entity == Entity::exchange_rate) return set_exchange_rate(std::move(body), context);
  if (Refusal no = check_shape(*type_named(info(entity).name), body)) return refused(std::move(no));
  const auto record = current(entity, body);
  if (!record) return refused(record.error());
  const bool sparse = body["sparse"].as_bool();
  strip_server_fields(body, entity);
  Draft draft{
      .entity = entity, .document = Value::object(), .keys = {}, .before = *record, .context = context, .targets = {}};
  draft.tax_sent = body.find("TxnTaxDetail") != nullptr;
  draft.links_sent = body.find("LinkedTxn") != nullptr;
  // Preferences and company data have no "absent means cleared": each answer of theirs is a whole form.
  const bool merges = sparse || entity == Entity::preferences || entity == Entity::company_info;
  if (merges) {
    draft.document = stored(**record);
    for (auto& [name, value] : body.members()) {
      Value* mine = draft.document.find(name);
      const bool deep = mine && mine->is_object() && value.is_object() && entity == Entity::preferences;
      if (deep)
        for (auto& [inner, part] : value.members()) mine->set(inner, std::move(part));
      else
        draft.document.set(name, std::move(value));
    }
  } else {
    draft.document = std::move(body);
  }
  drop_nulls(draft.document);
  if (Refusal no = prepare(draft)) return refused(std::move(no));
  return commit(draft);
}

Refusal Books::prepare(Draft& draft) {
  switch (draft.entity) {
    case Entity::customer:
    case Entity::vendor:
    case Entity::employee:
      return prepare_name(draft);
    case Entity::invoice:
    case Entity::credit_memo:
    case Entity::sales_receipt:
    case Entity::refund_receipt:
    case Entity::estimate:
      return prepare_sales(draft);
    case Entity::payment:
      return prepare_payment(draft);
    case Entity::deposit:
      return prepare_deposit(draft);
    case Entity::company_info:
    case Entity::preferences:
    case Entity::company_currency:
    case Entity::tax_agency:
      return prepare_company(draft);
    default:
      return prepare_list(draft);
  }
}

/// Puts a prepared draft into the books. Nothing can object any more.
const Record* Books::commit(Draft& draft) {
  Table& table = table_of(draft.entity);
  Record* record = nullptr;
  std::string old_name;
  if (draft.before) {
    record = table.find(draft.before->id);
    old_name = record->folded;
    contribute(draft.entity, record->keys, -1);
    table.rekey(*record, std::move(draft.keys));
    table.touch(*record, draft.context.now);
  } else {
    record = &table.insert(next_id(draft.entity), std::move(draft.keys), draft.context.now, ++births_);
  }
  store(*record, draft.document);
  contribute(draft.entity, record->keys, 1);
  if (is_person(draft.entity)) register_name(draft.entity, *record, old_name);
  if (draft.entity == Entity::payment) apply(*record, std::move(draft.targets), draft.context.now);
  if (draft.entity == Entity::deposit) set_deposited(*record, std::move(draft.targets), draft.context.now);
  if (draft.entity == Entity::preferences) read_settings(draft.document);
  if (record->keys.carries_balance && record->open_balance().is_negative())
    release(draft.entity, *record, -record->open_balance(), draft.context.now);
  if (draft.entity == Entity::credit_memo && !draft.before && settings_.auto_apply_credit)
    apply_credit(*record, draft.context);
  return record;
}

Outcome<Value> Books::remove_record(Entity entity, Value body, const Context& context) {
  if (!info(entity).transaction) return refused(unsupported_operation(fmt::format("delete on {}", info(entity).name)));
  const auto found = current(entity, body);
  if (!found) return refused(found.error());
  Record& record = **found;
  if (Refusal no = cancellable(entity, record)) return refused(std::move(no));
  if (entity == Entity::payment) apply(record, {}, context.now);
  if (entity == Entity::deposit) set_deposited(record, {}, context.now);
  if (record.keys.carries_balance) release(entity, record, record.applied_total(), context.now);
  contribute(entity, record.keys, -1);
  const std::int64_t id = record.id;
  table_of(entity).erase(id, context.now);
  Value out = Value::object();
  out.set("status", Value::string("Deleted"));
  out.set("domain", Value::string("QBO"));
  out.set("Id", Value::string(std::to_string(id)));
  return out;
}

Outcome<const Record*> Books::read(Entity entity, std::string_view id) const {
  const Record* record = table(entity).find(id_number(entity, id));
  if (!record || !is_visible(*record)) return refused(object_not_found());
  return record;
}

/// What the document adds to the customer's balance: payments and credits count whole, since what they settle is gone
/// from both sides.
void Books::contribute(Entity entity, const Keys& keys, int sign) {
  if (keys.customer == 0) return;
  Decimal amount;
  if (entity == Entity::invoice) amount = keys.total - keys.deposit;
  if (entity == Entity::credit_memo || entity == Entity::payment) amount = -keys.total;
  if (amount.is_zero()) return;
  Decimal& balance = balances_[keys.customer];
  balance += sign > 0 ? amount : -amount;
}

Decimal Books::customer_balance(std::int64_t customer) const {
  const auto found = balances_.find(customer);
  return found == balances_.end() ? Decimal{} : found->second;
}

Value Books::stored(const Record& record) const {
  auto parsed = json::parse("{" + record.body + "}");
  CHECK(parsed.has_value(), "a stored record is not JSON");
  return *std::move(parsed);
}

void Books::store(Record& record, const Value& document) {
  const std::string text = document.dump();
  record.body.assign(text, 1, text.size() - 2);
  record.body.shrink_to_fit();
}

Refusal Books::require(const Value& document, std::string_view field) const {
  const Value* value = document.find(field);
  if (!value || value->is_null() || (value->is_string() && trimmed(value->text()).empty()))
    return required_missing(field);
  return {};
}

Refusal Books::resolve(Value& document, std::string_view field, Entity target) const {
  Value* found = document.find(field);
  if (!found || found->is_null()) return {};
  const std::string id = (*found)["value"].text();
  const Record* record = table(target).find(id_number(target, id));
  if (!record || !record->keys.active || !is_visible(*record)) return invalid_reference(info(target).name, id);
  *found = reference(id_text(target, record->id), record->keys.display);
  return {};
}

}  // namespace tieout::sandbox::quickbooks
