// Keeps an access token valid. One refresher at a time: parallel refreshes break the chain of refresh tokens. A new
// refresh token is stored durably before its access token is used, because the old one may already be dead and a crash
// in between would lock us out. Another process that refreshed first is noticed by reading the store again.
#pragma once

#include <mutex>
#include <optional>

#include "vendors/connect.hpp"
#include "vendors/manifest.hpp"

namespace tieout::vendors {

class Auth {
 public:
  Auth(const ConnectionSettings& settings, const Manifest& manifest, World world);

  /// A token that is good for now; refreshes shortly before it ends.
  /// Fails   <vendor>.auth.missing      nothing is stored: connect first
  ///         <vendor>.auth.revoked      the refresh was refused: connect again
  ///         <vendor>.auth.unreachable  the token address did not answer
  Result<std::string> token();
  /// After the vendor refused `refused`: another token, or a fault as above, or <vendor>.auth.refused for a static one.
  Result<std::string> renew(const std::string& refused);
  std::int64_t calls() const { return calls_; }

 private:
  Result<std::string> refresh();  // the caller holds the mutex
  Result<ports::Tokens> ask_for_tokens(const ports::Tokens& old);
  Result<ports::Tokens> read_answer(const ports::HttpResponse& answer, const ports::Tokens& old);
  ports::HttpRequest refresh_request(const ports::Tokens& old) const;
  std::string code(std::string_view rest) const { return vendor_ + ".auth." + std::string(rest); }

  std::mutex mutex_;
  std::string connection_, vendor_, title_, client_id_, client_secret_, static_token_, token_url_;
  bool secret_in_body_ = false;
  Milliseconds refresh_before_{0};
  World world_;
  std::optional<ports::Tokens> tokens_;
  std::int64_t calls_ = 0;
};

}  // namespace tieout::vendors
