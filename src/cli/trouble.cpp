#include "cli/trouble.hpp"

#include <fmt/core.h>

#include "cli/to_json.hpp"
#include "cli/with_engine.hpp"

namespace tieout::cli {
namespace {

std::string who(const TroubleOptions& options) { return options.by.empty() ? account_name() : options.by; }

template <class T>
void print_all(const Context& context, const std::vector<T>& items, const std::string& text) {
  if (!context.json) {
    fmt::print("{}", text);
    return;
  }
  json::Value out = json::Value::array();
  for (const T& one : items) out.push(to_json(one));
  print_json(out);
}

constexpr std::string_view kNext = "They are decided again with the next tieout plan, apply or sync.";

}  // namespace

Result<Instant> parse_moment(const std::string& text, const std::string& option) {
  if (const auto day = parse_date(text)) return Instant{std::chrono::sys_days{*day}};
  auto moment = parse_instant(text);
  if (moment) return *moment;
  return fail("usage.time",
              fmt::format("{} {}: write a day (2026-11-21) or a moment (2026-11-21T08:30:00Z)", option, text));
}

Exit run_doubt(const Context& context, const TroubleOptions& options) {
  return with_engine(context, [&](Session& session) -> Result<Exit> {
    engine::Engine& engine = session.engine();
    if (options.record.empty()) {
      TRY(doubts, engine.doubts());
      print_all(context, doubts, render_doubts(doubts, context.terminal));
      return Exit::ok;
    }
    if (options.written.empty() && !options.never)
      return fail("usage.doubt",
                  "say how the doubt ends: --written ID (it is that record there) or --never (it never "
                  "arrived), and --why");
    const std::optional<std::string> id = options.never ? std::nullopt : std::optional(options.written);
    TRY(ended, engine.end_doubt(options.record, id, who(options), options.why));
    if (context.json)
      print_json(to_json(ended));
    else
      fmt::print("{} {}: {}.\n", printable(ended.record), printable(ended.title), printable(ended.outcome));
    return Exit::ok;
  });
}

Exit run_dead_letters(const Context& context, const TroubleOptions& options) {
  return with_engine(context, [&](Session& session) -> Result<Exit> {
    TRY(groups, session.engine().dead_letters());
    print_all(context, groups, render_dead_letters(groups, options.every, context.terminal));
    return Exit::ok;
  });
}

Exit run_replay(const Context& context, const TroubleOptions& options) {
  const int ways = !options.record.empty() + !options.code.empty() + !options.since.empty();
  if (ways != 1)
    return report(Fault("usage.replay", "name one of the three: a record, --code CODE, or --since TIME (with --until)"),
                  context.json);
  return with_engine(context, [&](Session& session) -> Result<Exit> {
    engine::Engine& engine = session.engine();
    if (!options.since.empty()) {
      TRY(since, parse_moment(options.since, "--since"));
      TRY(until, options.until.empty()
                     ? Result<Instant>(std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now()))
                     : parse_moment(options.until, "--until"));
      TRY(done, engine.replay(since, until, who(options)));
      if (context.json)
        print_json(to_json(done));
      else
        fmt::print(
            "Read {} kept pages with {} records ({} of them can not be mapped any more), and {} records afresh: {} "
            "changed, {} gone.\n{} to be decided again with the next tieout plan, apply or sync.\n",
            grouped(done.pages), grouped(done.records), grouped(done.unreadable), grouped(done.reread),
            grouped(done.changed), grouped(done.gone), plural(done.marked, "record", "records"));
      return Exit::ok;
    }
    TRY(count, options.code.empty() ? engine.replay_record(options.record, who(options))
                                    : engine.replay_code(options.code, who(options)));
    if (context.json) {
      json::Value out = json::Value::object();
      out.set("records", json::Value::number(count));
      print_json(out);
    } else {
      fmt::print("{} to be tried again. {}\n", plural(count, "record", "records"), kNext);
    }
    return Exit::ok;
  });
}

Exit run_backfill(const Context& context, const TroubleOptions& options) {
  return with_engine(context, [&](Session& session) -> Result<Exit> {
    std::optional<Instant> since;
    if (!options.since.empty()) {
      TRY(moment, parse_moment(options.since, "--since"));
      since = moment;
    }
    TRY(done, session.engine().backfill(options.object, since, who(options)));
    if (context.json)
      print_json(to_json(done));
    else
      fmt::print("{}Read {} records; {} in the range: {} new, {} changed, {} as known.\n{}\n",
                 done.resumed ? "Went on where an interrupted backfill stopped. " : "", grouped(done.fetched),
                 grouped(done.taken), grouped(done.fresh), grouped(done.changed), grouped(done.unchanged),
                 done.fresh + done.changed > 0 ? kNext : "Nothing was missing.");
    return Exit::ok;
  });
}

Exit run_breakers(const Context& context, const TroubleOptions&) {
  return with_engine(context, [&](Session& session) -> Result<Exit> {
    TRY(lanes, session.engine().breakers());
    print_all(context, lanes, render_breakers(lanes, context.terminal));
    return Exit::ok;
  });
}

Exit run_release(const Context& context, const TroubleOptions& options) {
  return with_engine(context, [&](Session& session) -> Result<Exit> {
    TRY(lane, session.engine().release(options.lane, who(options), options.why));
    if (context.json)
      print_json(to_json(lane));
    else
      fmt::print("{} released: {}. {}\n", printable(lane.lane), plural(lane.held, "record", "records"), kNext);
    return Exit::ok;
  });
}

void add_trouble_commands(CLI::App& app, const Context& context, TroubleOptions& o, std::function<Exit()>& run) {
  using Command = Exit (*)(const Context&, const TroubleOptions&);
  const auto command = [&](CLI::App& parent, const std::string& name, const std::string& about, Command what) {
    CLI::App* sub = parent.add_subcommand(name, about);
    sub->callback([&context, &o, &run, what] { run = [&context, &o, what] { return what(context, o); }; });
    return sub;
  };
  const auto by = [&o](CLI::App* sub) { sub->add_option("--by", o.by, "who decides (now: the user's name)"); };

  CLI::App* doubt = command(app, "doubt", "Writes without a clear answer: list them, or end one", run_doubt);
  doubt->add_option("record", o.record, "\"deal 9120\"; now: list all");
  CLI::Option* written =
      doubt->add_option("--written", o.written, "it arrived: id of the record at the vendor (checked)");
  doubt->add_flag("--never", o.never, "it never arrived (looked up once more first)")->excludes(written);
  doubt->add_option("--why", o.why, "how you know; kept with the record");
  by(doubt);

  CLI::App* letters =
      command(app, "deadletters", "What was refused or failed for good, grouped by its cause", run_dead_letters);
  letters->add_flag("--all", o.every, "every record, not only the first of each cause");

  CLI::App* replay =
      command(app, "replay", "Decide again: one record, all with a code, or a range of time", run_replay);
  replay->add_option("record", o.record, "\"deal 9120\"");
  replay->add_option("--code", o.code, "all that are held or failed with this code");
  replay->add_option("--since", o.since, "all that was captured from then on: 2026-11-21, or 2026-11-21T08:30:00Z");
  replay->add_option("--until", o.until, "and before then (now: this moment)");
  by(replay);

  CLI::App* backfill = command(app, "backfill", "Read the past from both vendors again", run_backfill);
  backfill->add_option("--object", o.object, "only this object, as the vendor calls it: deals, Invoice (now: all)");
  backfill->add_option("--since", o.since, "only what was modified from then on (now: everything)");
  by(backfill);

  CLI::App* breaker =
      command(app, "breaker", "Lanes that stopped before a mass change: list them, or release one", run_breakers);
  breaker->require_subcommand(0, 1);
  CLI::App* release = command(*breaker, "release", "let exactly what a lane holds go on", run_release);
  release->add_option("lane", o.lane, "as tieout breaker lists it: customers/update/books")->required();
  release->add_option("--why", o.why, "why it is meant so; kept in the audit log")->required();
  by(release);
}

}  // namespace tieout::cli
