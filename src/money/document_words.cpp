// The words of DocumentRules, as they stand in mapping packs and manifests.
#include <fmt/core.h>

#include <array>

#include "money/document.hpp"

namespace tieout {
namespace {

constexpr std::array<std::string_view, 3> kModes = {"exclusive", "inclusive", "none"};
constexpr std::array<std::string_view, 2> kLevels = {"line", "document"};
constexpr std::array<std::string_view, 2> kTimings = {"before_tax", "after_tax"};
constexpr std::array<std::string_view, 2> kParts = {"net", "tax"};

template <class Enum, std::size_t N>
Result<Enum> parse_word(std::string_view word, const std::array<std::string_view, N>& words) {
  std::string choices;
  for (std::size_t i = 0; i < N; ++i) {
    if (word == words[i]) return static_cast<Enum>(i);
    choices += fmt::format("{}{}", i == 0 ? "" : i + 1 == N ? " or " : ", ", words[i]);
  }
  return fail("document.word.unknown", fmt::format("\"{}\" is not known here; use {}", word.substr(0, 40), choices));
}

}  // namespace

Result<TaxMode> parse_tax_mode(std::string_view word) { return parse_word<TaxMode>(word, kModes); }
Result<Level> parse_level(std::string_view word) { return parse_word<Level>(word, kLevels); }
Result<DiscountTiming> parse_discount_timing(std::string_view word) {
  return parse_word<DiscountTiming>(word, kTimings);
}
Result<InclusivePart> parse_inclusive_part(std::string_view word) { return parse_word<InclusivePart>(word, kParts); }

std::string_view to_text(TaxMode mode) { return kModes[static_cast<std::size_t>(mode)]; }
std::string_view to_text(Level level) { return kLevels[static_cast<std::size_t>(level)]; }
std::string_view to_text(DiscountTiming timing) { return kTimings[static_cast<std::size_t>(timing)]; }
std::string_view to_text(InclusivePart part) { return kParts[static_cast<std::size_t>(part)]; }

}  // namespace tieout
