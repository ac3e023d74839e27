// Where records stand, changed in memory and written as one row each. A confirmed write is observed, joined to its link
// and settled within one transaction; row by row that would be an insert, two updates and six index entries of which
// four are taken back at once. Here the three become one insert. What is unwritten goes out at commit, or before a
// question that could see it, so that nobody can tell the difference; a rollback forgets it. Standings that are written
// stay known, because this process is the only writer: settling again what was just decided needs no look.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "ports/store.hpp"
#include "store/sqlite/words.hpp"

namespace tieout::sqlite {

/// A new record's row without its standing; texts lie one after the other in one buffer.
struct FreshRecord {
  std::string texts;  ///< vendor id, version, mentions, body
  std::uint32_t vendor_id_size = 0, version_size = 0, mentions_size = 0;
  ports::ContentDigest digest{};
  ports::PayloadId payload = ports::PayloadId::none;
  std::int64_t modified_at = 0, observed_at = 0;

  std::string_view vendor_id() const { return std::string_view(texts).substr(0, vendor_id_size); }
  std::string_view version() const { return std::string_view(texts).substr(vendor_id_size, version_size); }
  std::string_view mentions() const {
    return std::string_view(texts).substr(vendor_id_size + version_size, mentions_size);
  }
  std::string_view body() const {
    return std::string_view(texts).substr(vendor_id_size + version_size + mentions_size);
  }
};

struct Reasons {
  std::string code, text, waits_for;
};

struct Standing {
  ports::Side side = ports::Side::crm;
  ports::State state = ports::State::pending;
  bool dirty = false, deleted = false, agreed = false;
  bool unwritten = false;  ///< something below or above differs from the row
  bool joined = false;     ///< link is among it
  bool settled = false;    ///< state, reasons and agreed are among it
  WordId type = 0;
  ports::LinkId link = ports::LinkId::none;
  std::unique_ptr<Reasons> reasons;    ///< when settled with any
  std::unique_ptr<FreshRecord> fresh;  ///< when there is no row yet
};

class Standings {
 public:
  Standings(Connection& db, std::int64_t entity) : db_(db), entity_(entity) {}

  /// The standing of a record, read when it is not known; nullptr when there is no such record. Valid until the next
  /// call of any function here.
  Result<Standing*> of(ports::RecordId id);
  /// A record that was just read: its standing need not be read again.
  void learn(ports::RecordId id, Standing standing);
  /// The row was changed in another way: what is known here is void. Only for written ones.
  void unlearn(ports::RecordId id) { known_.erase(id); }
  /// Call after changing a standing.
  void touch(ports::RecordId id, Standing& standing);

  /// Gives a new record its id; its row is written later.
  Result<ports::RecordId> add(Standing standing);
  /// The unwritten new record of that key, or none.
  ports::RecordId unwritten(ports::Side side, WordId type, std::string_view vendor_id) const;
  /// True when no record of that kind can have that vendor id, because it is past the greatest there is. Vendors give
  /// ids that grow, so a first load seldom has to look whether a record is there already.
  Result<bool> surely_new(ports::Side side, WordId type, std::string_view vendor_id);

  Result<Unit> write(ports::RecordId id);  ///< this record, if unwritten
  Result<Unit> write_all();
  void committed();  ///< after a commit
  void forget();     ///< after a rollback

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  static std::string key(ports::Side side, WordId type, std::string_view vendor_id);
  Result<Unit> write_one(ports::RecordId id, Standing& standing);
  Result<Unit> insert(ports::RecordId id, const Standing& standing);
  Result<Unit> update(ports::RecordId id, const Standing& standing);

  Connection& db_;
  std::int64_t entity_;
  std::unordered_map<ports::RecordId, Standing> known_;
  std::vector<ports::RecordId> touched_;  ///< in the order in which they are written
  std::unordered_map<std::string, ports::RecordId, Hash, std::equal_to<>> fresh_;
  struct Kind {
    ports::Side side;
    WordId type;
    std::string greatest_id;
  };
  std::vector<Kind> kinds_;  ///< a dozen
  std::size_t fresh_bytes_ = 0;
  std::int64_t next_id_ = 0;  ///< 0: not read yet
};

}  // namespace tieout::sqlite
