// Link surgery: a person takes two records apart, points one at another partner, makes two into one, or splits them
// again. Only our cross-reference changes: no document and no balance of either side is touched, and which documents
// and how much money stand behind the records is shown before. Every turn is kept in the lineage of each record, and
// every one has its opposite: unlink ↔ repoint, merge ↔ split.
#include <fmt/core.h>

#include <algorithm>

#include "engine/parts.hpp"

namespace tieout::engine {
namespace {

constexpr std::string_view kUnlinked = "unlinked:";
constexpr std::string_view kAlias = "alias:";

}  // namespace

/// The documents of the books that stand behind a record, with what is open on them.
Result<Unit> Engine::Parts::add_documents(const StoredRecord& record, LinkTurn& turn) {
  const auto add = [&](const StoredRecord& stored, const Record& body) {
    const std::string currency(body.text("currency"));
    turn.documents.push_back({name_of(stored), title_of(body), std::string(body.text("status")), currency,
                              body.decimal("total"), body.decimal("open_balance")});
    auto& [total, open] = turn.money[currency];
    total += body.decimal("total");
    open += body.decimal("open_balance");
  };
  if (record.side != Side::books) return Unit{};
  if (record.type == "invoice") {
    TRY(body, readable(record));
    if (body) add(record, *body);
    return Unit{};
  }
  if (record.type != "company") return Unit{};
  RecordId after = RecordId::none;
  for (;;) {
    TRY(page, store.all(Side::books, "invoice", after, 2000));
    if (page.empty()) return Unit{};
    for (const StoredRecord& invoice : page) {
      after = invoice.id;
      TRY(body, readable(invoice));
      if (!invoice.deleted && body && body->text("customer") == record.vendor_id) add(invoice, *body);
    }
  }
}

Result<std::optional<StoredRecord>> Engine::Parts::partner_of(const StoredRecord& record) {
  if (record.link == LinkId::none) return std::optional<StoredRecord>();
  return store.linked(record.link, other(record.side));
}

std::string Engine::Parts::called(const StoredRecord& record) {
  const auto body = readable(record);
  const std::string title = body && *body ? title_of(**body) : std::string();
  return fmt::format("{} of {}{}", name_of(record), half(record.side).connection.name,
                     title.empty() ? "" : fmt::format(" \"{}\"", title));
}

/// Takes both out of their link and writes down that they once were in it.
Result<Unit> Engine::Parts::take_apart(const StoredRecord& a, const std::optional<StoredRecord>& b,
                                       std::string_view what, const std::string& by, const std::string& text) {
  const LinkId link = a.link;
  if (link != LinkId::none) {
    Deed deed;
    deed.action = "link.removed";
    deed.by = by;
    deed.record = a;
    if (b) deed.partner = *b;
    deed.link = link;
    deed.text = text;
    TRY_VOID(witness(deed));
  }
  for (const StoredRecord* one : {&a, b ? &*b : nullptr}) {
    if (one == nullptr || one->link == LinkId::none) continue;
    TRY_VOID(store.leave(one->id));
    TRY_VOID(store.add_lineage({one->id, link, clock.now(), std::string(what), by, text}));
    TRY_VOID(store.add_event(one->id, {clock.now(), std::string(what), text}));
  }
  run.references.clear();
  return Unit{};
}

Result<Unit> Engine::Parts::put_together(const StoredRecord& a, const StoredRecord& b, std::string_view what,
                                         const std::string& by, const std::string& text) {
  const std::string flow = flow_between(a.type, b.type);
  TRY(link, store.new_link({LinkId::none, flow, fmt::format("{} by {}", what, by), clock.now(), {}}));
  Deed deed;
  deed.action = "link.made";
  deed.by = by;
  deed.record = a;
  deed.partner = b;
  deed.link = link;
  deed.ends = 2;
  deed.text = text;
  TRY_VOID(witness(deed));
  for (const StoredRecord* one : {&a, &b}) {
    TRY_VOID(store.join(link, one->id));
    TRY_VOID(store.decide(one->id, ""));
    TRY_VOID(store.add_lineage({one->id, link, clock.now(), std::string(what), by, text}));
    TRY_VOID(store.add_event(one->id, {clock.now(), std::string(what), text}));
    TRY_VOID(store.wake(fmt::format("{}:{}:{}", to_text(one->side), one->type, one->vendor_id)));
  }
  run.references.clear();
  return store.refuse_pair(a.id, b.id, false, clock.now());
}

std::string Engine::Parts::flow_between(std::string_view a, std::string_view b) {
  for (const mapping::Flow& flow : packs.flows()) {
    if (flow.kind() == mapping::FlowKind::mirror && flow.type().name == a && a == b) return flow.name();
    if (flow.kind() == mapping::FlowKind::derive && !flow.writes_back() &&
        ((flow.from_type().name == a && flow.to_type().name == b) ||
         (flow.from_type().name == b && flow.to_type().name == a)))
      return flow.name();
  }
  return {};
}

Result<LinkTurn> Engine::unlink(const std::string& text, const std::string& by, bool carry_out) {
  Parts& parts = *parts_;
  TRY(record, parts.named(text));
  TRY(partner, parts.partner_of(record));
  if (!partner)
    return fail("link.none",
                fmt::format("{} is linked to nothing; tieout link history '{}' shows what it was linked to",
                            parts.called(record), Parts::name_of(record)));
  LinkTurn turn;
  turn.what = "unlink";
  turn.says = {fmt::format("{} and {} are no longer taken for the same", parts.called(record), parts.called(*partner)),
               "they are not linked again by themselves; the record of the CRM is held until a person decides"};
  turn.back =
      fmt::format("tieout link repoint '{} {}' {}", to_text(record.side), Parts::name_of(record), partner->vendor_id);
  TRY_VOID(parts.add_documents(record.side == Side::books ? record : *partner, turn));
  if (!carry_out) return turn;
  const std::string told = fmt::format("{} took {} and {} apart", by, parts.called(record), parts.called(*partner));
  auto transaction = ports::Transaction::on(parts.store);
  if (!transaction) return fail(transaction.error());
  TRY_VOID(parts.take_apart(record, partner, "unlinked", by, told));
  TRY_VOID(parts.store.refuse_pair(record.id, partner->id, true, parts.clock.now()));
  const StoredRecord& ours = record.side == Side::crm ? record : *partner;
  TRY_VOID(parts.hold_apart(ours, by));
  TRY_VOID(transaction->commit());
  turn.done = true;
  return turn;
}

/// What lost its partner waits for a person: nothing is made of it by itself.
Result<Unit> Engine::Parts::hold_apart(const StoredRecord& record, const std::string& by) {
  TRY_VOID(store.decide(record.id, std::string(kUnlinked) + by));
  return store.settle(record.id, State::held, "link.unlinked", unlinked_reason(record, by), "", false);
}

std::string Engine::Parts::unlinked_reason(const StoredRecord& record, std::string_view by) {
  return fmt::format("was taken apart from its partner by {}. Point it at another one: tieout link repoint '{}' ID{}",
                     by, name_of(record),
                     record.type == "deal"
                         ? std::string(", or skip it")
                         : fmt::format(", or make a new one: tieout review create '{}'", name_of(record)));
}

Result<LinkTurn> Engine::repoint(const std::string& text, const std::string& partner_id, const std::string& by,
                                 bool carry_out) {
  Parts& parts = *parts_;
  TRY(record, parts.named(text));
  TRY(before, parts.partner_of(record));
  const std::string type = record.type == "deal" ? "invoice" : record.type == "invoice" ? "deal" : record.type;
  TRY(partner, parts.store.find(other(record.side), type, partner_id));
  if (!partner || partner->deleted)
    return fail("link.partner.unknown", fmt::format("there is no {} {} in {}; give its id as the vendor shows it", type,
                                                    partner_id, parts.half(other(record.side)).connection.name));
  if (before && before->id == partner->id)
    return fail("link.same", fmt::format("{} is linked to {} already", parts.called(record), parts.called(*partner)));
  TRY(taken_by, parts.partner_of(*partner));
  if (taken_by)
    return fail(
        "link.partner.taken",
        fmt::format("{} is linked to {}; take them apart first: tieout link unlink '{} {}'", parts.called(*partner),
                    parts.called(*taken_by), to_text(partner->side), Parts::name_of(*partner)));
  LinkTurn turn;
  turn.what = "repoint";
  turn.says = {fmt::format("{} is taken for {}{}", parts.called(record), parts.called(*partner),
                           before ? fmt::format(", no longer for {}", parts.called(*before)) : std::string())};
  turn.back = before ? fmt::format("tieout link repoint '{} {}' {}", to_text(record.side), Parts::name_of(record),
                                   before->vendor_id)
                     : fmt::format("tieout link unlink '{} {}'", to_text(record.side), Parts::name_of(record));
  if (before) TRY_VOID(parts.add_documents(record.side == Side::books ? record : *before, turn));
  TRY_VOID(parts.add_documents(record.side == Side::books ? record : *partner, turn));
  if (!carry_out) return turn;
  const std::string told = fmt::format("{} pointed {} at {}", by, parts.called(record), parts.called(*partner));
  auto transaction = ports::Transaction::on(parts.store);
  if (!transaction) return fail(transaction.error());
  TRY_VOID(parts.take_apart(record, before, "repointed", by, told));
  if (before) TRY_VOID(parts.store.refuse_pair(record.id, before->id, true, parts.clock.now()));
  if (partner->link != LinkId::none) TRY_VOID(parts.take_apart(*partner, std::nullopt, "repointed", by, told));
  TRY_VOID(parts.put_together(record, *partner, "repointed", by, told));
  if (before && before->side == Side::crm) TRY_VOID(parts.hold_apart(*before, by));
  TRY_VOID(transaction->commit());
  turn.done = true;
  return turn;
}

Result<LinkTurn> Engine::merge_links(const std::string& primary_text, const std::string& secondary_text,
                                     const std::string& by, bool carry_out) {
  Parts& parts = *parts_;
  TRY(primary, parts.named(primary_text));
  TRY(secondary, parts.named(secondary_text));
  if (primary.id == secondary.id || primary.side != secondary.side || primary.type != secondary.type ||
      !parts.is_mirrored(primary.type))
    return fail("link.merge.kind",
                fmt::format("{} and {} can not be one: name two customers, or two products, of the same side",
                            parts.called(primary), parts.called(secondary)));
  for (const StoredRecord* one : {&primary, &secondary})
    if (one->decision.starts_with(kAlias))
      return fail("link.merge.alias", fmt::format("{} is another name of a record already; split it first: tieout link "
                                                  "split '{}'",
                                                  parts.called(*one), Parts::name_of(*one)));
  TRY(keeps, parts.partner_of(primary));
  TRY(loses, parts.partner_of(secondary));
  LinkTurn turn;
  turn.what = "merge";
  turn.says = {fmt::format("{} is kept as another name of {}", parts.called(secondary), parts.called(primary))};
  if (loses)
    turn.says.push_back(keeps
                            ? fmt::format("{} is kept as another name of {}; its documents stay with it in the books",
                                          parts.called(*loses), parts.called(*keeps))
                            : fmt::format("{} becomes the partner of {}", parts.called(*loses), parts.called(primary)));
  turn.back = fmt::format("tieout link split '{} {}'", to_text(secondary.side), Parts::name_of(secondary));
  for (const auto* one : {&keeps, &loses})
    if (*one)
      TRY_VOID(parts.add_documents((*one)->side == Side::books ? **one : one == &keeps ? primary : secondary, turn));
  if (!carry_out) return turn;
  const std::string told = fmt::format("{} said that {} is {}", by, parts.called(secondary), parts.called(primary));
  auto transaction = ports::Transaction::on(parts.store);
  if (!transaction) return fail(transaction.error());
  if (secondary.link != LinkId::none) TRY_VOID(parts.take_apart(secondary, loses, "merged", by, told));
  TRY_VOID(parts.make_alias(secondary, primary, by, told));
  if (loses && keeps) TRY_VOID(parts.make_alias(*loses, *keeps, by, told));
  if (loses && !keeps) {
    if (primary.link != LinkId::none) TRY_VOID(parts.take_apart(primary, std::nullopt, "merged", by, told));
    TRY_VOID(parts.put_together(primary, *loses, "merged", by, told));
  }
  TRY_VOID(transaction->commit());
  turn.done = true;
  return turn;
}

Result<Unit> Engine::Parts::make_alias(const StoredRecord& record, const StoredRecord& primary, const std::string& by,
                                       const std::string& told) {
  TRY_VOID(store.add_alias(record.side, record.type, record.vendor_id, primary.vendor_id, clock.now()));
  TRY_VOID(witness_alias(record, primary, by, told));
  TRY_VOID(store.decide(record.id, std::string(kAlias) + primary.vendor_id));
  TRY_VOID(store.settle(record.id, State::skipped, "link.alias", alias_reason(record, primary.vendor_id), "", false));
  if (record.link == LinkId::none)
    TRY_VOID(store.add_lineage({record.id, LinkId::none, clock.now(), "merged", by, told}));
  return store.wake(fmt::format("{}:{}:{}", to_text(record.side), record.type, record.vendor_id)).map([](auto) {
    return Unit{};
  });
}

std::string Engine::Parts::alias_reason(const StoredRecord& record, std::string_view primary) {
  return fmt::format("is another name of {} {}; to take them apart: tieout link split '{}'", record.type, primary,
                     name_of(record));
}

/// The record it was linked to before it was merged, when that one waits as an alias, too, or is free.
Result<std::optional<StoredRecord>> Engine::Parts::former_partner(const StoredRecord& record) {
  TRY(turns, store.lineage(record.id));
  const auto last = std::find_if(turns.rbegin(), turns.rend(), [](const ports::Lineage& turn) {
    return turn.what == "merged" && turn.link != LinkId::none;
  });
  if (last == turns.rend()) return std::optional<StoredRecord>();
  RecordId after = RecordId::none;
  for (;;) {
    TRY(page, store.unlinked(other(record.side), record.type, after, 2000));
    if (page.empty()) return std::optional<StoredRecord>();
    for (StoredRecord& candidate : page) {
      after = candidate.id;
      TRY(theirs, store.lineage(candidate.id));
      if (std::any_of(theirs.begin(), theirs.end(),
                      [&](const ports::Lineage& turn) { return turn.link == last->link && turn.what == "merged"; }))
        return std::optional(std::move(candidate));
    }
  }
}

Result<LinkTurn> Engine::split(const std::string& text, const std::string& by, bool carry_out) {
  Parts& parts = *parts_;
  TRY(record, parts.named(text));
  if (!record.decision.starts_with(kAlias))
    return fail("link.not_merged",
                fmt::format("{} is no other name of anything; tieout link history '{}' shows its turns",
                            parts.called(record), Parts::name_of(record)));
  TRY(partner, parts.former_partner(record));
  LinkTurn turn;
  turn.what = "split";
  turn.says = {fmt::format("{} stands for itself again{}", parts.called(record),
                           partner ? fmt::format(", linked to {} as before", parts.called(*partner))
                                   : std::string("; its partner is looked for anew"))};
  const std::string primary = record.decision.substr(kAlias.size());
  turn.back = fmt::format("tieout link merge '{} {} {}' '{} {}'", to_text(record.side), record.type, primary,
                          to_text(record.side), Parts::name_of(record));
  if (partner) TRY_VOID(parts.add_documents(record.side == Side::books ? record : *partner, turn));
  if (!carry_out) return turn;
  const std::string told =
      fmt::format("{} took {} and {} {} apart again", by, parts.called(record), record.type, primary);
  auto transaction = ports::Transaction::on(parts.store);
  if (!transaction) return fail(transaction.error());
  for (const StoredRecord* one : {&record, partner ? &*partner : nullptr}) {
    if (one == nullptr || !one->decision.starts_with(kAlias)) continue;
    TRY_VOID(parts.store.drop_alias(one->side, one->type, one->vendor_id));
    Deed deed;
    deed.action = "link.split";
    deed.by = by;
    deed.record = *one;
    deed.text = told;
    TRY_VOID(parts.witness(deed));
    TRY_VOID(parts.store.decide(one->id, ""));
  }
  if (partner)
    TRY_VOID(parts.put_together(record, *partner, "split", by, told));
  else
    TRY_VOID(parts.store.add_lineage({record.id, LinkId::none, parts.clock.now(), "split", by, told}));
  TRY_VOID(transaction->commit());
  turn.done = true;
  return turn;
}

Result<LinkHistory> Engine::link_history(const std::string& text) {
  Parts& parts = *parts_;
  TRY(record, parts.named(text));
  LinkHistory out;
  out.name = parts.called(record);
  TRY(partner, parts.partner_of(record));
  if (partner) out.linked_to = parts.called(*partner);
  if (record.link != LinkId::none) {
    TRY(link, parts.store.link(record.link));
    if (link) out.how = fmt::format("{}, {}", link->how, to_text(utc_date(link->created_at)));
  }
  TRY(aliases, parts.store.aliases_of(record.side, record.type, record.vendor_id));
  out.other_names = std::move(aliases);
  TRY(turns, parts.store.lineage(record.id));
  for (const ports::Lineage& turn : turns) out.turns.push_back({to_text(turn.at), turn.text});
  TRY(refused, parts.store.refused_with(record.id));
  for (const RecordId id : refused) {
    TRY(one, parts.store.record(id));
    if (one) out.refused.push_back(parts.called(*one));
  }
  return out;
}

}  // namespace tieout::engine
