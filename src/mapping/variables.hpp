// What expressions of packs and flows may read beside the record: the settings of this installation and the facts of
// the connected accounts. Made once a run by PackSet::variables, then shared by every record.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "model/value.hpp"

namespace tieout::mapping {

enum class Side : std::uint8_t { crm, books };
constexpr std::string_view to_text(Side side) { return side == Side::crm ? "crm" : "books"; }

/// Facts of one connected account, as the variable `account` (in a vendor's pack) or `crm` and `books` (in flows).
struct Account {
  std::string id;
  std::string name;
  std::string country;
  std::string home_currency;  ///< ISO 4217; empty when the system has none
  bool multi_currency = false;
  std::vector<std::string> currencies;  ///< that documents may carry
  std::string time_zone;
  std::optional<Date> books_closed_through;
  std::vector<std::pair<std::string, std::string>> others;  ///< `account.others["name"]`
};

class Variables {
 public:
  Variables& set_account(Side side, const Account& account);
  const model::Value& account(Side side) const { return accounts_[static_cast<std::size_t>(side)]; }
  const model::Value& settings() const { return settings_; }

 private:
  friend class PackSet;
  explicit Variables(model::Value settings);
  std::array<model::Value, 2> accounts_;
  model::Value settings_;
};

}  // namespace tieout::mapping
