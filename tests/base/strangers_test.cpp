// What strangers send in JSON and as times, and what fuzzing taught: nothing that is malformed may throw or pass.
#include <gtest/gtest.h>

#include "base/json.hpp"
#include "base/time.hpp"

namespace tieout {
namespace {

TEST(Json, WhatOnlyBeginsLikeNullIsMalformedAndThrowsNothing) {
  for (const char* text :
       {"nl\"lu", "[nxx]", R"({"state":nl"lu,zip":"12209"})", R"([name"1","2"])", "nul", "n", "nullx"})
    EXPECT_EQ(json::parse(text).error().code, "json.malformed") << text;
  EXPECT_TRUE(json::parse("null")->is_null());
  EXPECT_TRUE((*json::parse(R"({"a":null})"))["a"].is_null());
}

TEST(Json, WrittenTextIsAlwaysUtf8) {
  const auto written = [](std::string_view text) {
    std::string out;
    json::append_string(out, text);
    const auto read = json::parse(out);
    EXPECT_TRUE(read) << out;
    return read ? read->text() : "";
  };
  EXPECT_EQ(written("Fran\xC3\xA7"
                    "ois \xF0\x9F\x98\x80 \xEA\x9E\x89"),
            "Fran\xC3\xA7"
            "ois \xF0\x9F\x98\x80 \xEA\x9E\x89");
  EXPECT_EQ(written("M\xFCller"), "M\xEF\xBF\xBDller") << "Windows-1252";
  EXPECT_EQ(written("cut \xE2\x82"), "cut \xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(written("\xC0\xAF"), "\xEF\xBF\xBD\xEF\xBF\xBD") << "an overlong slash";
  EXPECT_EQ(written("\xE0\x80\xAF"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD") << "an overlong slash of three bytes";
  EXPECT_EQ(written("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD") << "half a surrogate pair";
  EXPECT_EQ(written("\xF0\x80\x80\xAF"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(written("\xF4\x90\x80\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD") << "past U+10FFFF";
  EXPECT_EQ(written("\xF5"), "\xEF\xBF\xBD");
}

TEST(Time, AnOffsetCannotCarryAnInstantOutOfTheYearsThatADateHas) {
  EXPECT_EQ(parse_instant("9999-12-31T23:59:59-23:59").error().code, "time.instant.malformed");
  EXPECT_EQ(parse_instant("0001-01-01T00:00:00+00:01").error().code, "time.instant.malformed");
  EXPECT_EQ(to_text(*parse_instant("9999-12-31T23:59:59.999Z")), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(to_text(*parse_instant("0001-01-01T00:00:00Z")), "0001-01-01T00:00:00.000Z");
}

}  // namespace
}  // namespace tieout
