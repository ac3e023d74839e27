// undo, reissue, link: what a person takes back, and which records a person takes for the same.
#include <fmt/core.h>

#include "cli/render.hpp"
#include "cli/to_json.hpp"
#include "cli/with_engine.hpp"

namespace tieout::cli {
namespace {

constexpr int kMostRuns = 20;

}  // namespace

Exit run_undo(const Context& context, const UndoOptions& options) {
  return with_engine(context, [&](Session& session) -> Result<Exit> {
    engine::Engine& engine = session.engine();
    if (options.list || options.subject.empty()) {
      TRY(written, engine.written(kMostRuns));
      if (context.json)
        print_json(to_json(written));
      else
        fmt::print("{}", render_written(written, context.terminal));
      return Exit::ok;
    }
    TRY(plan, engine.plan_undo(options.subject, options.unapply));
    TRY_VOID(keep_plan(plan, options.out));
    if (context.json && !options.yes) print_json(decide::to_json(plan));
    if (!context.json)
      fmt::print("{}",
                 render_plan(plan, {.every_change = options.every_change, .apply_as = options.out}, context.terminal));
    if (!options.yes || plan.changes.empty()) return Exit::ok;
    TRY(report, engine.apply(plan));
    if (context.json)
      print_json(to_json(report));
    else
      fmt::print("\n{}", render_run(report, context.terminal));
    return exit_of(report);
  });
}

Exit run_reissue(const Context& context, const std::string& record, const std::string& by) {
  return with_engine(context, [&](Session& session) -> Result<Exit> {
    TRY(item, session.engine().reissue(record, by.empty() ? account_name() : by));
    if (context.json)
      print_json(to_json(item));
    else
      fmt::print("{} {}: {}.\n", printable(item.name), printable(item.title), printable(item.reason));
    return Exit::ok;
  });
}

Exit run_link(const Context& context, const LinkOptions& options) {
  return with_engine(context, [&](Session& session) -> Result<Exit> {
    engine::Engine& engine = session.engine();
    const std::string by = options.by.empty() ? account_name() : options.by;
    if (options.action == "history") {
      TRY(history, engine.link_history(options.record));
      if (context.json)
        print_json(to_json(history));
      else
        fmt::print("{}", render_link_history(history, context.terminal));
      return Exit::ok;
    }
    const auto turned = [&]() -> Result<engine::LinkTurn> {
      if (options.action == "unlink") return engine.unlink(options.record, by, options.yes);
      if (options.action == "repoint") return engine.repoint(options.record, options.other, by, options.yes);
      if (options.action == "merge") return engine.merge_links(options.record, options.other, by, options.yes);
      return engine.split(options.record, by, options.yes);
    };
    TRY(turn, turned());
    if (context.json)
      print_json(to_json(turn));
    else
      fmt::print("{}", render_link_turn(turn, context.terminal));
    return Exit::ok;
  });
}

}  // namespace tieout::cli
