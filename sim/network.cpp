#include "sim/network.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "sandbox/kit/server.hpp"
#include "sim/kit/memory.hpp"
#include "sim/tampering.hpp"

namespace tieout::sim {
namespace {

using ports::HttpRequest;
using ports::HttpResponse;

constexpr Milliseconds kLateAfter{90'000};
constexpr Milliseconds kLongestStale{20'000};
constexpr std::size_t kMostRemembered = 64;

/// "http://crm.north.sim/crm/v3?x" → "/crm/v3?x".
std::string_view target_of(std::string_view url) {
  const std::size_t host = url.find("://");
  if (host == std::string_view::npos) return {};
  const std::size_t slash = url.find('/', host + 3);
  return slash == std::string_view::npos ? std::string_view("/") : url.substr(slash);
}

std::string_view path_of(std::string_view target) { return target.substr(0, target.find('?')); }

Milliseconds drawn_ms(Rng& rng, std::int64_t from, std::int64_t to) { return Milliseconds{rng.between(from, to)}; }

/// Kinds that withhold, replace or refuse the answer: at most one befalls a call. In the order in which they are drawn.
constexpr Kind kOfEveryCall[] = {Kind::request_lost,
                                 Kind::answer_lost,
                                 Kind::status_500,
                                 Kind::status_500_after_commit,
                                 Kind::timeout_before,
                                 Kind::timeout_after,
                                 Kind::throttled_plain,
                                 Kind::throttled_retry_after,
                                 Kind::throttled_wrong_retry_after,
                                 Kind::html_answer,
                                 Kind::nonsense_answer,
                                 Kind::cut_answer};
constexpr Kind kOfReading[] = {Kind::stale_read, Kind::field_renamed, Kind::enum_added, Kind::number_as_text};
constexpr Kind kOfListing[] = {Kind::duplicate_page, Kind::missing_page, Kind::cursor_reset,
                               Kind::reordered_page, Kind::late_index,   Kind::short_page};

}  // namespace

SimHttp::SimHttp(const Company& company, WorldClock& clock, Faults& faults, const Rng& rng, Trace& trace, Hooks hooks)
    : company_(company),
      clock_(clock),
      faults_(faults),
      rng_(rng.stream("network")),
      trace_(trace),
      hooks_(std::move(hooks)) {}

ports::Http::Ticket SimHttp::start(HttpRequest request) {
  const SpareMemory theirs;
  Flight flight;
  flight.request = std::move(request);
  flight.arrives = clock_.now() + drawn_ms(rng_, 5, 120);
  if (hooks_.is_off()) {
    flight.outcome = fail("http.connect", "the machine is off");
    flight.carried_out = flight.over = true;
  }
  flights_.emplace(++last_, std::move(flight));
  return last_;
}

Result<HttpResponse> SimHttp::wait(Ticket ticket) {
  const SpareMemory theirs;  // vendors and people do not run out of memory because we do
  const auto found = flights_.find(ticket);
  if (found == flights_.end()) return fail("http.broken", "no such call", {}, Certainty::unknown);
  while (!found->second.carried_out) {
    auto next = flights_.end();
    for (auto it = flights_.begin(); it != flights_.end(); ++it)
      if (!it->second.carried_out && (next == flights_.end() || it->second.arrives < next->second.arrives)) next = it;
    clock_.pass_until(next->second.arrives);
    deliver_late();
    hooks_.on_time();
    carry_out(next->second);
  }
  clock_.pass_until(found->second.done);
  deliver_late();
  Result<HttpResponse> outcome = std::move(found->second.outcome);
  flights_.erase(found);
  return outcome;
}

void SimHttp::restart() {
  // What was on its way when the process died: half of it never left the machine, the rest arrives some time later.
  for (auto& [ticket, flight] : flights_)
    if (!flight.carried_out && rng_.chance(1, 2))
      late_.push_back({clock_.now() + drawn_ms(rng_, 10, 60'000), std::move(flight.request)});
  flights_.clear();
  remembered_.clear();
  forget_plans();
}

void SimHttp::deliver_late() {
  for (std::size_t i = 0; i < late_.size();) {
    if (late_[i].due > clock_.now()) {
      ++i;
      continue;
    }
    const HttpRequest request = std::move(late_[i].request);
    late_.erase(late_.begin() + static_cast<std::ptrdiff_t>(i));
    company_.arrives_late = true;
    const auto answer = at_vendor(request, shape_of(request));
    company_.arrives_late = false;
    trace_.add(
        clock_.now(),
        fmt::format("{} {} {} arrives late → {}", company_.name, request.method, target_of(request.url), answer.status),
        request.body + "\n→ " + answer.body);
  }
}

SimHttp::Shape SimHttp::shape_of(const HttpRequest& request) const {
  Shape out;
  out.crm = request.url.starts_with("http://crm.");
  const std::string_view path = path_of(target_of(request.url));
  out.signs = path.find("/oauth") != std::string_view::npos;
  if (out.signs) return out;
  const bool search = path.ends_with("/search") || path.ends_with("/batch/read");
  if (out.crm) {
    out.writes = request.method != "GET" && !search;
    out.lists = path.ends_with("/search") || (request.method == "GET" && path.starts_with("/crm/v3/objects/") &&
                                              std::count(path.begin(), path.end(), '/') == 4);
  } else {
    out.writes = request.method != "GET";
    out.lists = path.ends_with("/query") || path.ends_with("/cdc");
  }
  return out;
}

net::ServerResponse SimHttp::at_vendor(const HttpRequest& request, const Shape& shape) {
  sandbox::Sandbox& vendor =
      shape.crm ? static_cast<sandbox::Sandbox&>(company_.crm) : static_cast<sandbox::Sandbox&>(company_.books);
  return vendor.handle(
      sandbox::make_request(request.method, std::string(target_of(request.url)), request.body, request.headers),
      clock_.now());
}

/// At most one of the kinds strikes a call; slow answers are drawn besides.
std::optional<Kind> SimHttp::draw(const Shape& shape) {
  if (faults_.healed()) return {};
  if (shape.signs)
    return faults_.drawn(Kind::refresh_answer_lost) ? std::optional(Kind::refresh_answer_lost) : std::nullopt;
  for (const Kind kind : kOfEveryCall)
    if (faults_.drawn(kind)) return kind;
  if (company_.quirks.oauth && faults_.drawn(Kind::unauthorised_mid_run)) return Kind::unauthorised_mid_run;
  if (shape.writes) return faults_.drawn(Kind::late_success) ? std::optional(Kind::late_success) : std::nullopt;
  for (const Kind kind : kOfReading)
    if (faults_.drawn(kind)) return kind;
  if (shape.lists)
    for (const Kind kind : kOfListing)
      if (faults_.drawn(kind)) return kind;
  return {};
}

void SimHttp::silent(Flight& flight, const char* code, Milliseconds after) {
  flight.done = clock_.now() + after;
  flight.outcome = fail(code, "no answer came", {}, Certainty::unknown);
}

void SimHttp::answered(Flight& flight, net::ServerResponse answer) {
  flight.done = std::max(flight.done, clock_.now() + drawn_ms(rng_, 20, 300));
  HttpResponse out;
  out.status = answer.status;
  out.headers = std::move(answer.headers);
  out.body = std::move(answer.body);
  flight.outcome = std::move(out);
}

void SimHttp::carry_out(Flight& flight) {
  flight.carried_out = true;
  const Shape shape = shape_of(flight.request);
  ++calls_;
  if (pause_ && pause_->second-- == 0) {
    faults_.struck(Kind::pause_beyond_lease);
    trace_.add(clock_.now(), fmt::format("== {} stands still for {} s", company_.name, pause_->first.count() / 1000));
    clock_.pass(pause_->first);
    pause_.reset();
    deliver_late();
    hooks_.on_time();
  }
  const bool dies = crash_ && crash_->second-- == 0;
  if (dies && crash_->first != Kind::crash_after_send) {
    const Kind kind = crash_->first;
    flight.carried_out = false;  // may have left the machine: restart() draws
    hooks_.on_crash(kind);
    throw Crash{kind};
  }
  const std::optional<Kind> kind = draw(shape);
  const std::string asked = flight.request.body;
  if (!kind)
    answered(flight, at_vendor(flight.request, shape));
  else
    apply(*kind, flight, shape);
  if (faults_.strikes(Kind::slow_answer)) flight.done += drawn_ms(faults_.rng(Kind::slow_answer), 2'000, 60'000);
  if (!kind && !shape.writes && !shape.signs && flight.outcome && remembered_.size() < kMostRemembered)
    remembered_[flight.request.url + asked] = {clock_.now(),
                                               {flight.outcome->status, flight.outcome->headers, flight.outcome->body}};
  trace_.add(clock_.now(),
             fmt::format("{} {} {} {} → {}{}{}", company_.name, shape.crm ? "crm" : "books", flight.request.method,
                         target_of(flight.request.url),
                         flight.outcome ? std::to_string(flight.outcome->status) : flight.outcome.error().code,
                         kind ? " !" : "", kind ? info(*kind).name : ""),
             trace_.keeps()   ? asked + "\n→ " + (flight.outcome ? flight.outcome->body : std::string())
             : flight.outcome ? flight.outcome->body
                              : std::string());
  if (dies) {
    hooks_.on_crash(Kind::crash_after_send);
    throw Crash{Kind::crash_after_send};
  }
}

/// The call is carried out under a hint that the sandbox understands; the rule lives for this request only.
net::ServerResponse SimHttp::hinted(const char* hint, int ms, Flight& flight, const Shape& shape) {
  sandbox::Sandbox& vendor =
      shape.crm ? static_cast<sandbox::Sandbox&>(company_.crm) : static_cast<sandbox::Sandbox&>(company_.books);
  const auto rule = json::parse(fmt::format(R"({{"rules":[{{"kind":"{}","ms":{}}}]}})", hint, ms));
  static_cast<void>(vendor.fault_rules().set(*rule).has_value());
  auto answer = at_vendor(flight.request, shape);
  vendor.fault_rules().clear();
  return answer;
}

void SimHttp::apply(Kind kind, Flight& flight, const Shape& shape) {
  Rng& rng = faults_.rng(kind);
  const auto status = [&](int code, std::vector<std::pair<std::string, std::string>> headers = {}) {
    auto answer = hinted(code == 429 ? "status_429" : "status_500", 0, flight, shape);  // in the vendor's own words
    for (auto& header : headers) answer.headers.push_back(std::move(header));
    return answer;
  };
  switch (kind) {
    case Kind::request_lost:
      faults_.struck(kind);
      if (rng.chance(1, 2)) return silent(flight, "http.broken", drawn_ms(rng, 10, 3'000));
      flight.outcome = fail("http.connect", "connection refused");
      flight.done = clock_.now();
      return;
    case Kind::refresh_answer_lost:
    case Kind::answer_lost:
      faults_.struck(kind);
      at_vendor(flight.request, shape);
      return silent(flight, "http.broken", drawn_ms(rng, 10, 3'000));
    case Kind::timeout_after:
      at_vendor(flight.request, shape);
      [[fallthrough]];
    case Kind::timeout_before:
      faults_.struck(kind);
      return silent(flight, "http.timeout", flight.request.timeout);
    case Kind::cut_answer:
      faults_.struck(kind);
      at_vendor(flight.request, shape);
      return silent(flight, "http.broken", drawn_ms(rng, 100, 5'000));
    case Kind::late_success:
      faults_.struck(kind);
      late_.push_back({clock_.now() + kLateAfter, flight.request});
      return silent(flight, "http.broken", drawn_ms(rng, 10, 1'000));
    case Kind::status_500_after_commit:
      at_vendor(flight.request, shape);
      [[fallthrough]];
    case Kind::status_500:
      faults_.struck(kind);
      return answered(flight, status(500));
    case Kind::throttled_plain:
      faults_.struck(kind);
      return answered(flight, status(429));
    case Kind::throttled_retry_after:
      faults_.struck(kind);
      return answered(flight, status(429, {{"Retry-After", std::to_string(rng.between(1, 20))}}));
    case Kind::throttled_wrong_retry_after: {
      constexpr const char* kWrong[] = {"-5", "0", "soon", "Sun, 06 Nov 1994 08:49:37 GMT", "99999999", "1e3", ""};
      faults_.struck(kind);
      return answered(flight, status(429, {{"Retry-After", rng.pick(kWrong)}}));
    }
    default:
      return apply_to_answer(kind, flight, shape);
  }
}

/// The kinds that let an answer come: another one, an older one, or a good one in a bad form.
void SimHttp::apply_to_answer(Kind kind, Flight& flight, const Shape& shape) {
  Rng& rng = faults_.rng(kind);
  const auto changed = [&](auto&& tamper) {
    auto answer = at_vendor(flight.request, shape);
    if (answer.status == 200 && tamper(answer.body)) faults_.struck(kind);
    answered(flight, std::move(answer));
  };
  switch (kind) {
    case Kind::unauthorised_mid_run:
      faults_.struck(kind);
      return answered(flight, hinted("expire_token", 0, flight, shape));
    case Kind::duplicate_page:
      faults_.struck(kind);
      return answered(flight, hinted("duplicate_page", 0, flight, shape));
    case Kind::missing_page:
      if (!shape.crm && path_of(target_of(flight.request.url)).ends_with("/cdc"))  // a change list has no pages
        return answered(flight, at_vendor(flight.request, shape));
      faults_.struck(kind);
      return answered(flight, hinted("missing_page", 0, flight, shape));
    case Kind::late_index:
      faults_.struck(kind);
      return answered(flight, hinted("stale_index", static_cast<int>(rng.between(1'000, 20'000)), flight, shape));
    case Kind::cursor_reset:
      if (drop_cursor(flight.request)) faults_.struck(kind);
      return answered(flight, at_vendor(flight.request, shape));
    case Kind::short_page:
      if (ask_for_less(flight.request, rng)) faults_.struck(kind);
      return answered(flight, at_vendor(flight.request, shape));
    case Kind::stale_read: {
      const auto found = remembered_.find(flight.request.url + flight.request.body);
      if (found == remembered_.end() || clock_.now() - found->second.at > kLongestStale)
        return answered(flight, at_vendor(flight.request, shape));
      faults_.struck(kind);
      return answered(flight, found->second.answer);
    }
    case Kind::html_answer: {
      const auto answer = at_vendor(flight.request, shape);
      faults_.struck(kind);
      constexpr int kStatuses[] = {200, 502, 503, 504};
      return answered(flight, {rng.pick(kStatuses),
                               {{"Content-Type", "text/html"}},
                               "<!DOCTYPE html><html><body><h1>Sorry</h1></body></html>"});
    }
    case Kind::nonsense_answer: {
      auto answer = at_vendor(flight.request, shape);
      faults_.struck(kind);
      answer.status = 200;
      answer.body = nonsense(rng);
      return answered(flight, std::move(answer));
    }
    case Kind::field_renamed:
      return changed([&](std::string& body) { return rename_a_field(body, rng); });
    case Kind::enum_added:
      return changed([&](std::string& body) { return add_an_enum(body, rng); });
    case Kind::number_as_text:
      return changed([&](std::string& body) { return numbers_as_text(body); });
    case Kind::reordered_page:
      return changed([&](std::string& body) { return reorder_page(body); });
    default:
      return answered(flight, at_vendor(flight.request, shape));
  }
}

}  // namespace tieout::sim
