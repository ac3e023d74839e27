// Expressions that strangers write to make the process slow, large or dead.
#include "expr/bindings.hpp"
#include "helpers.hpp"

namespace tieout::expr {
namespace {

std::string repeated(std::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

TEST(Hostile, DeepNestingIsRefused) {
  for (const auto& [open, close] : std::vector<std::pair<std::string, std::string>>{
           {"(", ")"}, {"[", "]"}, {"{1:", "}"}, {"size(", ")"}, {"-(", ")"}, {"!(", ")"}, {"true ? true : (", ")"}}) {
    EXPECT_EQ(eval(repeated(open, 10'000) + "1" + repeated(close, 10'000)), "error expr.too_large") << open;
  }
  EXPECT_EQ(eval("1" + repeated("+1", 20'000)), "error expr.too_large");
  EXPECT_EQ(eval("'a'" + repeated(".trim()", 10'000)), "error expr.too_large");
  EXPECT_EQ(eval("[1]" + repeated("[0]", 10'000)), "error expr.too_large");
  EXPECT_EQ(eval(repeated("true ? 1 : ", 5'000) + "2"), "error expr.too_large");
  EXPECT_EQ(eval(repeated("-", 50'000) + "1"), "1");
  EXPECT_EQ(eval(repeated("!", 50'000) + "true"), "true");
}

TEST(Hostile, WhatTheLanguagePromisesStillFits) {
  EXPECT_EQ(eval("false" + repeated(" || false", 5'000)), "false");
  EXPECT_EQ(eval("1" + repeated(" + 1", 200)), "201");
  EXPECT_EQ(eval(repeated("(", 200) + "1" + repeated(")", 200)), "1");
  EXPECT_EQ(eval("size([" + repeated("1,", 5'000) + "])"), "5000");
}

TEST(Hostile, TooLongASourceIsRefused) { EXPECT_EQ(eval(std::string(200'000, ' ') + "1"), "error expr.too_large"); }

TEST(Hostile, NestedMacrosStopAtTheLimit) {
  const std::string range = "lists.range(1000)";
  EXPECT_EQ(eval(range + ".all(a, " + range + ".all(b, " + range + ".all(c, true)))"), "error expr.cost");
  EXPECT_EQ(eval("lists.range(100000000)"), "error expr.cost");
  EXPECT_EQ(eval("lists.range(2000).map(x, lists.range(x + 1))"), "error expr.cost");
  // An error of cost is not swallowed by logic.
  EXPECT_EQ(eval("lists.range(100000000).exists(x, x > 0) || true"), "error expr.cost");
}

TEST(Hostile, DoublingStopsAtTheLimit) {
  std::string text = "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'", list = "[1]";
  for (int i = 0; i < 40; ++i) {
    text =
        "cel.bind(x" + std::to_string(i) + ", " + text + ", x" + std::to_string(i) + " + x" + std::to_string(i) + ")";
    list =
        "cel.bind(x" + std::to_string(i) + ", " + list + ", x" + std::to_string(i) + " + x" + std::to_string(i) + ")";
  }
  EXPECT_EQ(eval(text), "error expr.cost");
  EXPECT_EQ(eval(list), "error expr.cost");
}

TEST(Hostile, ComparingSharedStructuresStopsAtTheLimit) {
  std::string a = "[1]", b = "[1]";
  for (int i = 0; i < 60; ++i) {
    const std::string x = "x" + std::to_string(i), y = "y" + std::to_string(i);
    a = "cel.bind(" + x + ", " + a + ", [" + x + ", " + x + "])";
    b = "cel.bind(" + y + ", " + b + ", [" + y + ", " + y + "])";
  }
  EXPECT_EQ(eval("dyn(" + a + ") == dyn(" + b + ")"), "error expr.cost");
  EXPECT_EQ(eval("'%s'.format([" + a + "])"), "error expr.cost");
}

TEST(Hostile, RegularExpressionsAreBounded) {
  EXPECT_EQ(eval("'" + std::string(5'000, 'a') + "'.matches('(a*)*b')"), "false");
  EXPECT_EQ(eval("'a'.matches('((a{1,100}){1,100}){1,100}')"), "error expr.eval");
  EXPECT_EQ(eval("'a'.matches(['((a{1,100}){1,100}){1,100}'][0])"), "error expr.eval");
}

TEST(Hostile, ExtremeNumbersOverflowWithAnError) {
  EXPECT_EQ(eval("-9223372036854775808"), "-9223372036854775808");
  EXPECT_EQ(eval("9223372036854775808"), "error expr.parse");
  EXPECT_EQ(eval("-9223372036854775808 / -1"), "error expr.eval");
  EXPECT_EQ(eval("-9223372036854775808 % -1"), "0");
  EXPECT_EQ(eval("timestamp(9223372036854775807)"), "error expr.eval");
  EXPECT_EQ(eval("duration('99999999999999999999999999999999999999999h')"), "error expr.eval");
  EXPECT_EQ(eval("'%.999999999f'.format([1.0]).size()"), "1001");
  EXPECT_EQ(eval("'abc'.substring(9223372036854775807)"), "error expr.eval");
  EXPECT_EQ(eval("[1].slice(0, 9223372036854775807)"), "error expr.eval");
}

TEST(Hostile, GarbageNeverCrashesTheParser) {
  const std::string alphabet = "ab1'\"()[]{}.,:?!<>=&|+-*/%\\ur \n`x0e@\xC3\xA4";
  std::uint64_t seed = 42;
  for (int round = 0; round < 20'000; ++round) {
    std::string source;
    for (int i = 0; i < 24; ++i) {
      seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
      source += alphabet[(seed >> 33) % alphabet.size()];
    }
    const auto program = Program::compile(source, {});
    if (!program) {
      EXPECT_FALSE(program.error().what.empty());
    }
  }
}

TEST(Bindings, KeepNumbersExact) {
  const auto bindings = read_bindings(
      R"({"n": 3, "x": 260.10, "big": 18446744073709551615, "d": {"$date": "2026-01-31"}, "o": {"a": [null, true]}})");
  ASSERT_TRUE(bindings.has_value());
  EXPECT_EQ((*bindings)[0].second.display(), "3");
  EXPECT_EQ((*bindings)[1].second.display(), "decimal('260.10')");
  EXPECT_EQ((*bindings)[2].second.display(), "18446744073709551615u");
  EXPECT_EQ((*bindings)[3].second.display(), "date('2026-01-31')");
  EXPECT_EQ((*bindings)[4].second.display(), "{'a': [null, true]}");
  EXPECT_EQ(value_to_json((*bindings)[1].second).dump(), "\"260.10\"");
  EXPECT_FALSE(read_bindings(R"({"d": {"$date": "2026-02-31"}})").has_value());
  EXPECT_FALSE(read_bindings("[1]").has_value());
}

}  // namespace
}  // namespace tieout::expr
