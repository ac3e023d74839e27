// Review: what waits for a person, and what the person decides. A decision is kept with the record and takes effect
// with the next plan, apply or sync; it is itself part of the record's story.
#include <fmt/core.h>

#include <algorithm>

#include "engine/corrections.hpp"
#include "engine/parts.hpp"

namespace tieout::engine {
namespace {

constexpr int kMostReviewed = 5000;

}  // namespace

Result<ReviewItem> Engine::Parts::review_item(const StoredRecord& record) {
  ReviewItem item;
  item.id = record.id;
  item.name = name_of(record);
  item.side = std::string(to_text(record.side));
  item.state = std::string(to_text(record.state));
  item.code = record.reason_code;
  item.reason = record.reason;
  TRY(body, readable(record));
  if (body) item.title = title_of(*body);
  return item;
}

Result<std::vector<ReviewItem>> Engine::review() {
  Parts& parts = *parts_;
  std::vector<ReviewItem> items;
  std::map<std::pair<Side, std::string>, decide::MatchIndex> indexes;
  for (const State state : {State::held, State::failed}) {
    TRY(records, parts.store.in_state(state, RecordId::none, kMostReviewed));
    for (const StoredRecord& record : records) {
      TRY(item, parts.review_item(record));
      if (record.reason_code == "match.suggested") {
        const auto key = std::make_pair(record.side, record.type);
        for (const mapping::Flow& flow : parts.packs.flows()) {
          if (indexes.contains(key) || flow.kind() != mapping::FlowKind::mirror || flow.type().name != record.type)
            continue;
          TRY(index, parts.match_index(flow, other(record.side)));
          indexes.emplace(key, std::move(index));
        }
        TRY(body, parts.readable(record));
        const auto index = indexes.find(key);
        if (body && index != indexes.end()) {
          const decide::Match match = index->second.match(*body);
          if (const auto* similar = std::get_if<decide::Suggested>(&match)) {
            item.suggested = similar->candidates.front().vendor_id;
            item.suggested_title = similar->candidates.front().title;
            item.score = similar->candidates.front().score;
          }
        }
      }
      items.push_back(std::move(item));
    }
  }
  return items;
}

Result<ReviewItem> Engine::Parts::decided(const std::string& text, const std::string& decision, const std::string& told,
                                          std::string_view action, const std::string& by) {
  TRY(record, named(text));
  if (action == "review.retry" || action == "review.create") TRY_VOID(require_not_stopped(record));
  auto transaction = ports::Transaction::on(store);
  if (!transaction) return fail(transaction.error());
  // Said at once, done with the next run: until then it waits no longer for a person.
  TRY_VOID(store.settle(record.id, State::pending, "review.decided",
                        told + "; it takes effect with the next plan, apply or sync", "", false));
  TRY_VOID(store.decide(record.id, decision));
  TRY_VOID(store.add_event(record.id, {clock.now(), "decided", told}));
  Deed deed;
  deed.action = action;
  deed.by = by;
  deed.record = record;
  deed.after = record.digest;  // what the person had before their eyes
  deed.payload = record.payload;
  deed.text = told;
  TRY_VOID(witness(deed));
  TRY_VOID(transaction->commit());
  TRY(now, store.record(record.id));
  return review_item(*now);
}

Result<ReviewItem> Engine::accept(const std::string& record, const std::string& partner, const std::string& by) {
  Parts& parts = *parts_;
  std::string id = partner;
  TRY(target, parts.named(record));
  if (id.empty()) {
    TRY(items, review());
    const auto found =
        std::find_if(items.begin(), items.end(), [&](const ReviewItem& item) { return item.id == target.id; });
    if (found == items.end() || found->suggested.empty())
      return fail("review.no_suggestion",
                  fmt::format("{} has no suggested partner; name one: tieout review accept '{}' ID",
                              Parts::name_of(target), Parts::name_of(target)));
    id = found->suggested;
  }
  if (target.reason_code == "deal.recreated") {
    TRY(lost, parts.store.find(target.side, target.type, id));
    if (!lost || !lost->deleted)
      return fail("review.partner",
                  fmt::format("there is no deleted {} {}; {} names it", target.type, id, Parts::name_of(target)));
    return parts.decided(record, "replaces:" + id,
                         fmt::format("{} said it is {} {}, entered again", by, target.type, id), "review.accept", by);
  }
  TRY(known, parts.store.find(other(target.side), target.type, id));
  if (!known) return fail("review.partner", fmt::format("there is no {} {} on the other side", target.type, id));
  if (known->link != LinkId::none)
    return fail("review.partner",
                fmt::format("{} {} is linked to another record already; choose another one", target.type, id));
  return parts.decided(record, "link:" + id, fmt::format("{} accepted {} {} as the same", by, target.type, id),
                       "review.accept", by);
}

Result<ReviewItem> Engine::create_new(const std::string& record, const std::string& by) {
  TRY(target, parts_->named(record));
  if (target.reason_code == "deal.invoiced_before") {
    // Under the next revision: the vendor may answer the old write's name with the old document.
    TRY(last, parts_->last_revision(target));
    return parts_->decided(record, fmt::format("reissue:{}", last + 1),
                           fmt::format("{} said to invoice it again, as billing revision {}", by, last + 1),
                           "review.create", by);
  }
  return parts_->decided(record, "create", fmt::format("{} said it is new: create it on the other side", by),
                         "review.create", by);
}

Result<ReviewItem> Engine::skip(const std::string& record, const std::string& reason, const std::string& by) {
  if (reason.empty())
    return fail("review.reason", "a skipped record needs a reason: it is shown wherever the record is missed");
  return parts_->decided(record, "skip:" + reason, fmt::format("{} skipped it: {}", by, reason), "review.skip", by);
}

Result<ReviewItem> Engine::retry(const std::string& record, const std::string& by) {
  TRY(target, parts_->named(record));
  // Corrections stay: another try is made with them.
  const std::string decision = target.decision.starts_with("set:") ? target.decision : std::string("retry");
  return parts_->decided(record, decision, fmt::format("{} asked for another try", by), "review.retry", by);
}

Result<ReviewItem> Engine::fix(const std::string& record, const std::string& field, const std::string& value,
                               const std::string& by) {
  TRY(target, parts_->named(record));
  const model::FieldDecl* decl = model::type_named(target.type).find(field);
  TRY(body, parts_->readable(target));
  if (!parts_->is_mirrored(target.type) || !body || decl == nullptr || decl->kind != model::FieldKind::text)
    return fail("review.field",
                fmt::format("'{}' of a {} can not be corrected here (text fields of customers and products can); "
                            "correct it at its source",
                            field, target.type));
  return parts_->decided(record, with_correction(target.decision, {field, std::string(body->text(field)), value}),
                         fmt::format("{} corrected {} to \"{}\" for the other side", by, field, value), "review.fix",
                         by);
}

}  // namespace tieout::engine
