#include "act/intent.hpp"

#include <fmt/core.h>

#include "base/hash.hpp"

namespace tieout::act {
namespace {

constexpr std::size_t kDigits = 28;

/// The parts are joined with their lengths, so that no two different subjects read the same.
std::string digest_of(const Subject& subject, std::string_view more) {
  std::string all;
  for (const std::string_view part : {subject.entity, subject.account, subject.flow, to_text(subject.source_side),
                                      subject.source_type, subject.source_id, more})
    all += fmt::format("{}:{};", part.size(), part);
  all += std::to_string(subject.revision);
  return hex(sha256(all)).substr(0, kDigits);
}

}  // namespace

std::string create_key(const Subject& subject) { return "c" + digest_of(subject, ""); }

std::string update_key(const Subject& subject, std::string_view target_id, std::string_view target_version,
                       const ports::ContentDigest& wanted) {
  std::string more = fmt::format("{}:{};{}:{};", target_id.size(), target_id, target_version.size(), target_version);
  more.append(reinterpret_cast<const char*>(wanted.data()), wanted.size());
  return "u" + digest_of(subject, more);
}

std::string with_attempt(const std::string& key, int attempt) { return fmt::format("{}-{}", key, attempt); }

std::string reference(const Subject& subject) {
  return fmt::format("{}/{}/{}", subject.source_type, subject.source_id, subject.revision);
}

}  // namespace tieout::act
