// The short version of audit_tamper, on every run of the tests.
#include <gtest/gtest.h>

#include "forger.hpp"

namespace tieout::prove {
namespace {

TEST(Tampering, IsDetectedAndTheUntouchedIsNot) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    Forger forger(seed, 40 + static_cast<int>(seed) * 17);
    ASSERT_FALSE(forger.found(forger.honest()));
    for (int i = 0; i < 600; ++i) {
      std::string kind;
      const Export one = forger.change(kind);
      ASSERT_TRUE(forger.found(one)) << kind << ", seed " << seed << ", change " << i;
    }
  }
}

TEST(Tampering, AForgedProofIsRefusedAndATrueOneIsNot) {
  Forger forger(4);
  for (int i = 0; i < 600; ++i) {
    std::string kind;
    ASSERT_TRUE(forger.forged_proof_refused(kind)) << kind << ", " << i;
    const auto findings = check_proof(forger.proof_file(i % 200), forger.key());
    ASSERT_EQ(findings.count(), 0) << findings.first().front().what;
  }
}

}  // namespace
}  // namespace tieout::prove
