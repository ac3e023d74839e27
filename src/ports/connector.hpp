// What the engine asks of a vendor: changes since a cursor, single records, writes in batches with an outcome per
// item, and "what became of my write?". A connector (vendors/<name>) speaks the vendor's protocol over ports::Http and
// knows nothing of links, plans or money; records go in and out as the vendor's own JSON, which mapping packs
// translate.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace tieout::ports {

/// One record as the vendor sent it, composed by the connector so that it is whole: a HubSpot deal carries its line
/// items and associations inside, a QuickBooks invoice is as it came.
struct RawRecord {
  std::string object;     ///< the manifest's object name: "companies", "deals", "Customer", "Invoice"
  std::string vendor_id;  ///< as the vendor gives it
  std::string version;    ///< SyncToken, updatedAt…: equal versions mean an equal record
  Instant modified_at;    ///< by the vendor's clock
  bool deleted = false;   ///< a positive "gone" (archived, Deleted); then body may be empty
  std::string body;       ///< JSON object
  bool partial = false;   ///< what a write answered, without the parts that pull() composes (line items, associations):
                          ///< the engine then keeps the rest as it knew it
  /// A record that was merged away (then `deleted` is set too): the id of the one that lives on. A merge is no
  /// deletion.
  std::string merged_into = {};
  /// Ids of records that were merged into this one, as far as the vendor tells.
  std::vector<std::string> absorbed = {};
};

struct Page {
  std::vector<RawRecord> records;
  std::string next_cursor;  ///< store it in the same transaction as the records; opaque
  bool more = false;        ///< false: caught up for now
};

enum class WriteKind : std::uint8_t { create, update, void_document };

struct WriteRequest {
  WriteKind kind = WriteKind::create;
  std::string object;
  std::string vendor_id;        ///< update, void
  std::string version;          ///< update, void: the version the change was computed against
  std::string body;             ///< JSON object: the vendor fields to send (for updates only those that change)
  std::string idempotency_key;  ///< names this write for ever; at most 50 characters [0-9A-Za-z-]
  std::string reference;        ///< our own mark inside the record (memo tag), for reading back; may be empty
};

/// What became of one item of a batch. `record` is there when the vendor confirmed it, as it is now.
struct WriteOutcome {
  std::optional<RawRecord> record;
  std::optional<Fault> fault;  ///< certainty says whether it may have been applied; code is from the error catalogue
  /// When the fault is worth another try as it is (429, locked, 5xx known as not applied).
  bool retry = false;
  Milliseconds retry_after{0};
};

/// What a lookup of an uncertain write found.
enum class Found : std::uint8_t { written, absent, unsure };
struct Lookup {
  Found found = Found::unsure;
  std::optional<RawRecord> record;
};

/// Facts about the connected account that rules depend on; read once a run.
struct AccountFacts {
  std::string account_id;  ///< realm id, portal id: compared with the stored one, a difference is refused
  std::string name;
  std::string country;
  std::string home_currency;  ///< ISO 4217; empty when the system has none
  bool multi_currency = false;
  std::vector<std::string> currencies;
  std::optional<Date> books_closed_through;  ///< documents dated on or before this day are refused
  std::string time_zone;
  std::vector<std::pair<std::string, std::string>> settings;  ///< others, by name, for the mapping's `account` variable
};

class Connector {
 public:
  virtual ~Connector() = default;

  virtual Result<AccountFacts> facts() = 0;

  /// The next page of everything in scope that changed since the cursor; "" starts from the beginning. Pages may repeat
  /// records (overlap), never skip them. A record may appear before a record that it refers to.
  virtual Result<Page> pull(const std::string& cursor) = 0;

  /// Tells pull() what is stored already (our own writes come back as changes): such a record need not be composed or
  /// delivered again, so that an echo costs no call beyond the delta queries. It is asked with the record as far as the
  /// delta query itself told it (partial where parts would have to be composed), never from the version alone: a
  /// person's edit may hide behind the version that our own write made.
  using Known = std::function<bool(const RawRecord& told)>;
  virtual void skip_known(Known known) { (void)known; }

  /// Records by id, in any order; ids the vendor positively does not know come back with deleted = true, ids that were
  /// merged away with merged_into as well, next to the record that lives on.
  virtual Result<std::vector<RawRecord>> read(const std::string& object, std::span<const std::string> ids) = 0;

  /// Writes all of them, cut into the vendor's batches, several calls in flight; calls `done(index, outcome)` once per
  /// request, in any order, from the calling thread. Requests of one span are independent of each other.
  virtual void write(std::span<const WriteRequest> requests,
                     const std::function<void(std::size_t index, WriteOutcome outcome)>& done) = 0;

  /// After an uncertain write: one result per request, same order. Never writes.
  virtual Result<std::vector<Lookup>> look_up(std::span<const WriteRequest> requests, Instant written_after) = 0;

  /// What happened since the last call that no record can carry, such as "deletions between two dates cannot be known";
  /// each with a code from the error catalogue. The engine puts them into the report of the run.
  virtual std::vector<Fault> take_notices() { return {}; }

  /// Vendor calls made so far by this object, for the figures of a run.
  virtual std::int64_t calls() const = 0;
  /// Largest number of records a call of that kind takes (HubSpot 100, QuickBooks 30).
  virtual int batch_size(const std::string& object, WriteKind kind) const = 0;
  /// Calls a minute that the vendor allows for such writes, for estimates; 0 when unlimited.
  virtual int calls_per_minute() const = 0;
};

/// Where a connector keeps its tokens: one refresher, the new refresh token stored (durably) before it is used.
struct Tokens {
  std::string access_token;
  std::string refresh_token;
  Instant expires_at;
};
class TokenStore {
 public:
  virtual ~TokenStore() = default;
  virtual Result<Tokens> load(const std::string& connection) = 0;
  virtual Result<bool> save(const std::string& connection, const Tokens& tokens) = 0;
};

}  // namespace tieout::ports
