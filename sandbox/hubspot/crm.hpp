// The pretended account itself: its records, associations, pipelines and owners, and the rules for changing them. No
// HTTP and no JSON in here; the *_api files put HubSpot's wire format around it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "sandbox/hubspot/table.hpp"
#include "sandbox/hubspot/types.hpp"
#include "sandbox/kit/write_log.hpp"

namespace tieout::sandbox::hubspot {

struct Stage {
  std::string id;
  std::string label;
  std::int64_t display_order = 0;
  std::vector<std::pair<std::string, std::string>> metadata;  ///< deals: isClosed, probability
  Instant created;
  Instant updated;
};

struct Pipeline {
  std::string id;
  std::string label;
  std::int64_t display_order = 0;
  std::vector<Stage> stages;
  Instant created;
  Instant updated;
};

struct Owner {
  std::string id;
  std::string email;
  std::string first_name;
  std::string last_name;
  std::int64_t user_id = 0;
  Instant created;
};

using Values = std::vector<std::pair<std::string, std::string>>;

/// Why a write was refused.
struct Refusal {
  int status = 400;
  std::string category = "VALIDATION_ERROR";
  std::string message;
  std::string code;                   ///< for errors[].code
  std::vector<InvalidValue> invalid;  ///< property values, when those are the reason
  std::vector<std::pair<std::string, std::string>> context;
};

struct NewLink {
  Id to = 0;
  std::vector<std::pair<Category, int>> types;
};

class Crm {
 public:
  explicit Crm(Instant now);

  Table& table(Type type) { return tables_[type]; }
  const Table& table(Type type) const { return tables_[type]; }
  AssociationTypes& association_types() { return association_types_; }
  const AssociationTypes& association_types() const { return association_types_; }
  std::vector<Pipeline>& pipelines(Type type) { return pipelines_[type]; }
  std::vector<Owner>& owners() { return owners_; }

  /// Says why those values cannot be written; nothing when they can. Brings them into stored form. `self` is the record
  /// to be updated, null for a new one.
  std::optional<Refusal> check(Type type, Values& values, const Record* self);
  std::optional<Refusal> check_links(Type type, const std::vector<NewLink>& links);
  /// Writes values that were checked.
  Record& create(Type type, const Values& values, const std::vector<NewLink>& links, Instant now);
  void update(Type type, Record& record, const Values& values, Instant now);
  void archive(Type type, Record& record, Instant now);
  void restore(Type type, Record& record, Instant now);
  /// Contacts keep the primary's id, all others get a new one; the old ids lead to the survivor.
  std::variant<Record*, Refusal> merge(Type type, Id primary, Id other, Instant now);

  /// Both directions, and the primary one with the first company.
  void associate(Type from, Record& record, const AssociationType& type, Record& to);
  /// Everything between the two, or only the given types.
  void dissociate(Type from, Record& record, Type to, Id to_id, const std::vector<std::pair<Category, int>>& only = {});
  /// Associated live records of a type, in order of id, one entry a type of association.
  std::vector<Link> links(const Record& record, Type to) const;

  std::string text(const Table& table, const Record& record, int property) const;

  /// Every write from now on is told there; the log must live as long as the account.
  void log_writes_to(WriteLog& log) { log_ = &log; }

  const std::string home_currency = "USD";
  const std::string time_zone = "US/Eastern";
  const std::int64_t portal_id = 48'151'623;

 private:
  std::optional<Refusal> check_unique(Table& table, const Values& values, const Record* self);
  std::optional<Refusal> check_required(Type type, const Values& values);
  void note_company(Type from, Record& record);
  void write_values(Table& table, Record& record, const Values& values);
  void derive(Type type, Record& record);
  void derive_deal(Table& table, Record& record);
  void derive_line(Table& table, Record& record);
  Values inherited_from_product(const Values& values);
  void link(Record& record, const AssociationType& type, Id to);
  void unlink(Record& record, const AssociationType& type, Id to);
  Record& merge_target(Type type, Record& primary, Instant now);
  void move_links(Type type, Record& from, Record& into);

  // write_notes.cpp
  void note(Deed deed, Type type, const Record& record, std::string other = {});
  Written noted(Deed deed, Type type, const Record* record, const Values& values) const;

  WriteLog* log_ = nullptr;
  AssociationTypes association_types_;
  std::vector<Table> tables_;
  std::map<Type, std::vector<Pipeline>> pipelines_;
  std::vector<Owner> owners_;
  Id last_id_ = 20'000'000'000;
};

}  // namespace tieout::sandbox::hubspot
