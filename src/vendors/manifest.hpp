// What is stated about a vendor, as data: the YAML beside each dialect, read once. The connector takes its addresses,
// sizes, waits and error classes from here and has none of its own, so that a changed fact is changed in one place and
// the connection form, the scope check and the estimates all follow.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace tieout::vendors {

struct SignIn {
  std::string authorize_url;
  std::string token_url;
  std::string token_path;       ///< below a base_url that was set by hand (a sandbox)
  bool secret_in_body = false;  ///< otherwise client id and secret go as Basic credentials
  int refresh_before_seconds = 120;
};

struct Scope {
  std::string scope;
  std::string because;
  std::vector<std::string> objects;  ///< needed only when one of these is in scope; empty: always
};

/// A field of our own that must exist in the account before the first write.
struct OwnField {
  std::string name, label, type;
  bool unique = false;
};

struct ObjectFacts {
  std::vector<std::string> operations;         ///< read, create, update, void
  std::map<std::string, int> batch;            ///< by operation; absent: 1
  std::map<std::string, int> lengths;          ///< field -> most characters
  std::map<std::string, std::string> details;  ///< what the dialect needs: modified, path, reference_field …
  std::vector<std::string> properties;         ///< asked for when the connection names none
  std::vector<std::string> unique;             ///< fields that the vendor keeps unique
  std::vector<OwnField> own;
  int batch_of(const std::string& operation) const;
  std::string detail(const std::string& name) const;
};

/// One line of the error table; the first that matches decides. An empty condition matches everything.
struct ErrorClass {
  int status = 0;           ///< 0: any
  std::string vendor_code;  ///< the vendor's code or category
  std::string contains;     ///< part of the vendor's message
  std::string code;         ///< ours
  std::string what;         ///< what to do, for the review queue
  Certainty certainty = Certainty::not_applied;
  bool retry = false;    ///< surely not applied and worth another try as it is
  Milliseconds wait{0};  ///< at least, before that try
};

struct Setting {
  std::string name, title, description, example, pattern, otherwise;
  bool secret = false;
  bool required = false;
};

struct Retries {
  int attempts = 6;         ///< tries of one call, the first included
  Milliseconds first{500};  ///< then doubled, with jitter
  Milliseconds longest{20'000};
  Milliseconds budget{180'000};  ///< most time that one call may spend waiting
};

struct Manifest {
  std::string name, title, kind, tier;
  std::string base_url, sandbox_url;
  SignIn sign_in;
  std::vector<Scope> scopes;
  std::vector<std::pair<std::string, ObjectFacts>> objects;  ///< in the order of a first load
  std::map<std::string, int> limits;                         ///< requests_per_minute, write_calls_per_minute, page …
  Retries retries;
  std::vector<ErrorClass> errors;
  std::vector<std::string> silence;            ///< what leaves a write uncertain
  std::map<std::string, std::string> headers;  ///< rate_remaining, rate_limit, retry_after, correlation
  std::map<std::string, std::string> webhook;  ///< signature, header, tolerance …
  std::map<std::string, std::string> money;
  std::map<std::string, std::string> idempotency;
  int settle_seconds = 120;  ///< an uncertain write not found before that may still arrive
  int overlap_seconds = 60;  ///< how far a delta reaches back before the last one
  std::vector<Setting> settings;

  const ObjectFacts* object(std::string_view object_name) const;
  int limit(const std::string& limit_name, int otherwise) const;
  /// The first class that matches, or nothing.
  const ErrorClass* classify(int status, std::string_view vendor_code, std::string_view message) const;
};

/// Fails with manifest.malformed (line and what is missing or not understood; unknown top-level names are refused).
Result<Manifest> parse_manifest(std::string_view yaml);

/// A manifest that is compiled in. Fails with connection.vendor.unknown.
Result<Manifest> load_manifest(std::string_view vendor);
std::vector<std::string> known_vendors();

}  // namespace tieout::vendors
