// What every command that needs the engine begins with: the project opened, a progress bar, and what went wrong
// printed.
#pragma once

#include <string>

#include "cli/commands.hpp"
#include "cli/session.hpp"

namespace tieout::cli {

/// Opens the project and runs `work(session)` under a progress bar; prints what went wrong.
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
  if (!result) return report(result.error(), context.json);
  return *result;
}

/// Who decides, when nobody is named: the account of the operating system.
std::string account_name();

}  // namespace tieout::cli
