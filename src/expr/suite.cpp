#include "expr/suite.hpp"

#include <fmt/core.h>

#include <charconv>
#include <cmath>

#include "base/json.hpp"
#include "expr/bindings.hpp"
#include "expr/lexer.hpp"
#include "expr/program.hpp"

namespace tieout::expr {
namespace {

using model::Value;
using Kind = Value::Kind;

/// The official cases are written in protobuf text format, and their conversion to JSON left some escapes of that
/// format as they were (\u0100, \U0001F62C, \?). This resolves them; a text without them comes back unchanged.
std::string without_text_format_escapes(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = text[i] == '\\' && i + 1 < text.size() ? text[i + 1] : '\0';
    const std::size_t digits = next == 'u' ? 4 : next == 'U' ? 8 : 0;
    std::uint32_t code = 0;
    const char* first = text.data() + i + 2;
    if (next == '?') {
      out += '?';
      ++i;
    } else if (digits > 0 && i + 2 + digits <= text.size() &&
               std::from_chars(first, first + digits, code, 16).ptr == first + digits) {
      append_utf8(out, code);
      i += 1 + digits;
    } else {
      out += text[i];
    }
  }
  return out;
}

/// Same kind and content; NaN counts as the same as NaN, maps compare in any order.
bool as_expected(const Value& found, const Value& wanted) {
  if (found.kind() != wanted.kind()) return false;
  switch (found.kind()) {
    case Kind::floating:
      return found.as_floating() == wanted.as_floating() ||
             (std::isnan(found.as_floating()) && std::isnan(wanted.as_floating()));
    case Kind::list: {
      if (found.items().size() != wanted.items().size()) return false;
      for (std::size_t i = 0; i < found.items().size(); ++i)
        if (!as_expected(found.items()[i], wanted.items()[i])) return false;
      return true;
    }
    case Kind::map: {
      if (found.entries().size() != wanted.entries().size()) return false;
      for (const model::MapEntry& entry : wanted.entries()) {
        const Value* other = found.find(entry.key);
        if (!other || !as_expected(*other, entry.value)) return false;
      }
      return true;
    }
    case Kind::optional:
      if (!found.optional_has_value() || !wanted.optional_has_value())
        return found.optional_has_value() == wanted.optional_has_value();
      return as_expected(found.optional_value(), wanted.optional_value());
    case Kind::text:
    case Kind::bytes:
      return found.same(wanted) || found.as_text() == without_text_format_escapes(wanted.as_text());
    default:
      return found.same(wanted);
  }
}

struct Scene {
  Environment environment;
  std::vector<Value> values;
};

Result<Scene> set_scene(const json::Value& test) {
  Scene scene;
  scene.environment.set_container(test["container"].text());
  const json::Value& declared = test["type_env"];
  for (const auto& [name, tagged] : test["bindings"].members()) {
    TRY(value, value_from_tagged(tagged));
    Type type = Type::of(value);
    if (const json::Value* text = declared.find(name)) {
      TRY(parsed, Type::parse(text->text()));
      type = parsed;
    }
    scene.environment.add_variable(name, type);
    scene.values.push_back(std::move(value));
  }
  for (const auto& [name, text] : declared.members()) {
    if (scene.environment.variable_index(name) >= 0) continue;
    TRY(type, Type::parse(text.text()));
    scene.environment.add_variable(name, type);
  }
  return scene;
}

/// Empty when the case passes, otherwise what differs.
Result<std::string> run_case(const json::Value& test) {
  TRY(scene, set_scene(test));
  const bool error_wanted = test.find("error") != nullptr;
  const bool check_only = test["check_only"].as_bool();
  CompileOptions options;
  options.check = !test["disable_check"].as_bool();
  const auto program = Program::compile(test["expr"].text(), scene.environment, options);
  if (!program) return error_wanted ? std::string{} : "does not compile: " + program.error().what;
  if (const json::Value* type = test.find("type"); type && program->result_type().to_text() != type->text())
    return fmt::format("type {} expected, found {}", type->text(), program->result_type().to_text());
  if (check_only) return std::string{};
  const auto result = program->run(scene.values);
  if (!result) return error_wanted ? std::string{} : "fails: " + result.error().what;
  if (error_wanted) return fmt::format("an error expected ({}), found {}", test["error"].text(), result->display());
  const json::Value* tagged = test.find("value");
  if (!tagged) return std::string{};
  TRY(wanted, value_from_tagged(*tagged));
  if (as_expected(*result, wanted)) return std::string{};
  return fmt::format("{} expected, found {}", wanted.display(), result->display());
}

}  // namespace

std::string SuiteReport::summary() const {
  return fmt::format("passed {}, failed {}, skipped {}", passed, failures.size(), skips.size());
}

Result<SuiteReport> run_suite(std::string_view text) {
  TRY(document, json::parse(text));
  if (!document.is_object())
    return fail("expr.suite.malformed", "a suite is a JSON object: file name to list of cases");
  SuiteReport report;
  for (const auto& [file, cases] : document.members()) {
    for (const json::Value& test : cases.items()) {
      if (!test["expr"].is_string())
        return fail("expr.suite.malformed", fmt::format("{}: a case has no expr: {}", file, test.dump().substr(0, 80)));
      SuiteNote note{file, test["section"].text(), test["name"].text(), test["expr"].text(), test["skip"].text()};
      if (!note.what.empty()) {
        report.skips.push_back(std::move(note));
        continue;
      }
      TRY(difference, run_case(test));
      note.what = std::move(difference);
      if (note.what.empty()) {
        ++report.passed;
      } else {
        report.failures.push_back(std::move(note));
      }
    }
  }
  return report;
}

}  // namespace tieout::expr
