// Observe: pull what changed on both sides, turn it into canonical records and store it. The page, its records and the
// cursor change in one transaction, so the cursor never runs ahead of the data; a record that can not be read is stored
// as held with its reason and never stops the others. Whether a record is good enough to act on is asked when it is
// decided, not here.
#include <fmt/core.h>

#include <algorithm>

#include "engine/kept.hpp"
#include "engine/parts.hpp"

namespace tieout::engine {
namespace {

std::string cursor_name(const Half& half) { return "cursor/" + half.connection.name; }

/// A line of JSON each: what was told about the record, and its body as the vendor sent it.
std::string page_text(const ports::Page& page) {
  std::string out;
  std::size_t size = 0;
  for (const ports::RawRecord& record : page.records) size += record.body.size() + 120;
  out.reserve(size);
  for (const ports::RawRecord& record : page.records) append_kept(out, record);
  return out;
}

ports::ContentDigest raw_digest(std::string_view body) {
  const Digest whole = sha256(body);
  ports::ContentDigest out;
  std::copy_n(whole.begin(), out.size(), out.begin());
  return out;
}

/// What a record is looked up by later: a payment's invoices, a credit note's invoice, and our mark in a document.
void add_mentions(const Record& record, ports::Observation& out) {
  const std::string_view type = record.type().name;
  if (type == "payment") {
    if (const auto mark = record.text("reference"); !mark.empty()) out.mentions.emplace_back("mark", mark);
    for (const Record& allocation : record.records("allocations"))
      if (const auto invoice = allocation.text("invoice"); !invoice.empty())
        out.mentions.emplace_back("invoice", invoice);
  } else if (type == "credit_note") {
    if (const auto mark = record.text("reference"); !mark.empty()) out.mentions.emplace_back("mark", mark);
    if (const auto invoice = record.text("invoice"); !invoice.empty()) out.mentions.emplace_back("invoice", invoice);
  } else if (type == "invoice") {
    if (const auto mark = record.text("reference"); !mark.empty()) out.mentions.emplace_back("mark", mark);
  }
  std::sort(out.mentions.begin(), out.mentions.end());
  out.mentions.erase(std::unique(out.mentions.begin(), out.mentions.end()), out.mentions.end());
}

}  // namespace

Result<Unit> Engine::Parts::observe_all() {
  for (Half& half : halves) TRY_VOID(observe_side(half));
  TRY_VOID(confirm_gone());
  TRY_VOID(take_notices());
  return note_gone();
}

Result<Unit> Engine::Parts::observe_side(Half& half) {
  TRY(cursor, store.setting(cursor_name(half)));
  for (bool more = true; more;) {
    ports::Page page;
    {
      const StageClock stage(run, "observe.fetch", clock);
      TRY(pulled, half.connection.connector->pull(cursor));
      page = std::move(pulled);
    }
    more = page.more;
    if (page.records.empty() && page.next_cursor == cursor) continue;
    const StageClock stage(run, "observe.store", clock);
    auto transaction = ports::Transaction::on(store);
    if (!transaction) return fail(transaction.error());
    ports::PayloadId payload = ports::PayloadId::none;
    if (!page.records.empty()) {
      TRY(kept, store.keep_payload(half.side, clock.now(), page_text(page)));
      payload = kept;
    }
    TRY_VOID(store_page(half, page.records, payload));
    TRY_VOID(store.set_setting(cursor_name(half), page.next_cursor));
    TRY_VOID(transaction->commit());
    cursor = page.next_cursor;
    tell(fmt::format("read {}", half.connection.name), run.report.observed.fetched);
  }
  return Unit{};
}

Result<std::vector<ports::Noted>> Engine::Parts::store_page(Half& half, const std::vector<ports::RawRecord>& records,
                                                            ports::PayloadId payload) {
  std::vector<ports::Observation> observations;
  std::vector<std::optional<Fault>> problems;
  std::vector<const ports::RawRecord*> told;
  observations.reserve(records.size());
  for (const ports::RawRecord& raw : records) {
    told.push_back(&raw);
    if (packs.find(half.connection.vendor, raw.object) == nullptr) {
      told.pop_back();  // not in scope of any pack
      continue;
    }
    std::optional<Fault> problem;
    TRY(observation, normalise(half, raw, problem));
    observation.payload = payload;
    observations.push_back(std::move(observation));
    problems.push_back(std::move(problem));
  }
  TRY(noted, store.observe(observations, clock.now()));
  ObserveReport& report = run.report.observed;
  for (std::size_t i = 0; i < noted.size(); ++i) {
    ++report.fetched;
    switch (noted[i].seen) {
      case ports::Seen::fresh:
        ++report.fresh;
        break;
      case ports::Seen::changed:
        ++report.changed;
        break;
      case ports::Seen::unchanged:
        ++report.unchanged;
        break;
    }
    if (!problems[i]) continue;
    ++report.quarantined;
    TRY_VOID(store.settle(noted[i].id, State::held, problems[i]->code, problems[i]->what, "", false));
    if (noted[i].seen == ports::Seen::unchanged) continue;
    const ports::Observation& seen = observations[i];
    TRY_VOID(witness_held({noted[i].id, seen.side, seen.type, seen.vendor_id}, problems[i]->code, seen.payload));
  }
  for (std::size_t i = 0; i < noted.size(); ++i) TRY_VOID(follow(half, *told[i], noted[i]));
  return noted;
}

Result<ports::Observation> Engine::Parts::normalise(Half& half, const ports::RawRecord& raw,
                                                    std::optional<Fault>& problem) {
  const mapping::ObjectMapping& mapped = *packs.find(half.connection.vendor, raw.object);
  ports::Observation out;
  out.side = half.side;
  out.type = std::string(mapped.type().name);
  out.vendor_id = raw.vendor_id;
  out.version = raw.version;
  out.modified_at = raw.modified_at;
  out.deleted = raw.deleted;
  if (raw.deleted) {
    // A deletion says nothing about the content: what was known stays known, so that the story can still be told.
    TRY(known, store.find(half.side, out.type, raw.vendor_id));
    if (known) {
      out.body = known->body;
      out.digest = known->digest;
    }
    return out;
  }
  auto record = mapped.to_canonical(raw.body, *variables);
  if (!record) {
    problem = std::move(record).error();
    if (!problem->field.empty()) problem->what += fmt::format(" (field {})", problem->field);
    out.digest = raw_digest(raw.body);
    return out;
  }
  out.digest = short_digest(*record);
  model::encode(*record, out.body);
  add_mentions(*record, out);
  return out;
}

}  // namespace tieout::engine
