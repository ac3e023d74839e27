// An expression of a pack: parsed, type-checked, compiled and run under a limit, with and without the type checker. A
// run always ends and gives the same value twice.
#include "expr/program.hpp"
#include "target.hpp"

namespace tieout::fuzz {

namespace {

using expr::Type;
using model::Value;

expr::Environment environment() {
  expr::Environment env;
  env.add_variable("x", Type::dyn());
  env.add_variable("amount", Type::decimal());
  env.add_variable("name", Type::text());
  env.add_variable("count", Type::integer());
  return env;
}

const std::vector<Value>& variables() {
  static const std::vector<Value> values{
      Value::list({Value::integer(3), Value::text("b"), Value::decimal(Decimal::of("1.50"))}),
      Value::decimal(Decimal::of("1086.00")), Value::text("Alfreds Futterkiste"), Value::integer(12)};
  return values;
}

}  // namespace

void one_input(std::string_view input) {
  static const expr::Environment env = environment();
  for (const bool check : {true, false}) {
    expr::CompileOptions options;
    options.check = check;
    const auto program = expr::Program::compile(input, env, options);
    if (!program) continue;
    const expr::CostLimit limit{20'000};
    const auto once = program->run(variables(), limit);
    const auto twice = program->run(variables(), limit);
    require(once.has_value() == twice.has_value(), "an expression does the same twice");
    if (!once) require(once.error().code == twice.error().code, "an expression fails the same twice");
  }
}

}  // namespace tieout::fuzz
