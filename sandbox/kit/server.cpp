#include "sandbox/kit/server.hpp"

#include <fmt/core.h>

#include <cctype>
#include <ctime>

namespace tieout::sandbox {
namespace {

Instant machine_now() { return std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now()); }

net::ServerResponse error_body(int status, const Fault& fault) {
  json::Value body = json::Value::object();
  body.set("code", json::Value::string(fault.code));
  body.set("what", json::Value::string(fault.what));
  return json_answer(status, body);
}

net::ServerResponse proxy_page(int status) {
  net::ServerResponse out;
  out.status = status;
  out.headers.emplace_back("Content-Type", "text/html; charset=utf-8");
  out.body = fmt::format(
      "<!DOCTYPE html><html><head><title>{0}</title></head><body><h1>{0}</h1><p>The server is temporarily unable to "
      "service your request.</p></body></html>\n",
      status);
  return out;
}

/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110).
std::string http_date(Instant instant) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(instant.time_since_epoch()).count();
  const std::time_t time = static_cast<std::time_t>(seconds);
  std::tm parts{};
  gmtime_r(&time, &parts);
  char text[40];
  std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);  // the C locale: English names
  return text;
}

bool is_person(const net::ServerRequest& request) {
  const std::string_view header = request.header("authorization");
  return header.size() > 7 && header.substr(7) == kPersonToken;
}

net::ServerResponse silence(std::int64_t ms) {
  net::ServerResponse out;
  out.drop = true;
  out.delay = Milliseconds{ms};
  return out;
}

}  // namespace

net::ServerResponse json_answer(int status, std::string body) {
  net::ServerResponse out;
  out.status = status;
  if (status != 204) out.headers.emplace_back("Content-Type", "application/json;charset=utf-8");
  out.body = std::move(body);
  return out;
}

net::ServerResponse Sandbox::handle(const net::ServerRequest& request) { return handle(request, machine_now()); }

net::ServerResponse Sandbox::handle(const net::ServerRequest& request, Instant world_now) {
  const std::lock_guard hold(mutex_);
  world_now_ = world_now;
  now_ = frozen_ ? *frozen_ : world_now + offset_;
  const bool controls = request.path.starts_with("/_sandbox/");
  from_person_ = !controls && is_person(request);
  write_log_.begin(controls || from_person_, now_);
  if (controls) return control_answer(request);
  if (from_person_) draw_ = {};
  net::ServerResponse out = from_person_ ? answer(request) : answer_with_faults(request);
  out.headers.emplace_back("Date", http_date(now_));  // clients take the vendor's time from it
  return out;
}

net::ServerResponse Sandbox::answer_with_faults(const net::ServerRequest& request) {
  ++requests_;
  ++calls_[endpoint_of(request)];
  draw_ = faults_.draw(request.method, request.path);
  const auto main = draw_.main;
  net::ServerResponse out;
  if (main == FaultKind::lose_request) {
    out.drop = true;
  } else if (main == FaultKind::timeout_before) {
    out = silence(draw_.ms);
  } else if (main == FaultKind::status_500 || main == FaultKind::status_429) {
    out = error_answer(draw_.status);
  } else {
    out = answer(request);
    if (main == FaultKind::lose_answer_after_commit) out = silence(0);
    if (main == FaultKind::timeout_after) out = silence(draw_.ms);
    if (main == FaultKind::status_500_after_commit) out = error_answer(draw_.status);
    if (main == FaultKind::html_instead_of_json) out = proxy_page(draw_.status);
    if (main == FaultKind::truncate_body) out.truncate_at = static_cast<std::int64_t>(out.body.size() / 2);
  }
  out.delay += draw_.latency;
  return out;
}

net::ServerResponse Sandbox::error_answer(int status) const {
  json::Value body = json::Value::object();
  body.set("message", json::Value::string(fmt::format("injected status {}", status)));
  return json_answer(status, body);
}

std::string Sandbox::endpoint_of(const net::ServerRequest& request) const {
  std::string out = request.method + " ";
  const std::string& path = request.path;
  for (std::size_t i = 0; i < path.size();) {
    std::size_t end = path.find('/', i + 1);
    if (end == std::string::npos) end = path.size();
    const std::string_view part = std::string_view(path).substr(i, end - i);
    const bool digits = part.size() > 1 && part.find_first_not_of("0123456789", 1) == std::string_view::npos;
    out += digits ? "/{id}" : part;
    i = end;
  }
  return out;
}

net::ServerResponse Sandbox::control_answer(const net::ServerRequest& request) {
  const std::string_view what = std::string_view(request.path).substr(std::string_view("/_sandbox/").size());
  if (what == "faults") return faults_endpoint(request);
  if (what == "clock") return clock_endpoint(request);
  if (what == "state") return state_endpoint(request);
  if (auto answered = control(request)) return std::move(*answered);
  return error_body(404,
                    Fault{"sandbox.control.unknown",
                          fmt::format("there is no control endpoint {}; try faults, state or clock", request.path)});
}

net::ServerResponse Sandbox::faults_endpoint(const net::ServerRequest& request) {
  if (request.method == "DELETE") {
    faults_.clear();
  } else if (request.method == "POST" || request.method == "PUT") {
    auto document = json::parse(request.body);
    if (!document) return error_body(400, document.error());
    if (auto set = faults_.set(*document); !set) return error_body(400, set.error());
  }
  return json_answer(200, faults_.list());
}

net::ServerResponse Sandbox::clock_endpoint(const net::ServerRequest& request) {
  if (request.method == "POST" || request.method == "PUT") {
    auto document = json::parse(request.body);
    if (!document) return error_body(400, document.error());
    if (const json::Value* to = document->find("now")) {
      auto instant = parse_instant(to->text());
      if (!instant) return error_body(400, instant.error());
      now_ = *instant;
    }
    now_ += Milliseconds{(*document)["advance_ms"].as_int(0)};
    const bool freeze = (*document)["frozen"].as_bool(frozen_.has_value());
    offset_ = now_ - world_now_;
    frozen_ = freeze ? std::optional(now_) : std::nullopt;
  }
  json::Value out = json::Value::object();
  out.set("now", json::Value::string(to_text(now_)));
  out.set("frozen", json::Value::boolean(frozen_.has_value()));
  return json_answer(200, out);
}

net::ServerResponse Sandbox::state_endpoint(const net::ServerRequest& request) {
  if (request.method == "DELETE") {
    requests_ = 0;
    writes_ = 0;
    calls_.clear();
  }
  json::Value out = json::Value::object();
  out.set("now", json::Value::string(to_text(now_)));
  out.set("requests", json::Value::number(requests_));
  out.set("writes", json::Value::number(writes_));
  json::Value calls = json::Value::object();
  for (const auto& [name, count] : calls_) calls.members().emplace_back(name, json::Value::number(count));
  out.set("calls", std::move(calls));
  const json::Value more = state();
  for (const auto& [name, value] : more.members()) out.set(name, value);
  return json_answer(200, out);
}

}  // namespace tieout::sandbox
