// From any record back to where it came from: the lines of the audit log about it and its partner, and behind each the
// vendor's own words, the request and the answer, found by their digests.
#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "engine/kept.hpp"
#include "engine/parts.hpp"
#include "prove/log_leaf.hpp"
#include "prove/log_note.hpp"

namespace tieout::engine {
namespace {

/// The part of a page that speaks of one record: the line that has its id under "id"; the whole page when none has.
std::string part_about(const std::string& page, std::string_view id) {
  std::size_t from = 0;
  for (std::size_t end; from < page.size(); from = end + 1) {
    end = std::min(page.find('\n', from), page.size());
    const auto value = json::parse(std::string_view(page).substr(from, end - from));
    if (!value) continue;
    for (const std::string_view name : {"id", "Id", "ID"})
      if ((*value)[name].text() == id) return page.substr(from, end - from);
  }
  return page;
}

/// The answer of a page with that digest.
std::string line_with(const std::string& page, std::string_view digest) {
  std::size_t from = 0;
  for (std::size_t end; from < page.size(); from = end + 1) {
    end = std::min(page.find('\n', from), page.size());
    const std::string_view words = kept_words(std::string_view(page).substr(from, end - from));
    if (hex(sha256(words)) == digest) return std::string(words);
  }
  return {};
}

std::string id_in(std::string_view place) {
  const std::size_t first = place.find(':');
  const std::size_t second = first == std::string_view::npos ? first : place.find(':', first + 1);
  return second == std::string_view::npos ? std::string() : std::string(place.substr(second + 1));
}

class Collector {
 public:
  Collector(ports::Store& store, Evidence& out) : store_(store), out_(out) {}

  Result<Unit> intents_of(RecordId record) {
    TRY(intents, store_.intents_of(record));
    for (ports::Intent& intent : intents) intents_.emplace(intent.key, std::move(intent));
    return Unit{};
  }

  Result<Unit> take(const ports::LogLeaf& line) {
    if (!numbers_.insert(line.number).second) return Unit{};
    const auto leaf = prove::parse_leaf(line.text);
    out_.lines.push_back(line);
    if (!leaf) return Unit{};  // verify says what is wrong with it
    EvidencePiece piece;
    piece.line = line.number;
    piece.at = to_text(leaf->at);
    piece.action = leaf->action;
    piece.by = leaf->by;
    TRY(page, page_of(leaf->payload));
    if (!page.empty()) piece.source = part_about(page, id_in(leaf->record));
    if (const auto intent = intents_.find(leaf->key); intent != intents_.end()) {
      if (leaf->action == "write.asked") keep(leaf->request, piece.request = intent->second.body);
      if (hex(sha256(intent->second.answer)) == leaf->answer) keep(leaf->answer, piece.answer = intent->second.answer);
    }
    TRY(answers, page_of(leaf->answer_payload));
    if (!answers.empty()) {
      piece.answer = line_with(answers, leaf->answer);
      if (!piece.answer.empty()) keep(leaf->answer, piece.answer);
    }
    out_.pieces.push_back(std::move(piece));
    for (const std::int64_t other : {leaf->mapping, leaf->approval, std::int64_t{0}}) TRY_VOID(refer(other));
    return Unit{};
  }

 private:
  void keep(const std::string& digest, const std::string& text) { out_.texts.emplace(digest, text); }

  Result<std::string> page_of(const std::string& digest) {
    if (digest.empty()) return std::string();
    const auto known = out_.texts.find(digest);
    if (known != out_.texts.end()) return known->second;
    TRY(binary, prove::digest_from_hex(digest));
    TRY(page, store_.payload_by_digest(binary));
    if (!page) return std::string();
    keep(digest, *page);
    return *page;
  }

  Result<Unit> refer(std::int64_t number) {
    if (number < 0 || !numbers_.insert(number).second) return Unit{};
    TRY(found, store_.leaves(number, 1));
    if (!found.empty() && found.front().number == number) out_.lines.push_back(std::move(found.front()));
    return Unit{};
  }

  ports::Store& store_;
  Evidence& out_;
  std::set<std::int64_t> numbers_;
  std::map<std::string, ports::Intent> intents_;
};

}  // namespace

Result<Evidence> Engine::evidence(const std::string& text) {
  Parts& parts = *parts_;
  TRY(record, parts.named(text));
  std::vector<RecordId> about{record.id};
  if (record.link != LinkId::none) {
    TRY(partner, parts.store.linked(record.link, other(record.side)));
    if (partner) about.push_back(partner->id);
  }
  Evidence out;
  Collector collector(parts.store, out);
  std::vector<ports::LogLeaf> lines;
  for (const RecordId id : about) {
    TRY_VOID(collector.intents_of(id));
    TRY(found, parts.store.leaves_of(id));
    lines.insert(lines.end(), found.begin(), found.end());
  }
  const auto by_number = [](const auto& a, const auto& b) { return a.number < b.number; };
  std::sort(lines.begin(), lines.end(), by_number);
  for (const ports::LogLeaf& line : lines) TRY_VOID(collector.take(line));
  std::sort(out.lines.begin(), out.lines.end(), by_number);
  return out;
}

}  // namespace tieout::engine
