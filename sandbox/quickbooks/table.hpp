// The records of one entity in memory, with the indexes that queries and change feeds use. A record's unchanging part
// is kept as ready JSON text, so that reading a page is copying; what other records move (balance, links, version,
// times) is kept beside it as values, so that a payment does not have to rewrite its invoice.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/time.hpp"
#include "money/decimal.hpp"
#include "sandbox/quickbooks/entities.hpp"

namespace tieout::sandbox::quickbooks {

/// Part of an invoice or credit memo that a payment settles.
struct Application {
  std::int64_t payment = 0;
  Decimal amount;
};

/// What a record is found by and what sums are made of; derived from the document at each write.
struct Keys {
  std::string display;        ///< DisplayName, Name or DocNumber as written
  std::int64_t customer = 0;  ///< CustomerRef of a transaction
  std::string date;           ///< TxnDate
  Decimal total;              ///< TotalAmt
  Decimal deposit;            ///< paid on the document itself
  Decimal rate{1};            ///< home units for one unit of the document's currency
  std::int64_t parent = 0;    ///< ParentRef of a name or item
  std::string kind;           ///< Type of an item, AccountType of an account
  std::string currency;       ///< of a customer or transaction
  std::string linked;         ///< further LinkedTxn entries as ready JSON (the estimate behind an invoice)
  bool active = true;
  bool carries_balance = false;  ///< Invoice, CreditMemo
  bool tax_is_explicit = false;  ///< TotalTax was given by the client and stays until it says otherwise
};

/// Keys of a record that is found by name alone.
inline Keys keys_named(std::string display) {
  Keys keys;
  keys.display = std::move(display);
  return keys;
}

struct Record {
  std::int64_t id = 0;
  std::int64_t version = 0;  ///< SyncToken
  Instant created{}, updated{};
  std::uint64_t birth = 0;  ///< position among all creations: an item of a batch does not see younger ones
  std::size_t change = 0;   ///< position of its latest entry in the change log
  Keys keys;
  std::string folded;  ///< keys.display as it is compared
  std::string body;    ///< members of the document without braces, without what is listed above
  std::vector<Application> applied;
  std::int64_t deposit_id = 0;  ///< the bank deposit that a payment is part of

  Decimal applied_total() const;
  Decimal open_balance() const { return keys.total - keys.deposit - applied_total(); }
};

class Table {
 public:
  struct Change {
    Instant at;
    std::int64_t id;
    bool deleted;
  };

  Record* find(std::int64_t id);
  const Record* find(std::int64_t id) const { return const_cast<Table*>(this)->find(id); }
  std::size_t size() const { return by_id_.size(); }

  /// A new record under an id that is free; the caller fills in body.
  Record& insert(std::int64_t id, Keys keys, Instant now, std::uint64_t birth);
  /// The keys of a record changed.
  void rekey(Record& record, Keys keys);
  /// The record changed: next version, new time, an entry in the log.
  void touch(Record& record, Instant now);
  void erase(std::int64_t id, Instant now);

  /// Ids by name (folded) or document number; by customer; in id order.
  const std::vector<std::int64_t>& named(const std::string& folded) const;
  const std::vector<std::int64_t>& of_customer(std::int64_t customer) const;
  const std::map<std::string, std::vector<std::int64_t>>& by_date() const { return by_date_; }
  const std::map<std::int64_t, Record>& all() const { return by_id_; }
  /// Every change in the order of time; an entry is current when the record's `change` points at it.
  const std::vector<Change>& log() const { return log_; }
  /// The first entry of the log at or after that moment.
  std::size_t log_from(Instant moment) const;
  bool is_current(std::size_t position) const;

 private:
  void index(const Record& record);
  void unindex(const Record& record);
  void note(Record* record, std::int64_t id, Instant now);

  std::map<std::int64_t, Record> by_id_;
  std::unordered_map<std::int64_t, Record*> lookup_;
  std::unordered_map<std::string, std::vector<std::int64_t>> by_name_;
  std::unordered_map<std::int64_t, std::vector<std::int64_t>> by_customer_;
  std::map<std::string, std::vector<std::int64_t>> by_date_;
  std::vector<Change> log_;
};

}  // namespace tieout::sandbox::quickbooks
