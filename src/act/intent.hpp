// The names of writes. An intent's key names one intended write for ever; the vendor gets it as its idempotency key,
// and after an interruption it is how we know what was meant. A create is named by what asked for it, never by its
// content, so that a changed mind can not create a second document; an update is named by what it makes of which
// version. Only a write that the vendor surely refused may be tried again under a new attempt number. Pure.
#pragma once

#include <string>
#include <string_view>

#include "ports/store.hpp"

namespace tieout::act {

/// What a write is about, in the terms of both sides.
struct Subject {
  std::string_view entity;
  std::string_view account;  ///< vendor account that is written to: realm, portal
  std::string_view flow;
  ports::Side source_side = ports::Side::crm;
  std::string_view source_type;
  std::string_view source_id;
  std::int64_t revision = 1;  ///< billing revision; other things have 1
};

/// Key without the attempt number: "c" and 28 hex digits. The same subject gives the same key in every process.
std::string create_key(const Subject& subject);
/// "u" and 28 hex digits: the same target, version and content give the same key.
std::string update_key(const Subject& subject, std::string_view target_id, std::string_view target_version,
                       const ports::ContentDigest& wanted);
/// "…-1", "…-2": at most 36 characters in all, [0-9a-z-].
std::string with_attempt(const std::string& key, int attempt);

/// Our mark inside the vendor's record: "deal/9120/1". Found again by look-ups and by people.
std::string reference(const Subject& subject);

}  // namespace tieout::act
