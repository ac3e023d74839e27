// What every fuzz target has in common: it gets the bytes of a stranger and must neither crash, hang, leak nor break a
// promise that it states with require(). One target a file; `./dev fuzz NAME` runs it.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace tieout::fuzz {

/// Each target defines this one; target.cpp calls it for every input.
void one_input(std::string_view input);

/// Ends the process with the promise that was broken, so that the fuzzer keeps the input.
void require(bool holds, const char* promise);

/// The first byte as a choice among `count`, and the rest; an empty input chooses 0.
inline std::pair<std::size_t, std::string_view> choice(std::string_view input, std::size_t count) {
  if (input.empty()) return {0, input};
  return {static_cast<unsigned char>(input.front()) % count, input.substr(1)};
}

/// Cut at the first line end: two texts out of one input.
inline std::pair<std::string_view, std::string_view> two_lines(std::string_view input) {
  const std::size_t at = input.find('\n');
  if (at == std::string_view::npos) return {input, {}};
  return {input.substr(0, at), input.substr(at + 1)};
}

}  // namespace tieout::fuzz
