// Explain: the whole story of one record in words, also when nothing happened and why. Everything told here is read
// from what the run stored at the time; nothing is guessed afterwards.
#include <fmt/core.h>

#include <algorithm>

#include "engine/parts.hpp"

namespace tieout::engine {
namespace {

std::string sentence(const ports::Intent& intent, RecordId self) {
  constexpr std::string_view kinds[] = {"create", "update", "void"};
  const std::string_view kind = kinds[std::min<std::size_t>(intent.kind, 2)];
  const std::string what = fmt::format(
      "{} {}{} in {}{} (key {})", kind, intent.type, intent.vendor_id.empty() ? "" : " " + intent.vendor_id,
      to_text(intent.side), intent.plan.empty() ? ", covered by policy" : ", covered by " + intent.plan, intent.key);
  const std::string_view why = self == intent.target && self != intent.source ? "because of its partner, " : "";
  switch (intent.state) {
    case ports::IntentState::open:
      return fmt::format("journalled: {}{}; no answer yet", why, what);
    case ports::IntentState::in_doubt:
      return fmt::format("sent: {}{}; no clear answer: {}", why, what, intent.answer);
    case ports::IntentState::confirmed:
      return fmt::format("written: {}{}; confirmed by the vendor", why, what);
    case ports::IntentState::refused:
      return fmt::format("refused: {}{}; the vendor said {}: {}", why, what, intent.answer_code, intent.answer);
  }
  return what;
}

bool names(const StoredRecord& record, std::string_view type, std::string_view id) {
  return record.vendor_id == id && (type.empty() || record.type == type);
}

}  // namespace

/// "9120", "deal 9120", "deal:9120", "crm deal 9120".
Result<StoredRecord> Engine::Parts::named(const std::string& text) {
  std::string side, type, id = text;
  for (char& c : id)
    if (c == ':') c = ' ';
  const std::size_t last = id.rfind(' ');
  if (last != std::string::npos) {
    type = id.substr(0, last);
    id = id.substr(last + 1);
    const std::size_t first = type.find(' ');
    if (first != std::string::npos) {
      side = type.substr(0, first);
      type = type.substr(first + 1);
    } else if (type == "crm" || type == "books") {
      side = std::exchange(type, "");
    }
  }
  TRY(found, store.with_vendor_id(id));
  std::erase_if(found, [&](const StoredRecord& record) {
    return !names(record, type, id) || (!side.empty() && side != to_text(record.side));
  });
  if (found.size() == 1) return std::move(found.front());
  if (found.empty())
    return fail("record.unknown", fmt::format("no record is known as '{}'. Give its id as the vendor shows it, such as "
                                              "'deal 9120'; run tieout sync if it is new",
                                              text));
  std::string choices;
  for (const StoredRecord& record : found)
    choices += fmt::format("{}'{} {}'", choices.empty() ? "" : ", ", to_text(record.side), name_of(record));
  return fail("record.ambiguous", fmt::format("'{}' may be {}; say which", text, choices));
}

Result<std::vector<ExplainLine>> Engine::Parts::story(const StoredRecord& record) {
  std::vector<std::pair<Instant, std::string>> lines;
  lines.emplace_back(record.first_seen_at, fmt::format("first read from {} ({})", half(record.side).connection.name,
                                                       half(record.side).connection.vendor));
  if (record.observed_at != record.first_seen_at)
    lines.emplace_back(record.observed_at, fmt::format("its content last changed; version {}", record.version));
  TRY(events, store.events(record.id));
  for (const ports::Event& event : events) lines.emplace_back(event.at, event.text);
  TRY(intents, store.intents_of(record.id));
  for (const ports::Intent& intent : intents)
    lines.emplace_back(std::max(intent.created_at, intent.finished_at), sentence(intent, record.id));
  if (record.link != LinkId::none) {
    TRY(partner, store.linked(record.link, other(record.side)));
    if (partner) {
      // The write that made this record is told in its journal entry, which belongs to what asked for it.
      TRY(theirs, store.intents_of(partner->id));
      for (const ports::Intent& intent : theirs)
        if (intent.link == record.link && intent.target == RecordId::none && intent.side == record.side)
          lines.emplace_back(std::max(intent.created_at, intent.finished_at), sentence(intent, record.id));
    }
    TRY(link, store.link(record.link));
    if (link) lines.emplace_back(link->created_at, fmt::format("linked by the flow '{}': {}", link->type, link->how));
  }
  std::stable_sort(lines.begin(), lines.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<ExplainLine> out;
  for (auto& [at, text] : lines) out.push_back({to_text(at), std::move(text)});
  return out;
}

Result<std::vector<Standing>> Engine::standings(ports::Side side, std::string_view type) {
  ports::Store& store = parts_->store;
  std::vector<Standing> out;
  std::unordered_map<std::int64_t, std::string> partners;
  if (const std::string_view theirs = parts_->partner_type(type); !theirs.empty()) {
    for (RecordId after = RecordId::none;;) {
      TRY(page, store.all(other(side), theirs, after, 5000));
      if (page.empty()) break;
      after = page.back().id;
      for (StoredRecord& record : page)
        if (record.link != LinkId::none)
          partners.emplace(static_cast<std::int64_t>(record.link), std::move(record.vendor_id));
    }
  }
  for (RecordId after = RecordId::none;;) {
    TRY(page, store.all(side, type, after, 5000));
    if (page.empty()) return out;
    after = page.back().id;
    for (StoredRecord& record : page) {
      const auto partner = partners.find(static_cast<std::int64_t>(record.link));
      out.push_back({std::move(record.vendor_id), partner == partners.end() ? std::string() : partner->second,
                     record.state, std::move(record.reason_code), !record.waits_for.empty(), record.deleted});
    }
  }
}

Result<Explanation> Engine::explain(const std::string& text) {
  Parts& parts = *parts_;
  TRY(record, parts.named(text));
  Explanation out;
  out.name = fmt::format("{} ({})", Parts::name_of(record), to_text(record.side));
  out.state = std::string(to_text(record.state));
  out.reason_code = record.reason_code;
  out.reason = record.reason;
  TRY(body, parts.readable(record));
  if (body) {
    out.title = Parts::title_of(*body);
    for (int i = 0; i < body->size(); ++i) {
      const model::FieldDecl& decl = body->type().fields[static_cast<std::size_t>(i)];
      if (body->at(i).has_value()) out.fields.emplace_back(decl.name, model::display(decl, body->at(i)));
    }
  }
  if (record.link != LinkId::none) {
    TRY(partner, parts.store.linked(record.link, other(record.side)));
    if (partner) {
      TRY(partner_body, parts.readable(*partner));
      out.linked_to = fmt::format("{} ({}){}", Parts::name_of(*partner), to_text(partner->side),
                                  partner_body ? ", " + Parts::title_of(*partner_body) : "");
    }
  }
  TRY(story, parts.story(record));
  out.story = std::move(story);
  TRY(lines, parts.store.leaves_of(record.id));
  for (const ports::LogLeaf& line : lines) out.log_lines.push_back(line.number);
  return out;
}

}  // namespace tieout::engine
