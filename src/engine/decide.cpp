// Decide: every record that changed is looked at once, in order of dependency (customers and products, then deals, then
// receipts, then what the books say back). In plan mode what should be written is only noted; in act mode each chunk is
// carried out before the next is decided, so that an invoice finds its customer in the books. Only true dependents
// wait, and they say for what.
#include <fmt/core.h>

#include <algorithm>

#include "engine/parts.hpp"

namespace tieout::engine {
namespace {

constexpr std::size_t kMostReferences = 100'000;

std::string place(Side side, std::string_view type, std::string_view id) {
  return fmt::format("{}:{}:{}", to_text(side), type, id);
}

}  // namespace

Result<Unit> Engine::Parts::decide_all() {
  TRY_VOID(facts_for_deciding());
  TRY_VOID(merged_in_books());
  for (const mapping::Flow& flow : packs.flows())
    if (flow.kind() == mapping::FlowKind::mirror) TRY_VOID(mirror(flow));
  for (const mapping::Flow& flow : packs.flows())
    if (flow.kind() == mapping::FlowKind::derive && flow.from_type().name == "deal" && flow.to_type().name == "invoice")
      TRY_VOID(sales(flow));
  for (const mapping::Flow& flow : packs.flows())
    if (flow.kind() == mapping::FlowKind::derive && flow.to_type().name == "payment") TRY_VOID(receipts(flow));
  TRY_VOID(settle_money_in());
  for (const mapping::Flow& flow : packs.flows())
    if (flow.kind() == mapping::FlowKind::derive && flow.writes_back()) TRY_VOID(write_back(flow));
  return settle_bystanders();
}

Result<Unit> Engine::Parts::each_dirty(Side side, std::string_view type,
                                       const std::function<Result<Unit>(StoredRecord&, std::vector<Work>&)>& step) {
  RecordId after = RecordId::none;
  for (;;) {
    std::vector<Work> works;
    {
      const StageClock stage(run, fmt::format("decide.{}", type), clock);
      auto transaction = ports::Transaction::on(store);
      if (!transaction) return fail(transaction.error());
      TRY(records, store.dirty(side, type, after, kChunk));
      if (records.empty()) {
        TRY_VOID(transaction->commit());
        return Unit{};
      }
      after = records.back().id;
      for (StoredRecord& record : records) {
        TRY(aside, set_aside(record));
        if (!aside) TRY_VOID(step(record, works));
      }
      TRY_VOID(transaction->commit());
    }
    TRY_VOID(carry_out(std::move(works)));
  }
}

/// Notes the works of a chunk (plan), or does them (act), leaving out what the approved plan does not cover.
Result<Unit> Engine::Parts::carry_out(std::vector<Work> works) {
  if (run.mode == Mode::plan) {
    for (Work& work : works) {
      if (work.change.kind == ports::WriteKind::create)
        run.planned.insert(place(work.source_side, work.change.source_name.substr(0, work.change.source_name.find(' ')),
                                 work.source_id));
      if (run.change_keys.insert(work.change.key()).second) run.changes.push_back(std::move(work.change));
    }
    return Unit{};
  }
  if (run.allowed)
    std::erase_if(
        works, [&](const Work& work) { return !work.covered_by_policy && !run.allowed->contains(work.change.key()); });
  if (!works.empty()) TRY_VOID(weigh_works(works));
  return works.empty() ? Result<Unit>(Unit{}) : act(std::move(works));
}

/// Records that are not to be decided now: a person skipped them, they are gone, or a write about them is in doubt.
Result<bool> Engine::Parts::set_aside(const StoredRecord& record) {
  // It stays dirty: what changed meanwhile is decided when the doubt has ended.
  if (run.in_doubt.contains(static_cast<std::int64_t>(record.id))) return true;
  TRY(waits, waits_its_time(record));
  if (waits) return true;
  if (record.decision.starts_with("skip")) {
    const std::string why = record.decision.size() > 5 ? record.decision.substr(5) : std::string("no reason given");
    TRY_VOID(stand(record, State::skipped, "review.skipped", fmt::format("skipped in review: {}", why)));
    return true;
  }
  if (record.decision.starts_with("undone:")) {
    TRY_VOID(stand(record, State::skipped, "undone", undone_reason(record, record.decision.substr(7))));
    return true;
  }
  if (record.decision.starts_with("unlinked:")) {
    TRY_VOID(stand(record, State::held, "link.unlinked", unlinked_reason(record, record.decision.substr(9))));
    return true;
  }
  if (record.decision.starts_with("alias:")) {
    TRY_VOID(stand(record, State::skipped, "link.alias", alias_reason(record, record.decision.substr(6))));
    return true;
  }
  if (!record.deleted) return false;
  TRY(merged, set_aside_merged(record));
  if (merged) return true;
  if (record.link == LinkId::none) {
    TRY_VOID(stand(record, State::skipped, "record.deleted", "deleted before it was synchronised; nothing to undo"));
    return true;
  }
  TRY(partner, store.linked(record.link, other(record.side)));
  if (partner && partner->deleted) {
    TRY_VOID(
        stand(record, State::skipped, "record.deleted.both",
              fmt::format("was deleted, and so was its partner {}: nothing is left to keep equal", name_of(*partner))));
    return true;
  }
  if (partner) TRY_VOID(store.mark_dirty(partner->id));  // it has to say so as well
  TRY_VOID(
      stand(record, State::held, "record.deleted",
            fmt::format("{} was deleted in {} but is linked to a record of the other side, which was left as it is; "
                        "restore it, or skip it in review to keep the other side alone",
                        name_of(record), half(record.side).connection.name)));
  return true;
}

Result<std::optional<Record>> Engine::Parts::readable(const StoredRecord& record) {
  if (record.body.empty()) return std::optional<Record>();
  TRY(body, model::decode(model::type_named(record.type), record.body));
  return std::optional<Record>(std::move(body));
}

Result<Unit> Engine::Parts::stand(const StoredRecord& record, State state, std::string_view code,
                                  std::string_view reason, std::string_view waits_for, bool agreed) {
  TRY_VOID(store.settle(record.id, state, code, reason, waits_for, agreed));
  const bool news = record.reason_code != code || record.state != state;
  if (news && (state == State::held || state == State::failed)) {
    TRY_VOID(store.add_event(record.id, {clock.now(), "held", std::string(reason)}));
    TRY_VOID(witness_held(record, code, record.payload));
  }
  return Unit{};
}

/// Reads the body and says whether it may be acted on; when not, the record is held with the first thing to mend.
Result<std::optional<Record>> Engine::Parts::valid(const StoredRecord& record) {
  TRY(body, readable(record));
  if (!body) {
    TRY_VOID(
        stand(record, State::held,
              record.reason_code.empty() ? std::string_view("record.unreadable") : std::string_view(record.reason_code),
              record.reason.empty() ? std::string_view("could not be read; correct it at its source")
                                    : std::string_view(record.reason)));
    return std::optional<Record>();
  }
  const std::vector<Fault> faults = model::validate(*body);
  if (faults.empty()) return body;
  TRY_VOID(stand(record, State::held, faults.front().code,
                 fmt::format("{} ({}); correct it in {} and it goes on by itself", faults.front().what,
                             faults.front().field, half(record.side).connection.name)));
  return std::optional<Record>();
}

Result<Dependency> Engine::Parts::dependency(Side side, std::string_view type, std::string_view id) {
  Dependency out;
  const std::string where = place(side, type, id);
  if (const auto known = run.references.find(where); known != run.references.end()) {
    out.ready = true;
    out.target_id = known->second;
    return out;
  }
  TRY(record, store.find(side, type, id));
  // Gone, or another name by a person's word: it means the one that goes on.
  if (!record || record->deleted || record->decision.starts_with("alias:")) {
    TRY(survivor, store.surviving(side, type, id));
    if (survivor != id) return dependency(side, type, survivor);
  }
  if (record && record->link != LinkId::none) {
    TRY(partner, store.linked(record->link, other(side)));
    if (partner && !partner->deleted) {
      TRY(survivor, survivor_of(*partner));
      out.ready = true;
      out.target_id = survivor;
      if (run.references.size() >= kMostReferences) run.references.clear();
      run.references.emplace(where, out.target_id);
      return out;
    }
  }
  if (run.planned.contains(where)) {
    out.planned = true;
    return out;
  }
  out.waits_for = where;
  if (!record)
    out.reason =
        fmt::format("waits for {} {}, which has not been read from {} yet", type, id, half(side).connection.name);
  else {
    TRY(body, readable(*record));
    out.reason =
        fmt::format("waits for {} {} \"{}\", which is {}{}", type, id, body ? title_of(*body) : "",
                    to_text(record->state), record->reason_code.empty() ? "" : " (" + record->reason_code + ")");
  }
  return out;
}

/// The first reference of the record (and of its lines) that is not ready; or ready when all are.
Result<Dependency> Engine::Parts::dependencies(Side side, const Record& record) {
  Dependency all;
  all.ready = true;
  for (int i = 0; i < record.size(); ++i) {
    const model::FieldDecl& decl = record.type().fields[static_cast<std::size_t>(i)];
    if (decl.kind == model::FieldKind::list) {
      for (const Record& line : record.records(decl.name)) {
        TRY(one, dependencies(side, line));
        if (!one.ready && !one.planned) return one;
        all.planned = all.planned || one.planned;
      }
      continue;
    }
    const std::string_view type =
        decl.kind == model::FieldKind::reference ? counterpart(side, decl.of) : std::string_view();
    const std::string_view id = type.empty() ? type : record.text(decl.name);
    if (id.empty()) continue;
    TRY(one, dependency(side, type, id));
    if (!one.ready && !one.planned) return one;
    all.planned = all.planned || one.planned;
  }
  all.ready = !all.planned;
  return all;
}

bool Engine::Parts::is_mirrored(std::string_view type) const {
  return std::any_of(packs.flows().begin(), packs.flows().end(), [&](const mapping::Flow& flow) {
    return flow.kind() == mapping::FlowKind::mirror && flow.type().name == type;
  });
}

/// The type that a record of this type is linked to on the other side; empty for what is never linked.
std::string_view Engine::Parts::partner_type(std::string_view type) {
  if (type == "deal") return "invoice";
  if (type == "invoice") return "deal";
  for (const std::string_view same : {"company", "product", "payment", "contact"})
    if (type == same) return type;
  return {};
}

/// The type of record on that side through which a reference finds its way to the other: itself when it is mirrored; an
/// invoice of the CRM is known there only as its deal; empty when the other side knows nothing of the kind.
std::string_view Engine::Parts::counterpart(Side from, std::string_view type) const {
  if (is_mirrored(type)) return type;
  return from == Side::crm && type == "invoice" ? std::string_view("deal") : std::string_view();
}

/// What is read for its own sake: contacts travel with their company, other kinds are kept for reference.
Result<Unit> Engine::Parts::settle_bystanders() {
  for (const Half& half : halves) {
    for (const mapping::ObjectMapping& mapped : packs.objects()) {
      if (mapped.vendor() != half.connection.vendor || port_side(mapped.side()) != half.side) continue;
      const std::string_view type = mapped.type().name;
      if (is_mirrored(type) || type == "deal" || type == "invoice" || type == "payment") continue;
      TRY_VOID(
          each_dirty(half.side, type, [&](StoredRecord& record, std::vector<Work>&) { return bystander(record); }));
    }
  }
  return Unit{};
}

Result<Unit> Engine::Parts::bystander(const StoredRecord& record) {
  TRY(body, valid(record));
  if (!body) return Unit{};
  if (record.type != "contact")
    return stand(record, State::skipped, "record.reference_only",
                 fmt::format("{}s are read, not written", record.type));
  const std::string_view company = body->text("company");
  if (company.empty())
    return stand(record, State::skipped, "contact.without_company",
                 "belongs to no company, so there is no customer that could carry it");
  TRY(found, dependency(record.side, "company", company));
  if (found.ready) return stand(record, State::in_sync, "", "", "", true);
  if (found.planned) return Unit{};
  return stand(record, State::pending, "contact.waits", found.reason, found.waits_for);
}

}  // namespace tieout::engine
