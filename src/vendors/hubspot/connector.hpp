// HubSpot as a ports::Connector. The hard parts: a deal's lines and companies live in other objects, so a record is
// composed from several calls, each for a hundred records; the search that finds changes lags behind and ends at ten
// thousand results, so a delta reaches back and starts again from the last value; a create has no idempotency key, so
// our reference is a unique property. Nothing here knows what a deal means.
#pragma once

#include <deque>
#include <limits>

#include "base/check.hpp"
#include "base/json.hpp"
#include "vendors/hubspot/answer.hpp"
#include "vendors/hubspot/cursor.hpp"

namespace tieout::vendors::hubspot {

class HubSpot final : public ports::Connector, public NeedsSetup {
 public:
  HubSpot(const ConnectionSettings& settings, Manifest manifest, World world);
  ~HubSpot() override;

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
  Result<std::vector<std::string>> ensure_setup() override;

 private:
  using Done = std::function<void(std::size_t, ports::WriteOutcome)>;
  /// A batch on its way: which requests of the span are in it.
  struct Batch {
    std::vector<std::size_t> items;
    Session::Pending pending;
  };
  struct Ahead {
    std::string key;
    Session::Pending pending;
  };

  // pull.cpp
  Result<ports::Page> pull_load(Cursor cursor);
  Result<ports::Page> pull_delta(Cursor cursor);
  Result<ports::Page> pull_archived(Cursor cursor);
  Call list_call(const std::string& object, const std::string& after, bool archived) const;
  Call search_call(const std::string& object, const Mark& mark) const;
  void look_ahead(const Cursor& next);
  Result<ports::HttpResponse> page_ahead_or(const Call& call);
  Result<Answer> again_while_empty(const Call& call, Answer answer);
  struct Changes;  // what a round of searches found, by object
  Result<bool> take_search(const std::string& object, Mark& mark, ports::HttpResponse response, Changes& changes);
  Result<bool> deliver(Changes& changes, ports::Page& page);
  Result<bool> deliver_object(const std::string& object, Answer& answer, std::vector<std::string> ids,
                              ports::Page& page);
  Result<std::vector<std::string>> parents_of(const std::string& child, const std::vector<std::string>& ids,
                                              const std::string& parent);
  void finish_pass(Cursor& cursor);

  // compose.cpp
  Result<std::vector<ports::RawRecord>> compose(const std::string& object, Answer& answer);
  Result<bool> complete_links(const std::string& object, Row& row);
  Result<bool> fetch_links(const std::string& object, Answer& answer, const std::string& to);
  Result<std::unordered_map<std::string, Row*>> fetch_children(const std::string& object,
                                                               const std::vector<std::string>& ids,
                                                               std::vector<Answer>& kept);
  Result<std::vector<ports::RawRecord>> read_few(const std::string& object, std::span<const std::string> ids);
  Result<std::vector<ports::RawRecord>> read_many(const std::string& object, std::span<const std::string> ids);
  Call batch_read_call(const std::string& object, std::span<const std::string> ids) const;
  Call single_read_call(const std::string& object, const std::string& id) const;
  std::vector<std::string> linked_kinds(const std::string& object) const;

  // write.cpp
  void cut_batches(std::span<const ports::WriteRequest> requests, std::deque<std::vector<std::size_t>>& waiting,
                   const Done& done) const;
  Result<std::string> input_of(const ports::WriteRequest& request, std::size_t index) const;
  void settle_batch(std::span<const ports::WriteRequest> requests, Batch batch,
                    std::deque<std::vector<std::size_t>>& waiting, const Done& done);
  void settle_items(std::span<const ports::WriteRequest> requests, const std::vector<std::size_t>& items, Answer answer,
                    const Done& done);

  // look_up.cpp
  Result<bool> look_up_updates(std::span<const ports::WriteRequest> requests, const std::vector<std::size_t>& items,
                               bool settled, std::vector<ports::Lookup>& out);
  Result<bool> look_up_creates(std::span<const ports::WriteRequest> requests, const std::vector<std::size_t>& items,
                               bool settled, std::vector<ports::Lookup>& out);
  Result<Answer> find_references(const std::string& object, const std::vector<std::string>& references,
                                 const std::vector<std::string>& properties);

  // facts.cpp
  Result<bool> read_stages(ports::AccountFacts& facts);
  Result<std::vector<std::string>> set_up(const std::string& object);

  const std::vector<std::string>& properties_of(const std::string& object) const;
  const ObjectFacts& facts_of(const std::string& object) const;
  std::vector<std::string> watched() const;
  int in_flight() const;

  Session session_;
  std::vector<std::string> objects_;
  std::map<std::string, std::vector<std::string>> properties_;
  std::optional<Ahead> ahead_;
  Known known_;
  /// While a first load composes: children modified at or after this instant (ms) are noted, so that the first delta
  /// does not take them for news.
  std::int64_t note_children_since_ = std::numeric_limits<std::int64_t>::max();
  struct Child {
    std::string object;
    std::string id;
    std::int64_t modified;
  };
  std::vector<Child> noted_children_;
};

/// The property that lists the ids a record has absorbed in merges, "12;15".
inline constexpr std::string_view kAbsorbed = "hs_merged_object_ids";

/// A record with nothing composed into it: id, properties and dates as they came.
ports::RawRecord plain_record(const std::string& object, const Row& row);
/// The text that HubSpot takes for a value: everything is a string there; null empties the property.
std::string property_text(const json::Value& value);
/// Equal for HubSpot, which rewrites numbers ("1.50" → "1.5"), dates and blanks.
bool same_value(const std::string& sent, const std::string& found);
/// body of a write: {"properties":{…},"associations":[…]} or the properties themselves.
const json::Value& properties_in(const json::Value& body);

}  // namespace tieout::vendors::hubspot
