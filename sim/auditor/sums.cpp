#include "sim/auditor/sums.hpp"

#include <fmt/core.h>

namespace tieout::sim::audit {
namespace {

constexpr int kMostPlaces = 9;

void at_places(Exact& amount, int places) {
  for (; amount.places < places; ++amount.places) amount.units *= 10;
}

Exact net_of(const Line& line) {
  Exact amount = times(line.price, line.quantity);
  if (line.percent && line.percent->units != 0) {
    Exact kept = minus({100, 0}, *line.percent);
    kept.places += 2;  // of a hundred
    return times(amount, kept);
  }
  if (line.per_unit) amount = minus(amount, times(*line.per_unit, line.quantity));
  return amount;
}

}  // namespace

std::optional<Exact> read(std::string_view text) {
  Exact out;
  bool minus_sign = false, digits = false, fraction = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (i == 0 && (c == '-' || c == '+')) {
      minus_sign = c == '-';
    } else if (c == '.' && !fraction) {
      fraction = true;
    } else if (c >= '0' && c <= '9') {
      digits = true;
      out.units = out.units * 10 + (c - '0');
      if (fraction && ++out.places > kMostPlaces) return std::nullopt;
    } else {
      return std::nullopt;
    }
  }
  if (!digits || text.size() > 24) return std::nullopt;
  if (minus_sign) out.units = -out.units;
  return out;
}

Exact times(Exact a, Exact b) { return {a.units * b.units, a.places + b.places}; }

Exact minus(Exact a, Exact b) {
  at_places(a, b.places);
  at_places(b, a.places);
  return {a.units - b.units, a.places};
}

Cents to_cents(Exact amount) {
  at_places(amount, 2);
  __int128 unit = 1;
  for (int i = 2; i < amount.places; ++i) unit *= 10;
  const bool negative = amount.units < 0;
  const __int128 size = negative ? -amount.units : amount.units;
  const __int128 whole = (2 * size + unit) / (2 * unit);
  return static_cast<Cents>(negative ? -whole : whole);
}

std::optional<Cents> cents(std::string_view text) {
  const auto amount = read(text);
  return amount ? std::optional(to_cents(*amount)) : std::nullopt;
}

std::string money(Cents amount) {
  const Cents size = amount < 0 ? -amount : amount;
  return fmt::format("{}{}.{:02}", amount < 0 ? "-" : "", size / 100, size % 100);
}

Worth worth_of(const std::vector<Line>& lines) {
  Worth out;
  Exact sum;
  for (const Line& line : lines) {
    const Exact net = net_of(line);
    out.by_line += to_cents(net);
    sum = minus(sum, {-net.units, net.places});
  }
  out.by_document = to_cents(sum);
  return out;
}

}  // namespace tieout::sim::audit
