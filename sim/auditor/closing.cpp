// The end of a seed: all faults are over and the engine had an hour. Nothing may be open, both sides say the same by
// the owner of each field, and the tie-out agrees with the auditor's own sums to the cent.
#include <fmt/core.h>

#include <algorithm>

#include "sim/auditor/ledger.hpp"

namespace tieout::sim::audit {
namespace {

using ports::Side;
using ports::State;

/// property of the CRM, path in the books
constexpr std::pair<const char*, std::pair<const char*, const char*>> kShared[] = {
    {"phone", {"PrimaryPhone", "FreeFormNumber"}},
    {"website", {"WebAddr", "URI"}},
    {"city", {"BillAddr", "City"}},
    {"state", {"BillAddr", "CountrySubDivisionCode"}},
    {"zip", {"BillAddr", "PostalCode"}},
    {"country", {"BillAddr", "Country"}},
    {"address", {"BillAddr", "Line1"}}};

}  // namespace

void Ledger::at_rest(engine::Engine& engine, Instant now) {
  look_at_sales(now);
  last_count_ = now;
  if (step_ != "sync done" && step_ != "reconcile done")
    found(Harm::stuck, "stuck.step_fails", "", "the last step of an hour without faults: " + step_);
  count(engine, true);
  const auto companies = engine.standings(Side::crm, "company");
  const auto products = engine.standings(Side::crm, "product");
  const auto deals = engine.standings(Side::crm, "deal");
  if (!companies || !products || !deals) return;
  close_sales(*deals);
  close_pairs(*companies);
  close_products(*products);
  close_made(*companies);
  close_sums(engine, *deals);
}

void Ledger::close_sales(const std::vector<engine::Standing>& deals) {
  for (const engine::Standing& deal : deals) {
    const auto sale = sales_.find(deal.id);
    if (sale == sales_.end() || sale->second.empty()) continue;
    close_sale(deal, sale->second.back());
    close_shown(deal);
  }
}

void Ledger::close_sale(const engine::Standing& deal, const SaleVersion& sale) {
  const Bill* bill = live_bill(deal.partner);
  const auto lost = [&](const char* check, std::string what) { found(Harm::lost, check, deal.id, std::move(what)); };
  if (deal.state == State::in_sync) {
    if (!sale.live || !sale.won)
      return lost("lost.reopened", fmt::format("deal {} is gone or not won and counts as in sync", deal.id));
    if (bill == nullptr)
      return lost("lost.no_bill", fmt::format("deal {} counts as in sync and has no invoice", deal.id));
    const Cents total = bill->states.back().total;
    if (bill->sale != deal.id && !bill->sale.empty() && !accepted_.contains("deal " + deal.id))
      lost("lost.other_bill", fmt::format("deal {} is linked to the invoice of deal {}", deal.id, bill->sale));
    if (!sale.worth || (sale.worth->by_line != total && sale.worth->by_document != total))
      found(Harm::unbalanced, "cents.in_sync", deal.id,
            fmt::format("deal {} counts as in sync; its lines come to {}, its invoice says {}", deal.id,
                        sale.worth ? money(sale.worth->by_line) : "nothing", money(total)));
    return;
  }
  if (!sale.live || !sale.won) return;
  // The reason must be one that still holds.
  const bool stale = deal.code == "deal.not_won" || deal.code == "deal.reopened" || deal.code == "record.deleted" ||
                     (deal.code == "deal.lines.missing" && sale.lines > 0) ||
                     (deal.code == "deal.company.missing" && !sale.company.empty());
  if (stale) lost("lost.old_reason", fmt::format("deal {} is won and there, but: {}", deal.id, deal.code));
  if (deal.state == State::skipped && !skipped_.contains("deal " + deal.id) && !unsure_.contains("deal " + deal.id))
    lost("lost.skipped", fmt::format("won deal {} is skipped ({}) and nobody said so", deal.id, deal.code));
}

/// What the deal shows is what the books say.
void Ledger::close_shown(const engine::Standing& deal) {
  const Bill* bill = live_bill(deal.partner);
  const hs::Record* record = crm_record(hs::deals, deal.id);
  if (bill == nullptr || record == nullptr || record->archived || deal.code == "review.skipped") return;
  const BillState& books = bill->states.back();
  const std::pair<const char*, Cents> shown[] = {{"tieout_invoice_total", books.total},
                                                 {"tieout_amount_paid", books.total - books.open},
                                                 {"tieout_open_balance", books.open}};
  for (const auto& [property, amount] : shown) {
    const std::string value = text(hs::deals, *record, property);
    if (cents(value) != amount)
      return found(Harm::unbalanced, "cents.not_back", deal.id,
                   fmt::format("deal {} shows {} \"{}\", the books say {}", deal.id, property, value, money(amount)));
  }
}

void Ledger::close_pairs(const std::vector<engine::Standing>& companies) {
  const qb::Books& books = company_.books.books();
  for (const engine::Standing& one : companies) {
    const hs::Record* company = crm_record(hs::companies, one.id);
    const bool live = company != nullptr && !company->archived && !company->gone;
    if (one.state != State::in_sync) {
      if (live && one.code == "record.deleted")
        found(Harm::lost, "lost.not_deleted", one.id, fmt::format("company {} is there, but: {}", one.id, one.code));
      continue;
    }
    if (!live) {
      found(Harm::lost, company == nullptr ? "lost.merge" : "lost.deletion", one.id,
            fmt::format("company {} was {} and counts as in sync", one.id, company == nullptr ? "merged" : "archived"));
      continue;
    }
    const qb::Record* customer =
        books.table(qb::Entity::customer).find(qb::Books::id_number(qb::Entity::customer, one.partner));
    if (customer == nullptr) {
      found(Harm::lost, "lost.no_partner", one.id, fmt::format("company {} counts as in sync, alone", one.id));
      continue;
    }
    if (!customer->keys.active) continue;
    const json::Value page = books.document(qb::Entity::customer, *customer);
    const auto differ = [&](const std::string& field, const std::string& crm, const std::string& there) {
      found(Harm::lost, "lost.edit", one.id,
            fmt::format("company {}: {} is \"{}\" in the CRM and \"{}\" in the books", one.id, field, crm, there));
    };
    const std::string name = text(hs::companies, *company, "name");
    if (plain(name) != plain(page["DisplayName"].text()) && !accepted_.contains("company " + one.id))
      differ("name", name, page["DisplayName"].text());
    for (const auto& [property, path] : kShared) {
      const std::string crm = text(hs::companies, *company, property);
      const std::string& there = page[path.first][path.second].text();
      if (!crm.empty() && crm.size() <= 30 && crm != there) differ(property, crm, there);
    }
    const std::string terms = text(hs::companies, *company, "tieout_payment_terms");
    const std::string& said = page["SalesTermRef"]["name"].text();
    if (!said.empty() && terms != said) differ("terms", terms, said);
  }
}

void Ledger::close_products(const std::vector<engine::Standing>& products) {
  const qb::Books& books = company_.books.books();
  for (const engine::Standing& one : products) {
    const hs::Record* product = crm_record(hs::products, one.id);
    if (one.state != State::in_sync || product == nullptr || product->archived) continue;
    const qb::Record* item = books.table(qb::Entity::item).find(qb::Books::id_number(qb::Entity::item, one.partner));
    if (item == nullptr) {
      found(Harm::lost, "lost.no_partner", one.id, fmt::format("product {} counts as in sync, alone", one.id));
      continue;
    }
    if (!item->keys.active) continue;
    const std::string name = text(hs::products, *product, "name");
    if (plain(name) != plain(item->keys.display) && !accepted_.contains("product " + one.id))
      found(Harm::lost, "lost.edit", one.id,
            fmt::format("product {} is \"{}\" in the CRM and \"{}\" in the books", one.id, name, item->keys.display));
  }
}

/// A customer that the engine made belongs to a company; one that belongs to none was made twice.
void Ledger::close_made(const std::vector<engine::Standing>& companies) {
  std::set<std::string> partners, merged;
  for (const engine::Standing& one : companies) partners.insert(one.partner);
  for (const auto& [id, company] : companies_)
    if (!company.forerunner.empty()) merged.insert(company.names.begin(), company.names.end());
  for (const auto& [id, customer] : customers_) {
    const qb::Record* record =
        company_.books.books().table(qb::Entity::customer).find(qb::Books::id_number(qb::Entity::customer, id));
    if (!customer.ours || record == nullptr || !record->keys.active || partners.contains(id)) continue;
    if (merged.contains(customer.made_as) || !customer.forerunner.empty() || restored_) continue;
    found(Harm::duplicate, "once.customer_of_nobody", id,
          fmt::format("customer {} was made by the engine as \"{}\" and belongs to no company", id, customer.made_as));
  }
}

void Ledger::close_sums(engine::Engine& engine, const std::vector<engine::Standing>& deals) {
  const auto tie_out = engine.reconcile();
  if (!tie_out) return found(Harm::stuck, "stuck.reconcile", "", tie_out.error().code);
  Cents total = 0, open = 0;
  std::set<std::string> differ;
  for (const engine::Standing& deal : deals) {
    const Bill* bill = live_bill(deal.partner);
    const hs::Record* record = crm_record(hs::deals, deal.id);
    if (bill == nullptr || record == nullptr || record->archived) continue;
    total += bill->states.back().total;
    open += bill->states.back().open;
  }
  Cents their_total = 0, their_open = 0;
  for (const auto& [currency, sums] : tie_out->totals) {
    their_total += cents(sums.invoiced_books.to_text()).value_or(0);
    their_open += cents(sums.open_books.to_text()).value_or(0);
  }
  if (total != their_total || open != their_open)
    found(Harm::unbalanced, "cents.tie_out", "",
          fmt::format("the tie-out says {} invoiced and {} open, the documents come to {} and {}", money(their_total),
                      money(their_open), money(total), money(open)));
  for (const engine::Difference& difference : tie_out->differences) {
    if (difference.cause == engine::Cause::doubled)
      found(Harm::duplicate, "once.tie_out_doubled", difference.record, difference.what);
    if (difference.cause == engine::Cause::status_not_back)
      found(Harm::unbalanced, "cents.tie_out_not_back", difference.record, difference.what);
  }
}

}  // namespace tieout::sim::audit
