// Faults on demand: what can go wrong between a client and a vendor, as a document of rules. Every draw comes from the
// document's seed and from how many matching requests came before, so a run that failed can be run again. The kit acts
// on the faults that are the same for every vendor (lost, late, cut or replaced answers); those that need to know what
// a page or a token is are handed to the vendor's sandbox as hints.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace tieout::sandbox {

enum class FaultKind : std::uint8_t {
  lose_request,              ///< the connection closes, the request was never looked at
  lose_answer_after_commit,  ///< the request is carried out, the connection closes without an answer
  status_500,                ///< the vendor's own 500 (or `status`), nothing carried out
  status_500_after_commit,   ///< carried out, then the vendor's 500 (or `status`)
  status_429,                ///< the vendor's own throttling answer, nothing carried out
  timeout_before,        ///< nothing carried out, silence for `ms` (120,000 unless told), then the connection closes
  timeout_after,         ///< carried out, then the same silence
  latency,               ///< carried out, answered `ms` later; combines with any other
  truncate_body,         ///< carried out, half of the announced body is sent, then the connection closes
  html_instead_of_json,  ///< carried out, but a proxy's HTML page comes back with `status` (502 unless told)
  duplicate_page,        ///< hint: a page of a listing repeats records of the page before
  missing_page,          ///< hint: a page of a listing comes back empty though there is more
  stale_index,           ///< hint: searches and change feeds do not see what was written in the last `ms`
  expire_token,          ///< hint: the access token used is expired from this request on
};
inline constexpr std::size_t kFaultKinds = 14;

std::string_view name_of(FaultKind kind);

struct FaultRule {
  FaultKind kind = FaultKind::latency;
  int percent = 100;        ///< of the matching requests
  std::string method;       ///< empty: any
  std::string path_prefix;  ///< of the decoded path; empty: any
  std::int64_t times = -1;  ///< fires at most so often; -1: without end
  std::int64_t after = 0;   ///< leaves that many matching requests alone first
  std::int64_t ms = -1;     ///< -1: the kind's own default
  int status = 0;           ///< 0: the kind's own default
  std::int64_t seen = 0;    ///< matching requests so far
  std::int64_t fired = 0;
};

/// What befalls one request.
struct FaultDraw {
  std::optional<FaultKind> main;  ///< at most one of the kinds that replace or withhold the answer
  std::int64_t ms = 0;            ///< of main
  int status = 0;                 ///< of main
  Milliseconds latency{0};
  bool duplicate_page = false;
  bool missing_page = false;
  bool expire_token = false;
  Milliseconds stale_index{0};  ///< 0: the index is as fresh as the sandbox's own settings make it
};

class Faults {
 public:
  /// {"seed": 42, "rules": [{"kind": "status_500", "percent": 30, "match": {"method": "POST", "path_prefix": "/v3"},
  ///   "times": 5, "after": 0, "ms": 200, "status": 503}]}. Replaces what was set.
  /// Fails   sandbox.faults.malformed, saying which rule and what is allowed; then nothing changes.
  Result<bool> set(const json::Value& document);
  Result<bool> load_file(const std::string& path);  ///< fails also with sandbox.faults.unreadable
  void clear();

  /// The document, with how often each rule matched ("seen") and fired ("fired").
  json::Value list() const;

  /// Counts the request and decides what befalls it.
  FaultDraw draw(std::string_view method, std::string_view path);

 private:
  std::uint64_t seed_ = 0;
  std::vector<FaultRule> rules_;
};

}  // namespace tieout::sandbox
