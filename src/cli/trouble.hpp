// The commands for when things went wrong: doubt, deadletters, replay, backfill, breaker. Their grammar, what they do,
// and how their answers look. What to do with them is told in docs/guide/when-things-go-wrong.md.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "cli/commands.hpp"
#include "engine/reports.hpp"

namespace tieout::cli {

struct TroubleOptions {
  std::string record;   ///< doubt, replay
  std::string written;  ///< doubt: id at the vendor
  bool never = false;   ///< doubt
  std::string code;     ///< replay
  std::string since, until, object;
  std::string lane;  ///< breaker release
  std::string why, by;
  bool every = false;  ///< deadletters
};

/// Adds the commands; the one that was named puts itself into `run`. All references outlive the parsing.
void add_trouble_commands(CLI::App& app, const Context& context, TroubleOptions& options, std::function<Exit()>& run);

Exit run_doubt(const Context& context, const TroubleOptions& options);
Exit run_dead_letters(const Context& context, const TroubleOptions& options);
Exit run_replay(const Context& context, const TroubleOptions& options);
Exit run_backfill(const Context& context, const TroubleOptions& options);
Exit run_breakers(const Context& context, const TroubleOptions& options);
Exit run_release(const Context& context, const TroubleOptions& options);

std::string render_doubts(const std::vector<engine::Doubt>& doubts, const Terminal& terminal);
std::string render_dead_letters(const std::vector<engine::DeadLetters>& groups, bool every, const Terminal& terminal);
std::string render_breakers(const std::vector<engine::Breaker>& breakers, const Terminal& terminal);

/// "2026-11-21" (its first moment in UTC) or RFC 3339. Fails with usage.time.
Result<Instant> parse_moment(const std::string& text, const std::string& option);

}  // namespace tieout::cli
