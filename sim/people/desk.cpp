#include "sim/people/desk.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace tieout::sim {

using json::Value;

namespace {

std::string path(hs::Type type, const std::string& id = {}) {
  return fmt::format("/crm/v3/objects/{}{}{}", hs::info(type).plural, id.empty() ? "" : "/", id);
}

Value properties(const Fields& values) {
  Value inner = Value::object();
  for (const auto& [name, value] : values) inner.set(name, Value::string(value));
  return Value::object({{"properties", std::move(inner)}});
}

std::string lower(std::string_view name) {
  std::string out(name);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

const hs::Record* record_of(const Company& company, hs::Type type, const std::string& id) {
  const auto number = hs::parse_id(id);
  return number ? company.crm.crm().table(type).find(*number) : nullptr;
}

Value version_of(const qb::Record& record, qb::Entity entity) {
  Value out = Value::object();
  out.set("Id", text(id_of(entity, record)));
  out.set("SyncToken", text(std::to_string(record.version)));
  return out;
}

}  // namespace

Value text(std::string value) { return Value::string(std::move(value)); }
Value number(Decimal value) { return Value::number(value.to_text()); }
Value ref(std::string id) { return Value::object({{"value", text(std::move(id))}}); }

Action did(std::string kind, ports::Side side, std::string object, std::string id, std::string what) {
  return {std::move(kind), side, std::move(object), std::move(id), std::move(what)};
}
Action sold(std::string kind, std::string object, std::string id, std::string what) {
  return did(std::move(kind), ports::Side::crm, std::move(object), std::move(id), std::move(what));
}
Action booked(std::string kind, std::string object, std::string id, std::string what) {
  return did(std::move(kind), ports::Side::books, std::move(object), std::move(id), std::move(what));
}

std::string Desk::choose(hs::Type type, const Which& which) {
  std::vector<hs::Id> fit;
  for (const hs::Record& record : company.crm.crm().table(type).records())
    if (!record.archived && !record.gone && (!which || which(record))) fit.push_back(record.id);
  return fit.empty() ? std::string() : std::to_string(rng.pick(fit));
}

std::string Desk::choose_archived(hs::Type type) {
  std::vector<hs::Id> fit;
  for (const hs::Record& record : company.crm.crm().table(type).records())
    if (record.archived && !record.gone) fit.push_back(record.id);
  return fit.empty() ? std::string() : std::to_string(rng.pick(fit));
}

std::string Desk::value(hs::Type type, const std::string& id, std::string_view property) const {
  const hs::Crm& crm = company.crm.crm();
  const hs::Record* record = record_of(company, type, id);
  const int number = crm.table(type).schema.find(property);
  return record == nullptr || number < 0 ? std::string() : crm.text(crm.table(type), *record, number);
}

std::vector<std::string> Desk::linked(hs::Type type, const std::string& id, hs::Type to) const {
  std::vector<std::string> out;
  const hs::Record* record = record_of(company, type, id);
  if (record == nullptr) return out;
  for (const hs::Link& link : company.crm.crm().links(*record, to))
    if (out.empty() || out.back() != std::to_string(link.to_id)) out.push_back(std::to_string(link.to_id));
  return out;
}

bool Desk::is_won(const hs::Record& deal) const {
  return value(hs::deals, std::to_string(deal.id), "hs_is_closed_won") == "true";
}
bool Desk::is_invoiced(const hs::Record& deal) const {
  return !value(hs::deals, std::to_string(deal.id), "tieout_invoice_id").empty();
}

std::string Desk::add(hs::Type type, const Fields& values) {
  const Value body = properties(values);
  const auto made_record = company.crm_call(now, "POST", path(type), &body);
  return made_record.ok() ? made_record.body["id"].text_or("") : std::string();
}

bool Desk::edit(hs::Type type, const std::string& id, const Fields& values) {
  const Value body = properties(values);
  return company.crm_call(now, "PATCH", path(type, id), &body).ok();
}

void Desk::associate(hs::Type from, const std::string& id, hs::Type to, const std::string& to_id) {
  company.crm_call(now, "PUT",
                   fmt::format("/crm/v4/objects/{}/{}/associations/default/{}/{}", hs::info(from).plural, id,
                               hs::info(to).plural, to_id));
}

void Desk::dissociate(hs::Type from, const std::string& id, hs::Type to, const std::string& to_id) {
  company.crm_call(
      now, "DELETE",
      fmt::format("/crm/v4/objects/{}/{}/associations/{}/{}", hs::info(from).plural, id, hs::info(to).plural, to_id));
}

bool Desk::archive(hs::Type type, const std::string& id) {
  return company.crm_call(now, "DELETE", path(type, id)).ok();
}

bool Desk::restore(hs::Type type, const std::string& id) {
  const Value body = Value::object({{"objectType", text(std::string(hs::info(type).plural))}, {"id", text(id)}});
  return company.crm_control(now, "POST", "/_sandbox/restore", &body).ok();
}

const qb::Record* Desk::choose(qb::Entity entity, const WhichOf& which) {
  std::vector<const qb::Record*> fit;
  for (const auto& [id, record] : company.books.books().table(entity).all())
    if (!which || which(record)) fit.push_back(&record);
  return fit.empty() ? nullptr : rng.pick(fit);
}

Value Desk::page(qb::Entity entity, const qb::Record& record) const {
  return company.books.books().document(entity, record);
}

std::string Desk::enter(qb::Entity entity, const Value& body) {
  const std::string name(qb::info(entity).name);
  const auto answer = company.books_call(now, "POST", "/" + lower(name), &body);
  return answer.ok() ? answer.body[name]["Id"].text() : std::string();
}

bool Desk::change(qb::Entity entity, const qb::Record& record, Value change) {
  const Value version = version_of(record, entity);
  for (const auto& [name, value] : version.members()) change.set(name, value);
  change.set("sparse", Value::boolean(true));
  return company.books_call(now, "POST", "/" + lower(qb::info(entity).name), &change).ok();
}

bool Desk::cancel(qb::Entity entity, const qb::Record& record) {
  Value body = version_of(record, entity);
  const bool is_payment = entity == qb::Entity::payment;
  if (is_payment) body.set("sparse", Value::boolean(true));
  return company
      .books_call(
          now, "POST",
          "/" + lower(qb::info(entity).name) + (is_payment ? "?operation=update&include=void" : "?operation=void"),
          &body)
      .ok();
}

bool Desk::remove(qb::Entity entity, const qb::Record& record) {
  const Value body = version_of(record, entity);
  return company.books_call(now, "POST", "/" + lower(qb::info(entity).name) + "?operation=delete", &body).ok();
}

std::string Desk::company_name() {
  static constexpr const char* kFirst[] = {"Alder",  "Birch",  "Cedar",  "Dover",   "Elm",     "Fennel",
                                           "Garnet", "Hazel",  "Indigo", "Juniper", "Kestrel", "Linden",
                                           "Maple",  "Nettle", "Olive",  "Poppy"};
  static constexpr const char* kSecond[] = {"Foods",    "Trading", "Supplies", "Market",
                                            "Kitchens", "Imports", "Bakery",   "Logistics"};
  const char* const first = rng.pick(kFirst);  // one draw a statement: the order of arguments is the compiler's choice
  const char* const second = rng.pick(kSecond);
  return fmt::format("{} {} {}", first, second, ++made * 7 + 100);
}

std::string Desk::phone() { return fmt::format("+49 30 {}", 1'000'000 + rng.below(8'999'999)); }

std::string Desk::today() const { return tieout::to_text(utc_date(now)); }

std::string Desk::day_before(int most) {
  return tieout::to_text(add_days(utc_date(now), -static_cast<int>(rng.below(static_cast<std::uint64_t>(most) + 1))));
}

std::optional<Decimal> Desk::worth(const std::string& deal) const {
  Decimal sum;
  for (const std::string& line : linked(hs::deals, deal, hs::line_items)) {
    const auto amount = Decimal::parse(value(hs::line_items, line, "amount"));
    if (!amount) return std::nullopt;
    sum += amount->rounded(2, Rounding::half_up);
  }
  return sum;
}

}  // namespace tieout::sim
