#include "sandbox/kit/tokens.hpp"

#include <fmt/core.h>

#include "base/hash.hpp"

namespace tieout::sandbox {
namespace {
constexpr Milliseconds kCodeLife{10 * 60'000};
}

std::string TokenBook::make(const char* kind) {
  // Looks like a secret, is none: the same sandbox hands out the same tokens in the same order.
  const std::string serial = fmt::format("{}-{}-{}", prefix_, kind, ++serial_);
  return fmt::format("{}-{}-{}", prefix_, kind, hex(sha256(serial)).substr(0, 40));
}

std::string TokenBook::new_code(Instant now) {
  std::string code = make("code");
  codes_[code] = now + kCodeLife;
  return code;
}

std::optional<IssuedTokens> TokenBook::redeem_code(std::string_view code, Instant now) {
  const auto found = codes_.find(std::string(code));
  if (found == codes_.end()) return std::nullopt;
  const bool in_time = now < found->second;
  codes_.erase(found);
  if (!in_time) return std::nullopt;
  return issue(now);
}

std::string TokenBook::new_refresh(Instant now) {
  std::string token = make("refresh");
  refresh_[token] = {policy_.refresh_life.count() == 0 ? Instant::max() : now + policy_.refresh_life};
  return token;
}

IssuedTokens TokenBook::issue_with(std::string refresh_token, Instant now) {
  IssuedTokens out{make("access"), std::move(refresh_token), policy_.access_life, policy_.refresh_life};
  access_[out.access_token] = now + policy_.access_life;
  return out;
}

IssuedTokens TokenBook::issue(Instant now) { return issue_with(new_refresh(now), now); }

void TokenBook::add_fixed(const std::string& access_token, const std::string& refresh_token, Instant now) {
  access_[access_token] = now + policy_.access_life;
  refresh_[refresh_token] = {policy_.refresh_life.count() == 0 ? Instant::max() : now + policy_.refresh_life};
}

void TokenBook::add_static(const std::string& access_token) { access_[access_token] = Instant::max(); }

bool TokenBook::knows_refresh(std::string_view refresh_token, Instant now) const {
  const auto found = refresh_.find(std::string(refresh_token));
  return found != refresh_.end() && now < found->second.good_until;
}

std::optional<IssuedTokens> TokenBook::refresh(std::string_view refresh_token, Instant now) {
  if (!knows_refresh(refresh_token, now)) return std::nullopt;
  ++refreshes_;
  std::string token(refresh_token);
  if (!policy_.rotate) {
    if (policy_.refresh_life.count() != 0) refresh_[token].good_until = now + policy_.refresh_life;
    return issue_with(std::move(token), now);
  }
  Refresh& old = refresh_[token];
  old.good_until = std::min(old.good_until, now + policy_.rotation_grace);
  return issue_with(new_refresh(now), now);
}

TokenState TokenBook::check(std::string_view access_token, Instant now) const {
  const auto found = access_.find(std::string(access_token));
  if (found == access_.end()) return TokenState::unknown;
  return now < found->second ? TokenState::valid : TokenState::expired;
}

void TokenBook::expire(std::string_view access_token, Instant now) {
  if (const auto found = access_.find(std::string(access_token)); found != access_.end()) found->second = now;
}

void TokenBook::expire_all(Instant now) {
  for (auto& [token, end] : access_)
    if (end != Instant::max()) end = std::min(end, now);
}

bool TokenBook::revoke(std::string_view token) {
  const std::string text(token);
  return access_.erase(text) + refresh_.erase(text) > 0;
}

}  // namespace tieout::sandbox
