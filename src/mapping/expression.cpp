#include "mapping/expression.hpp"

#include <fmt/core.h>

#include <cstdio>

#include "base/check.hpp"

namespace tieout::mapping {

namespace {

using model::Value;

/// How the evaluator words that a field of a record is absent.
constexpr std::string_view kNotSent = "was not sent";

bool is_path_text(std::string_view text) {
  bool at_start = true;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    if (c == '.' && !at_start)
      at_start = true;
    else if (letter || (!at_start && c >= '0' && c <= '9'))
      at_start = false;
    else
      return false;
  }
  return !at_start;
}

/// "3:14: text…" of a compiler message, moved to where the expression stands in the file.
Place moved(const Place& start, const std::string& what) {
  int line = 0, column = 0, used = 0;
  if (std::sscanf(what.c_str(), "%d:%d:%n", &line, &column, &used) != 2 || used == 0) return start;
  Place place = start;
  place.line += line - 1;
  place.column = line == 1 ? start.column + column - 1 : column;
  return place;
}

std::string after_place(const std::string& what) {
  int line = 0, column = 0, used = 0;
  if (std::sscanf(what.c_str(), "%d:%d:%n", &line, &column, &used) != 2 || used == 0) return what;
  while (used < static_cast<int>(what.size()) && what[static_cast<std::size_t>(used)] == ' ') ++used;
  return what.substr(static_cast<std::size_t>(used));
}

}  // namespace

expr::Type bare(const expr::Type& type) {
  if (type.is(expr::Type::Kind::nullable) || type.is(expr::Type::Kind::optional)) return bare(type.item());
  return type;
}

std::optional<Expression> Expression::compile(const Yaml& yaml, const expr::Environment& environment,
                                              Problems& problems) {
  if (!yaml.is_scalar() || yaml.text().empty()) {
    problems.add("mapping.structure", yaml.place(), "an expression is wanted here");
    return std::nullopt;
  }
  Expression result;
  result.text_ = yaml.text();
  result.place_ = yaml.place();
  if (is_path_text(result.text_) && result.resolve_path(environment)) return result;

  Result<expr::Program> program = expr::Program::compile(result.text_, environment);
  if (!program) {
    const Fault& fault = program.error();
    const char* code = fault.code == "expr.unknown_name" ? "mapping.unknown_field"
                       : fault.code == "expr.type"       ? "mapping.type_mismatch"
                                                         : "mapping.expression.malformed";
    problems.add(code, moved(result.place_, fault.what), after_place(fault.what));
    return std::nullopt;
  }
  result.type_ = bare(program->result_type());
  result.reads_ = program->reads();
  result.program_ = std::move(*program);
  return result;
}

bool Expression::resolve_path(const expr::Environment& environment) {
  const std::size_t first = std::min(text_.find('.'), text_.size());
  variable_ = environment.variable_index(std::string_view(text_).substr(0, first));
  if (variable_ < 0) return false;
  expr::Type type = environment.variables()[static_cast<std::size_t>(variable_)].type;
  for (std::size_t at = first; at < text_.size();) {
    const std::size_t end = std::min(text_.find('.', at + 1), text_.size());
    type = bare(type);
    if (!type.is(expr::Type::Kind::record)) return false;
    const int slot = type.record_type().shape->index_of(std::string_view(text_).substr(at + 1, end - at - 1));
    if (slot < 0) return false;  // the compiler says it better, with a suggestion
    slots_.push_back(slot);
    const expr::Type next = type.record_type().fields[static_cast<std::size_t>(slot)];
    type = next;
    at = end;
  }
  type_ = bare(type);
  reads_ = {text_};
  return true;
}

Result<Value> Expression::evaluate(std::span<const Value> variables) const {
  if (!program_) {
    const Value* value = &variables[static_cast<std::size_t>(variable_)];
    for (const int slot : slots_) {
      if (!value->is(Value::Kind::record)) return value->is_null() ? Value::null() : Value::absent();
      value = &value->slot(static_cast<std::size_t>(slot));
    }
    return *value;
  }
  Value value = program_->evaluate(variables);
  if (value.is_error()) {
    const Fault& fault = value.as_fault();
    // What depends on a field that the source did not send says nothing either: absent goes through, it never erases.
    if (fault.what.find(kNotSent) != std::string::npos) return Value::absent();
    const bool from_evaluator = fault.code.starts_with("expr.");
    return fail(from_evaluator ? "mapping.expression" : fault.code,
                fmt::format("{}: {}", place_.to_text(), fault.what));
  }
  if (value.is(Value::Kind::optional)) return value.optional_has_value() ? value.optional_value() : Value::absent();
  return value;
}

Result<bool> Expression::holds(std::span<const Value> variables) const {
  TRY(value, evaluate(variables));
  return value.is(Value::Kind::boolean) && value.as_boolean();
}

}  // namespace tieout::mapping
