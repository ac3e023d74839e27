#include "sim/trace.hpp"

#include <fmt/core.h>

#include <bit>
#include <cstring>

namespace tieout::sim {
namespace {

constexpr std::uint64_t kOdd1 = 0x9e3779b97f4a7c15ULL, kOdd2 = 0xd6e8feb86659fd93ULL;
constexpr std::size_t kLongestShown = 700;

bool names(std::string_view text, std::string_view record) {
  const auto word = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  for (std::size_t at = text.find(record); at != std::string_view::npos; at = text.find(record, at + 1)) {
    const bool starts = at == 0 || !word(text[at - 1]);
    const bool ends = at + record.size() >= text.size() || !word(text[at + record.size()]);
    if (starts && ends) return true;
  }
  return false;
}

}  // namespace

void Trace::mix(std::string_view bytes) {
  // Not cryptographic: 128 bits that no accident makes equal. Reads little-endian words, as all our machines are.
  std::uint64_t a = state_[0] ^ bytes.size(), b = state_[1];
  while (!bytes.empty()) {
    std::uint64_t word = 0;
    const std::size_t taken = bytes.size() < sizeof word ? bytes.size() : sizeof word;
    std::memcpy(&word, bytes.data(), taken);
    bytes.remove_prefix(taken);
    a = std::rotl((a ^ word) * kOdd1, 29);
    b = std::rotl((b + a) * kOdd2, 31);
  }
  state_ = {a * kOdd2 + b, b ^ (a >> 17)};
}

void Trace::add(Instant at, std::string_view what, std::string_view body) {
  ++steps_;
  const std::int64_t ms = to_ms(at);
  mix(std::string_view(reinterpret_cast<const char*>(&ms), sizeof ms));
  mix(what);
  mix(body);
  if (keep_) lines_.push_back({at, std::string(what), std::string(body)});
}

std::string Trace::digest() const { return fmt::format("{:016x}", state_[0] ^ std::rotl(state_[1], 23)); }

std::string Trace::story(std::string_view record, std::size_t most) const {
  // "deals 1021" and "crm:deal:1021" are told by their last word.
  const std::size_t blank = record.find_last_of(" :/");
  const std::string_view id = blank == std::string_view::npos ? record : record.substr(blank + 1);
  std::vector<const Line*> chosen;
  for (const Line& line : lines_)
    if (line.what.starts_with("== ") || names(line.what, id) || names(line.body, id)) chosen.push_back(&line);
  std::string out;
  const std::size_t skipped = chosen.size() > most ? chosen.size() - most : 0;
  if (skipped > 0) out += fmt::format("  … {} earlier lines\n", skipped);
  for (std::size_t i = skipped; i < chosen.size(); ++i) {
    const Line& line = *chosen[i];
    out += fmt::format("  {} {}\n", to_text(line.at), line.what);
    if (line.body.empty() || line.what.starts_with("== ")) continue;
    const std::size_t at = line.body.find(id);
    const std::size_t from = at == std::string::npos || at < kLongestShown / 2 ? 0 : at - kLongestShown / 2;
    out += fmt::format("      {}{}\n", from > 0 ? "…" : "", line.body.substr(from, kLongestShown));
  }
  return out;
}

void Trace::print(std::FILE* out) const {
  for (const Line& line : lines_) fmt::print(out, "{} {} {}\n", to_text(line.at), line.what, line.body);
}

}  // namespace tieout::sim
