#include "sandbox/kit/faults.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>

namespace tieout::sandbox {
namespace {

constexpr std::array<std::string_view, kFaultKinds> kNames = {"lose_request",   "lose_answer_after_commit",
                                                              "status_500",     "status_500_after_commit",
                                                              "status_429",     "timeout_before",
                                                              "timeout_after",  "latency",
                                                              "truncate_body",  "html_instead_of_json",
                                                              "duplicate_page", "missing_page",
                                                              "stale_index",    "expire_token"};

std::optional<FaultKind> kind_of(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i)
    if (kNames[i] == name) return static_cast<FaultKind>(i);
  return std::nullopt;
}

/// splitmix64: one good 64-bit value from any other; enough to draw percentages.
std::uint64_t mixed(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15ULL;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
  return value ^ (value >> 31);
}

bool matches(const FaultRule& rule, std::string_view method, std::string_view path) {
  return (rule.method.empty() || rule.method == method) && path.starts_with(rule.path_prefix);
}

constexpr std::int64_t kSilenceMs = 120'000;  // what clients and vendors call a time-out

std::int64_t default_ms(FaultKind kind) {
  switch (kind) {
    case FaultKind::timeout_before:
    case FaultKind::timeout_after:
      return kSilenceMs;
    case FaultKind::latency:
      return 200;
    case FaultKind::stale_index:
      return 5'000;
    default:
      return 0;
  }
}

int default_status(FaultKind kind) {
  switch (kind) {
    case FaultKind::html_instead_of_json:
      return 502;
    case FaultKind::status_429:
      return 429;
    default:
      return 500;
  }
}

void apply(const FaultRule& rule, FaultDraw& draw) {
  const std::int64_t ms = rule.ms >= 0 ? rule.ms : default_ms(rule.kind);
  switch (rule.kind) {
    case FaultKind::latency:
      draw.latency += Milliseconds{ms};
      return;
    case FaultKind::duplicate_page:
      draw.duplicate_page = true;
      return;
    case FaultKind::missing_page:
      draw.missing_page = true;
      return;
    case FaultKind::expire_token:
      draw.expire_token = true;
      return;
    case FaultKind::stale_index:
      draw.stale_index = std::max(draw.stale_index, Milliseconds{ms});
      return;
    default:
      draw.main = rule.kind;
      draw.ms = ms;
      draw.status = rule.status != 0 ? rule.status : default_status(rule.kind);
  }
}

bool replaces_answer(FaultKind kind) {
  return kind != FaultKind::latency && kind != FaultKind::duplicate_page && kind != FaultKind::missing_page &&
         kind != FaultKind::expire_token && kind != FaultKind::stale_index;
}

tl::unexpected<Fault> malformed(std::size_t index, const std::string& why) {
  return fail("sandbox.faults.malformed", fmt::format("fault rule {}: {}", index + 1, why));
}

Result<std::int64_t> whole_number(const json::Value& rule, std::size_t index, std::string_view name,
                                  std::int64_t otherwise, std::int64_t least, std::int64_t most) {
  const json::Value* value = rule.find(name);
  if (value == nullptr || value->is_null()) return otherwise;
  const std::int64_t number = value->is_number() ? value->as_int(least - 1) : least - 1;
  if (number < least || number > most)
    return malformed(index, fmt::format("\"{}\" must be a whole number from {} to {}", name, least, most));
  return number;
}

Result<bool> check_names(const json::Value& object, std::size_t index, std::initializer_list<std::string_view> known) {
  for (const auto& [name, value] : object.members()) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    return malformed(index, fmt::format("\"{}\" is not known here; allowed are {}", name, fmt::join(known, ", ")));
  }
  return true;
}

Result<FaultRule> read_rule(const json::Value& value, std::size_t index) {
  if (!value.is_object()) return malformed(index, "a rule is an object");
  TRY_VOID(check_names(value, index, {"kind", "percent", "match", "times", "after", "ms", "status", "seen", "fired"}));
  FaultRule rule;
  const auto kind = kind_of(value["kind"].text());
  if (!kind)
    return malformed(
        index, fmt::format("\"kind\" is \"{}\"; it must be one of {}", value["kind"].text(), fmt::join(kNames, ", ")));
  rule.kind = *kind;
  TRY(percent, whole_number(value, index, "percent", 100, 0, 100));
  TRY(times, whole_number(value, index, "times", -1, -1, 1'000'000'000));
  TRY(after, whole_number(value, index, "after", 0, 0, 1'000'000'000));
  TRY(ms, whole_number(value, index, "ms", -1, -1, 86'400'000));
  TRY(status, whole_number(value, index, "status", 0, 0, 599));
  if (status != 0 && status < 200) return malformed(index, "\"status\" must be a status from 200 to 599");
  const json::Value& match = value["match"];
  if (!match.is_null() && !match.is_object()) return malformed(index, "\"match\" is an object");
  TRY_VOID(check_names(match, index, {"method", "path_prefix"}));
  rule.percent = static_cast<int>(percent);
  rule.times = times;
  rule.after = after;
  rule.ms = ms;
  rule.status = static_cast<int>(status);
  rule.method = match["method"].text();
  rule.path_prefix = match["path_prefix"].text();
  return rule;
}

}  // namespace

std::string_view name_of(FaultKind kind) { return kNames[static_cast<std::size_t>(kind)]; }

Result<bool> Faults::set(const json::Value& document) {
  if (!document.is_object() || !document["rules"].is_array())
    return fail("sandbox.faults.malformed", "a fault document is an object with an array \"rules\"");
  std::vector<FaultRule> rules;
  for (const json::Value& item : document["rules"].items()) {
    TRY(rule, read_rule(item, rules.size()));
    rules.push_back(std::move(rule));
  }
  seed_ = static_cast<std::uint64_t>(document["seed"].as_int(0));
  rules_ = std::move(rules);
  return true;
}

Result<bool> Faults::load_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail("sandbox.faults.unreadable", fmt::format("the fault file {} cannot be read", path));
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  TRY(document, json::parse(text));
  return set(document);
}

void Faults::clear() { rules_.clear(); }

json::Value Faults::list() const {
  json::Value rules = json::Value::array();
  for (const FaultRule& rule : rules_) {
    json::Value match = json::Value::object();
    if (!rule.method.empty()) match.set("method", json::Value::string(rule.method));
    if (!rule.path_prefix.empty()) match.set("path_prefix", json::Value::string(rule.path_prefix));
    json::Value item = json::Value::object();
    item.set("kind", json::Value::string(std::string(name_of(rule.kind))));
    item.set("percent", json::Value::number(rule.percent));
    item.set("match", std::move(match));
    item.set("times", json::Value::number(rule.times));
    item.set("after", json::Value::number(rule.after));
    item.set("ms", json::Value::number(rule.ms));
    item.set("status", json::Value::number(rule.status));
    item.set("seen", json::Value::number(rule.seen));
    item.set("fired", json::Value::number(rule.fired));
    rules.push(std::move(item));
  }
  json::Value out = json::Value::object();
  out.set("seed", json::Value::number(static_cast<std::int64_t>(seed_)));
  out.set("rules", std::move(rules));
  return out;
}

FaultDraw Faults::draw(std::string_view method, std::string_view path) {
  FaultDraw out;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    FaultRule& rule = rules_[i];
    if (!matches(rule, method, path)) continue;
    // The draw depends on the rule and on its own count alone, so that adding a rule does not change the others.
    const std::uint64_t drawn = mixed(mixed(seed_ ^ (i << 32)) ^ static_cast<std::uint64_t>(rule.seen)) % 100;
    ++rule.seen;
    if (rule.seen <= rule.after || (rule.times >= 0 && rule.fired >= rule.times)) continue;
    if (drawn >= static_cast<std::uint64_t>(rule.percent)) continue;
    if (replaces_answer(rule.kind) && out.main) continue;  // the first such rule wins
    ++rule.fired;
    apply(rule, out);
  }
  return out;
}

}  // namespace tieout::sandbox
