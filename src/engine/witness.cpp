// The audit log's side of the engine: the line about an act, in the transaction of the act, and the lines about the
// configuration under which acts happen, whenever it is another one than the log last told.
#include "engine/witness.hpp"

#include <fmt/core.h>

#include <charconv>

#include "engine/kept.hpp"
#include "engine/parts.hpp"
#include "prove/log_leaf.hpp"

namespace tieout::engine {
namespace {

constexpr std::size_t kLongestText = 300;
constexpr std::string_view kSelf = "tieout";
constexpr std::string_view kMappingSetting = "log/mapping";  // "<number of its line> <digest>"

std::string place_of(Side side, std::string_view type, std::string_view id) {
  std::string out(to_text(side));
  out.append(":").append(type);
  if (!id.empty()) out.append(":").append(id);
  return out;
}

std::string hex_or_none(const ports::ContentDigest& digest) {
  if (digest == ports::ContentDigest{}) return {};
  return hex(std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

std::string_view kind_name(std::uint8_t kind) {
  constexpr std::string_view names[] = {"create", "update", "void"};
  return kind < std::size(names) ? names[kind] : std::string_view("other");
}

/// At most so many bytes, and no character cut in two.
std::string_view shortened(std::string_view text) {
  if (text.size() <= kLongestText) return text;
  std::size_t end = kLongestText;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end);
}

std::int64_t leading_number(std::string_view text) {
  std::int64_t number = -1;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// Of what was there before the log: verify asks nothing of it.
template <class Page>
Result<std::int64_t> last_id(const Page& page) {
  std::int64_t last = 0;
  for (;;) {
    TRY(rows, page(last));
    if (rows.empty()) return last;
    last = static_cast<std::int64_t>(rows.back().id);
  }
}

void fill_write(const ports::Intent& intent, prove::Leaf& leaf) {
  leaf.key = intent.key;
  leaf.kind = kind_name(intent.kind);
  leaf.plan = intent.plan;
  leaf.request = hex(sha256(intent.body));
  if (leaf.partner.empty()) leaf.partner = place_of(intent.side, intent.type, intent.vendor_id);
}

}  // namespace

Result<Unit> Engine::Parts::witness(const Deed& deed) {
  TRY(number, store.log_size());
  if (number == 0 && deed.action != "log.begun") {
    TRY_VOID(begin_log());
    return witness(deed);
  }
  if (!run.mapping_leaf) {
    TRY(known, store.setting(kMappingSetting));
    run.mapping_leaf = leading_number(known);
  }
  prove::Leaf leaf;
  leaf.number = number;
  leaf.at = clock.now();
  leaf.entity = settings.entity;
  leaf.by = deed.by.empty() ? kSelf : deed.by;
  leaf.action = deed.action;
  if (deed.record) leaf.record = place_of(deed.record->side, deed.record->type, deed.record->vendor_id);
  if (deed.partner) leaf.partner = place_of(deed.partner->side, deed.partner->type, deed.partner->vendor_id);
  if (deed.link != LinkId::none) {
    leaf.link = static_cast<std::int64_t>(deed.link);
    leaf.ends = deed.ends;
  }
  leaf.plan = deed.plan;
  leaf.plan_digest = deed.plan_digest;
  if (deed.intent != nullptr) {
    fill_write(*deed.intent, leaf);
    leaf.mapping = *run.mapping_leaf;
    leaf.approval = run.approval_leaf.value_or(-1);
  }
  leaf.before = hex_or_none(deed.before);
  leaf.after = hex_or_none(deed.after);
  if (deed.payload != ports::PayloadId::none) {
    TRY(digest, store.payload_digest(deed.payload));
    leaf.payload = hex(digest);
  }
  if (deed.answer) leaf.answer = hex(sha256(*deed.answer));
  if (deed.answer_payload != ports::PayloadId::none) {
    TRY(digest, store.payload_digest(deed.answer_payload));
    leaf.answer_payload = hex(digest);
  }
  leaf.code = deed.code;
  leaf.text = shortened(deed.text);
  for (const auto& [name, value] : deed.more) leaf.more.emplace_back(name, value);
  const ports::NewLeaf line{deed.record ? deed.record->id : RecordId::none,
                            deed.partner ? deed.partner->id : RecordId::none, prove::to_text(leaf)};
  return store.append_leaves({&line, 1});
}

/// The first line: whose log this is, and what the store held before there was one.
Result<Unit> Engine::Parts::begin_log() {
  TRY(intents, last_id([&](std::int64_t after) { return store.intents_after(ports::IntentId{after}, 1000); }));
  TRY(links, last_id([&](std::int64_t after) { return store.links_after(LinkId{after}, 1000); }));
  const std::string intents_text = std::to_string(intents), links_text = std::to_string(links);
  const std::pair<std::string_view, std::string_view> more[] = {{"earlier_writes_up_to", intents_text},
                                                                {"earlier_links_up_to", links_text}};
  Deed deed;
  deed.action = "log.begun";
  deed.more = more;
  return witness(deed);
}

/// The mapping packs and settings, when they are others than those that the log last told. In a transaction of its own.
Result<Unit> Engine::Parts::witness_configuration() {
  const std::string digest = hex(packs.digest());
  std::string values;
  for (const auto& [name, value] : settings.mapping_settings) values += fmt::format("{}={}\n", name, value);
  const std::string settings_digest = hex(sha256(values));
  TRY(told, store.setting(kMappingSetting));
  TRY(settings_told, store.setting("log/settings"));
  const bool same_mapping = told.ends_with(digest);
  if (same_mapping && settings_told == settings_digest) {
    run.mapping_leaf = leading_number(told);
    return Unit{};
  }
  auto transaction = ports::Transaction::on(store);
  if (!transaction) return fail(transaction.error());
  if (!same_mapping) {
    std::vector<std::pair<std::string, std::string>> texts{{"all", digest}};
    for (const mapping::PackInfo& pack : packs.packs())
      texts.emplace_back(pack.name, fmt::format("{} {}", pack.version, hex(pack.digest)));
    const std::vector<std::pair<std::string_view, std::string_view>> more(texts.begin(), texts.end());
    Deed deed;
    deed.action = "config.mapping";
    deed.by = settings.operated_by;
    deed.more = more;
    TRY_VOID(witness(deed));
    TRY(size, store.log_size());
    run.mapping_leaf = size - 1;
    TRY_VOID(store.set_setting(kMappingSetting, fmt::format("{} {}", size - 1, digest)));
  }
  if (settings_told != settings_digest) {
    const std::vector<std::pair<std::string_view, std::string_view>> more(settings.mapping_settings.begin(),
                                                                          settings.mapping_settings.end());
    Deed deed;
    deed.action = "config.settings";
    deed.by = settings.operated_by;
    deed.more = more;
    TRY_VOID(witness(deed));
    TRY_VOID(store.set_setting("log/settings", settings_digest));
  }
  return transaction->commit();
}

/// The account that a connection points at, when the log has not told it yet. In the transaction that is open.
Result<Unit> Engine::Parts::witness_account(const Half& half) {
  const std::string setting = "log/account/" + half.connection.name;
  const std::string account = half.connection.vendor + " " + half.facts.account_id;
  TRY(told, store.setting(setting));
  if (told == account) return Unit{};
  const std::pair<std::string_view, std::string_view> more[] = {
      {"connection", half.connection.name}, {"vendor", half.connection.vendor}, {"account", half.facts.account_id}};
  Deed deed;
  deed.action = "config.account";
  deed.by = settings.operated_by;
  deed.more = more;
  TRY_VOID(witness(deed));
  return store.set_setting(setting, account);
}

/// Who let the writes of this run happen: the person who applied the plan has a line already; writes of a sync are
/// covered by the policy of their flows, and by whoever started it.
Result<Unit> Engine::Parts::witness_approval() {
  if (run.approval_leaf) return Unit{};
  const std::pair<std::string_view, std::string_view> more[] = {{"command", run.report.command}};
  Deed deed;
  deed.action = "policy.applied";
  deed.by = settings.operated_by;
  deed.more = more;
  TRY(number, store.log_size());
  TRY_VOID(witness(deed));
  run.approval_leaf = std::max<std::int64_t>(number, 1);  // line 0 begins the log
  return Unit{};
}

namespace {

/// The record that asked for a write, as the log names it.
Named source_of(const Sent& sent) {
  const std::string_view name = sent.work.change.source_name;
  return {sent.intent.source, sent.work.source_side, name.substr(0, name.find(' ')), sent.work.source_id};
}

Deed deed_of(std::string_view action, const Sent& sent) {
  Deed deed;
  deed.action = action;
  deed.record = source_of(sent);
  deed.intent = &sent.intent;
  deed.payload = sent.work.source_payload;
  return deed;
}

bool is_create(const ports::Intent& intent) {
  return intent.kind == static_cast<std::uint8_t>(ports::WriteKind::create);
}

bool is_money_document(std::string_view type) {
  return type == "invoice" || type == "payment" || type == "credit_note";
}

}  // namespace

Result<Unit> Engine::Parts::witness_asked(const Sent& sent) {
  TRY_VOID(witness_approval());
  Deed deed = deed_of("write.asked", sent);
  if (sent.intent.target != RecordId::none)
    deed.partner = Named{sent.intent.target, sent.intent.side, sent.intent.type, sent.intent.vendor_id};
  if (sent.work.now) deed.before = short_digest(*sent.work.now);
  deed.after = sent.intent.wanted;
  if (sent.new_link) {
    deed.link = sent.intent.link;
    deed.ends = 1;
  }
  return witness(deed);
}

/// Refused, in doubt, absent: the answer is words.
Result<Unit> Engine::Parts::witness_outcome(std::string_view action, const Sent& sent, std::string_view code,
                                            std::string_view answer) {
  Deed deed = deed_of(action, sent);
  deed.code = code;
  if (!answer.empty()) deed.answer = answer;
  return witness(deed);
}

/// What the vendor answered about money documents is kept as it came: the page of a chunk.
Result<Unit> Engine::Parts::keep_answers(const Half& there, std::vector<ports::Observation>& observations,
                                         const std::vector<const ports::RawRecord*>& records) {
  std::string page;
  for (std::size_t i = 0; i < records.size(); ++i)
    if (is_money_document(observations[i].type)) append_kept(page, *records[i]);
  if (page.empty()) return Unit{};
  TRY(kept, store.keep_payload(there.side, clock.now(), page));
  for (ports::Observation& one : observations)
    if (is_money_document(one.type)) one.payload = kept;
  return Unit{};
}

Result<Unit> Engine::Parts::witness_confirmed(const Sent& sent, RecordId target, const ports::Observation& seen,
                                              std::string_view answer) {
  Deed deed = deed_of(sent.recalled ? "write.adopted" : "write.confirmed", sent);
  deed.partner = Named{target, seen.side, seen.type, seen.vendor_id};
  deed.after = seen.digest;
  deed.code = "ok";
  deed.answer = answer;
  deed.answer_payload = seen.payload;
  if (is_create(sent.intent)) {
    deed.link = sent.intent.link;
    deed.ends = 2;
  }
  return witness(deed);
}

/// Found among what was read, by our mark: its own page is the answer.
Result<Unit> Engine::Parts::witness_adopted(const Sent& sent, const StoredRecord& found) {
  Deed deed = deed_of("write.adopted", sent);
  deed.partner = found;
  deed.after = found.digest;
  deed.code = "ok";
  deed.answer_payload = found.payload;
  deed.link = sent.intent.link;
  deed.ends = 2;
  return witness(deed);
}

Result<Unit> Engine::Parts::witness_link(LinkId link, std::string_view how, const Named& a, const Named& b) {
  Deed deed;
  deed.action = "link.made";
  deed.record = a;
  deed.partner = b;
  deed.link = link;
  deed.ends = 2;
  deed.text = how;
  return witness(deed);
}

/// One id stands for another from now on, which changes who is billed: by a person's word, or a vendor's.
Result<Unit> Engine::Parts::witness_alias(const Named& lost, const Named& kept, std::string_view by,
                                          std::string_view why) {
  Deed deed;
  deed.action = "link.aliased";
  deed.by = by;
  deed.record = lost;
  deed.partner = kept;
  deed.text = why;
  return witness(deed);
}

/// Of deals and money documents; that another record waits for a mend is no business of an auditor's.
Result<Unit> Engine::Parts::witness_held(const Named& record, std::string_view code, ports::PayloadId payload) {
  if (record.type != "deal" && !is_money_document(record.type)) return Unit{};
  Deed deed;
  deed.action = "record.held";
  deed.record = record;
  deed.code = code;
  deed.payload = payload;
  return witness(deed);
}

}  // namespace tieout::engine
