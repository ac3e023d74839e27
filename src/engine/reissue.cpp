// Re-issue: a sale whose invoice is void, deleted or credited is invoiced anew when a person says so, as the next
// billing revision: another mark ("deal/9120/2"), another key, so that no look-up ever takes the old document for the
// new one. The deal leaves its old invoice; that it once belonged to it stays in the lineage.
#include <fmt/core.h>

#include <algorithm>
#include <charconv>

#include "engine/parts.hpp"

namespace tieout::engine {
namespace {

std::int64_t number_in(std::string_view text) {
  std::int64_t out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

}  // namespace

/// What a person decided about the billing revision; 0 when nothing.
std::int64_t Engine::Parts::decided_revision(const StoredRecord& record) {
  return record.decision.starts_with("reissue:") ? number_in(std::string_view(record.decision).substr(8)) : 0;
}

/// The billing revision of the next document of a record: what the record says or a person decided, but never that of a
/// document which it left for a new one, however the decision was overwritten since.
Result<std::int64_t> Engine::Parts::next_revision(const StoredRecord& record, std::int64_t said) {
  std::int64_t next = std::max(said, decided_revision(record));
  TRY(turns, store.lineage(record.id));
  for (const ports::Lineage& turn : turns) {
    if (turn.what != "reissued" || turn.link == LinkId::none) continue;
    TRY(document, store.linked(turn.link, Side::books));
    TRY(body, document ? readable(*document) : Result<std::optional<Record>>(std::optional<Record>()));
    const std::string mark(body ? body->text("reference") : std::string_view());
    const std::int64_t used = mark.empty() ? 1 : number_in(std::string_view(mark).substr(mark.rfind('/') + 1));
    next = std::max(next, std::max<std::int64_t>(used, 1) + 1);
  }
  return next;
}

/// Nothing of the invoice stands: it is void, or credit notes of undos are worth all of it. What was paid of it stays.
Result<bool> Engine::Parts::is_reversed(const StoredRecord& invoice, const Record& body) {
  if (body.text("status") == "void") return true;
  TRY(credits, credits_of(invoice));
  return credits.total >= body.decimal("total");
}

/// The highest billing revision that any document or journalled write of this deal carries.
Result<std::int64_t> Engine::Parts::last_revision(const StoredRecord& deal) {
  std::int64_t last = std::max<std::int64_t>(1, decided_revision(deal));
  TRY(body, readable(deal));
  if (body && body->get("billing_revision").is(model::Value::Kind::integer))
    last = std::max(last, body->get("billing_revision").as_integer());
  const std::string prefix = fmt::format("deal/{}/", deal.vendor_id);
  TRY(intents, store.intents_of(deal.id));
  for (const ports::Intent& intent : intents)
    if (intent.reference.starts_with(prefix)) last = std::max(last, number_in(intent.reference.substr(prefix.size())));
  for (;; ++last) {
    TRY(next, store.mentioning(Side::books, "invoice", "mark", fmt::format("{}{}", prefix, last + 1)));
    if (next.empty()) return last;
  }
}

/// The record leaves its link; the document stays in it, as history.
Result<Unit> Engine::Parts::leave_document(const StoredRecord& record, std::string_view why, const std::string& by) {
  if (record.link == LinkId::none) return Unit{};
  TRY(document, store.linked(record.link, Side::books));
  const std::string name = document ? name_of(*document) : std::string("nothing");
  Deed deed;
  deed.action = "link.removed";
  deed.by = by;
  deed.record = document ? Named(*document) : Named(record);
  if (document) deed.partner = record;
  deed.link = record.link;
  deed.ends = document ? 1 : 0;
  deed.text = why;
  TRY_VOID(witness(deed));
  TRY_VOID(store.leave(record.id));
  TRY_VOID(
      store.add_lineage({record.id, record.link, clock.now(), "reissued", by, fmt::format("left {}: {}", name, why)}));
  if (!document) return Unit{};
  TRY_VOID(store.refuse_pair(record.id, document->id, true, clock.now()));
  TRY_VOID(store.add_lineage(
      {document->id, record.link, clock.now(), "reissued", by, fmt::format("{} left it: {}", name_of(record), why)}));
  if (document->decision.starts_with("undone:")) return Unit{};
  return store.decide(document->id, "undone:" + std::string("a new billing revision"));
}

Result<ReviewItem> Engine::reissue(const std::string& text, const std::string& by) {
  Parts& parts = *parts_;
  TRY(deal, parts.named(text));
  if (deal.side != Side::crm || deal.type != "deal")
    return fail("reissue.not_a_deal",
                fmt::format("{} is no deal; name the deal whose invoice is to be issued anew", Parts::name_of(deal)));
  TRY(invoice, deal.link == LinkId::none ? Result<std::optional<StoredRecord>>(std::optional<StoredRecord>())
                                         : parts.store.linked(deal.link, Side::books));
  if (!invoice)
    return fail("reissue.no_document",
                fmt::format("{} has no invoice yet, so there is nothing to issue anew; tieout plan shows what will be",
                            Parts::name_of(deal)));
  TRY(body, parts.readable(*invoice));
  TRY(reversed, invoice->deleted || !body ? Result<bool>(invoice->deleted) : parts.is_reversed(*invoice, *body));
  if (!reversed)
    return fail(
        "reissue.document_stands",
        fmt::format("invoice {} of {} stands in the books, or a paid part of it does, and one sale makes one "
                    "invoice. Reverse all of it first: tieout undo '{}', with --unapply for what is paid",
                    body ? Parts::title_of(*body) : invoice->vendor_id, Parts::name_of(deal), Parts::name_of(deal)));
  TRY(last, parts.last_revision(deal));
  const std::string decision = fmt::format("reissue:{}", last + 1);
  const std::string told = fmt::format("{} asked for a new invoice in place of {} (billing revision {})", by,
                                       body ? Parts::title_of(*body) : invoice->vendor_id, last + 1);
  auto transaction = ports::Transaction::on(parts.store);
  if (!transaction) return fail(transaction.error());
  TRY_VOID(parts.leave_document(deal, told, by));
  // Its receipt, when that was undone too, is posted anew with it.
  TRY(receipt, parts.store.find(Side::crm, "payment", deal.vendor_id + "/receipt"));
  if (receipt && receipt->decision.starts_with("undone:")) {
    TRY_VOID(parts.leave_document(*receipt, told, by));
    TRY_VOID(parts.store.decide(receipt->id, decision));
  }
  TRY_VOID(parts.store.settle(deal.id, State::pending, "review.decided",
                              told + "; it takes effect with the next plan, apply or sync", "", false));
  TRY_VOID(parts.store.decide(deal.id, decision));
  TRY_VOID(parts.store.add_event(deal.id, {parts.clock.now(), "decided", told}));
  TRY_VOID(transaction->commit());
  TRY(now, parts.store.record(deal.id));
  return parts.review_item(*now);
}

}  // namespace tieout::engine
