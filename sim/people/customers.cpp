// What sales does with companies and products in the CRM.
#include <fmt/core.h>

#include "sim/people/desk.hpp"

namespace tieout::sim {
namespace {

const char* const kCities[] = {"Berlin", "Lyon", "Boston", "Leeds", "Porto", "Austin", "Ghent", "Graz"};
const char* const kCountries[] = {"Germany", "France", "USA", "United Kingdom", "Portugal", "Belgium"};

std::string price(Desk& desk) {
  // Now and then four places: the half cents come from these.
  const bool fine = desk.rng.chance(1, 4);
  const auto whole = desk.rng.below(fine ? 90 : 240), rest = desk.rng.below(fine ? 10'000 : 100);
  return fine ? fmt::format("{}.{:04}", whole, rest) : fmt::format("{}.{:02}", whole + 1, rest);
}

Action create_company(Desk& desk) {
  const std::string name = desk.company_name();
  return sold("company.create", "companies", new_company(desk, name), "created company " + name);
}

/// The same company typed in a second time, by somebody who did not look.
Action double_company(Desk& desk) {
  const std::string of = desk.choose(hs::companies);
  if (of.empty()) return nothing();
  std::string name = desk.value(hs::companies, of, "name");
  if (desk.rng.chance(1, 2)) name += " Ltd";
  return sold("company.double", "companies", new_company(desk, name), fmt::format("typed in {} once more", name));
}

Action edit_company(Desk& desk) {
  const std::string id = desk.choose(hs::companies);
  if (id.empty()) return nothing();
  Fields change;
  switch (desk.rng.below(5)) {
    case 0:
      change = {{"phone", desk.phone()}};
      break;
    case 1:
      change = {{"address", fmt::format("{} High Street", 1 + desk.rng.below(300))},
                {"city", desk.rng.pick(kCities)},
                {"zip", std::to_string(10'000 + desk.rng.below(80'000))},
                {"country", desk.rng.pick(kCountries)}};
      break;
    case 2:
      change = {{"city", desk.rng.pick(kCities)}};
      break;
    case 3:
      change = {{"website", fmt::format("https://www{}.example.com", desk.rng.below(1000))}};
      break;
    default:
      change = {{"phone", ""}};  // struck out
  }
  desk.edit(hs::companies, id, change);
  return sold("company.edit", "companies", id,
              fmt::format("company {}: {} is now \"{}\"", id, change.front().first, change.front().second));
}

Action rename_company(Desk& desk) {
  const std::string id = desk.choose(hs::companies);
  if (id.empty()) return nothing();
  std::string name = desk.company_name();
  if (desk.rng.chance(1, 6)) name = fmt::format("Dept: {}", name);  // the books know no colon in names
  desk.edit(hs::companies, id, {{"name", name}});
  return sold("company.rename", "companies", id, fmt::format("company {} is now called {}", id, name));
}

/// Sales changes the terms, which are the books' to say.
Action promise_terms(Desk& desk) {
  const std::string id = desk.choose(hs::companies);
  if (id.empty()) return nothing();
  desk.edit(hs::companies, id, {{"tieout_payment_terms", desk.rng.chance(1, 2) ? "Net 60" : "Net 90"}});
  return sold("company.terms", "companies", id, "promised company " + id + " other terms");
}

Action merge_companies(Desk& desk) {
  const std::string kept = desk.choose(hs::companies), lost = desk.choose(hs::companies);
  if (kept.empty() || kept == lost) return nothing();
  const json::Value body = json::Value::object({{"primaryObjectId", text(kept)}, {"objectIdToMerge", text(lost)}});
  const auto answer = desk.company.crm_call(desk.now, "POST", "/crm/v3/objects/companies/merge", &body);
  if (!answer.ok()) return nothing();
  return sold("company.merge", "companies", answer.body["id"].text(),
              fmt::format("merged company {} into {}", lost, kept));
}

Action archive_company(Desk& desk) {
  const std::string id = desk.choose(hs::companies);
  if (id.empty() || !desk.archive(hs::companies, id)) return nothing();
  return sold("company.archive", "companies", id, "archived company " + id);
}

Action restore_company(Desk& desk) {
  const std::string id = desk.choose_archived(hs::companies);
  if (id.empty() || !desk.restore(hs::companies, id)) return nothing();
  return sold("company.restore", "companies", id, "restored company " + id);
}

/// Thrown away, and typed in again a moment later: the vendor knows it under another id.
Action recreate_company(Desk& desk) {
  const std::string id = desk.choose(hs::companies, [&](const hs::Record& company) {
    return desk.linked(hs::companies, std::to_string(company.id), hs::deals).empty();
  });
  if (id.empty()) return nothing();
  const Fields same{{"name", desk.value(hs::companies, id, "name")}, {"phone", desk.value(hs::companies, id, "phone")}};
  desk.archive(hs::companies, id);
  const std::string again = desk.add(hs::companies, same);
  return sold("company.recreate", "companies", again, fmt::format("deleted company {} and made it anew", id));
}

/// A list is worked over: the same field of many records in a minute.
Action mass_edit(Desk& desk) {
  std::string last;
  for (int i = 0; i < 8; ++i) {
    const std::string id = desk.choose(hs::companies);
    if (!id.empty() && desk.edit(hs::companies, id, {{"country", desk.rng.pick(kCountries)}})) last = id;
  }
  return last.empty() ? nothing() : sold("company.mass_edit", "companies", last, "worked over the list of companies");
}

Action create_contact(Desk& desk) {
  const std::string company = desk.choose(hs::companies);
  if (company.empty()) return nothing();
  const int number = ++desk.made;
  const std::string id = desk.add(hs::contacts, {{"firstname", "Kim"},
                                                 {"lastname", fmt::format("Person{}", number)},
                                                 {"email", fmt::format("p{}@example.com", number)}});
  if (id.empty()) return nothing();
  desk.associate(hs::contacts, id, hs::companies, company);
  return sold("contact.create", "contacts", id, "a contact of company " + company);
}

Action create_product(Desk& desk) {
  const int number = ++desk.made;
  const std::string id = desk.add(
      hs::products,
      {{"name", fmt::format("Product {}", number)}, {"hs_sku", fmt::format("SKU-{}", number)}, {"price", price(desk)}});
  return id.empty() ? nothing() : sold("product.create", "products", id, fmt::format("created product {}", number));
}

Action edit_product(Desk& desk) {
  const std::string id = desk.choose(hs::products);
  if (id.empty()) return nothing();
  const bool renames = desk.rng.chance(1, 4);
  if (renames)
    desk.edit(hs::products, id, {{"name", fmt::format("Product {}", ++desk.made)}});
  else
    desk.edit(hs::products, id, {{"price", price(desk)}});
  return sold(renames ? "product.rename" : "product.price", "products", id, "changed product " + id);
}

constexpr Habit kHabits[] = {{40, create_company},  {6, double_company},  {70, edit_company},   {12, rename_company},
                             {6, promise_terms},    {6, merge_companies}, {6, archive_company}, {8, restore_company},
                             {4, recreate_company}, {3, mass_edit},       {20, create_contact}, {12, create_product},
                             {16, edit_product}};

}  // namespace

std::span<const Habit> sales_habits() { return kHabits; }

std::string new_company(Desk& desk, const std::string& name) {
  const int number = desk.made;
  Fields values{{"name", name}, {"domain", fmt::format("c{}-{}.example.com", number, desk.rng.below(100))}};
  if (desk.rng.chance(4, 5)) values.emplace_back("phone", desk.phone());
  if (desk.rng.chance(3, 4)) {
    values.emplace_back("address", fmt::format("{} Mill Lane", 1 + desk.rng.below(90)));
    values.emplace_back("city", desk.rng.pick(kCities));
    values.emplace_back("country", desk.rng.pick(kCountries));
  }
  return desk.add(hs::companies, values);
}

void move_in(Desk& desk) {
  const int products = static_cast<int>(desk.rng.between(4, 8)), companies = static_cast<int>(desk.rng.between(5, 10));
  for (int i = 0; i < products; ++i) create_product(desk);
  for (int i = 0; i < companies; ++i) create_company(desk);
  // The books know some of them already, as a clerk wrote them.
  for (int i = 0; i < companies / 2; ++i) {
    const std::string id = desk.choose(hs::companies);
    std::string name = desk.value(hs::companies, id, "name");
    if (desk.rng.chance(1, 3)) name += " GmbH";
    json::Value body = json::Value::object({{"DisplayName", text(name)}});
    if (desk.rng.chance(1, 2)) body.set("PrimaryPhone", json::Value::object({{"FreeFormNumber", text(desk.phone())}}));
    desk.enter(qb::Entity::customer, body);
  }
  for (int i = 0; i < 4; ++i) new_deal(desk, desk.rng.chance(1, 2));
}

}  // namespace tieout::sim
