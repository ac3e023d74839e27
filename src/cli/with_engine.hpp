// What the commands that work on a project share: the project opened, a progress bar, what went wrong told, the exit
// code of a run.
#pragma once

#include <string>

#include "cli/commands.hpp"
#include "cli/log_key.hpp"
#include "cli/session.hpp"

namespace tieout::cli {

/// Opens the project and runs `work(engine)` under a progress bar; prints what went wrong.
template <class Work>
Exit with_engine(const Context& context, Work work) {
  auto session = Session::open(context.folder);
  if (!session) return report(session.error(), context.json);
  ProgressBar bar(context.terminal);
  engine::Engine& engine = (*session)->engine();
  engine.on_progress(
      [&](std::string_view stage, std::int64_t done, std::int64_t expected) { bar.show(stage, done, expected); });
  auto result = work(**session);
  bar.clear();
  // Also after a failure: what was done before it is in the log, and is signed now.
  const auto checkpoint = make_checkpoint((*session)->project(), (*session)->store(), (*session)->secrets());
  if (!result) return report(result.error(), context.json);
  if (!checkpoint) return report(checkpoint.error(), context.json);
  return *result;
}

void print_json(const json::Value& value);
/// 0 when all is done; 6 when only a part is, 75 when nothing could be.
Exit exit_of(const engine::RunReport& report);
/// Writes the plan into that file; nothing when no file is named. Fails with usage.file.unwritable.
Result<ports::Unit> keep_plan(const decide::Plan& plan, const std::string& file);

}  // namespace tieout::cli
