// Counting: the engine's public reports against what the vendors' tables hold. Each record in exactly one state, with a
// reason unless it is in sync, and linked only to what it really is. Once a simulated day, and at the end in full.
#include <fmt/core.h>

#include <algorithm>

#include "sim/auditor/ledger.hpp"

namespace tieout::sim::audit {
namespace {

using ports::Side;
using ports::State;

struct Kind {
  Side side;
  std::string_view type;
};
constexpr Kind kKinds[] = {{Side::crm, "company"},   {Side::crm, "product"},   {Side::crm, "deal"},
                           {Side::crm, "contact"},   {Side::crm, "payment"},   {Side::books, "company"},
                           {Side::books, "product"}, {Side::books, "invoice"}, {Side::books, "payment"}};

bool share(const std::set<std::string>& a, const std::set<std::string>& b) {
  return std::any_of(a.begin(), a.end(), [&](const std::string& one) { return !one.empty() && b.contains(one); });
}

std::set<std::string> plain_all(const std::set<std::string>& names) {
  std::set<std::string> out;
  for (const std::string& name : names) out.insert(plain(name));
  return out;
}

}  // namespace

void Ledger::count(engine::Engine& engine, bool at_end) {
  for (const Kind& kind : kKinds) count_kind(engine, kind.side, kind.type, at_end);
}

void Ledger::count_kind(engine::Engine& engine, Side side, std::string_view type, bool at_end) {
  const auto all = engine.standings(side, type);
  const auto status = engine.status();
  if (!all || !status)
    return found(Harm::stuck, "stuck.no_report", "", "the engine cannot say where its records stand");
  std::array<std::int64_t, 5> by_state{};
  std::set<std::string> ids;
  for (const engine::Standing& one : *all) {
    ++by_state[static_cast<std::size_t>(one.state)];
    if (!ids.insert(one.id).second)
      found(Harm::lost, "lost.in_two_states", one.id, fmt::format("{} {} is counted twice", type, one.id));
    if (one.state != State::in_sync && one.state != State::pending && one.code.empty())
      found(Harm::lost, "lost.no_reason", one.id,
            fmt::format("{} {} is {} and nobody says why", type, one.id, to_text(one.state)));
    if (at_end && one.state == State::pending && !one.waits)
      found(Harm::stuck, "stuck.pending", one.id, fmt::format("{} {} is pending ({})", type, one.id, one.code));
  }
  std::array<std::int64_t, 5> told{};
  for (const ports::Tally& line : status->tally)
    if (line.side == side && line.type == type) told = line.count;
  if (told != by_state)
    found(Harm::lost, "lost.counts", "",
          fmt::format("the counts of {} {} are not those of its records", to_text(side), type));
  judge_links(side, type, *all);
  if (!at_end) return;
  std::vector<std::string> there;
  if (side == Side::crm && type != "payment") {
    const auto table = type == "company"   ? hs::companies
                       : type == "product" ? hs::products
                       : type == "deal"    ? hs::deals
                                           : hs::contacts;
    for (const hs::Record& record : company_.crm.crm().table(table).records())
      if (!record.archived && !record.gone) there.push_back(std::to_string(record.id));
  } else if (side == Side::books) {
    const auto entity = type == "company"   ? qb::Entity::customer
                        : type == "product" ? qb::Entity::item
                        : type == "invoice" ? qb::Entity::invoice
                                            : qb::Entity::payment;
    for (const auto& [id, record] : company_.books.books().table(entity).all())
      if (record.keys.active) there.push_back(std::to_string(id));
  }
  for (const std::string& id : there)
    if (!ids.contains(id))
      found(Harm::lost, "lost.unknown", id,
            fmt::format("{} {} of {} is not known to the engine", type, id, to_text(side)));
}

bool Ledger::same_thing(const Party& ours, const Party& theirs, const std::string& id) const {
  if (share(plain_all(ours.names), plain_all(theirs.names)) || share(ours.numbers, theirs.numbers)) return true;
  const auto told = [&](const std::string& one) {
    return accepted_.contains("company " + one) || accepted_.contains("product " + one);
  };
  return told(id) || std::any_of(ours.forerunner.begin(), ours.forerunner.end(), told);
}

/// A link that was not there yesterday needs a reason: the same name, the same number, or a person's word.
void Ledger::judge_links(Side side, std::string_view type, const std::vector<engine::Standing>& all) {
  if (side != Side::crm || (type != "company" && type != "product")) return;
  auto& ours = type == "company" ? companies_ : products_;
  auto& theirs = type == "company" ? customers_ : items_;
  for (const engine::Standing& one : all) {
    if (one.partner.empty()) continue;
    Party& party = ours[one.id];
    if (!party.linked_since) party.linked_since = last_count_;
    const std::string record = fmt::format("{} {}", type, one.id);
    if (!known_links_[record].insert(one.partner).second) continue;
    const bool word = accepted_.contains(fmt::format("{} {}", type, one.partner));
    if (!word && !same_thing(party, theirs[one.partner], one.id))
      found(Harm::unasked, "unasked.link", one.id,
            fmt::format("{} was linked to {} of the books: neither name nor number is the same, and nobody said so",
                        record, one.partner));
  }
}

}  // namespace tieout::sim::audit
