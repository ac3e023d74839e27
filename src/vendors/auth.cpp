#include "vendors/auth.hpp"

#include <fmt/core.h>

#include "base/hash.hpp"
#include "base/json.hpp"
#include "vendors/session.hpp"

namespace tieout::vendors {
namespace {

constexpr int kRefreshTries = 3;
constexpr std::int64_t kShortestLifeSeconds = 1;

std::string token_address(const ConnectionSettings& settings, const Manifest& manifest) {
  if (const auto given = settings.extra.find("token_url"); given != settings.extra.end()) return given->second;
  return settings.base_url.empty() ? manifest.sign_in.token_url : settings.base_url + manifest.sign_in.token_path;
}

}  // namespace

Auth::Auth(const ConnectionSettings& settings, const Manifest& manifest, World world)
    : connection_(settings.name),
      vendor_(manifest.name),
      title_(manifest.title),
      client_id_(settings.client_id),
      client_secret_(settings.client_secret),
      static_token_(settings.access_token),
      token_url_(token_address(settings, manifest)),
      secret_in_body_(manifest.sign_in.secret_in_body),
      refresh_before_(std::chrono::seconds{manifest.sign_in.refresh_before_seconds}),
      world_(world) {}

Result<std::string> Auth::token() {
  if (!static_token_.empty()) return static_token_;
  const std::lock_guard guard(mutex_);
  if (!tokens_) {
    TRY(stored, world_.tokens.load(connection_));
    if (stored.access_token.empty() && stored.refresh_token.empty())
      return fail(code("missing"),
                  fmt::format("no sign-in to {} is stored for '{}'; run tieout connect", title_, connection_));
    tokens_ = std::move(stored);
  }
  if (!tokens_->access_token.empty() && world_.clock.now() + refresh_before_ < tokens_->expires_at)
    return tokens_->access_token;
  return refresh();
}

Result<std::string> Auth::renew(const std::string& refused) {
  if (!static_token_.empty())
    return fail(code("refused"),
                fmt::format("{} does not accept the token of '{}'; give it a valid one", title_, connection_));
  const std::lock_guard guard(mutex_);
  if (tokens_ && tokens_->access_token != refused && !tokens_->access_token.empty()) return tokens_->access_token;
  if (auto stored = world_.tokens.load(connection_);
      stored && stored->access_token != refused && !stored->access_token.empty()) {
    tokens_ = std::move(*stored);
    return tokens_->access_token;
  }
  return refresh();
}

Result<std::string> Auth::refresh() {
  if (tokens_->refresh_token.empty())
    return fail(code("refused"),
                fmt::format("the sign-in to {} has ended and cannot be renewed; run tieout connect", title_));
  auto fresh = ask_for_tokens(*tokens_);
  if (!fresh && fresh.error().code == code("revoked")) {
    // Another process may have refreshed a moment ago: then our refresh token is dead and the stored one is alive.
    auto stored = world_.tokens.load(connection_);
    if (stored && stored->refresh_token != tokens_->refresh_token) {
      tokens_ = std::move(*stored);
      if (world_.clock.now() + refresh_before_ < tokens_->expires_at) return tokens_->access_token;
      fresh = ask_for_tokens(*tokens_);
    }
  }
  if (!fresh) return fail(fresh.error());
  TRY_VOID(world_.tokens.save(connection_, *fresh));
  tokens_ = std::move(*fresh);
  return tokens_->access_token;
}

Result<ports::Tokens> Auth::ask_for_tokens(const ports::Tokens& old) {
  std::string last;
  for (int attempt = 0; attempt < kRefreshTries; ++attempt) {
    if (attempt > 0)
      world_.clock.sleep(Milliseconds{500 * attempt + static_cast<std::int64_t>(world_.random.next() % 500)});
    ++calls_;
    auto answer = world_.http.send(refresh_request(old));
    if (!answer) {
      last = answer.error().what;
      continue;
    }
    if (answer->status >= 400 && answer->status < 500 && answer->status != 429 && answer->status != 408)
      return fail(code("revoked"), fmt::format("{} no longer accepts the sign-in of '{}' ({}: {}); run tieout connect",
                                               title_, connection_, answer->status, answer->body.substr(0, 200)));
    if (answer->status == 200) {
      auto tokens = read_answer(*answer, old);
      if (tokens) return tokens;
      last = tokens.error().what;
      continue;
    }
    last = fmt::format("status {}", answer->status);
  }
  return fail(code("unreachable"),
              fmt::format("the sign-in of '{}' to {} could not be renewed: {}; it is tried again later", connection_,
                          title_, last));
}

Result<ports::Tokens> Auth::read_answer(const ports::HttpResponse& answer, const ports::Tokens& old) {
  TRY(body, json::parse(answer.body));
  ports::Tokens fresh;
  fresh.access_token = body["access_token"].text();
  fresh.refresh_token = body["refresh_token"].is_string() ? body["refresh_token"].text() : old.refresh_token;
  const std::int64_t seconds = body["expires_in"].as_int(0);
  if (!body["access_token"].is_string() || fresh.access_token.empty() || seconds < kShortestLifeSeconds)
    return fail(code("garbled"), "the answer holds no token");
  fresh.expires_at = world_.clock.now() + std::chrono::seconds{seconds};
  return fresh;
}

ports::HttpRequest Auth::refresh_request(const ports::Tokens& old) const {
  ports::HttpRequest request;
  request.method = "POST";
  request.url = token_url_;
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}};
  request.body = "grant_type=refresh_token&refresh_token=" + url_encoded(old.refresh_token);
  if (secret_in_body_)
    request.body += "&client_id=" + url_encoded(client_id_) + "&client_secret=" + url_encoded(client_secret_);
  else
    request.headers.emplace_back("Authorization", "Basic " + base64(client_id_ + ":" + client_secret_));
  return request;
}

}  // namespace tieout::vendors
