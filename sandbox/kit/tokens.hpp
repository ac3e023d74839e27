// OAuth bookkeeping of a pretended vendor: codes, access tokens that expire, refresh tokens that may rotate, and fixed
// tokens as private apps have them. Knows no wire format: each sandbox words the answers as its vendor does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/time.hpp"

namespace tieout::sandbox {

struct TokenPolicy {
  Milliseconds access_life{30 * 60'000};
  Milliseconds refresh_life{0};    ///< 0: never ends; otherwise counted from the last use
  bool rotate = false;             ///< each refresh gives a new refresh token …
  Milliseconds rotation_grace{0};  ///< … and the old one still works for this long
};

struct IssuedTokens {
  std::string access_token;
  std::string refresh_token;
  Milliseconds expires_in{0};
  Milliseconds refresh_expires_in{0};  ///< 0: never
};

enum class TokenState : std::uint8_t { valid, expired, unknown };

class TokenBook {
 public:
  explicit TokenBook(TokenPolicy policy, std::string prefix) : policy_(policy), prefix_(std::move(prefix)) {}

  /// A code for the redirect after consent; good once, for ten minutes.
  std::string new_code(Instant now);
  /// Empty when the code is unknown, used or too old.
  std::optional<IssuedTokens> redeem_code(std::string_view code, Instant now);
  /// A first pair without the consent dance, as the seed of a sandbox hands out.
  IssuedTokens issue(Instant now);
  /// Registers tokens under fixed texts, so that a demo or test can know them beforehand.
  void add_fixed(const std::string& access_token, const std::string& refresh_token, Instant now);
  /// A token that never expires (private app, developer token).
  void add_static(const std::string& access_token);

  /// Empty when the refresh token is unknown, replaced, revoked or too old.
  std::optional<IssuedTokens> refresh(std::string_view refresh_token, Instant now);
  TokenState check(std::string_view access_token, Instant now) const;
  void expire(std::string_view access_token, Instant now);  ///< static ones too
  void expire_all(Instant now);
  /// Revokes either kind; false when unknown.
  bool revoke(std::string_view token);
  bool knows_refresh(std::string_view refresh_token, Instant now) const;
  std::size_t refreshes() const { return refreshes_; }

 private:
  struct Refresh {
    Instant good_until;  ///< Instant::max(): for ever
  };
  std::string make(const char* kind);
  std::string new_refresh(Instant now);
  IssuedTokens issue_with(std::string refresh_token, Instant now);

  TokenPolicy policy_;
  std::string prefix_;
  std::uint64_t serial_ = 0;
  std::size_t refreshes_ = 0;
  std::unordered_map<std::string, Instant> access_;  ///< token → end
  std::unordered_map<std::string, Refresh> refresh_;
  std::unordered_map<std::string, Instant> codes_;
};

}  // namespace tieout::sandbox
