#include "cli/project.hpp"

#include <fmt/core.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/json.hpp"
#include "model/record.hpp"

namespace tieout::cli {
namespace {

namespace fs = std::filesystem;

std::string place(const YAML::Node& node) { return fmt::format("tieout.yaml:{}", node.Mark().line + 1); }

Result<bool> only_known(const YAML::Node& map, std::span<const std::string_view> known) {
  for (const auto& member : map) {
    const auto name = member.first.as<std::string>();
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string_view near = model::closest(name, known);
    const std::string hint = near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near);
    return fail("project.key.unknown", fmt::format("{}: \"{}\" means nothing here{}", place(member.first), name, hint));
  }
  return true;
}

Result<std::string> text_of(const YAML::Node& map, const char* name) {
  const YAML::Node node = map[name];
  if (!node || node.IsNull()) return std::string();
  if (!node.IsScalar()) return fail("project.malformed", fmt::format("{}: {} must be one value", place(node), name));
  return node.Scalar();
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

Result<Pairs> pairs_of(const YAML::Node& map, const char* name) {
  const YAML::Node node = map[name];
  Pairs out;
  if (!node || node.IsNull()) return out;
  if (!node.IsMap())
    return fail("project.malformed", fmt::format("{}: {} must be a list of name: value", place(node), name));
  for (const auto& member : node) {
    if (!member.second.IsScalar())
      return fail("project.malformed",
                  fmt::format("{}: {} must be one value", place(member.second), member.first.as<std::string>()));
    out.emplace_back(member.first.as<std::string>(), member.second.Scalar());
  }
  return out;
}

Result<ConnectionConfig> connection_of(const YAML::Node& connections, const std::string& name) {
  const YAML::Node node = connections[name];
  if (!node || !node.IsMap())
    return fail("project.key.missing", fmt::format("{}: the connection \"{}\" is missing", place(connections), name));
  constexpr std::array<std::string_view, 8> kKnown{
      "vendor", "base_url", "account_id", "client_id", "client_secret_env", "token_env", "settings", "breakers"};
  TRY_VOID(only_known(node, kKnown));
  ConnectionConfig out;
  out.settings.name = name;
  TRY(vendor, text_of(node, "vendor"));
  if (vendor.empty()) return fail("project.key.missing", fmt::format("{}: {} has no vendor", place(node), name));
  TRY(base_url, text_of(node, "base_url"));
  TRY(account, text_of(node, "account_id"));
  TRY(client, text_of(node, "client_id"));
  TRY(token_env, text_of(node, "token_env"));
  TRY(secret_env, text_of(node, "client_secret_env"));
  TRY(extra, pairs_of(node, "settings"));
  TRY(breakers, pairs_of(node, "breakers"));
  out.breakers = std::move(breakers);
  if (auto limits = breakers_of(out); !limits) return fail(std::move(limits).error());
  while (base_url.ends_with('/')) base_url.pop_back();
  out.settings.vendor = vendor;
  out.settings.base_url = base_url;
  out.settings.account_id = account;
  out.settings.client_id = client;
  out.settings.extra = {extra.begin(), extra.end()};
  out.token_env = token_env;
  out.client_secret_env = secret_env;
  return out;
}

Result<Project> project_of(const YAML::Node& root, const std::string& folder) {
  if (!root.IsMap())
    return fail("project.malformed", "tieout.yaml:1: the file must start with names such as entity: and connections:");
  constexpr std::array<std::string_view, 5> kKnown{"entity", "connections", "packs", "mapping", "audit"};
  TRY_VOID(only_known(root, kKnown));
  Project out;
  out.folder = folder;
  TRY(entity, text_of(root, "entity"));
  if (!entity.empty()) out.entity = entity;
  TRY(packs, text_of(root, "packs"));
  if (!packs.empty()) out.packs = packs.starts_with('/') ? packs : folder + "/" + packs;
  TRY(mapping_settings, pairs_of(root, "mapping"));
  out.mapping_settings = std::move(mapping_settings);
  if (const YAML::Node audit = root["audit"]; audit && !audit.IsNull()) {
    if (!audit.IsMap())
      return fail("project.malformed", fmt::format("{}: audit must be a list of name: value", place(audit)));
    constexpr std::array<std::string_view, 1> kAudit{"checkpoints"};
    TRY_VOID(only_known(audit, kAudit));
    TRY(checkpoints, text_of(audit, "checkpoints"));
    if (!checkpoints.empty()) out.checkpoints = checkpoints.starts_with('/') ? checkpoints : folder + "/" + checkpoints;
  }
  const YAML::Node connections = root["connections"];
  if (!connections || !connections.IsMap())
    return fail("project.key.missing", "tieout.yaml: connections: with crm: and books: is missing");
  constexpr std::array<std::string_view, 2> kSides{"crm", "books"};
  TRY_VOID(only_known(connections, kSides));
  TRY(crm, connection_of(connections, "crm"));
  TRY(books, connection_of(connections, "books"));
  out.crm = std::move(crm);
  out.books = std::move(books);
  return out;
}

/// Any text as one YAML value: JSON strings are YAML.
std::string yaml_text(std::string_view text) {
  std::string out;
  json::append_string(out, text);
  return out;
}

void write_connection(std::string& out, const ConnectionConfig& connection) {
  const auto line = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) out += fmt::format("    {}: {}\n", name, yaml_text(value));
  };
  out += fmt::format("  {}:\n    vendor: {}\n", connection.settings.name, connection.settings.vendor);
  line("base_url", connection.settings.base_url);
  line("account_id", connection.settings.account_id);
  line("client_id", connection.settings.client_id);
  line("client_secret_env", connection.client_secret_env);
  line("token_env", connection.token_env);
  if (!connection.breakers.empty()) {
    out += "    breakers:\n";
    for (const auto& [name, value] : connection.breakers) out += fmt::format("      {}: {}\n", name, yaml_text(value));
  }
  if (connection.settings.extra.empty()) return;
  out += "    settings:\n";
  for (const auto& [name, value] : connection.settings.extra)
    out += fmt::format("      {}: {}\n", name, yaml_text(value));
}

std::string yaml_of(const Project& project) {
  std::string out =
      "# A Tieout project. Keep this file in source control; it holds no secrets (those are sealed in .tieout/ by\n"
      "# `tieout connect`, or come from the environment variables that token_env and client_secret_env name).\n\n"
      "# The legal set of books that these two systems belong to.\n";
  out += fmt::format("entity: {}\n\nconnections:\n", yaml_text(project.entity));
  write_connection(out, project.crm);
  write_connection(out, project.books);
  if (!project.packs.empty())
    out += fmt::format("\n# Mapping packs of your own instead of the built-in ones.\npacks: {}\n",
                       yaml_text(project.packs));
  out += "\n# Where each signed checkpoint of the audit log is added; best a place that this machine cannot rewrite.\n";
  out += project.checkpoints.empty() ? std::string("# audit: {checkpoints: /mnt/elsewhere/tieout.checkpoints}\n")
                                     : fmt::format("audit:\n  checkpoints: {}\n", yaml_text(project.checkpoints));
  out += "\n# Settings of the mapping packs; `tieout test --settings` lists them with their defaults.\nmapping:";
  if (project.mapping_settings.empty()) return out + " {}\n";
  out += "\n";
  for (const auto& [name, value] : project.mapping_settings) out += fmt::format("  {}: {}\n", name, yaml_text(value));
  return out;
}

Result<bool> write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) return fail("project.io", fmt::format("{} cannot be written", path));
  return true;
}

}  // namespace

Result<const ConnectionConfig*> Project::connection(const std::string& name) const {
  if (name == "crm") return &crm;
  if (name == "books") return &books;
  return fail("project.connection.unknown",
              fmt::format("there is no connection \"{}\"; a project has crm and books", name));
}

Result<engine::Breakers> breakers_of(const ConnectionConfig& connection) {
  engine::Breakers out;
  std::int64_t delete_percent = out.delete_percent, update_percent = out.update_percent,
               create_percent = out.create_percent, flips = out.flips, hours = 24;
  const std::pair<std::string_view, std::int64_t*> numbers[] = {{"delete_percent", &delete_percent},
                                                                {"delete_least", &out.delete_least},
                                                                {"update_percent", &update_percent},
                                                                {"update_least", &out.update_least},
                                                                {"create_percent", &create_percent},
                                                                {"create_least", &out.create_least},
                                                                {"flips", &flips},
                                                                {"window_hours", &hours}};
  for (const auto& [name, value] : connection.breakers) {
    const auto wrong = [&, n = name](std::string_view why) {
      return fail("project.malformed",
                  fmt::format("tieout.yaml: breakers of {}: {} {}", connection.settings.name, n, why));
    };
    if (name.starts_with("money_")) {
      const auto limit = Decimal::parse(value);
      if (!limit || limit->is_negative()) return wrong("must be an amount: 100000.00");
      out.money[name.substr(6)] = *limit;
      continue;
    }
    const auto* known =
        std::find_if(std::begin(numbers), std::end(numbers), [&](const auto& one) { return one.first == name; });
    if (known == std::end(numbers))
      return wrong(
          "means nothing; known are delete_, update_, create_ percent and least, money_EUR, flips, window_hours");
    const std::int64_t number = json::Value::string(value).as_int(-1);
    if (number < 0) return wrong("must be a whole number");
    *known->second = number;
  }
  out.delete_percent = static_cast<int>(delete_percent);
  out.update_percent = static_cast<int>(update_percent);
  out.create_percent = static_cast<int>(create_percent);
  out.flips = static_cast<int>(flips);
  out.window = std::chrono::hours{hours};
  return out;
}

Result<Project> parse_project(const std::string& yaml, const std::string& folder) {
  try {
    return project_of(YAML::Load(yaml), folder);
  } catch (const YAML::Exception& error) {
    return fail("project.malformed", fmt::format("tieout.yaml:{}: {}", error.mark.line + 1, error.msg));
  }
}

Result<Project> load_project(const std::string& folder) {
  std::ifstream file(folder + "/tieout.yaml", std::ios::binary);
  if (!file)
    return fail("project.absent", fmt::format("there is no tieout.yaml in {}; make one with: tieout init",
                                              folder == "." ? "this folder" : folder));
  std::ostringstream text;
  text << file.rdbuf();
  return parse_project(text.str(), folder);
}

Result<bool> create_project(const Project& project) {
  std::error_code trouble;
  if (fs::exists(project.config_path(), trouble))
    return fail("project.exists", fmt::format("{} is there already; edit it, or choose another folder with --project",
                                              project.config_path()));
  fs::create_directories(project.state_folder(), trouble);
  if (trouble)
    return fail("project.io", fmt::format("{} cannot be made: {}", project.state_folder(), trouble.message()));
  fs::permissions(project.state_folder(), fs::perms::owner_all, trouble);
  if (trouble)
    return fail("project.io",
                fmt::format("{} cannot be kept from others: {}", project.state_folder(), trouble.message()));
  TRY_VOID(write_file(project.state_folder() + "/.gitignore", "*\n"));
  return write_file(project.config_path(), yaml_of(project));
}

}  // namespace tieout::cli
