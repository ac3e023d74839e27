// plan, apply, sync, status, explain, reconcile: one call to the engine each, and its report printed.
#include <fmt/core.h>

#include <fstream>
#include <sstream>

#include "cli/commands.hpp"
#include "cli/render.hpp"
#include "cli/to_json.hpp"
#include "cli/with_engine.hpp"

namespace tieout::cli {
namespace {

Result<decide::Plan> read_plan(const std::string& text, const std::string& name) {
  auto value = json::parse(text);
  if (!value) return fail("plan.malformed", fmt::format("{} is no plan: {}", name, value.error().what));
  return decide::plan_from_json(*value);
}

/// A file of that name, else the plan of that id in the store.
Result<decide::Plan> find_plan(const std::string& file_or_id, ports::Store& store) {
  std::ifstream file(file_or_id, std::ios::binary);
  if (file) {
    std::ostringstream text;
    text << file.rdbuf();
    return read_plan(text.str(), file_or_id);
  }
  TRY(stored, store.plan(file_or_id));
  if (!stored)
    return fail(
        "usage.plan.unknown",
        fmt::format("there is neither a file nor a plan \"{}\"; make one with: tieout plan --out FILE", file_or_id));
  return read_plan(stored->body, file_or_id);
}

}  // namespace

Exit run_plan(const Context& context, const PlanOptions& options) {
  return with_engine(context, [&](Session& session) -> Result<Exit> {
    TRY(plan, session.engine().plan());
    TRY_VOID(keep_plan(plan, options.out));
    if (context.json)
      print_json(decide::to_json(plan));
    else
      fmt::print("{}",
                 render_plan(plan, {.every_change = options.every_change, .apply_as = options.out}, context.terminal));
    return options.detailed_exit && !plan.changes.empty() ? Exit::differences : Exit::ok;
  });
}

Exit run_apply(const Context& context, const std::string& file_or_id) {
  return with_engine(context, [&](Session& session) -> Result<Exit> {
    TRY(plan, find_plan(file_or_id, session.store()));
    TRY(report, session.engine().apply(plan));
    if (context.json)
      print_json(to_json(report));
    else
      fmt::print("{}", render_run(report, context.terminal));
    return exit_of(report);
  });
}

Exit run_sync(const Context& context, bool detailed_exit) {
  return with_engine(context, [&](Session& session) -> Result<Exit> {
    TRY(report, session.engine().sync());
    if (context.json)
      print_json(to_json(report));
    else
      fmt::print("{}", render_run(report, context.terminal));
    const Exit exit = exit_of(report);
    const bool differs = report.written.total() > 0 || !report.withheld.empty();
    return exit == Exit::ok && detailed_exit && differs ? Exit::differences : exit;
  });
}

Exit run_status(const Context& context) {
  return with_engine(context, [&](Session& session) -> Result<Exit> {
    TRY(report, session.engine().status());
    if (context.json)
      print_json(to_json(report));
    else
      fmt::print("{}", render_status(report, context.terminal));
    return Exit::ok;
  });
}

Exit run_explain(const Context& context, const std::string& record, bool with_payload) {
  return with_engine(context, [&](Session& session) -> Result<Exit> {
    TRY(explanation, session.engine().explain(record));
    if (with_payload) {
      TRY(evidence, session.engine().evidence(record));
      explanation.evidence = std::move(evidence.pieces);
    }
    if (context.json)
      print_json(to_json(explanation));
    else
      fmt::print("{}", render_explanation(explanation, context.terminal));
    return Exit::ok;
  });
}

Exit run_reconcile(const Context& context, bool every_difference, bool detailed_exit) {
  return with_engine(context, [&](Session& session) -> Result<Exit> {
    TRY(tie_out, session.engine().reconcile());
    if (context.json)
      print_json(to_json(tie_out));
    else
      fmt::print("{}", render_tie_out(tie_out, every_difference, context.terminal));
    return detailed_exit && !tie_out.ties_out ? Exit::differences : Exit::ok;
  });
}

Exit run_review(const Context& context, const ReviewOptions& options) {
  return with_engine(context, [&](Session& session) -> Result<Exit> {
    engine::Engine& engine = session.engine();
    if (options.action == "list") {
      TRY(items, engine.review());
      if (context.json)
        print_json(to_json(items));
      else
        fmt::print("{}", render_review(items, context.terminal));
      return Exit::ok;
    }
    const std::string by = options.by.empty() ? account_name() : options.by;
    const auto decided = [&]() -> Result<engine::ReviewItem> {
      if (options.action == "accept") return engine.accept(options.record, options.partner, by);
      if (options.action == "create") return engine.create_new(options.record, by);
      if (options.action == "skip") return engine.skip(options.record, options.reason, by);
      if (options.action == "retry") return engine.retry(options.record, by);
      return engine.fix(options.record, options.field, options.value, by);
    };
    TRY(item, decided());
    if (context.json)
      print_json(to_json(item));
    else
      fmt::print("{} {}: {}.\n", printable(item.name), printable(item.title), printable(item.reason));
    return Exit::ok;
  });
}

}  // namespace tieout::cli
