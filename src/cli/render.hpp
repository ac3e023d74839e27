// Reports as a person reads them on a screen. Each function turns one plain report of the engine into text; what the
// same report looks like for a program is in to_json.hpp.
#pragma once

#include <string>
#include <vector>

#include "cli/terminal.hpp"
#include "decide/plan.hpp"
#include "engine/reports.hpp"

namespace tieout::cli {

struct PlanView {
  bool every_change = false;  ///< otherwise the first few of each kind
  int shown_of_a_kind = 8;
  std::string apply_as;  ///< what to type after "tieout apply": a file or the plan's id
};

/// Every change in the manner of a diff, with the money it moves; what is withheld and why; totals by currency.
std::string render_plan(const decide::Plan& plan, const PlanView& view, const Terminal& terminal);

/// What a run saw, wrote and left, and where every record stands now.
std::string render_run(const engine::RunReport& report, const Terminal& terminal);

/// What was written lately, by run, for `undo --list`.
std::string render_written(const std::vector<ports::Written>& written, const Terminal& terminal);
/// What link surgery does or would do, and the documents and money that stand behind it.
std::string render_link_turn(const engine::LinkTurn& turn, const Terminal& terminal);
std::string render_link_history(const engine::LinkHistory& history, const Terminal& terminal);

std::string render_status(const engine::StatusReport& report, const Terminal& terminal);
std::string render_explanation(const engine::Explanation& explanation, const Terminal& terminal);
std::string render_review(const std::vector<engine::ReviewItem>& items, const Terminal& terminal);

/// Both sides by currency, each difference with cause and amount, and the verdict as the last line.
std::string render_tie_out(const engine::TieOut& tie_out, bool every_difference, const Terminal& terminal);

/// A table of types by state, with its sum; shared by run and status.
std::string render_tally(const std::vector<ports::Tally>& tally, std::int64_t records, const Terminal& terminal);
/// Held, failed and waiting records with reasons; at most `most` lines.
std::string render_withheld(const std::vector<decide::Withheld>& withheld, std::size_t most, const Terminal& terminal);

}  // namespace tieout::cli
