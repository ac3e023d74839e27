// eval: one expression with values at hand, for whoever writes a mapping; or a whole conformance suite.
#include <fmt/core.h>

#include <fstream>
#include <sstream>

#include "cli/commands.hpp"
#include "expr/program.hpp"
#include "expr/suite.hpp"

namespace tieout::cli {
namespace {

using model::MapEntry;
using model::Value;

Result<std::string> file_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return fail("usage.file.unreadable", fmt::format("{} cannot be read", path));
  return text.str();
}

/// JSON as expressions see it. Whole numbers become int, others decimal: exact, as amounts are in mappings.
Result<Value> value_of(const json::Value& json) {
  switch (json.kind()) {
    case json::Kind::null:
      return Value::null();
    case json::Kind::boolean:
      return Value::boolean(json.as_bool());
    case json::Kind::string:
      return Value::text(json.text());
    case json::Kind::number: {
      TRY(number, Decimal::parse(json.text()));
      const bool is_whole = json.text().find_first_of(".eE") == std::string::npos && json.text().size() <= 18;
      return is_whole ? Value::integer(json.as_int()) : Value::decimal(number);
    }
    case json::Kind::array: {
      std::vector<Value> items;
      for (const json::Value& item : json.items()) {
        TRY(value, value_of(item));
        items.push_back(std::move(value));
      }
      return Value::list(std::move(items));
    }
    case json::Kind::object: {
      std::vector<MapEntry> entries;
      for (const auto& [name, member] : json.members()) {
        TRY(value, value_of(member));
        entries.push_back({Value::text(name), std::move(value)});
      }
      return Value::map(std::move(entries));
    }
  }
  return Value::null();
}

Result<Value> evaluate(const EvalOptions& options) {
  expr::Environment environment;
  std::vector<Value> variables;
  if (!options.bindings.empty()) {
    TRY(text, file_text(options.bindings));
    const auto bindings = json::parse(text);
    if (!bindings || !bindings->is_object())
      return fail("usage.bindings.malformed",
                  fmt::format("{} must be a JSON object: variable names and their values", options.bindings));
    for (const auto& [name, member] : bindings->members()) {
      TRY(value, value_of(member));
      environment.add_variable(name, expr::Type::of(value));
      variables.push_back(std::move(value));
    }
  }
  TRY(program, expr::Program::compile(options.expression, environment));
  return program.run(variables);
}

json::Value notes_json(const std::vector<expr::SuiteNote>& notes) {
  json::Value out = json::Value::array();
  for (const expr::SuiteNote& note : notes) {
    json::Value one = json::Value::object();
    one.set("case", json::Value::string(fmt::format("{}/{}/{}", note.file, note.section, note.name)));
    one.set("expression", json::Value::string(note.expression));
    one.set("what", json::Value::string(note.what));
    out.push(std::move(one));
  }
  return out;
}

json::Value suite_json(const expr::SuiteReport& suite) {
  json::Value out = json::Value::object();
  out.set("passed", json::Value::number(static_cast<std::int64_t>(suite.passed)));
  out.set("failed", json::Value::number(static_cast<std::int64_t>(suite.failures.size())));
  out.set("skipped", json::Value::number(static_cast<std::int64_t>(suite.skips.size())));
  out.set("failures", notes_json(suite.failures));
  out.set("skips", notes_json(suite.skips));
  return out;
}

void print_suite(const expr::SuiteReport& suite) {
  for (const expr::SuiteNote& note : suite.failures)
    fmt::print("failed {}/{}/{}: {}\n    {}\n", note.file, note.section, note.name, note.expression, note.what);
  for (const expr::SuiteNote& note : suite.skips)
    fmt::print("skipped {}/{}/{}: {}\n    {}\n", note.file, note.section, note.name, note.expression, note.what);
  fmt::print("{}\n", suite.summary());
}

Exit run_suite(const Context& context, const std::string& path) {
  const auto text = file_text(path);
  if (!text) return report(text.error(), context.json);
  const auto suite = expr::run_suite(*text);
  if (!suite) return report(suite.error(), context.json);
  if (context.json)
    fmt::print("{}\n", suite_json(*suite).dump_pretty());
  else
    print_suite(*suite);
  return suite->failures.empty() ? Exit::ok : Exit::failed;
}

}  // namespace

Exit run_eval(const Context& context, const EvalOptions& options) {
  if (!options.suite.empty()) return run_suite(context, options.suite);
  if (options.expression.empty())
    return report(Fault("usage.nothing_to_do", "give an expression to evaluate, or --suite FILE"), context.json);
  const auto value = evaluate(options);
  if (!value) return report(value.error(), context.json);
  if (!context.json) {
    fmt::print("{}\n", value->display());
    return Exit::ok;
  }
  json::Value out = json::Value::object();
  out.set("value", json::Value::string(value->display()));
  out.set("type", json::Value::string(expr::Type::of(*value).to_text()));
  fmt::print("{}\n", out.dump_pretty());
  return Exit::ok;
}

}  // namespace tieout::cli
