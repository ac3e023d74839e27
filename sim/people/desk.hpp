// What a person has in front of them: the lists of both vendors' pages to choose a record from, and the requests that
// the page would send. Looking is done in the vendors' own tables (a screen shows nothing else); every change goes
// through the vendor's API.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "money/decimal.hpp"
#include "sim/people/people.hpp"

namespace tieout::sim {

namespace hs = sandbox::hubspot;
namespace qb = sandbox::quickbooks;

using Fields = std::vector<std::pair<std::string, std::string>>;

struct Desk {
  const Company& company;
  Rng& rng;
  int& made;  ///< names given so far, so that no two are the same by accident
  Instant now;

  // -- the CRM
  using Which = std::function<bool(const hs::Record&)>;
  /// One of the live records for which `which` holds; "" when there is none.
  std::string choose(hs::Type type, const Which& which = {});
  std::string choose_archived(hs::Type type);
  std::string value(hs::Type type, const std::string& id, std::string_view property) const;
  std::vector<std::string> linked(hs::Type type, const std::string& id, hs::Type to) const;
  bool is_won(const hs::Record& deal) const;
  bool is_invoiced(const hs::Record& deal) const;
  /// Gives the new id, "" when it was refused.
  std::string add(hs::Type type, const Fields& values);
  bool edit(hs::Type type, const std::string& id, const Fields& values);
  void associate(hs::Type from, const std::string& id, hs::Type to, const std::string& to_id);
  void dissociate(hs::Type from, const std::string& id, hs::Type to, const std::string& to_id);
  bool archive(hs::Type type, const std::string& id);
  bool restore(hs::Type type, const std::string& id);

  // -- the books
  using WhichOf = std::function<bool(const qb::Record&)>;
  const qb::Record* choose(qb::Entity entity, const WhichOf& which = {});
  json::Value page(qb::Entity entity, const qb::Record& record) const;
  /// Gives the new id, "" when it was refused.
  std::string enter(qb::Entity entity, const json::Value& body);
  /// A change of single fields of the version on the screen; `change` holds them.
  bool change(qb::Entity entity, const qb::Record& record, json::Value change);
  bool cancel(qb::Entity entity, const qb::Record& record);
  bool remove(qb::Entity entity, const qb::Record& record);

  // -- words and figures
  std::string company_name();
  std::string phone();
  std::string today() const;
  /// Up to so many days before today, never after it.
  std::string day_before(int most);
  /// What the lines of a deal come to, each rounded half up; absent when one has no price or quantity.
  std::optional<Decimal> worth(const std::string& deal) const;
};

json::Value text(std::string value);
json::Value number(Decimal value);
json::Value ref(std::string id);
inline std::string id_of(qb::Entity entity, const qb::Record& record) { return qb::Books::id_text(entity, record.id); }
Action did(std::string kind, ports::Side side, std::string object, std::string id, std::string what);
inline Action nothing() { return {}; }
/// Ones of the CRM and of the books.
Action sold(std::string kind, std::string object, std::string id, std::string what);
Action booked(std::string kind, std::string object, std::string id, std::string what);

/// A kind of thing that somebody does, and how often, compared with the others.
struct Habit {
  int weight;
  Action (*act)(Desk& desk);
};
std::span<const Habit> sales_habits();
std::span<const Habit> deal_habits();
std::span<const Habit> books_habits();
std::span<const Habit> money_habits();

/// The start of a company: what its two systems hold before anybody thought of joining them.
void move_in(Desk& desk);
std::string new_company(Desk& desk, const std::string& name);
std::string new_deal(Desk& desk, bool won);
void give_lines(Desk& desk, const std::string& deal, int count);

}  // namespace tieout::sim
