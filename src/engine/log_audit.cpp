#include "engine/log_audit.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "decide/plan.hpp"
#include "model/record.hpp"
#include "prove/log_proof.hpp"

namespace tieout::engine {
namespace {

constexpr int kPage = 2'000;

/// What the log says became of one write.
struct Witnessed {
  Digest request{};
  std::string_view state;  ///< "open", "in_doubt", "confirmed", "refused"
  std::string written;     ///< "books:invoice:145", when confirmed
  Digest refusal{};
  bool refused_in_words = false;
  std::int64_t line = 0;
  bool seen = false;  ///< in the store
};
struct Membership {
  std::set<std::string> members;
  std::int64_t line = 0;
  bool seen = false;
};

Digest digest_or_none(const std::string& text) { return prove::digest_from_hex(text).value_or(Digest{}); }

std::string_view name_of(ports::IntentState state) {
  constexpr std::string_view names[] = {"open", "in_doubt", "confirmed", "refused"};
  return names[std::min<std::size_t>(static_cast<std::size_t>(state), 3)];
}

std::string place_of(const ports::StoredRecord& record) {
  return fmt::format("{}:{}:{}", to_text(record.side), record.type, record.vendor_id);
}

class Audit {
 public:
  Audit(ports::Store& store, std::vector<prove::Checkpoint> checkpoints) : store_(store) {
    report_.checkpoints = static_cast<std::int64_t>(checkpoints.size());
    checkpoints_ = std::move(checkpoints);
  }

  Result<LogReport> run() {
    TRY_VOID(lines());
    TRY_VOID(writes());
    TRY_VOID(links());
    TRY_VOID(plans());
    TRY_VOID(payloads());
    TRY_VOID(records());
    return std::move(report_);
  }

 private:
  prove::Findings& findings() { return report_.findings; }

  Result<Unit> lines() {
    prove::LogCheck check(std::move(checkpoints_), findings());
    for (;;) {
      TRY(page, store_.leaves(check.size(), kPage));
      if (page.empty()) break;
      for (const ports::LogLeaf& leaf : page) {
        if (leaf.number != check.size()) {
          findings().add("log.line.missing", check.size(), "the line is not there");
          return Unit{};  // what follows has no place
        }
        if (const auto said = check.line(leaf.text)) replay(*said);
      }
    }
    check.finish();
    report_.lines = check.size();
    report_.signed_lines = check.covered();
    report_.root = check.root();
    // The tree that is kept is what proofs and the next checkpoint are made from: it must be the tree of these lines.
    const auto kept =
        prove::root_of(check.size(), [this](int level, std::int64_t index) { return store_.log_node(level, index); });
    if (!kept || *kept != check.root())
      findings().add("log.tree.differs", -1, "the tree that is kept is not the tree of the lines");
    return Unit{};
  }

  void replay(const prove::Leaf& leaf) {
    if (leaf.action == "log.begun") {
      for (const auto& [name, value] : leaf.more)
        (name == "earlier_writes_up_to" ? earlier_writes_ : earlier_links_) = json::Value::string(value).as_int();
    }
    if (!leaf.key.empty()) replay_write(leaf);
    if (leaf.link >= 0) {
      Membership& link = links_[leaf.link];
      link.line = leaf.number;
      link.members.clear();
      if (leaf.ends >= 1) link.members.insert(leaf.record);
      if (leaf.ends >= 2) link.members.insert(leaf.partner);
    }
    if (leaf.action == "plan.approved") plans_[leaf.plan] = {leaf.plan_digest, leaf.number};
    for (const std::string* digest : {&leaf.payload, &leaf.answer_payload})
      if (!digest->empty()) payloads_.emplace(digest_or_none(*digest), leaf.number);
  }

  void replay_write(const prove::Leaf& leaf) {
    Witnessed& write = writes_[leaf.key];
    write.line = leaf.number;
    const std::string_view act = leaf.action;
    const Digest request = digest_or_none(leaf.request);
    if (act == "write.asked") {
      write.request = request;
      write.state = "open";
    } else if (act == "write.in_doubt") {
      write.state = "in_doubt";
    } else if (act == "write.confirmed" || act == "write.adopted" ||
               (act == "write.settled" && leaf.code == "confirmed")) {
      write.state = "confirmed";
      write.written = leaf.partner;
    } else if (act == "write.refused" || act == "write.absent" || act == "write.settled") {
      write.state = "refused";
      write.refused_in_words = act == "write.refused";
      write.refusal = digest_or_none(leaf.answer);
    }
    if (request != write.request && !leaf.request.empty())
      findings().add("log.write.differs", leaf.number, fmt::format("the write {} was asked in two ways", leaf.key));
  }

  Result<Unit> writes() {
    ports::IntentId after = ports::IntentId::none;
    for (;;) {
      TRY(page, store_.intents_after(after, kPage));
      if (page.empty()) break;
      after = page.back().id;
      report_.writes += static_cast<std::int64_t>(page.size());
      for (const ports::Intent& intent : page) compare(intent);
    }
    for (const auto& [key, write] : writes_)
      if (!write.seen)
        findings().add("log.write.missing", write.line, fmt::format("the store has lost the write {}", key));
    return Unit{};
  }

  void compare(const ports::Intent& intent) {
    const auto found = writes_.find(intent.key);
    if (found == writes_.end()) {
      if (static_cast<std::int64_t>(intent.id) > earlier_writes_)
        findings().add("log.write.unwitnessed", -1,
                       fmt::format("the store has a write {} that no line tells of", intent.key));
      return;
    }
    Witnessed& write = found->second;
    write.seen = true;
    const auto differs = [&](std::string_view what) {
      findings().add("log.write.differs", write.line,
                     fmt::format("{} of the write {} is not what the log tells", what, intent.key));
    };
    if (static_cast<std::int64_t>(intent.id) > earlier_writes_ && sha256(intent.body) != write.request)
      differs("the request");
    if (name_of(intent.state) != write.state) differs("the outcome");
    if (intent.state == ports::IntentState::confirmed && !write.written.ends_with(":" + intent.vendor_id))
      differs("the document");
    if (write.refused_in_words && write.refusal != Digest{} && sha256(intent.answer) != write.refusal)
      differs("the answer");
  }

  Result<Unit> links() {
    ports::LinkId after = ports::LinkId::none;
    for (;;) {
      TRY(page, store_.links_after(after, kPage));
      if (page.empty()) break;
      after = page.back().id;
      report_.links += static_cast<std::int64_t>(page.size());
      for (const ports::Link& link : page) TRY_VOID(compare(link));
    }
    for (const auto& [id, link] : links_)
      if (!link.seen && !link.members.empty())
        findings().add("log.link.missing", link.line, fmt::format("the store has lost link {}", id));
    return Unit{};
  }

  Result<Unit> compare(const ports::Link& link) {
    std::set<std::string> members;
    for (const ports::Side side : {ports::Side::crm, ports::Side::books}) {
      TRY(member, store_.linked(link.id, side));
      if (member) members.insert(place_of(*member));
    }
    const auto id = static_cast<std::int64_t>(link.id);
    const auto found = links_.find(id);
    if (found == links_.end()) {
      if (id > earlier_links_ && !members.empty())
        findings().add("log.link.unwitnessed", -1,
                       fmt::format("link {} of {} stands in no line", id, *members.begin()));
      return Unit{};
    }
    found->second.seen = true;
    if (found->second.members != members)
      findings().add("log.link.differs", found->second.line,
                     fmt::format("link {} does not have the members that the log tells", id));
    return Unit{};
  }

  Result<Unit> plans() {
    for (const auto& [id, told] : plans_) {
      ++report_.plans;
      TRY(stored, store_.plan(id));
      auto value = stored ? json::parse(stored->body) : fail("plan.malformed", "there is no such plan");
      const auto plan = value ? decide::plan_from_json(*value) : fail("plan.malformed", "there is no such plan");
      if (!plan || plan->digest != told.first || stored->digest != told.first)
        findings().add("log.plan.differs", told.second, fmt::format("{} is not the plan that was approved", id));
    }
    return Unit{};
  }

  Result<Unit> payloads() {
    ports::PayloadId after = ports::PayloadId::none;
    for (;;) {
      TRY(page, store_.payloads_after(after, kPage));
      if (page.empty()) break;
      after = page.back();
      for (const ports::PayloadId id : page) {
        ++report_.payloads;
        if (const auto body = store_.payload(id))
          payloads_.erase(sha256(*body));
        else
          findings().add("log.payload.differs", -1, body.error().what);
      }
    }
    for (const auto& [digest, line] : payloads_)
      findings().add("log.payload.missing", line,
                     fmt::format("the vendor's words {} are not kept any more", hex(digest)));
    return Unit{};
  }

  /// A canonical record and its digest are stored side by side: a changed amount shows as a digest that does not fit.
  Result<Unit> records() {
    for (const ports::State state : {ports::State::pending, ports::State::in_sync, ports::State::held,
                                     ports::State::failed, ports::State::skipped}) {
      ports::RecordId after = ports::RecordId::none;
      for (;;) {
        TRY(page, store_.in_state(state, after, kPage));
        if (page.empty()) break;
        after = page.back().id;
        for (const ports::StoredRecord& record : page) {
          ++report_.records;
          if (record.body.empty()) continue;
          const auto body = model::decode(model::type_named(record.type), record.body);
          const Digest whole = body ? model::digest(*body) : Digest{};
          if (!std::equal(record.digest.begin(), record.digest.end(), whole.begin()))
            findings().add("log.record.differs", -1,
                           fmt::format("the content of {} is not what was read or written", place_of(record)));
        }
      }
    }
    return Unit{};
  }

  ports::Store& store_;
  std::vector<prove::Checkpoint> checkpoints_;
  LogReport report_;
  std::unordered_map<std::string, Witnessed> writes_;
  std::map<std::int64_t, Membership> links_;
  std::map<std::string, std::pair<std::string, std::int64_t>> plans_;
  std::map<Digest, std::int64_t> payloads_;
  std::int64_t earlier_writes_ = 0, earlier_links_ = 0;
};

}  // namespace

Result<LogReport> check_log(ports::Store& store, std::vector<prove::Checkpoint> checkpoints) {
  return Audit(store, std::move(checkpoints)).run();
}

}  // namespace tieout::engine
