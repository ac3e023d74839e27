#include "vendors/session.hpp"

#include <fmt/core.h>

#include <charconv>

namespace tieout::vendors {
namespace {

constexpr std::size_t kMostVendorText = 400;

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

std::string quoted(const std::string& message) {
  if (message.empty()) return {};
  return fmt::format(" ({})", message.substr(0, kMostVendorText));
}

}  // namespace

Session::Session(const ConnectionSettings& settings, Manifest manifest, World world, ReadError read_error,
                 LooksWhole looks_whole, HidesFault hides_fault)
    : settings_(settings),
      manifest_(std::move(manifest)),
      world_(world),
      read_error_(read_error),
      looks_whole_(looks_whole),
      hides_fault_(hides_fault),
      auth_(settings_, manifest_, world),
      base_url_(settings.base_url.empty() ? manifest_.base_url : settings.base_url) {}

int Session::setting(const std::string& name, int otherwise) const {
  const auto found = settings_.extra.find(name);
  if (found == settings_.extra.end()) return otherwise;
  const auto number = whole_number(found->second);
  return number ? static_cast<int>(*number) : otherwise;
}

ports::HttpRequest Session::request(const Call& call, const std::string& token) const {
  ports::HttpRequest out;
  out.method = call.method;
  out.url = base_url_ + call.path;
  out.headers = {{"Authorization", "Bearer " + token}, {"Accept", "application/json"}};
  if (!call.body.empty() || call.method == "POST" || call.method == "PATCH" || call.method == "PUT")
    out.headers.emplace_back("Content-Type", call.content_type);
  out.body = call.body;
  return out;
}

Session::Pending Session::start(Call call) {
  Pending pending;
  pending.call = std::move(call);
  send(pending);
  return pending;
}

void Session::send(Pending& pending) {
  pending.failed.reset();
  auto token = auth_.token();
  if (!token) {
    pending.failed = token.error();
    return;
  }
  pending.token = *token;
  ++calls_;
  pending.ticket = world_.http.start(request(pending.call, pending.token));
}

void Session::abandon(Pending pending) {
  // Each ticket must be waited for; what came is not wanted.
  if (!pending.failed) static_cast<void>(world_.http.wait(pending.ticket).has_value());
}

Result<ports::HttpResponse> Session::finish(Pending pending) {
  const int attempts = std::max(1, setting("retry_attempts", manifest_.retries.attempts));
  Milliseconds budget{setting("retry_budget_ms", static_cast<int>(manifest_.retries.budget.count()))};
  bool renewed = false;
  for (int attempt = 1;; ++attempt) {
    if (pending.failed) return fail(*pending.failed);
    auto answer = world_.http.wait(pending.ticket);
    Next next;
    if (!answer) {
      next = after_failure(pending.call, answer.error());
    } else {
      next = after_answer(pending.call, *answer);
      if (!next.again && !next.renew && next.fault.code.empty()) return std::move(*answer);
    }
    if (next.renew && !renewed) {
      renewed = true;
      auto token = auth_.renew(pending.token);
      if (!token) return fail(token.error());
      send(pending);
      continue;
    }
    if (!next.again || attempt >= attempts) return fail(std::move(next.fault));
    const Milliseconds wait = backoff(next.wait, attempt);
    if (wait > budget) return fail(std::move(next.fault));
    budget -= wait;
    world_.clock.sleep(wait);
    send(pending);
  }
}

Session::Next Session::after_failure(const Call& call, const Fault& fault) const {
  Next next;
  const bool never_sent = fault.certainty == Certainty::not_applied;
  next.again = (never_sent && fault.code != "http.url") || call.kind == CallKind::read;
  if (fault.code == "http.url") next.again = false;
  const bool uncertain = call.kind == CallKind::write && !never_sent;
  next.fault = Fault{
      code(uncertain ? "silence" : "unreachable"),
      uncertain ? fmt::format("{}: {} gave no answer ({}); whether it was applied is looked up before anything else",
                              call.about, manifest_.title, fault.what)
                : fmt::format("{}: {} cannot be reached ({}); it is tried again later", call.about, manifest_.title,
                              fault.what),
      "", uncertain ? Certainty::unknown : Certainty::not_applied};
  return next;
}

Session::Next Session::after_answer(const Call& call, const ports::HttpResponse& answer) const {
  Next next;
  if (answer.status >= 200 && answer.status < 300) {
    if (looks_whole_(answer)) {
      if (!hides_fault_ || !hides_fault_(answer)) return next;
      auto judged = judge(call.kind, 400, read_error_(answer), call.about);
      next.fault = std::move(judged.fault);
      next.again = judged.retry;
      next.wait = judged.wait;
      return next;
    }
    next.again = call.kind == CallKind::read;
    next.fault = Fault{code(next.again ? "answer.garbled" : "silence"),
                       fmt::format("{}: {} answered {} with something that is not its own form", call.about,
                                   manifest_.title, answer.status),
                       "", next.again ? Certainty::not_applied : Certainty::unknown};
    return next;
  }
  const VendorError error = read_error_(answer);
  auto judged = judge(call.kind, answer.status, error, call.about);
  next.fault = std::move(judged.fault);
  next.again = judged.retry;
  next.wait = judged.wait;
  next.renew = answer.status == 401;
  if (const auto seconds = whole_number(answer.header("Retry-After")); seconds && *seconds >= 0 && next.again)
    next.wait = std::chrono::seconds{*seconds};
  if (const int forced = setting("throttle_wait_ms", -1); answer.status == 429 && forced >= 0)
    next.wait = Milliseconds{forced};
  return next;
}

Session::Judged Session::judge(CallKind kind, int status, const VendorError& error, const std::string& about) const {
  Judged out;
  if (const ErrorClass* known = manifest_.classify(status, error.code, error.message)) {
    const bool uncertain = kind == CallKind::write && known->certainty == Certainty::unknown;
    out.fault = Fault{known->code, fmt::format("{}: {}{}", about, known->what, quoted(error.message)), "",
                      uncertain ? Certainty::unknown : Certainty::not_applied};
    out.retry = known->retry || (kind == CallKind::read && known->certainty == Certainty::unknown);
    out.wait = known->wait;
    return out;
  }
  if (status >= 500) {
    const bool uncertain = kind == CallKind::write;
    out.fault = Fault{
        code(uncertain ? "silence" : "unreachable"),
        fmt::format("{}: {} answered {}{}; {}", about, manifest_.title, status, quoted(error.message),
                    uncertain ? "whether it was applied is looked up before anything else" : "it is tried again later"),
        "", uncertain ? Certainty::unknown : Certainty::not_applied};
    out.retry = !uncertain;
    return out;
  }
  out.fault = Fault{code("request.refused"),
                    fmt::format("{}: {} answered {}{}", about, manifest_.title, status, quoted(error.message))};
  // A refusal in the vendor's own form proves that nothing was applied; anything else may come from a box in between.
  if (!error.understood && kind == CallKind::write && (status < 400 || status >= 500))
    out.fault.certainty = Certainty::unknown;
  return out;
}

Milliseconds Session::backoff(Milliseconds at_least, int attempt) {
  const std::int64_t doubled = manifest_.retries.first.count() << std::min(attempt - 1, 10);
  const std::int64_t most = std::min<std::int64_t>(doubled, manifest_.retries.longest.count());
  const std::int64_t jitter =
      most > 0 ? static_cast<std::int64_t>(world_.random.next() % static_cast<std::uint64_t>(most)) : 0;
  if (at_least.count() > 0) return at_least + Milliseconds{std::min<std::int64_t>(jitter, at_least.count() / 10)};
  return Milliseconds{most / 2 + jitter / 2};
}

void Session::pause(Milliseconds at_least, int attempt) { world_.clock.sleep(backoff(at_least, attempt)); }

std::optional<Instant> date_of(const ports::HttpResponse& answer) {
  const std::string_view text = answer.header("Date");
  if (text.size() != 29 || text.substr(26) != "GMT") return std::nullopt;
  static constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const auto month = kMonths.find(text.substr(8, 3));
  if (month == std::string_view::npos || month % 3 != 0) return std::nullopt;
  auto at = parse_instant(
      fmt::format("{}-{:02}-{}T{}Z", text.substr(12, 4), month / 3 + 1, text.substr(5, 2), text.substr(17, 8)));
  if (!at) return std::nullopt;
  return *at;
}

std::string url_encoded(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size() + 16);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
        c == '.' || c == '~') {
      out += c;
    } else {
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
  return out;
}

}  // namespace tieout::vendors
