// What vendors and people do to records without asking us: merged, deleted, restored, created again. A merge is no
// deletion: the links of the losers follow to the survivor, and the old ids stay known as its aliases, so that
// documents and marks which carry them still lead to it. A deletion counts only when the vendor itself says "gone" for
// that very id. Nothing here writes to a vendor, and no document is ever moved.
#include <fmt/core.h>

#include <algorithm>

#include "engine/parts.hpp"

namespace tieout::engine {
namespace {

constexpr std::size_t kMostLooked = 200;  // told deletions looked at one by one; more are the breaker's business
constexpr int kMostAbandoned = 20'000;    // deleted records whose partner may find a new one
constexpr int kMostGenerations = 20;      // of merges whose ids are still looked for

std::string place_of(Side side, std::string_view type, std::string_view id) {
  return fmt::format("{}:{}:{}", to_text(side), type, id);
}

bool is_inactive(const std::optional<Record>& body) {
  return body && body->type().index_of("active") >= 0 && body->get("active").is(model::Value::Kind::boolean) &&
         !body->get("active").as_boolean();
}

}  // namespace

/// What one observed record tells about others: whom it absorbed, whether it went or came back.
Result<Unit> Engine::Parts::follow(Half& half, const ports::RawRecord& raw, const ports::Noted& noted) {
  if (raw.absorbed.empty() && raw.merged_into.empty() && !noted.back && !noted.gone) return Unit{};
  const std::string type(packs.find(half.connection.vendor, raw.object)->type().name);
  if (!raw.merged_into.empty()) TRY_VOID(merged(half.side, type, raw.vendor_id, raw.merged_into));
  for (const std::string& lost : raw.absorbed) TRY_VOID(merged(half.side, type, lost, raw.vendor_id));
  if (noted.back) TRY_VOID(came_back(noted.id));
  if (noted.gone && noted.linked && raw.merged_into.empty()) run.gone.push_back({half.side, raw.object, raw.vendor_id});
  return Unit{};
}

/// `lost_id` lives on as `kept_id`. Said again, nothing happens again.
Result<Unit> Engine::Parts::merged(Side side, std::string_view type, const std::string& lost_id,
                                   const std::string& kept_id) {
  TRY(known, store.surviving(side, type, lost_id));
  TRY(kept, store.find(side, type, kept_id));
  TRY(lost, store.find(side, type, lost_id));
  if (known == lost_id) {
    TRY_VOID(store.add_alias(side, type, lost_id, kept_id, clock.now()));
    if (lost || kept)
      TRY_VOID(witness_alias({lost ? lost->id : RecordId::none, side, type, lost_id},
                             {kept ? kept->id : RecordId::none, side, type, kept_id}, "",
                             fmt::format("merged in {}", half(side).connection.name)));
  }
  if (type == "deal")  // the receipts that were noted on it live on as well
    TRY_VOID(merged(side, "payment", lost_id + "/receipt", kept_id + "/receipt"));
  if (!kept || !lost) return Unit{};
  if (side == Side::crm && !lost->deleted) {
    ports::Observation gone;
    gone.side = side;
    gone.type = lost->type;
    gone.vendor_id = lost->vendor_id;
    gone.version = lost->version;
    gone.modified_at = lost->modified_at;
    gone.deleted = true;
    gone.digest = lost->digest;
    gone.body = lost->body;
    TRY_VOID(store.observe(std::span(&gone, 1), clock.now()));
  }
  if (known == lost_id)
    TRY_VOID(store.add_event(
        lost->id,
        {clock.now(), "merged", fmt::format("merged into {} in {}", name_of(*kept), half(side).connection.name)}));
  return take_over(*lost, *kept, "merged");
}

/// The survivor gets the link of the one that went, unless it has one of its own: then it keeps its own as the primary
/// one, and the other stays where it is, as a named secondary (edge case 105).
Result<Unit> Engine::Parts::take_over(StoredRecord& lost, StoredRecord& kept, std::string_view why) {
  if (lost.link == LinkId::none || lost.link == kept.link) return Unit{};
  TRY(partner, store.linked(lost.link, other(lost.side)));
  run.references.clear();
  if (kept.link != LinkId::none) {
    TRY(own, store.linked(kept.link, other(kept.side)));
    TRY_VOID(store.mark_dirty(lost.id));
    if (partner) TRY_VOID(store.mark_dirty(partner->id));
    // A link of its own with nobody in it (its create was refused) counts for nothing: what was written counts.
    TRY(intents, store.intents_of(kept.id));
    const bool in_doubt = std::any_of(intents.begin(), intents.end(), [](const ports::Intent& one) {
      return one.state < ports::IntentState::confirmed;
    });
    if (own || !partner || in_doubt) return Unit{};
    TRY_VOID(leave_empty_link(kept, lost));
  }
  TRY_VOID(store.leave(lost.id));
  TRY_VOID(store.join(lost.link, kept.id));
  kept.link = std::exchange(lost.link, LinkId::none);
  Deed deed;
  deed.action = "link.changed";
  deed.record = kept;
  if (partner) deed.partner = *partner;
  deed.link = kept.link;
  deed.ends = partner ? 2 : 1;
  const std::string because = fmt::format("{} was {}", name_of(lost), why);
  deed.text = because;
  TRY_VOID(witness(deed));
  const std::string& there = half(kept.side).connection.name;
  TRY_VOID(store.add_event(kept.id, {clock.now(), "linked",
                                     fmt::format("took over the link of {} ({} in {}){}", name_of(lost), why, there,
                                                 partner ? " to " + name_of(*partner) : "")}));
  TRY_VOID(store.mark_dirty(kept.id));
  if (partner) {
    TRY_VOID(store.add_event(partner->id, {clock.now(), "linked",
                                           fmt::format("its partner is {} now: {} was {} in {}", name_of(kept),
                                                       name_of(lost), why, there)}));
    TRY_VOID(store.mark_dirty(partner->id));
  }
  TRY_VOID(store.wake(place_of(kept.side, kept.type, kept.vendor_id)));
  return store.wake(place_of(lost.side, lost.type, lost.vendor_id)).map([](const auto&) { return Unit{}; });
}

Result<Unit> Engine::Parts::leave_empty_link(StoredRecord& kept, const StoredRecord& lost) {
  const std::string why = fmt::format("its link had no partner, and {} has one", name_of(lost));
  Deed deed;
  deed.action = "link.removed";
  deed.record = kept;
  deed.link = kept.link;
  deed.text = why;
  TRY_VOID(witness(deed));
  TRY_VOID(store.leave(kept.id));
  TRY_VOID(store.add_event(kept.id, {clock.now(), "linked", why}));
  kept.link = LinkId::none;
  return Unit{};
}

/// The document that carries a mark of this record stands with one that was merged into it: a doubt kept the link from
/// moving at the time. It moves now.
Result<bool> Engine::Parts::take_over_late(StoredRecord& record, const StoredRecord& document) {
  if (document.link == LinkId::none || document.deleted) return false;
  TRY(member, store.linked(document.link, record.side));
  if (!member || member->id == record.id) return false;
  TRY(survivor, survivor_of(*member));
  if (survivor != record.vendor_id) return false;
  TRY_VOID(take_over(*member, record, "merged"));
  return record.link == document.link;
}

/// Restored from the recycle bin: its link was kept, so both ends are simply looked at again (edge case 108).
Result<Unit> Engine::Parts::came_back(RecordId id) {
  TRY(record, store.record(id));
  if (!record) return Unit{};
  TRY_VOID(store.add_event(id, {clock.now(), "restored",
                                fmt::format("is there again in {}{}", half(record->side).connection.name,
                                            record->link == LinkId::none ? "" : "; its link was kept and counts")}));
  run.references.clear();
  if (record->link != LinkId::none) {
    TRY(partner, store.linked(record->link, other(record->side)));
    if (partner) TRY_VOID(store.mark_dirty(partner->id));
    // Skipped because it was gone: that word is over now, for both ends. Nothing is made anew of a pair.
    if (partner && record->decision.starts_with("skip")) TRY_VOID(store.decide(id, ""));
    if (partner && partner->decision.starts_with("skip")) TRY_VOID(store.decide(partner->id, ""));
  }
  return store.wake(place_of(record->side, record->type, record->vendor_id)).map([](const auto&) { return Unit{}; });
}

/// A list of what is gone may be stale, or tell of a merge: each linked record is asked for by its id before anything
/// is concluded. When very many went at once nothing is concluded anyway (breakers.cpp).
Result<Unit> Engine::Parts::confirm_gone() {
  std::map<std::pair<Side, std::string>, std::vector<std::string>> ids;
  for (const Run::Stale& one : run.gone) ids[{one.side, one.object}].push_back(one.vendor_id);
  run.gone.clear();
  for (const auto& [what, list] : ids) {
    Half& there = half(what.first);
    const std::string type(packs.find(there.connection.vendor, what.second)->type().name);
    if (list.size() <= kMostLooked) {
      TRY(records, there.connection.connector->read(what.second, list));
      auto transaction = ports::Transaction::on(store);
      if (!transaction) return fail(transaction.error());
      TRY_VOID(store_page(there, records, ports::PayloadId::none));
      TRY_VOID(transaction->commit());
    }
    for (const std::string& id : list) {
      TRY(record, store.find(what.first, type, id));
      if (!record || !record->deleted || record->link == LinkId::none) continue;
      TRY(survivor, survivor_of(*record));
      if (survivor == id) ++run.gone_count[{what.first, type}];
    }
  }
  run.gone.clear();
  return Unit{};
}

/// Does a live document of the books name that customer?
Result<bool> Engine::Parts::names_a_document(const std::string& customer) {
  for (const std::string_view type : {"invoice", "payment", "credit_note"}) {
    for (RecordId after = RecordId::none;;) {
      TRY(page, store.all(Side::books, type, after, kChunk));
      if (page.empty()) break;
      after = page.back().id;
      for (const StoredRecord& document : page) {
        if (document.deleted) continue;
        TRY(body, readable(document));
        if (body && body->text("customer") == customer) return true;
      }
    }
  }
  return false;
}

/// QuickBooks says of a merge only that one customer is inactive and that its documents name another one. All of them:
/// when one moved and others stayed, a person moved it, and a person decides (edge case 106).
Result<Unit> Engine::Parts::merged_in_books() {
  RecordId after = RecordId::none;
  for (;;) {
    TRY(records, store.dirty(Side::books, "invoice", after, kChunk));
    if (records.empty()) return Unit{};
    auto transaction = ports::Transaction::on(store);
    if (!transaction) return fail(transaction.error());
    for (const StoredRecord& record : records) {
      after = record.id;
      if (!record.base || record.deleted || record.link == LinkId::none) continue;
      TRY(body, readable(record));
      TRY(base, base_of(record));
      if (!body || !base) continue;
      const std::string was(base->text("customer")), now(body->text("customer"));
      if (was.empty() || now.empty() || was == now) continue;
      TRY(lost, store.find(Side::books, "company", was));
      TRY(kept, store.find(Side::books, "company", now));
      if (!lost || !kept || kept->deleted) continue;
      TRY(lost_body, readable(*lost));
      TRY(kept_body, readable(*kept));
      if ((!lost->deleted && !is_inactive(lost_body)) || is_inactive(kept_body)) continue;
      TRY(named, names_a_document(was));
      if (!named) TRY_VOID(merged(Side::books, "company", was, now));
    }
    TRY_VOID(transaction->commit());
  }
}

/// The id that lives on when this record does not; its own id otherwise.
Result<std::string> Engine::Parts::survivor_of(const StoredRecord& record) {
  if (!record.deleted) {
    if (record.side == Side::crm) return record.vendor_id;
    TRY(body, readable(record));
    if (!is_inactive(body)) return record.vendor_id;
  }
  return store.surviving(record.side, record.type, record.vendor_id);
}

/// What was merged away is settled for good: the survivor answers for it.
Result<bool> Engine::Parts::set_aside_merged(const StoredRecord& record) {
  TRY(survivor, survivor_of(record));
  if (survivor == record.vendor_id) return false;
  TRY_VOID(stand(record, State::skipped, "record.merged",
                 fmt::format("was merged into {} {} in {}, which answers for it now", record.type, survivor,
                             half(record.side).connection.name)));
  if (record.link == LinkId::none) return true;
  TRY(partner, store.linked(record.link, other(record.side)));
  if (partner && !partner->deleted) TRY_VOID(store.mark_dirty(partner->id));
  return true;
}

/// The partner of a live record is gone: merged into one that has a partner of its own, or deleted.
Result<Unit> Engine::Parts::partner_gone(const StoredRecord& record, const StoredRecord& partner) {
  TRY(survivor, survivor_of(partner));
  const std::string& there = half(partner.side).connection.name;
  if (survivor == partner.vendor_id)
    return stand(
        record, State::held, "partner.deleted",
        fmt::format("its partner {} was deleted in {}; restore it there, or skip this one", name_of(partner), there));
  TRY(kept, store.find(partner.side, partner.type, survivor));
  TRY(primary, kept && kept->link != LinkId::none ? store.linked(kept->link, record.side)
                                                  : Result<std::optional<StoredRecord>>(std::optional<StoredRecord>()));
  return stand(record, State::skipped, "partner.secondary",
               fmt::format("{} and {} {} are one in {} since a merge; {} goes on under {}, and this one keeps the "
                           "documents that it has. Merge the two here as well, or leave it so",
                           name_of(partner), partner.type, survivor, there, partner.type,
                           primary ? name_of(*primary) : std::string("the other one")));
}

/// Does the customer of a document stand for that company, through every merge on either side?
Result<bool> Engine::Parts::same_customer(std::string_view crm_id, std::string_view books_id) {
  TRY(customer, dependency(Side::crm, "company", crm_id));
  if (!customer.ready) return true;  // nothing to compare with
  if (customer.target_id == books_id) return true;
  TRY(ours, store.surviving(Side::books, "company", customer.target_id));
  TRY(theirs, store.surviving(Side::books, "company", books_id));
  if (ours == theirs) return true;
  TRY(record, store.find(Side::books, "company", books_id));
  if (!record || record->link == LinkId::none) return false;
  TRY(member, store.linked(record->link, Side::crm));
  if (!member || !member->deleted) return false;
  TRY(survivor, store.surviving(Side::crm, "company", member->vendor_id));
  TRY(named, store.surviving(Side::crm, "company", crm_id));
  return survivor == named;
}

/// The id, and all ids that were merged into it: documents may carry the mark of any of them.
Result<std::vector<std::string>> Engine::Parts::ids_of(Side side, std::string_view type, const std::string& id) {
  std::vector<std::string> ids{id};
  for (std::size_t i = 0; i < ids.size() && i < kMostGenerations; ++i) {
    TRY(older, store.aliases_of(side, type, ids[i]));
    for (std::string& one : older)
      if (std::find(ids.begin(), ids.end(), one) == ids.end()) ids.push_back(std::move(one));
  }
  return ids;
}

/// Partners of deleted records are candidates again: whoever deletes a company and enters it anew means the same one.
Result<Unit> Engine::Parts::abandoned(const mapping::Flow& flow, Side side, decide::MatchIndex& index) {
  TRY(held, store.in_state(State::held, RecordId::none, kMostAbandoned));
  for (const StoredRecord& record : held) {
    if (!record.deleted || record.side == side || record.type != flow.type().name || record.link == LinkId::none)
      continue;
    TRY(partner, store.linked(record.link, side));
    TRY(body,
        partner && !partner->deleted ? readable(*partner) : Result<std::optional<Record>>(std::optional<Record>()));
    if (body) index.add(partner->id, partner->vendor_id, *body);
  }
  return Unit{};
}

/// A deleted deal with an invoice that says the same as this new one: entered again by mistake, most likely. An invoice
/// is too dear for a guess, so a person decides.
Result<std::optional<StoredRecord>> Engine::Parts::resembling_deleted(const StoredRecord& record, const Record& body) {
  if (!run.deleted_deals) {
    run.deleted_deals.emplace();
    TRY(held, store.in_state(State::held, RecordId::none, kMostAbandoned));
    for (StoredRecord& one : held)
      if (one.deleted && one.type == "deal" && one.link != LinkId::none) run.deleted_deals->push_back(std::move(one));
  }
  for (const StoredRecord& one : *run.deleted_deals) {
    if (one.id == record.id) continue;
    TRY(before, readable(one));
    if (!before || before->text("name") != body.text("name") || !before->get("amount").same(body.get("amount")))
      continue;
    TRY(company, store.surviving(Side::crm, "company", before->text("company")));
    if (company == body.text("company")) return std::optional<StoredRecord>(one);
  }
  return std::optional<StoredRecord>();
}

/// "It is that deleted one, entered again": the new record takes over its link and answers for its id.
Result<bool> Engine::Parts::replace_as_decided(StoredRecord& record) {
  if (!record.decision.starts_with("replaces:") || record.link != LinkId::none) return false;
  const std::string id = record.decision.substr(9);
  TRY(lost, store.find(record.side, record.type, id));
  if (!lost || !lost->deleted) return false;
  TRY_VOID(store.add_alias(record.side, record.type, id, record.vendor_id, clock.now()));
  TRY_VOID(witness_alias(*lost, record, "", "entered again, by a person's word"));
  TRY_VOID(take_over(*lost, record, "entered again"));
  TRY_VOID(store.mark_dirty(lost->id));
  run.deleted_deals.reset();
  return record.link != LinkId::none;
}

}  // namespace tieout::engine
