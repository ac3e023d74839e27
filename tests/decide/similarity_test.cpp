#include "decide/similarity.hpp"

#include <gtest/gtest.h>

#include <random>

namespace tieout::decide {
namespace {

TEST(MatchKey, Edge100CaseAccentsPunctuationAndLegalFormsSayNothing) {
  for (const std::string name : {"Acme Ltd.", "ACME LIMITED", "Acme, Inc.", "acme", " Acme  GmbH & Co. KG", "ACME S.A.",
                                 "Acme S.p.A.", "Acme Sp. z o.o.", "ACME (Pty) Ltd", "Ácmë B.V."})
    EXPECT_EQ(match_key(name), "acme") << name;
  EXPECT_EQ(match_key("Müller & Söhne G.m.b.H."), "muller sohne");
  EXPECT_EQ(match_key("MULLER UND SOHNE"), "muller sohne");
  EXPECT_EQ(match_key("Straße"), "strasse");
  EXPECT_EQ(match_key("Ørsted A/S"), "orsted");
  EXPECT_EQ(match_key("B's Beverages"), "bs beverages");
  EXPECT_EQ(match_key("Wartian Herkku Oy"), "wartian herkku");
}

TEST(MatchKey, Edge099OneNameIsOneKeyHoweverItIsEncoded) {
  EXPECT_EQ(match_key("Bo\u0301lido"), match_key("Bólido"));       // NFD and NFC
  EXPECT_EQ(match_key("Bólido\u00A0Comidas "), "bolido comidas");  // no-break and trailing blank
  EXPECT_EQ(match_key("Bólido\u200B Comidas"), "bolido comidas");  // zero width
  EXPECT_EQ(match_key("ＡＣＭＥ"), "acme");                        // full width
  EXPECT_EQ(match_key("Ромашка ООО"), match_key("РОМАШКА ооо"));   // other scripts fold too
  EXPECT_EQ(match_key("東京商事"), "東京商事");
}

TEST(MatchKey, IsNeverEmptyForANameAndNeverFailsForBytes) {
  EXPECT_EQ(match_key("GmbH"), "gmbh");
  EXPECT_EQ(match_key("Co."), "co");
  EXPECT_EQ(match_key("And & Und"), "and und");
  EXPECT_EQ(match_key(""), "");
  EXPECT_EQ(match_key("--- !"), "");
  EXPECT_NE(match_key("Al\xFFreds"), "");
}

TEST(Similarity, IsJaroWinkler) {
  EXPECT_EQ(similarity_of_keys("martha", "marhta"), 961);  // the measure's textbook pairs
  EXPECT_EQ(similarity_of_keys("dixon", "dicksonx"), 813);
  EXPECT_EQ(similarity_of_keys("dwayne", "duane"), 840);
  EXPECT_EQ(similarity_of_keys("abc", "xyz"), 0);
  EXPECT_EQ(similarity_of_keys("", ""), 0) << "two names that say nothing are not alike";
}

TEST(Similarity, FindsTheSameCompanyAndNotItsNeighbour) {
  EXPECT_EQ(similarity("Alfreds Futterkiste", "ALFREDS FUTTERKISTE GmbH"), 1000);
  EXPECT_EQ(similarity("Around the Horn", "Horn, Around the"), 1000);
  EXPECT_GE(similarity("Bólido Comidas preparadas", "Bolido Comidas Prep."), 900);
  EXPECT_GE(similarity("Blauer See Delikatessen", "Blauer See Delikatesen"), 950);
  EXPECT_LT(similarity("Blauer See Delikatessen", "Wolski Zajazd"), 600);
  EXPECT_LT(similarity("Ernst Handel", "Eastern Connection"), 800);
}

/// Short ASCII names are compared by other code than long ones and other scripts; both must say the same.
TEST(Similarity, DependsOnWhichLettersAreEqualNotOnTheirScript) {
  std::mt19937_64 random(9);
  for (int i = 0; i < 20'000; ++i) {
    std::string a, b, greek_a, greek_b;
    const auto draw = [&](std::string& latin, std::string& greek) {
      for (auto n = 1 + random() % 20; n > 0; --n) {
        const auto letter = random() % 5;
        latin += "abcde"[letter];
        greek += std::string("αβγδε").substr(letter * 2, 2);
      }
    };
    draw(a, greek_a);
    draw(b, greek_b);
    ASSERT_EQ(similarity_of_keys(a, b), similarity_of_keys(greek_a, greek_b)) << a << " / " << b;
  }
  EXPECT_EQ(similarity_of_keys(std::string(64, 'a'), std::string(63, 'a') + "b"), 994);
  EXPECT_EQ(similarity_of_keys(std::string(200, 'a'), std::string(199, 'a') + "b"), 998);
}

TEST(Similarity, IsSymmetricAndNeverFullForDifferentKeys) {
  std::mt19937_64 random(3);
  const auto name = [&] {
    std::string text;
    for (auto n = 1 + random() % 14; n > 0; --n) text += "abc de"[random() % 6];
    return text;
  };
  for (int i = 0; i < 20'000; ++i) {
    const std::string a = name(), b = name();
    const int forth = similarity(a, b);
    ASSERT_EQ(forth, similarity(b, a)) << a << " / " << b;
    ASSERT_TRUE(forth >= 0 && forth <= 1000);
  }
}

}  // namespace
}  // namespace tieout::decide
