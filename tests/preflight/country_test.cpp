#include "prove/preflight_country.hpp"

#include <gtest/gtest.h>

namespace tieout::prove {
namespace {

TEST(Country, Edge113NameOrCodeIsTheSameCountry) {
  for (const std::string text :
       {"DE", "de", "DEU", "Germany", "germany ", "Deutschland", "GERMANY", "Federal Republic of Germany"})
    EXPECT_EQ(country_code(text), "DE") << text;
  for (const std::string text : {"UK", "GB", "U.K.", "United Kingdom", "England", "Great Britain"})
    EXPECT_EQ(country_code(text), "GB") << text;
  for (const std::string text : {"USA", "US", "U.S.A.", "United States", "united states of america"})
    EXPECT_EQ(country_code(text), "US") << text;
  EXPECT_EQ(country_code("México"), "MX");
  EXPECT_EQ(country_code("Österreich"), "AT");
  EXPECT_EQ(country_code("Côte d'Ivoire"), "CI");
  EXPECT_EQ(country_code("Venezuela"), "VE");
  EXPECT_EQ(country_code("Atlantis"), std::nullopt);
  EXPECT_EQ(country_code("ZZ"), std::nullopt);
  EXPECT_EQ(country_code(""), std::nullopt);
}

TEST(Country, KnowsItsPostalCodes) {
  EXPECT_TRUE(is_postal_code_of("12209", "DE"));
  EXPECT_TRUE(is_postal_code_of("D-12209", "DE"));
  EXPECT_FALSE(is_postal_code_of("1220", "DE"));
  EXPECT_TRUE(is_postal_code_of("T2F 8M4", "CA"));
  EXPECT_FALSE(is_postal_code_of("99999", "CA"));
  EXPECT_TRUE(is_postal_code_of("97403", "US"));
  EXPECT_TRUE(is_postal_code_of("97403-1234", "US"));
  EXPECT_TRUE(is_postal_code_of("WX1 6LT", "GB")) << "not described, so not doubted";
  EXPECT_FALSE(needs_postal_code("HK"));
  EXPECT_TRUE(needs_postal_code("FR"));
}

}  // namespace
}  // namespace tieout::prove
