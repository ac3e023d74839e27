// What accounting does with the lists of the books: customers, items, terms, vendors, and the date up to which the
// books are closed.
#include <fmt/core.h>

#include "sim/people/desk.hpp"

namespace tieout::sim {
namespace {

using json::Value;

const qb::Record* customer(Desk& desk, bool active = true) {
  return desk.choose(qb::Entity::customer, [&](const qb::Record& one) { return one.keys.active == active; });
}

/// The company of the CRM that bears the customer's name, "" when none does.
std::string same_name(Desk& desk, const qb::Record& one) {
  return desk.choose(hs::companies, [&](const hs::Record& company) {
    return desk.value(hs::companies, std::to_string(company.id), "name") == one.keys.display;
  });
}

Value phone_of(const std::string& number) {
  return Value::object({{"PrimaryPhone", Value::object({{"FreeFormNumber", text(number)}})}});
}

Action create_customer(Desk& desk) {
  const std::string name = desk.company_name();
  Value body = phone_of(desk.phone());
  body.set("DisplayName", text(name));
  const std::string id = desk.enter(qb::Entity::customer, body);
  return booked("customer.create", "Customer", id, "entered customer " + name);
}

/// A company that the CRM has, too, typed in by hand: the same name, or nearly.
Action double_customer(Desk& desk) {
  const std::string of = desk.choose(hs::companies);
  if (of.empty()) return nothing();
  std::string name = desk.value(hs::companies, of, "name");
  if (desk.rng.chance(2, 3)) name += " Inc";
  Value body = phone_of(desk.phone());
  body.set("DisplayName", text(name));
  const std::string id = desk.enter(qb::Entity::customer, body);
  return id.empty() ? nothing() : booked("customer.double", "Customer", id, "entered customer " + name + " by hand");
}

Action rename_customer(Desk& desk) {
  const qb::Record* one = customer(desk);
  if (one == nullptr) return nothing();
  const std::string id = id_of(qb::Entity::customer, *one), name = desk.company_name();
  desk.change(qb::Entity::customer, *one, Value::object({{"DisplayName", text(name)}}));
  return booked("customer.rename", "Customer", id, fmt::format("customer {} is now called {}", id, name));
}

Action change_terms(Desk& desk) {
  const qb::Record* one = customer(desk);
  const qb::Record* term = desk.choose(qb::Entity::term);
  if (one == nullptr || term == nullptr) return nothing();
  const std::string id = id_of(qb::Entity::customer, *one);
  desk.change(qb::Entity::customer, *one, Value::object({{"SalesTermRef", ref(id_of(qb::Entity::term, *term))}}));
  return booked("customer.terms", "Customer", id, fmt::format("customer {} pays {}", id, term->keys.display));
}

Action edit_customer(Desk& desk) {
  const qb::Record* one = customer(desk);
  if (one == nullptr) return nothing();
  const std::string id = id_of(qb::Entity::customer, *one);
  desk.change(qb::Entity::customer, *one,
              desk.rng.chance(1, 2) ? phone_of(desk.phone()) : Value::object({{"Notes", text("called on Monday")}}));
  return booked("customer.edit", "Customer", id, "changed customer " + id);
}

/// Both sides change the same field in the same minute.
Action same_field(Desk& desk) {
  const qb::Record* one = customer(desk);
  const std::string company = one == nullptr ? std::string() : same_name(desk, *one);
  if (company.empty()) return nothing();
  const std::string id = id_of(qb::Entity::customer, *one);
  desk.edit(hs::companies, company, {{"phone", desk.phone()}});
  desk.change(qb::Entity::customer, *one, phone_of(desk.phone()));
  return booked("both.phone", "Customer", id, fmt::format("company {} and customer {} got two phones", company, id));
}

Action set_active(Desk& desk, qb::Entity entity, bool active) {
  const qb::Record* one = desk.choose(entity, [&](const qb::Record& record) { return record.keys.active != active; });
  if (one == nullptr) return nothing();
  const std::string id = id_of(entity, *one), name(qb::info(entity).name);
  if (entity == qb::Entity::item && !active && one->keys.display == "Services") return nothing();
  desk.change(entity, *one, Value::object({{"Active", Value::boolean(active)}}));
  const std::string word = entity == qb::Entity::item ? "item" : "customer";
  return booked(word + (active ? ".active" : ".inactive"), name, id,
                fmt::format("made {} {} {}", word, id, active ? "active" : "inactive"));
}

Action leave_customer(Desk& desk) { return set_active(desk, qb::Entity::customer, false); }
Action wake_customer(Desk& desk) { return set_active(desk, qb::Entity::customer, true); }
Action leave_item(Desk& desk) { return set_active(desk, qb::Entity::item, false); }
Action wake_item(Desk& desk) { return set_active(desk, qb::Entity::item, true); }

Action merge_customers(Desk& desk) {
  const qb::Record *kept = customer(desk), *lost = customer(desk);
  if (kept == nullptr || kept == lost) return nothing();
  const std::string kept_id = id_of(qb::Entity::customer, *kept), lost_id = id_of(qb::Entity::customer, *lost);
  const Value body = Value::object({{"kept", text(kept_id)}, {"lost", text(lost_id)}});
  if (!desk.company.books_control(desk.now, "POST", "/_sandbox/merge", &body).ok()) return nothing();
  return booked("customer.merge", "Customer", kept_id, fmt::format("merged customer {} into {}", lost_id, kept_id));
}

/// A supplier under the name of a company that is no customer yet: one name space holds both.
Action create_vendor(Desk& desk) {
  const std::string of = desk.choose(hs::companies);
  if (of.empty()) return nothing();
  const std::string name = desk.value(hs::companies, of, "name");
  const std::string id = desk.enter(qb::Entity::vendor, Value::object({{"DisplayName", text(name)}}));
  return id.empty() ? nothing() : booked("vendor.create", "Vendor", id, "entered the supplier " + name);
}

Action rename_item(Desk& desk) {
  const qb::Record* one = desk.choose(qb::Entity::item, [](const qb::Record& item) { return item.keys.active; });
  if (one == nullptr) return nothing();
  const std::string id = id_of(qb::Entity::item, *one);
  desk.change(qb::Entity::item, *one, Value::object({{"Name", text(fmt::format("Item {}", ++desk.made))}}));
  return booked("item.rename", "Item", id, "renamed item " + id);
}

/// Two items of the books get one number: nobody but a person can say which one a product is.
Action double_item(Desk& desk) {
  const std::string product = desk.choose(hs::products);
  const qb::Record* income =
      desk.choose(qb::Entity::account, [](const qb::Record& account) { return account.keys.kind == "Income"; });
  if (product.empty() || income == nullptr) return nothing();
  Value body = Value::object({{"Name", text(fmt::format("Item {}", ++desk.made))},
                              {"Sku", text(desk.value(hs::products, product, "hs_sku"))},
                              {"Type", text("Service")}});
  body.set("IncomeAccountRef", ref(id_of(qb::Entity::account, *income)));
  const std::string id = desk.enter(qb::Entity::item, body);
  return booked("item.double", "Item", id, "entered an item with the number of product " + product);
}

/// The books are closed up to a day, further or less far than before.
Action move_lock_date(Desk& desk) {
  const Value day = desk.rng.chance(1, 3) ? Value() : text(desk.day_before(12));
  const Value body = Value::object({{"date", day}});
  desk.company.books_control(desk.now, "POST", "/_sandbox/close_books", &body);
  return booked("lock.move", "Preferences", "1",
                day.is_null() ? std::string("opened the books again") : "closed the books through " + day.text());
}

constexpr Habit kHabits[] = {{8, create_customer}, {8, double_customer}, {8, rename_customer}, {26, change_terms},
                             {16, edit_customer},  {12, same_field},     {4, leave_customer},  {10, wake_customer},
                             {4, merge_customers}, {3, create_vendor},   {5, rename_item},     {3, double_item},
                             {2, leave_item},      {8, wake_item},       {6, move_lock_date}};

}  // namespace

std::span<const Habit> books_habits() { return kHabits; }

}  // namespace tieout::sim
