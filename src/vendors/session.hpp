// One vendor account as seen by a dialect: signed-in calls with the vendor's rules about waiting and trying again.
// The rule that matters: a call that may have been applied is never sent a second time from here. Reads are tried again
// after anything; writes only after an answer (or the lack of a connection) that proves that nothing was applied.
// Which answers prove that is the manifest's error table; how to find a vendor's code in its answer is the dialect's.
#pragma once

#include <atomic>
#include <functional>
#include <optional>

#include "vendors/auth.hpp"
#include "vendors/connect.hpp"
#include "vendors/manifest.hpp"

namespace tieout::vendors {

enum class CallKind : std::uint8_t { read, write };

struct Call {
  CallKind kind = CallKind::read;
  std::string method = "GET";
  std::string path;  ///< with its query, below the base address
  std::string body;
  std::string content_type = "application/json";
  std::string about;  ///< for messages: "read deals", "create 30 invoices"
};

/// What a vendor's error answer says, in the vendor's words.
struct VendorError {
  std::string code;
  std::string message;
  bool understood = false;  ///< the body was the vendor's own error form
};

class Session {
 public:
  using ReadError = VendorError (*)(const ports::HttpResponse&);
  /// True when a 2xx body is whole and in the vendor's form; otherwise it counts as garbage.
  using LooksWhole = bool (*)(const ports::HttpResponse&);
  /// True when a 2xx body is an error all the same; may be null.
  using HidesFault = bool (*)(const ports::HttpResponse&);

  struct Pending {
    Call call;
    ports::Http::Ticket ticket = 0;
    std::optional<Fault> failed;  ///< could not even be started
    std::string token;
  };

  Session(const ConnectionSettings& settings, Manifest manifest, World world, ReadError read_error,
          LooksWhole looks_whole, HidesFault hides_fault = nullptr);

  /// Starts a call; finish() must follow exactly once.
  Pending start(Call call);
  /// Waits, renews the token once on 401, waits and tries again where that is safe. Success is a whole 2xx answer.
  /// Fails with a code of the manifest's error table, or <vendor>.silence (unknown for writes),
  /// <vendor>.answer.garbled, <vendor>.unreachable (not_applied).
  Result<ports::HttpResponse> finish(Pending pending);
  Result<ports::HttpResponse> call(Call request) { return finish(start(std::move(request))); }
  /// Gives up a call that was started ahead and is not wanted any more.
  void abandon(Pending pending);

  /// The fault for an error of one item inside a good answer, and whether it may be sent again.
  struct Judged {
    Fault fault;
    bool retry = false;
    Milliseconds wait{0};
  };
  Judged judge(CallKind kind, int status, const VendorError& error, const std::string& about) const;

  const Manifest& manifest() const { return manifest_; }
  const ConnectionSettings& settings() const { return settings_; }
  World& world() { return world_; }
  std::int64_t calls() const { return calls_; }
  int setting(const std::string& name, int otherwise) const;
  Instant now() const { return world_.clock.now(); }
  void pause(Milliseconds at_least, int attempt);
  std::string code(std::string_view rest) const { return manifest_.name + "." + std::string(rest); }

 private:
  ports::HttpRequest request(const Call& call, const std::string& token) const;
  void send(Pending& pending);
  struct Next {
    bool again = false;
    bool renew = false;
    Milliseconds wait{0};
    Fault fault;
  };
  Next after_failure(const Call& call, const Fault& fault) const;
  Next after_answer(const Call& call, const ports::HttpResponse& answer) const;
  Milliseconds backoff(Milliseconds at_least, int attempt);

  ConnectionSettings settings_;
  Manifest manifest_;
  World world_;
  ReadError read_error_;
  LooksWhole looks_whole_;
  HidesFault hides_fault_;
  Auth auth_;
  std::string base_url_;
  std::int64_t calls_ = 0;
};

/// RFC 7231 date of the answer ("Sun, 06 Nov 1994 08:49:37 GMT"): the vendor's clock. Empty when absent or unreadable.
std::optional<Instant> date_of(const ports::HttpResponse& answer);
/// Percent-encodes everything but unreserved characters.
std::string url_encoded(std::string_view text);

}  // namespace tieout::vendors
