// The language beyond the official cases: types, messages, records with fields that were not sent, functions of the
// host.
#include "helpers.hpp"

namespace tieout::expr {
namespace {

const model::RecordShape kContact{"contact", {"name", "domain", "credit", "since", "tags"}};

Environment contact_environment() {
  auto contact = std::make_shared<RecordType>();
  contact->shape = std::shared_ptr<const model::RecordShape>(std::shared_ptr<void>(), &kContact);
  contact->fields = {Type::text(), Type::nullable(Type::text()), Type::decimal(), Type::date(),
                     Type::list(Type::text())};
  Environment environment;
  environment.add_variable("source", Type::record(contact));
  return environment;
}

std::vector<Value> contact(Value domain) {
  return {Value::record(&kContact,
                        {Value::text("Alfreds Futterkiste"), std::move(domain), Value::decimal(Decimal::of("12.30")),
                         Value::date(*parse_date("2026-01-31")), Value::list({Value::text("a"), Value::text("b")})})};
}

TEST(Records, ReadTheirFields) {
  const Environment env = contact_environment();
  const auto values = contact(Value::text("Alfreds.DE"));
  EXPECT_EQ(eval("source.name", env, values), "'Alfreds Futterkiste'");
  EXPECT_EQ(eval("source.domain.lowerAscii()", env, values), "'alfreds.de'");
  EXPECT_EQ(eval("source.credit + 1", env, values), "decimal('13.30')");
  EXPECT_EQ(eval("source.tags.map(t, t + '!')", env, values), "['a!', 'b!']");
  EXPECT_EQ(type("source.credit * 2", env), "decimal");
  EXPECT_EQ(type("source.?domain", env), "optional(string)");
}

TEST(Records, AFieldThatWasNotSentIsAnErrorUnlessAskedFor) {
  const Environment env = contact_environment();
  const auto values = contact(Value::absent());
  EXPECT_EQ(eval("source.domain", env, values), "error expr.eval");
  EXPECT_NE(message("source.domain", env, values).find("was not sent; read it with .?domain.orValue(…)"),
            std::string::npos);
  EXPECT_EQ(eval("has(source.domain)", env, values), "false");
  EXPECT_EQ(eval("source.?domain.orValue('none')", env, values), "'none'");
  EXPECT_EQ(eval("source.?domain.optMap(d, d.size()).orValue(0)", env, values), "0");
}

TEST(Records, AFieldThatWasSentEmptyReadsAsNullAndCountsAsNothing) {
  const Environment env = contact_environment();
  const auto values = contact(Value::null());
  EXPECT_EQ(eval("source.domain", env, values), "null");
  EXPECT_EQ(eval("source.domain == null", env, values), "true");
  EXPECT_EQ(eval("has(source.domain)", env, values), "false");
  EXPECT_EQ(eval("source.?domain.orValue('none')", env, values), "'none'");
  EXPECT_EQ(eval("source.?domain.hasValue()", env, values), "false");
}

TEST(Records, AnotherShapeIsReadByName) {
  const Environment env = contact_environment();
  const model::RecordShape other("other", {"x", "credit", "name"});
  const std::vector<Value> values{
      Value::record(&other, {Value::integer(1), Value::decimal(Decimal::of("7")), Value::text("n")})};
  EXPECT_EQ(eval("source.name", env, values), "'n'");
  EXPECT_EQ(eval("source.credit", env, values), "decimal('7')");
}

TEST(Messages, NameThePlaceAndTheLikelyMeaning) {
  const Environment env = contact_environment();
  EXPECT_EQ(message("source.name + source.domian", env),
            "1:21: contact has no field 'domian'; did you mean 'domain'?\n  source.name + source.domian\n              "
            "        ^");
  EXPECT_EQ(message("sorce.name", env), "1:1: unknown name 'sorce'; did you mean 'source'?\n  sorce.name\n  ^");
  EXPECT_NE(message("'a'.startWith('b')").find("did you mean 'startsWith'?"), std::string::npos);
  EXPECT_NE(message("size()").find("no such overload"), std::string::npos);
  EXPECT_NE(message("lowerAscii('A')").find("write x.lowerAscii()"), std::string::npos);
}

TEST(Messages, CountLinesAndCharacters) {
  EXPECT_EQ(message("true &&\n  'äö' + nope"), "2:10: unknown name 'nope'\n    'äö' + nope\n           ^");
  EXPECT_EQ(message("1 +"), "1:4: expected a value, but the expression ends\n  1 +\n     ^");
  EXPECT_EQ(message("[1, 2][5]"), "1:7: index out of bounds: 5 in a list of 2\n  [1, 2][5]\n        ^");
  EXPECT_EQ(message("a = 1").substr(0, 54), "1:3: a comparison is written with two equal signs: ==\n");
}

TEST(Codes, SayWhatWentWrong) {
  EXPECT_EQ(eval("1 +"), "error expr.parse");
  EXPECT_EQ(eval("'abc"), "error expr.parse");
  EXPECT_EQ(eval("1 + 'a'"), "error expr.type");
  EXPECT_EQ(eval("nope"), "error expr.unknown_name");
  EXPECT_EQ(eval("1 / 0"), "error expr.eval");
  EXPECT_EQ(eval("\xff"), "error expr.parse");
  EXPECT_EQ(eval("'a'.matches('(')"), "error expr.eval");
}

TEST(Checker, WantsTheResultThatTheTargetHas) {
  CompileOptions options;
  options.expect = Type::decimal();
  EXPECT_FALSE(Program::compile("'12.30'", {}, options).has_value());
  EXPECT_TRUE(Program::compile("decimal('12.30')", {}, options).has_value());
  options.expect = Type::nullable(Type::text());
  EXPECT_TRUE(Program::compile("1 > 0 ? 'x' : null", {}, options).has_value());
}

TEST(Checker, FindsTheTypesOfGenericExpressions) {
  EXPECT_EQ(type("[[], [[]], [[[]]], [[[[]]]]]"), "list(list(list(list(list(dyn)))))");
  EXPECT_EQ(type("[[[[[]]]], [], [[[]]]]"), "list(list(list(list(list(dyn)))))");
  EXPECT_EQ(type("([].map(x, x))[0].foo"), "dyn");
  EXPECT_EQ(type("[optional.none(), optional.of(1)]"), "list(optional(int))");
  EXPECT_EQ(type("[optional.of(1), optional.of(dyn(1))]"), "list(optional(dyn))");
  EXPECT_EQ(type("true ? optional.of(dyn(1)) : optional.of(1)"), "optional(dyn)");
  EXPECT_EQ(type("{'a': [1]}.a[0]"), "int");
  EXPECT_EQ(type("[1, 'a']"), "list(dyn)");
  EXPECT_EQ(type("[optional.of(1), null][0]"), "optional(int)");
}

TEST(Messages, OfPlainValuesAreThoseValues) {
  EXPECT_EQ(eval("google.protobuf.Int32Value{value: 123} + 1"), "124");
  EXPECT_EQ(eval("google.protobuf.Int32Value{value: 2147483648}"), "error expr.eval");
  EXPECT_EQ(eval("google.protobuf.BoolValue{} != null"), "true");
  EXPECT_EQ(eval("google.protobuf.Struct{fields: {'uno': 1.0}}.uno"), "1.0");
  EXPECT_EQ(eval("google.protobuf.Value{} == null"), "true");
  EXPECT_EQ(eval("google.protobuf.Int32Value{valve: 1}"), "error expr.unknown_name");
  EXPECT_EQ(eval("Nope{a: 1}"), "error expr.unknown_name");
}

TEST(Network, ReadsAddressesStrictly) {
  EXPECT_EQ(eval("cidr('192.168.0.0/24').containsIP('192.168.0.77')"), "true");
  EXPECT_EQ(eval("cidr('192.168.0.0/24').containsCIDR('192.168.0.0/23')"), "false");
  EXPECT_EQ(eval("ip('fe80::1%en0')"), "error expr.eval");
  EXPECT_EQ(eval("string(ip('2001:DB8::68'))"), "'2001:db8::68'");
}

TEST(Blocks, EvaluateEachValueOnce) {
  EXPECT_EQ(eval("cel.block([1, cel.index(0) + 1, 1 / 0], cel.index(1) * 2)"), "4");
  EXPECT_EQ(eval("[1, 2].map(cel.iterVar(0, 0), cel.iterVar(0, 0) * 2)"), "[2, 4]");
}

TEST(Lists, HaveTheirExtension) {
  EXPECT_EQ(eval("[3, 1, 2].sort()"), "[1, 2, 3]");
  EXPECT_EQ(eval("['bb', 'a'].sortBy(s, size(s))"), "['a', 'bb']");
  EXPECT_EQ(eval("[[1], [2, 3]].flatten()"), "[1, 2, 3]");
  EXPECT_EQ(eval("[1, 2, 1u, 3].distinct().size()"), "3");
  EXPECT_EQ(eval("[1, 2, 3].slice(1, 3)"), "[2, 3]");
  EXPECT_EQ(eval("[1, 2].first().value() + [1, 2].last().value()"), "3");
  EXPECT_EQ(eval("sets.equivalent([1, 2, 2], [2, 1])"), "true");
  EXPECT_EQ(eval("sets.intersects([1], [2])"), "false");
  EXPECT_EQ(eval("[3, 'a'].sort()"), "error expr.eval");
}

TEST(Strings, RawLiteralsKeepTheirBackslashes) {
  EXPECT_EQ(eval(R"(r'\u0100' == '\\u0100')"), "true");
  EXPECT_EQ(eval(R"(r'\u0100' == '\u0100')"), "false");
  EXPECT_EQ(eval(R"(size('\U0001F62C'))"), "1");
}

TEST(Host, AddsFunctionsOfItsOwn) {
  Environment env;
  env.add_function("lookup", "(string, string) -> optional(string)",
                   [](std::span<const Value> arguments) -> Result<Value> {
                     if (arguments[0].as_text() != "terms")
                       return fail("mapping.lookup.unknown", "there is no such table");
                     return arguments[1].as_text() == "NET30" ? Value::some(Value::text("30 days")) : Value::none();
                   });
  EXPECT_EQ(eval("lookup('terms', 'NET30').orValue('?')", env), "'30 days'");
  EXPECT_EQ(eval("lookup('terms', 'x').orValue('?')", env), "'?'");
  EXPECT_EQ(eval("lookup('nope', 'x')", env), "error mapping.lookup.unknown");
  EXPECT_EQ(eval("lookup('terms')", env), "error expr.type");
  EXPECT_EQ(type("lookup('terms', 'x')", env), "optional(string)");
}

TEST(Program, SaysWhatItReads) {
  const Environment env = contact_environment();
  const auto program =
      Program::compile("has(source.domain) ? source.?domain.orValue('') : source.name + source.tags.map(t, t)[0]", env);
  ASSERT_TRUE(program.has_value());
  EXPECT_EQ(program->reads(), (std::vector<std::string>{"source.domain", "source.name", "source.tags"}));
}

TEST(Program, OutlivesItsEnvironment) {
  std::optional<Program> program;
  {
    Environment env;
    env.add_variable("x", Type::integer());
    env.add_constant("rate", Value::decimal(Decimal::of("0.19")), Type::decimal());
    env.add_function("twice", "(int) -> int",
                     [](std::span<const Value> a) -> Result<Value> { return Value::integer(2 * a[0].as_integer()); });
    auto compiled = Program::compile("rate * twice(x)", env);
    ASSERT_TRUE(compiled.has_value());
    program = *compiled;
  }
  const std::vector<Value> values{Value::integer(5)};
  EXPECT_EQ(program->run(values)->display(), "decimal('1.90')");
}

}  // namespace
}  // namespace tieout::expr
