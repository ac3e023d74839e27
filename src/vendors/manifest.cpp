// Reads a vendor manifest. Strict on purpose: a misspelt name in a manifest must fail the build's tests, not be
// ignored.
#include "vendors/manifest.hpp"

#include <fmt/core.h>
#include <yaml-cpp/yaml.h>

#include <set>

namespace tieout::vendors {

extern const char* const k_hubspot_manifest;
extern const char* const k_quickbooks_manifest;
extern const char* const k_files_manifest;

namespace {

std::string text(const YAML::Node& node, const char* name, std::string otherwise = {}) {
  return node[name] ? node[name].as<std::string>() : otherwise;
}
int whole(const YAML::Node& node, const char* name, int otherwise) {
  return node[name] ? node[name].as<int>() : otherwise;
}
bool flag(const YAML::Node& node, const char* name) { return node[name] && node[name].as<bool>(); }

std::vector<std::string> words(const YAML::Node& node) {
  std::vector<std::string> out;
  for (const auto& item : node) out.push_back(item.as<std::string>());
  return out;
}
template <class Value>
std::map<std::string, Value> table(const YAML::Node& node) {
  std::map<std::string, Value> out;
  for (const auto& item : node) out[item.first.as<std::string>()] = item.second.as<Value>();
  return out;
}

void refuse_unknown(const YAML::Node& node, const std::set<std::string>& known, const char* where) {
  for (const auto& item : node)
    if (const auto name = item.first.as<std::string>(); !known.contains(name))
      throw YAML::Exception(item.first.Mark(), fmt::format("{} has no field '{}'", where, name));
}

SignIn read_sign_in(const YAML::Node& node) {
  refuse_unknown(node,
                 {"kind", "authorize_url", "token_url", "token_path", "revoke_url", "client_auth",
                  "access_token_minutes", "refresh_token", "refresh_before_seconds"},
                 "sign_in");
  return {.authorize_url = text(node, "authorize_url"),
          .token_url = text(node, "token_url"),
          .token_path = text(node, "token_path"),
          .secret_in_body = text(node, "client_auth") == "body",
          .refresh_before_seconds = whole(node, "refresh_before_seconds", 120)};
}

ObjectFacts read_object(const YAML::Node& node) {
  refuse_unknown(node, {"operations", "batch", "lengths", "details", "properties", "unique", "own"}, "object");
  std::vector<OwnField> own;
  for (const auto& item : node["own"]) {
    refuse_unknown(item, {"name", "label", "type", "unique"}, "own[]");
    own.push_back({item["name"].as<std::string>(), item["label"].as<std::string>(), item["type"].as<std::string>(),
                   flag(item, "unique")});
  }
  return {.operations = words(node["operations"]),
          .batch = table<int>(node["batch"]),
          .lengths = table<int>(node["lengths"]),
          .details = table<std::string>(node["details"]),
          .properties = words(node["properties"]),
          .unique = words(node["unique"]),
          .own = std::move(own)};
}

ErrorClass read_error(const YAML::Node& node) {
  refuse_unknown(node, {"status", "vendor_code", "contains", "code", "what", "certainty", "retry", "wait_ms"},
                 "errors[]");
  ErrorClass out{.status = whole(node, "status", 0),
                 .vendor_code = text(node, "vendor_code"),
                 .contains = text(node, "contains"),
                 .code = node["code"].as<std::string>(),
                 .what = node["what"].as<std::string>(),
                 .certainty = Certainty::not_applied,
                 .retry = flag(node, "retry"),
                 .wait = Milliseconds{whole(node, "wait_ms", 0)}};
  const std::string certainty = text(node, "certainty", "not_applied");
  if (certainty == "unknown")
    out.certainty = Certainty::unknown;
  else if (certainty != "not_applied")
    throw YAML::Exception(node.Mark(), "certainty is not_applied or unknown");
  if (out.retry && out.certainty != Certainty::not_applied)
    throw YAML::Exception(node.Mark(), "only what was surely not applied may be tried again");
  return out;
}

Setting read_setting(const YAML::Node& node) {
  refuse_unknown(node, {"name", "title", "description", "example", "pattern", "default", "secret", "required"},
                 "settings[]");
  return {.name = node["name"].as<std::string>(),
          .title = node["title"].as<std::string>(),
          .description = text(node, "description"),
          .example = text(node, "example"),
          .pattern = text(node, "pattern"),
          .otherwise = text(node, "default"),
          .secret = flag(node, "secret"),
          .required = flag(node, "required")};
}

void read_lists(const YAML::Node& root, Manifest& out) {
  for (const auto& item : root["scopes"]) {
    refuse_unknown(item, {"scope", "because", "objects"}, "scopes[]");
    out.scopes.push_back({item["scope"].as<std::string>(), item["because"].as<std::string>(), words(item["objects"])});
  }
  for (const auto& item : root["objects"])
    out.objects.emplace_back(item.first.as<std::string>(), read_object(item.second));
  for (const auto& item : root["errors"]) out.errors.push_back(read_error(item));
  for (const auto& item : root["settings"]) out.settings.push_back(read_setting(item));
  if (const auto& node = root["retries"]) {
    refuse_unknown(node, {"attempts", "first_ms", "longest_ms", "budget_ms"}, "retries");
    out.retries = {.attempts = whole(node, "attempts", 6),
                   .first = Milliseconds{whole(node, "first_ms", 500)},
                   .longest = Milliseconds{whole(node, "longest_ms", 20'000)},
                   .budget = Milliseconds{whole(node, "budget_ms", 180'000)}};
  }
}

Manifest read_root(const YAML::Node& root) {
  refuse_unknown(root,
                 {"name",    "title",   "kind",        "tier",           "base_url",        "sandbox_url", "sign_in",
                  "scopes",  "objects", "limits",      "retries",        "errors",          "silence",     "headers",
                  "webhook", "money",   "idempotency", "settle_seconds", "overlap_seconds", "settings",    "waivers",
                  "names"},
                 "a manifest");
  Manifest out;
  out.name = root["name"].as<std::string>();
  out.title = root["title"].as<std::string>();
  out.kind = root["kind"].as<std::string>();
  out.tier = root["tier"].as<std::string>();
  out.base_url = text(root, "base_url");
  out.sandbox_url = text(root, "sandbox_url");
  if (root["sign_in"]) out.sign_in = read_sign_in(root["sign_in"]);
  out.limits = table<int>(root["limits"]);
  out.silence = words(root["silence"]);
  out.headers = table<std::string>(root["headers"]);
  out.webhook = table<std::string>(root["webhook"]);
  out.money = table<std::string>(root["money"]);
  out.idempotency = table<std::string>(root["idempotency"]);
  out.settle_seconds = whole(root, "settle_seconds", 120);
  out.overlap_seconds = whole(root, "overlap_seconds", 60);
  read_lists(root, out);
  return out;
}

}  // namespace

int ObjectFacts::batch_of(const std::string& operation) const {
  const auto found = batch.find(operation);
  return found == batch.end() ? 1 : found->second;
}
std::string ObjectFacts::detail(const std::string& name) const {
  const auto found = details.find(name);
  return found == details.end() ? std::string() : found->second;
}

const ObjectFacts* Manifest::object(std::string_view object_name) const {
  for (const auto& [name_, facts] : objects)
    if (name_ == object_name) return &facts;
  return nullptr;
}
int Manifest::limit(const std::string& limit_name, int otherwise) const {
  const auto found = limits.find(limit_name);
  return found == limits.end() ? otherwise : found->second;
}
const ErrorClass* Manifest::classify(int status, std::string_view vendor_code, std::string_view message) const {
  for (const ErrorClass& entry : errors) {
    if (entry.status != 0 && entry.status != status) continue;
    if (!entry.vendor_code.empty() && entry.vendor_code != vendor_code) continue;
    if (!entry.contains.empty() && message.find(entry.contains) == std::string_view::npos) continue;
    return &entry;
  }
  return nullptr;
}

Result<Manifest> parse_manifest(std::string_view yaml) {
  try {
    return read_root(YAML::Load(std::string(yaml)));
  } catch (const YAML::Exception& error) {
    return fail("manifest.malformed", fmt::format("line {}: {}", error.mark.line + 1, error.msg));
  }
}

std::vector<std::string> known_vendors() { return {"hubspot", "quickbooks", "files"}; }

namespace {

/// A copy of what was read once. Made outside of the Result: tl::expected copies under noexcept, and running out of
/// memory there would end the process.
Result<Manifest> copy_of(const Result<Manifest>& read_once) {
  if (!read_once) return fail(read_once.error());
  Manifest out = *read_once;
  return out;
}

}  // namespace

Result<Manifest> load_manifest(std::string_view vendor) {
  if (vendor == "hubspot") {
    static const Result<Manifest> read_once = parse_manifest(k_hubspot_manifest);
    return copy_of(read_once);
  }
  if (vendor == "quickbooks") {
    static const Result<Manifest> read_once = parse_manifest(k_quickbooks_manifest);
    return copy_of(read_once);
  }
  if (vendor == "files") {
    static const Result<Manifest> read_once = parse_manifest(k_files_manifest);
    return copy_of(read_once);
  }
  return fail("connection.vendor.unknown",
              fmt::format("there is no connector named '{}'; there are hubspot, quickbooks and files", vendor),
              "vendor");
}

}  // namespace tieout::vendors
