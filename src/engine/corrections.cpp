#include "engine/corrections.hpp"

namespace tieout::engine {
namespace {

// Separators that no field, name or note of a business record holds.
constexpr char kBetween = '\x1e';
constexpr char kWithin = '\x1f';

}  // namespace

std::vector<Correction> corrections_in(std::string_view decision) {
  std::vector<Correction> out;
  if (!decision.starts_with("set:")) return out;
  decision.remove_prefix(4);
  while (!decision.empty()) {
    const std::string_view one = decision.substr(0, decision.find(kBetween));
    decision.remove_prefix(std::min(decision.size(), one.size() + 1));
    const std::size_t first = one.find(kWithin);
    const std::size_t second = first == std::string_view::npos ? first : one.find(kWithin, first + 1);
    if (second == std::string_view::npos) continue;
    out.push_back({std::string(one.substr(0, first)), std::string(one.substr(first + 1, second - first - 1)),
                   std::string(one.substr(second + 1))});
  }
  return out;
}

std::string with_correction(std::string_view decision, const Correction& correction) {
  std::string out = "set:";
  const auto add = [&](const Correction& one) {
    if (out.size() > 4) out += kBetween;
    out += one.field;
    out += kWithin;
    out += one.corrects;
    out += kWithin;
    out += one.value;
  };
  for (const Correction& one : corrections_in(decision))
    if (one.field != correction.field) add(one);
  add(correction);
  return out;
}

}  // namespace tieout::engine
