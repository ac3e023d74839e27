// The auditor's own arithmetic: whole numbers with a count of places, worked out anew from the text that the vendor
// shows. Nothing of src/money is used, so that a mistake there cannot hide here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tieout::sim::audit {

using Cents = std::int64_t;

/// units / 10^places
struct Exact {
  __int128 units = 0;
  int places = 0;
};
/// Empty when the text is no number, or one with more than nine places.
std::optional<Exact> read(std::string_view text);
Exact times(Exact a, Exact b);
Exact minus(Exact a, Exact b);
/// The half of a cent goes away from zero.
Cents to_cents(Exact amount);
std::optional<Cents> cents(std::string_view text);
std::string money(Cents amount);

struct Line {
  Exact price, quantity;
  std::optional<Exact> percent;   ///< off the line
  std::optional<Exact> per_unit;  ///< off each unit
};
/// A sale may be rounded line by line, or once.
struct Worth {
  Cents by_line = 0, by_document = 0;
};
Worth worth_of(const std::vector<Line>& lines);

}  // namespace tieout::sim::audit
