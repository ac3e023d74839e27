#include "prove/preflight_tax_id.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace tieout::prove {
namespace {

using enum TaxIdVerdict;

TEST(TaxId, NumbersThatTheTaxOfficesGaveAreGood) {
  for (const std::string id :
       {"DE136695976",     "DE129273398",   "FR40303265045", "FR83404833048",  "ESA28015865", "ES54362315K",
        "ESX2482300W",     "ESJ99216582",   "GB980780684",   "GBGD001",        "GBHA599",     "NL004495445B01",
        "NL123456789B13",  "BE0428759497",  "IT00743110157", "ATU13585627",    "IE6433435F",  "IE6433435OA",
        "IE8D79739I",      "PL8567346215",  "PT501964843",   "SE123456789701", "DK13585628",  "FI20774740",
        "LU15027442",      "SI50223054",    "HR33392005961", "EL094259216",    "EE100931558", "HU12892312",
        "CHE107787577IVA", "NO995525828MVA"}) {
    const TaxIdCheck check = check_tax_id(id, "");
    EXPECT_EQ(check.verdict, good) << id;
    EXPECT_EQ(check.normal, id);
  }
}

TEST(TaxId, OneWrongDigitIsNoticed) {
  for (const std::string id :
       {"DE136695978",    "FR84404833048", "ESA28015866", "ES54362315Z",     "GB802311781",   "NL004495446B01",
        "BE0428759496",   "IT00743110158", "ATU13585626", "IE6433435E",      "PL8567346216",  "PT501964842",
        "SE123456789101", "DK13585627",    "FI20774741",  "LU15027443",      "SI50223055",    "HR33392005962",
        "EL123456781",    "EE100594103",   "HU12892313",  "CHE107787578IVA", "NO995525827MVA"})
    EXPECT_EQ(check_tax_id(id, "").verdict, wrong_check_digit) << id;
}

TEST(TaxId, EveryPossibleSlipOfOneDigitIsNoticedWhereTheRuleCanSeeIt) {
  for (const std::string id :
       {"DE136695976", "IT00743110157", "ATU13585627", "PT501964843", "FR40303265045", "BE0428759497"}) {
    int missed = 0;
    for (std::size_t at = 2; at < id.size(); ++at) {
      if (id[at] < '0' || id[at] > '9') continue;
      for (char digit = '0'; digit <= '9'; ++digit) {
        std::string slip = id;
        slip[at] = digit;
        missed += digit != id[at] && check_tax_id(slip, "").verdict == good;
      }
    }
    EXPECT_LE(missed, 1) << id;
  }
}

TEST(TaxId, WrittenForTheEyeItIsTheSameNumber) {
  EXPECT_EQ(check_tax_id("de 136.695.976", "DE").normal, "DE136695976");
  EXPECT_EQ(check_tax_id("136695976", "DE").normal, "DE136695976") << "without its prefix, by the address";
  EXPECT_EQ(check_tax_id("GR 094259216", "GR").normal, "EL094259216");
  EXPECT_EQ(check_tax_id("BE 0428.759.497", "").verdict, good);
}

TEST(TaxId, TheFormIsHeldAgainstTheCountry) {
  EXPECT_EQ(check_tax_id("DE12927339", "DE").verdict, wrong_form);
  EXPECT_EQ(check_tax_id("FR12345", "FR").verdict, wrong_form);
  EXPECT_EQ(check_tax_id("", "DE").verdict, wrong_form);
  EXPECT_EQ(check_tax_id("unknown", "NL").verdict, wrong_form);
  EXPECT_EQ(check_tax_id("J-00012345-6", "VE").verdict, not_known_here);
  const TaxIdCheck abroad = check_tax_id("DE136695976", "NL");
  EXPECT_EQ(abroad.verdict, good);
  EXPECT_EQ(abroad.country, "DE") << "a registration abroad keeps its own rules";
}

TEST(TaxId, AnEinHasNineDigitsAndAnOffice) {
  EXPECT_EQ(check_tax_id("91-1144442", "US").verdict, good);
  EXPECT_EQ(check_tax_id("00-1144442", "US").verdict, wrong_check_digit);
  EXPECT_EQ(check_tax_id("91-114444", "US").verdict, wrong_form);
  EXPECT_EQ(check_tax_id("91-1144442", "").verdict, not_known_here) << "nine digits alone could be anybody's";
}

TEST(TaxId, RubbishNeverCrashes) {
  for (const std::string id : {"U", "ATU", "IE", "IE1", "ESX", "GBGD", "B", "NL004495445B", "\xFF\xFE", "DE-", "CHE",
                               "IERSSMRA85T10A562S", "RSSMRA85T10A562S"})
    for (const std::string country : {"", "AT", "IE", "ES", "GB", "NL", "DE", "IT", "US", "ZZ"})
      (void)check_tax_id(id, country);
  EXPECT_EQ(check_tax_id("RSSMRA85T10A562S", "IT").verdict, good);
}

}  // namespace
}  // namespace tieout::prove
