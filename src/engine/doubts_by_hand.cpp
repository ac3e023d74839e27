// A doubtful write as a person sees it, and ends it when look-ups can not: "it is record 1042 over there", or "it never
// arrived". Neither is taken on trust: the named record is read and must carry our mark or what was sent; before
// "never" counts it is looked up once more, after the time in which it could still arrive.
#include <fmt/core.h>

#include <algorithm>

#include "act/confirm.hpp"
#include "engine/parts.hpp"

namespace tieout::engine {
namespace {

constexpr int kMostDoubts = 10'000;

std::string kind_text(std::uint8_t kind) {
  switch (static_cast<ports::WriteKind>(kind)) {
    case ports::WriteKind::create:
      return "create";
    case ports::WriteKind::update:
      return "change";
    case ports::WriteKind::void_document:
      return "void";
  }
  return "write";
}

bool same_scalar(const json::Value& sent, const json::Value& found) {
  const std::string &a = sent.text(), &b = found.text();
  if (a == b) return true;
  const auto x = Decimal::parse(a), y = Decimal::parse(b);  // "1.50" comes back as 1.5
  return x && y && *x == *y;
}

/// The first place where the record says something else than what was sent; empty when it carries all of it. What the
/// vendor added is no difference.
std::string first_difference(const json::Value& sent, const json::Value& found, const std::string& path) {
  if (sent.is_null()) return {};
  if (sent.is_object()) {
    for (const auto& [name, value] : sent.members()) {
      if (name == "associations") continue;  // answered in another shape
      const json::Value* there = found.find(name);
      const std::string below = path.empty() ? name : path + "." + name;
      if (there == nullptr) {
        if (value.is_null() || (value.is_string() && value.text().empty())) continue;
        return below;
      }
      if (std::string inner = first_difference(value, *there, below); !inner.empty()) return inner;
    }
    return {};
  }
  if (sent.is_array()) {
    for (std::size_t i = 0; i < sent.size(); ++i) {
      const std::string below = fmt::format("{}[{}]", path, i);
      if (i >= found.items().size()) return below;
      if (std::string inner = first_difference(sent.items()[i], found.items()[i], below); !inner.empty()) return inner;
    }
    return {};
  }
  return same_scalar(sent, found) ? std::string() : path;
}

}  // namespace

Doubt Engine::Parts::doubt_of(const ports::Intent& intent, const StoredRecord& source) {
  Doubt out;
  out.record = name_of(source);
  if (const auto body = readable(source); body && *body) out.title = title_of(**body);
  out.what = fmt::format("{} {}{} in {}", kind_text(intent.kind), intent.type,
                         intent.vendor_id.empty() ? "" : " " + intent.vendor_id, half(intent.side).connection.name);
  out.key = intent.key;
  out.reference = intent.reference;
  out.content = intent.body;
  out.sent_at = intent.created_at;
  out.looked_up_at = intent.finished_at;
  out.look_ups = std::max(0, intent.attempts - 1);
  out.answer = intent.answer.empty() ? "no answer" : intent.answer;
  out.believed_from = intent.created_at + settings.settle;
  out.needs_person = out.look_ups > 0 && out.looked_up_at >= out.believed_from;
  return out;
}

Result<std::vector<Doubt>> Engine::doubts() {
  Parts& parts = *parts_;
  std::vector<Doubt> out;
  TRY(intents, parts.store.unfinished_intents(kMostDoubts));
  for (const ports::Intent& intent : intents) {
    TRY(source, parts.store.record(intent.source));
    if (source) out.push_back(parts.doubt_of(intent, *source));
  }
  return out;
}

Result<Doubt> Engine::end_doubt(const std::string& record, const std::optional<std::string>& written_id,
                                const std::string& by, const std::string& why) {
  Parts& parts = *parts_;
  if (why.empty()) return fail("doubt.why", "say why (--why): whoever looks at this record later will ask");
  TRY_VOID(parts.start("doubt", Mode::act));
  TRY_VOID(parts.facts_for_doubts());
  TRY(target, parts.named(record));
  TRY(intents, parts.store.unfinished_intents(kMostDoubts));
  const auto found = std::find_if(intents.begin(), intents.end(), [&](const ports::Intent& one) {
    return one.source == target.id || one.target == target.id;
  });
  if (found == intents.end())
    return fail("doubt.none",
                fmt::format("no write of {} is in doubt; tieout doubt lists those that are", Parts::name_of(target)));
  TRY(source, parts.store.record(found->source));
  TRY(sent, parts.recall(*found));
  if (!source || !sent) return fail("store.record.missing", "a record vanished while its write was in doubt");
  Doubt out = parts.doubt_of(*found, *source);
  if (written_id) {
    TRY_VOID(parts.believe_written(*sent, *written_id, by, why));
    out.outcome = fmt::format("written: it is {} {}", found->type, *written_id);
  } else {
    TRY(outcome, parts.believe_never(*sent, by, why));
    out.outcome = outcome;
  }
  return out;
}

/// The person's word, with the record and in the audit log, in the transaction that acts on it.
Result<Unit> Engine::Parts::note_settled(const Sent& sent, std::string_view code, const std::string& by,
                                         const std::string& why, const std::string& what) {
  TRY_VOID(store.add_event(sent.intent.source, {clock.now(), "decided", fmt::format("{} {}: {}", by, what, why)}));
  TRY(source, store.record(sent.intent.source));
  Deed deed;
  deed.action = "write.settled";
  deed.by = by;
  if (source) deed.record = *source;
  deed.intent = &sent.intent;
  deed.code = code;
  deed.text = why;
  return witness(deed);
}

/// A void sends no content that could be compared: the vendor's own word that it is void is the evidence.
Result<Unit> Engine::Parts::require_voided(const Sent& sent, const std::string& id) {
  TRY(lookups,
      half(sent.intent.side).connection.connector->look_up(std::span(&sent.request, 1), sent.intent.created_at));
  if (lookups.size() == 1 && lookups.front().found == ports::Found::written) return Unit{};
  return fail("doubt.evidence", fmt::format("{} {} is there and is not void", sent.intent.type, id));
}

Result<Unit> Engine::Parts::believe_written(const Sent& sent, const std::string& id, const std::string& by,
                                            const std::string& why) {
  const ports::Intent& intent = sent.intent;
  Half& there = half(intent.side);
  if (!intent.vendor_id.empty() && intent.vendor_id != id)
    return fail("doubt.evidence", fmt::format("the write changes {} {}, not {}", intent.type, intent.vendor_id, id));
  TRY(known, store.find(intent.side, intent.type, id));
  if (known && known->link != LinkId::none && known->link != intent.link)
    return fail("doubt.taken",
                fmt::format("{} {} belongs to another record already; it can not be this write too", intent.type, id));
  TRY(records, there.connection.connector->read(intent.object, std::span(&id, 1)));
  const auto raw = std::find_if(records.begin(), records.end(),
                                [&](const ports::RawRecord& one) { return one.vendor_id == id && !one.deleted; });
  if (raw == records.end())
    return fail("doubt.evidence", fmt::format("there is no {} {} in {}", intent.type, id, there.connection.name));
  const mapping::ObjectMapping& mapped = *packs.find(there.connection.vendor, intent.object);
  const auto record = mapped.to_canonical(raw->body, *variables);
  const bool document = intent.type == "invoice" || intent.type == "payment" || intent.type == "credit_note";
  const bool create = intent.kind == static_cast<std::uint8_t>(ports::WriteKind::create);
  const bool marked = record && !intent.reference.empty() && record->type().index_of("reference") >= 0 &&
                      record->text("reference") == intent.reference;
  if (intent.kind == static_cast<std::uint8_t>(ports::WriteKind::void_document)) {
    TRY_VOID(require_voided(sent, id));
  } else if (!marked && create && document && !intent.reference.empty()) {
    // Two sales may say the same; only the mark tells which of them this document is for.
    return fail("doubt.evidence", fmt::format("{} {} does not carry our mark ({}), which was sent with the write",
                                              intent.type, id, intent.reference));
  } else if (!marked) {
    TRY(wanted, json::parse(intent.body));
    TRY(now, json::parse(raw->body));
    const std::string where = first_difference(wanted, now, "");
    if (!where.empty())
      return fail("doubt.evidence",
                  fmt::format("{} {} carries neither our mark ({}) nor what was sent: {} differs", intent.type, id,
                              intent.reference.empty() ? "none was sent" : intent.reference, where),
                  where);
  }
  auto transaction = ports::Transaction::on(store);
  if (!transaction) return fail(transaction.error());
  TRY_VOID(note_settled(sent, "confirmed", by, why,
                        fmt::format("said the write arrived as {} {} ({} confirms it)", intent.type, id,
                                    marked ? "our mark" : "its content")));
  TRY_VOID(confirm({const_cast<Sent*>(&sent)}, {&*raw}));
  return transaction->commit();
}

Result<std::string> Engine::Parts::believe_never(const Sent& sent, const std::string& by, const std::string& why) {
  const ports::Intent& intent = sent.intent;
  TRY(lookups, half(intent.side).connection.connector->look_up(std::span(&sent.request, 1), intent.created_at));
  if (lookups.size() != 1)
    return fail("vendor.look_up", "the connector did not answer for the write it was asked about");
  const ports::Lookup& lookup = lookups.front();
  const bool written = lookup.found == ports::Found::written && lookup.record;
  const Instant from = intent.created_at + settings.settle;
  if (!written && clock.now() < from)
    return fail(
        "doubt.too_early",
        fmt::format("the write may still arrive until {}; say it then, or let the next sync look", to_text(from)));
  auto transaction = ports::Transaction::on(store);
  if (!transaction) return fail(transaction.error());
  if (written) {
    TRY_VOID(note_settled(sent, "confirmed", by, why,
                          fmt::format("said the write never arrived, but a last look found it as {} {}", intent.type,
                                      lookup.record->vendor_id)));
    TRY_VOID(confirm({const_cast<Sent*>(&sent)}, {&*lookup.record}));
  } else {
    const bool absent = lookup.found == ports::Found::absent;
    TRY_VOID(note_settled(sent, "refused", by, why,
                          absent ? "said the write never arrived, and a last look found nothing"
                                 : "said the write never arrived; a last look could not tell"));
    if (absent)
      TRY_VOID(never_applied(sent, lookup));
    else
      TRY_VOID(store.finish_intent(intent.id, ports::IntentState::refused, intent.vendor_id, "settled.never",
                                   "a person said that it never arrived; a last look could not tell", clock.now()));
    TRY(source, store.record(intent.source));
    if (source)
      TRY_VOID(store.settle(intent.source, State::pending, "review.decided",
                            "its write never arrived; it is decided anew with the next plan, apply or sync", "",
                            false));
    TRY_VOID(store.mark_dirty(intent.source));
  }
  TRY_VOID(transaction->commit());
  return written ? fmt::format("written after all: a last look found {} {}", intent.type, lookup.record->vendor_id)
                 : std::string("never arrived: its record is decided anew with the next plan, apply or sync");
}

}  // namespace tieout::engine
