// Mirrors: the same thing kept equal on both sides. A record without a partner looks for one (keys link, similar names
// only suggest), or gets one made, or stays alone, as the flow says; a pair is merged field by field by owner.
#include <fmt/core.h>

#include <algorithm>

#include "engine/corrections.hpp"
#include "engine/parts.hpp"

namespace tieout::engine {
namespace {

std::string list_of(const std::vector<decide::Candidate>& candidates) {
  std::string out;
  for (const decide::Candidate& candidate : candidates)
    out += fmt::format("{}{} \"{}\" ({} %)", out.empty() ? "" : ", ", candidate.vendor_id, candidate.title,
                       (candidate.score + 5) / 10);
  return out;
}

std::vector<decide::FieldRule> rules_of(const mapping::Flow& flow, const mapping::ObjectMapping* crm,
                                        const mapping::ObjectMapping* books) {
  std::vector<decide::FieldRule> rules;
  const bool into_crm = flow.direction() != mapping::FlowDirection::crm_to_books && crm && crm->writable();
  const bool into_books = flow.direction() != mapping::FlowDirection::books_to_crm && books && books->writable();
  for (const mapping::FieldPolicy& policy : flow.fields()) {
    const model::FieldDecl& decl = flow.type().fields[static_cast<std::size_t>(policy.field)];
    if (decl.kind == model::FieldKind::reference) continue;  // ids of two systems are never equal
    const std::string_view name = decl.name;
    rules.push_back({policy.field, policy.owner, policy.to_crm && into_crm && crm->writes(name),
                     policy.to_books && into_books && books->writes(name)});
  }
  return rules;
}

std::string place_of(Side side, std::string_view type, std::string_view id) {
  return fmt::format("{}:{}:{}", to_text(side), type, id);
}

/// A person's corrections, for what is written to the other side. Each holds as long as the value it corrected stands.
void apply_correction(const StoredRecord& record, Record& body) {
  for (const Correction& one : corrections_in(record.decision))
    if (body.type().index_of(one.field) >= 0 && body.text(one.field) == one.corrects)
      body.set(one.field, model::Value::text(one.value));
}

}  // namespace

Result<Unit> Engine::Parts::mirror(const mapping::Flow& flow) {
  for (const Side side : {Side::crm, Side::books}) {
    std::optional<decide::MatchIndex> index;
    TRY_VOID(each_dirty(side, flow.type().name, [&](StoredRecord& record, std::vector<Work>& works) {
      return mirror_one(flow, record, index, works);
    }));
  }
  return Unit{};
}

Result<decide::MatchIndex> Engine::Parts::match_index(const mapping::Flow& flow, Side side) {
  std::vector<decide::KeyRule> keys;
  for (const mapping::MatchKey& key : flow.match_keys()) keys.push_back({key.field, key.normalised});
  const int name = std::max(flow.name_field(), 0);
  decide::MatchIndex index(std::move(keys), name, flow.name_field() < 0 ? 1001 : flow.suggest_at());
  RecordId after = RecordId::none;
  for (;;) {
    TRY(records, store.unlinked(side, flow.type().name, after, 5000));
    if (records.empty()) {
      TRY_VOID(abandoned(flow, side, index));
      return index;
    }
    for (const StoredRecord& record : records) {
      after = record.id;
      TRY(body, readable(record));
      if (body) index.add(record.id, record.vendor_id, *body);
    }
  }
}

Result<Unit> Engine::Parts::mirror_one(const mapping::Flow& flow, StoredRecord& record,
                                       std::optional<decide::MatchIndex>& index, std::vector<Work>& works) {
  TRY(found, valid(record));
  if (!found) return Unit{};
  Record& body = *found;
  TRY(gone, set_aside_merged(record));
  if (gone) return Unit{};
  apply_correction(record, body);
  TRY(verdict, flow.check(pack_side(record.side), body, record.vendor_id, *variables));
  if (const auto* skip = std::get_if<mapping::Skip>(&verdict))
    return stand(record, State::skipped, skip->code, skip->reason);
  if (const auto* hold = std::get_if<mapping::Hold>(&verdict))
    return stand(record, State::held, hold->code, hold->reason);
  if (record.link != LinkId::none) {
    if (record.side == Side::books && record.base)
      TRY_VOID(store.wake(place_of(record.side, record.type, record.vendor_id)));
    TRY(partner, store.linked(record.link, other(record.side)));
    if (partner) return unite(flow, record, body, *partner, works);
  }
  if (record.decision.starts_with("link:")) {
    TRY(linked, link_as_decided(flow, record, body, works));
    if (linked) {
      index.reset();  // its partner is no candidate any more
      return Unit{};
    }
  }
  if (record.link != LinkId::none) return mirror_create(flow, record, body, works);  // an earlier create was refused
  if (record.decision == "create" || record.decision.starts_with("set:"))
    return mirror_create(flow, record, body, works);
  if (!index) {
    TRY(built, match_index(flow, other(record.side)));
    index = std::move(built);
  }
  return find_partner(flow, record, body, *index, works);
}

/// Records that a person took apart from this one are no candidates for it; for others they are.
Result<decide::Match> Engine::Parts::match_unrefused(const StoredRecord& record, const Record& body,
                                                     decide::MatchIndex& index) {
  TRY(refused, store.refused_with(record.id));
  for (const RecordId id : refused) index.remove(id);
  decide::Match match = index.match(body);
  for (const RecordId id : refused) {
    TRY(one, store.record(id));
    if (!one || one->deleted || one->link != LinkId::none || one->side == record.side) continue;
    TRY(theirs, readable(*one));
    if (theirs) index.add(id, one->vendor_id, *theirs);
  }
  return match;
}

Result<Unit> Engine::Parts::find_partner(const mapping::Flow& flow, StoredRecord& record, const Record& body,
                                         decide::MatchIndex& index, std::vector<Work>& works) {
  TRY(match, match_unrefused(record, body, index));
  const std::string_view theirs = half(other(record.side)).connection.name;
  if (const auto* exact = std::get_if<decide::Exact>(&match)) {
    TRY(partner, store.record(exact->candidate.id));
    if (!partner) return fail("store.record.missing", "a record vanished while it was matched");
    index.remove(partner->id);
    if (partner->link != LinkId::none) {
      TRY(lost, store.linked(partner->link, record.side));
      if (!lost || !lost->deleted || record.link != LinkId::none)
        return find_partner(flow, record, body, index, works);  // taken meanwhile
      TRY_VOID(store.add_alias(record.side, record.type, lost->vendor_id, record.vendor_id, clock.now()));
      TRY_VOID(witness_alias(*lost, record, "", "deleted and entered again"));
      TRY_VOID(take_over(*lost, record, "deleted and entered again"));
      TRY_VOID(store.mark_dirty(lost->id));
      return unite(flow, record, body, *partner, works);
    }
    TRY(link, join(flow.name(), fmt::format("same {}", exact->key), record, *partner));
    record.link = partner->link = link;
    return unite(flow, record, body, *partner, works);
  }
  if (const auto* several = std::get_if<decide::Ambiguous>(&match))
    return stand(
        record, State::held, "match.ambiguous",
        fmt::format("{} records in {} have the same {}: {}. Choose one: tieout review accept '{}' ID",
                    several->candidates.size(), theirs, several->key, list_of(several->candidates), name_of(record)),
        place_of(other(record.side), record.type, several->candidates.front().vendor_id));
  if (const auto* similar = std::get_if<decide::Suggested>(&match))
    return stand(record, State::held, "match.suggested",
                 fmt::format("may be the same as {} in {}; a similar name alone never links. Accept it: tieout review "
                             "accept '{}', or make a new one: tieout review create '{}'",
                             list_of(similar->candidates), theirs, name_of(record), name_of(record)),
                 place_of(other(record.side), record.type, similar->candidates.front().vendor_id));
  switch (flow.unmatched(pack_side(record.side))) {
    case mapping::Unmatched::create:
      return mirror_create(flow, record, body, works);
    case mapping::Unmatched::skip:
      return stand(
          record, State::skipped, "unmatched.skipped",
          fmt::format("has no counterpart in {}; the flow '{}' leaves such records alone", theirs, flow.name()));
    case mapping::Unmatched::hold:
      break;
  }
  return stand(record, State::held, "unmatched.held",
               fmt::format("has no counterpart in {}; accept one, or create it: tieout review create '{}'", theirs,
                           name_of(record)));
}

/// False when the partner that was accepted has meanwhile found another one: then the record is matched anew.
Result<bool> Engine::Parts::link_as_decided(const mapping::Flow& flow, StoredRecord& record, const Record& body,
                                            std::vector<Work>& works) {
  const std::string id = record.decision.substr(5);
  TRY(partner, store.find(other(record.side), record.type, id));
  if (!partner || partner->link != LinkId::none) {
    TRY_VOID(
        store.add_event(record.id, {clock.now(), "decided",
                                    fmt::format("{} {} of {} could not be linked: it {}", record.type, id,
                                                half(other(record.side)).connection.name,
                                                partner ? "is linked to another record" : "is not known any more")}));
    return false;
  }
  TRY(link, join(flow.name(), "accepted in review", record, *partner));
  record.link = partner->link = link;
  TRY_VOID(unite(flow, record, body, *partner, works));
  return true;
}

Result<LinkId> Engine::Parts::join(std::string_view flow, std::string_view how, const StoredRecord& a,
                                   const StoredRecord& b) {
  LinkId id = a.link;  // there already when an earlier create was refused
  if (id == LinkId::none) {
    ports::Link link;
    link.type = std::string(flow);
    link.how = std::string(how);
    link.created_at = clock.now();
    TRY(fresh, store.new_link(link));
    id = fresh;
    TRY_VOID(store.join(id, a.id));
  }
  TRY_VOID(store.join(id, b.id));
  TRY_VOID(witness_link(id, how, a, b));
  TRY_VOID(store.add_event(
      a.id,
      {clock.now(), "linked", fmt::format("linked to {} of {}: {}", name_of(b), half(b.side).connection.name, how)}));
  TRY_VOID(store.wake(place_of(a.side, a.type, a.vendor_id)));
  TRY_VOID(store.wake(place_of(b.side, b.type, b.vendor_id)));
  return id;
}

Result<Unit> Engine::Parts::mirror_create(const mapping::Flow& flow, const StoredRecord& record, const Record& body,
                                          std::vector<Work>& works) {
  TRY(needs, dependencies(record.side, body));
  if (!needs.ready && !needs.planned) return stand(record, State::pending, "depends", needs.reason, needs.waits_for);
  Work work(body);
  work.change.flow = flow.name();
  work.change.kind = ports::WriteKind::create;
  work.change.side = other(record.side);
  work.change.type = record.type;
  work.change.source = record.id;
  work.change.source_name = name_of(record);
  work.change.title = title_of(body);
  work.change.wanted = short_digest(body);
  work.link = record.link;
  work.source_id = record.vendor_id;
  work.source_side = record.side;
  work.source_payload = record.payload;
  works.push_back(std::move(work));
  return Unit{};
}

Result<Unit> Engine::Parts::unite(const mapping::Flow& flow, StoredRecord& record, const Record& body,
                                  const StoredRecord& partner, std::vector<Work>& works) {
  if (partner.deleted) return partner_gone(record, partner);
  TRY(survivor, survivor_of(partner));
  if (survivor != partner.vendor_id) return partner_gone(record, partner);
  if (partner.decision.starts_with("skip"))
    return stand(record, State::skipped, "partner.skipped",
                 fmt::format("its partner {} was skipped in review", name_of(partner)));
  TRY(partner_body, valid(partner));
  if (!partner_body)
    return stand(record, State::pending, "partner.held", fmt::format("its partner {} is held", name_of(partner)),
                 fmt::format("{}:{}:{}", to_text(partner.side), partner.type, partner.vendor_id));
  const bool ours_is_crm = record.side == Side::crm;
  const StoredRecord& crm = ours_is_crm ? record : partner;
  const StoredRecord& books = ours_is_crm ? partner : record;
  TRY(crm_base, base_of(crm));
  TRY(books_base, base_of(books));
  decide::MergeInput input;
  input.crm = ours_is_crm ? &body : &*partner_body;
  input.books = ours_is_crm ? &*partner_body : &body;
  input.crm_base = crm_base ? &*crm_base : nullptr;
  input.books_base = books_base ? &*books_base : nullptr;
  input.crm_modified_at = crm.modified_at;
  input.books_modified_at = books.modified_at;
  decide::MergeResult merged =
      decide::merge(input, rules_of(flow, mapping_of(Side::crm, flow.type()), mapping_of(Side::books, flow.type())));
  if (!merged.conflicts.empty()) return conflict(flow, record, merged.conflicts);
  const std::size_t before = works.size();
  bool may = true;
  if (merged.wanted_books) {
    TRY(done,
        propose(flow, crm, books, *input.books, std::move(*merged.wanted_books), std::move(merged.books_steps), works));
    may = done;
  }
  if (may && merged.wanted_crm) {
    TRY(done, propose(flow, books, crm, *input.crm, std::move(*merged.wanted_crm), std::move(merged.crm_steps), works));
    may = done;
  }
  if (!may) {  // neither half is written, or they would no longer be one decision
    works.erase(works.begin() + static_cast<std::ptrdiff_t>(before), works.end());
    return Unit{};
  }
  if (works.size() == before + 2) works[before].other_half_waits = works[before + 1].other_half_waits = true;
  if (works.size() > before) return Unit{};
  TRY_VOID(stand(crm, State::in_sync, "", "", "", true));
  return stand(books, State::in_sync, "", "", "", true);
}

Result<std::optional<Record>> Engine::Parts::base_of(const StoredRecord& record) {
  if (!record.agreed && !record.base) return std::optional<Record>();
  TRY(base, model::decode(model::type_named(record.type), record.agreed ? record.body : *record.base));
  return std::optional<Record>(std::move(base));
}

Result<Unit> Engine::Parts::conflict(const mapping::Flow& flow, const StoredRecord& record,
                                     const std::vector<decide::FieldConflict>& conflicts) {
  std::string fields;
  for (const decide::FieldConflict& one : conflicts)
    fields += fmt::format("{}{}: \"{}\" in the CRM, \"{}\" in the books", fields.empty() ? "" : "; ",
                          flow.type().fields[static_cast<std::size_t>(one.field)].name, one.crm, one.books);
  return stand(
      record, State::held, "merge.conflict",
      fmt::format("both sides changed what only a person may decide: {}. Make them equal on either side", fields));
}

/// An update of `target` because of `source`; nothing when the target's vendor would not be told anything new. False
/// when it may not be made: then it is held, with the reason.
Result<bool> Engine::Parts::propose(const mapping::Flow& flow, const StoredRecord& source, const StoredRecord& target,
                                    const Record& now, Record wanted, std::vector<decide::FieldStep> steps,
                                    std::vector<Work>& works) {
  const mapping::ObjectMapping* mapped = mapping_of(target.side, now.type());
  auto body = mapped->to_vendor_changes(wanted, now, *variables);
  if (!body) {
    TRY_VOID(stand(source, State::held, body.error().code, body.error().what));
    return false;
  }
  if (body->empty()) return true;
  if (target.type == "company" && now.type().index_of("active") >= 0 &&
      now.get("active").is(model::Value::Kind::boolean) && !now.get("active").as_boolean()) {
    TRY_VOID(
        stand(source, State::held, "customer.inactive",
              fmt::format("its customer {} \"{}\" is inactive in {}, so changes of {} can not be carried over. Make it "
                          "active there again, or skip this one",
                          target.vendor_id, title_of(now), half(target.side).connection.name, name_of(source)),
              place_of(target.side, target.type, target.vendor_id)));
    return false;
  }
  TRY(flips, oscillates(flow, source, target, *body, steps));
  if (flips) return false;
  Work work(std::move(wanted));
  work.change.flow = flow.name();
  work.change.kind = ports::WriteKind::update;
  work.change.side = target.side;
  work.change.type = target.type;
  work.change.source = source.id;
  work.change.target = target.id;
  work.change.source_name = name_of(source);
  work.change.target_name = target.vendor_id;
  work.change.title = title_of(now);
  work.change.wanted = short_digest(work.wanted);
  work.change.target_version = target.version;
  work.change.steps = std::move(steps);
  work.now = now;
  work.link = target.link;
  work.target_id = target.vendor_id;
  work.target_was = target.state;
  work.source_id = source.vendor_id;
  work.source_side = source.side;
  work.source_payload = source.payload;
  work.foreign_references = false;  // the wanted record is the target's own, with single fields changed
  works.push_back(std::move(work));
  return true;
}

}  // namespace tieout::engine
