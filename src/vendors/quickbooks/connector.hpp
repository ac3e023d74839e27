// QuickBooks Online as a ports::Connector. The hard parts: the change list ends at a thousand objects and thirty days,
// so it is narrowed or replaced by queries; a batch answers per item under status 200; every change needs the current
// SyncToken; and an uncertain create is found again only by our reference in the private note, or by its name.
#pragma once

#include <deque>
#include <map>
#include <set>

#include "base/json.hpp"
#include "vendors/quickbooks/answer.hpp"
#include "vendors/quickbooks/cursor.hpp"

namespace tieout::vendors::quickbooks {

class QuickBooks final : public ports::Connector {
 public:
  QuickBooks(const ConnectionSettings& settings, Manifest manifest, World world);
  ~QuickBooks() override;

  Result<ports::AccountFacts> facts() override;
  Result<ports::Page> pull(const std::string& cursor) override;
  void skip_known(Known known) override { known_ = std::move(known); }
  Result<std::vector<ports::RawRecord>> read(const std::string& object, std::span<const std::string> ids) override;
  void write(std::span<const ports::WriteRequest> requests,
             const std::function<void(std::size_t, ports::WriteOutcome)>& done) override;
  Result<std::vector<ports::Lookup>> look_up(std::span<const ports::WriteRequest> requests,
                                             Instant written_after) override;
  std::int64_t calls() const override { return session_.calls(); }
  int batch_size(const std::string& object, ports::WriteKind kind) const override;
  int calls_per_minute() const override { return session_.manifest().limit("write_calls_per_minute", 0); }
  std::vector<Fault> take_notices() override { return std::exchange(notices_, {}); }

 private:
  using Done = std::function<void(std::size_t, ports::WriteOutcome)>;
  /// Requests that go into one call, and which try this is (it changes the requestid after a sure refusal).
  struct Todo {
    std::vector<std::size_t> items;
    int attempt = 1;
  };
  struct Flying {
    Todo todo;
    Session::Pending pending;
  };
  struct Ahead {
    std::string key;
    Session::Pending pending;
  };
  /// An answer and the vendor's clock when the call began: its own time less how long the call took.
  struct Timed {
    Answer answer;
    std::int64_t began = 0;
  };

  // pull.cpp
  Result<ports::Page> pull_load(Cursor cursor);
  Result<ports::Page> pull_delta(Cursor cursor);
  Result<ports::Page> pull_narrow(Cursor cursor);
  Call load_call(const Cursor& cursor) const;
  Result<bool> is_truly_empty(const std::string& object);
  Call cdc_call(const std::string& entities, std::int64_t since) const;
  Result<Timed> timed(Call call, std::optional<Session::Pending> ahead = std::nullopt);
  void look_ahead(const Cursor& next);
  void keep_fresh(const Answer& answer, Cursor& cursor, ports::Page& page) const;
  void trim_seen(Cursor& cursor) const;
  void next_entity(Cursor& cursor) const;
  void say_gap(const std::string& entity, std::int64_t since, bool too_old);
  std::int64_t overlap_ms() const;

  // write.cpp
  void cut(std::span<const ports::WriteRequest> requests, std::deque<Todo>& waiting, const Done& done) const;
  std::optional<Flying> launch(std::span<const ports::WriteRequest> requests, Todo todo, const Done& done);
  void settle(std::span<const ports::WriteRequest> requests, Flying flying, std::deque<Todo>& waiting,
              const Done& done);
  void settle_failed(const Todo& todo, const Fault& fault, std::deque<Todo>& waiting, const Done& done);
  void settle_single(const ports::WriteRequest& request, std::size_t item, std::string body, const Done& done);
  void settle_batch(std::span<const ports::WriteRequest> requests, const Todo& todo, std::string body,
                    std::deque<Todo>& waiting, const Done& done);
  Result<std::string> entity_body(const ports::WriteRequest& request) const;
  Call single_call(const ports::WriteRequest& request, const std::string& body, int attempt) const;

  // look_up.cpp
  struct Quest;
  Result<bool> look_up_documents(Quest& quest, const std::string& object, const std::vector<std::size_t>& items);
  Result<bool> find_documents(Quest& quest, const std::string& object, std::map<std::size_t, std::string> open,
                              const std::set<std::string>& customers, const std::set<std::string>& dates);
  Result<bool> look_up_names(Quest& quest, const std::string& object, const std::vector<std::size_t>& items);
  Result<bool> look_up_changes(Quest& quest, const std::string& object, const std::vector<std::size_t>& items);

  // query.cpp
  Call query_call(const std::string& statement, const std::string& about) const;
  std::string path(const std::string& rest) const;
  /// " Active IN (true,false)" for names, which hide inactive ones otherwise; empty for documents.
  std::string active_too(const std::string& object) const;

  bool is_name(const std::string& object) const;
  int in_flight() const;
  int page_size() const;

  Session session_;
  std::vector<std::string> objects_;
  std::optional<Ahead> ahead_;
  Known known_;
  std::vector<Fault> notices_;
};

/// 'O\'Brien'
std::string quoted(std::string_view text);
/// Names this set of writes: the same keys give the same id, at most 50 characters.
std::string request_id(std::span<const ports::WriteRequest> requests, const std::vector<std::size_t>& items,
                       int attempt);
/// Everything that was sent stands in what was found; numbers by value, text without blanks around it.
bool stands_in(const json::Value& sent, const json::Value& found);

}  // namespace tieout::vendors::quickbooks
