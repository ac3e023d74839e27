#include "cli/session.hpp"

#include <fmt/core.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "vendors/manifest.hpp"

namespace tieout::cli {
namespace {

namespace fs = std::filesystem;

/// From the variable that tieout.yaml names, else as stored; empty when there is neither.
Result<std::string> secret_of(const std::string& variable, const std::string& stored_name, Secrets& secrets) {
  if (!variable.empty()) {
    const char* value = std::getenv(variable.c_str());
    if (value != nullptr && *value != '\0') return std::string(value);
    return fail("secrets.absent",
                fmt::format("tieout.yaml names the environment variable {}, but it is not set", variable));
  }
  auto stored = secrets.secret(stored_name);
  if (stored) return std::move(*stored);
  if (stored.error().code == "secrets.absent") return std::string();
  return fail(std::move(stored).error());
}

Result<mapping::PackSet> packs_below(const std::string& folder) {
  std::vector<mapping::PackFile> files;
  std::error_code trouble;
  for (const auto& entry : fs::recursive_directory_iterator(folder, trouble)) {
    if (!entry.is_regular_file() || entry.path().extension() != ".yaml") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) return fail("project.packs.unreadable", fmt::format("{} cannot be read", entry.path().string()));
    files.push_back({entry.path().string(), text.str()});
  }
  if (trouble) return fail("project.packs.unreadable", fmt::format("{}: {}", folder, trouble.message()));
  if (files.empty()) return fail("project.packs.unreadable", fmt::format("there is no .yaml file below {}", folder));
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return mapping::PackSet::load(files);
}

/// How long an unanswered write of this connection may still arrive: as set, else as the vendor's manifest says.
Result<Milliseconds> settle_of(const vendors::ConnectionSettings& settings) {
  TRY(manifest, vendors::load_manifest(settings.vendor));
  const auto set = settings.extra.find("settle_seconds");
  if (set == settings.extra.end()) return Milliseconds{std::chrono::seconds{manifest.settle_seconds}};
  return Milliseconds{std::chrono::seconds{json::Value::string(set->second).as_int(manifest.settle_seconds)}};
}

}  // namespace

std::string account_name() {
  if (const char* user = std::getenv("USER"); user != nullptr && *user != '\0') return user;
  const passwd* account = getpwuid(getuid());
  return account != nullptr ? account->pw_name : "unknown";
}

std::string access_token_name(const std::string& connection) { return connection + ".access_token"; }
std::string client_secret_name(const std::string& connection) { return connection + ".client_secret"; }

Result<mapping::PackSet> load_packs(const std::string& folder) {
  return folder.empty() ? mapping::PackSet::load_embedded() : packs_below(folder);
}

Result<std::unique_ptr<Secrets>> open_secrets(const Project& project) {
  std::error_code trouble;
  fs::create_directories(project.state_folder(), trouble);  // a fresh clone of a project has no .tieout/ yet
  fs::permissions(project.state_folder(), fs::perms::owner_all, trouble);
  TRY(key, MasterKey::load(project.key_path()));
  return Secrets::open(project.secrets_path(), project.entity, std::move(key));
}

Result<vendors::ConnectionSettings> settings_with_secrets(const ConnectionConfig& connection, Secrets& secrets,
                                                          const mapping::PackSet& packs) {
  vendors::ConnectionSettings settings = connection.settings;
  TRY(token, secret_of(connection.token_env, access_token_name(settings.name), secrets));
  TRY(client_secret, secret_of(connection.client_secret_env, client_secret_name(settings.name), secrets));
  settings.access_token = std::move(token);
  settings.client_secret = std::move(client_secret);
  for (const mapping::ObjectMapping& object : packs.objects()) {
    if (object.vendor() != settings.vendor) continue;
    auto names = object.vendor_names("properties");
    if (!names.empty()) settings.properties[object.object()] = std::move(names);
  }
  return settings;
}

Result<std::unique_ptr<Session>> Session::open(const std::string& folder) {
  TRY(project, load_project(folder));
  return open(project);
}

Result<std::unique_ptr<Session>> Session::open(const Project& project) {
  std::unique_ptr<Session> session(new Session);
  session->project_ = project;
  TRY(packs, load_packs(project.packs));
  session->packs_ = std::make_unique<mapping::PackSet>(std::move(packs));
  TRY(secrets, open_secrets(project));
  session->secrets_ = std::move(secrets);
  TRY(store, open_sqlite(project.store_path(), project.entity));
  session->store_ = std::move(store);
  session->http_ = std::make_unique<net::CurlHttp>();
  const vendors::World world{*session->http_, session->clock_, session->random_, *session->secrets_};
  const auto connector = [&](const ConnectionConfig& connection) -> Result<std::unique_ptr<ports::Connector>> {
    TRY(settings, settings_with_secrets(connection, *session->secrets_, *session->packs_));
    return vendors::make_connector(settings, world);
  };
  TRY(crm, connector(project.crm));
  TRY(books, connector(project.books));
  session->crm_ = std::move(crm);
  session->books_ = std::move(books);
  engine::EngineSettings settings;
  settings.entity = project.entity;
  settings.operated_by = account_name();
  settings.mapping_settings = project.mapping_settings;
  TRY(crm_settle, settle_of(project.crm.settings));
  TRY(books_settle, settle_of(project.books.settings));
  settings.settle = std::max(crm_settle, books_settle);
  TRY(crm_limits, breakers_of(project.crm));
  TRY(books_limits, breakers_of(project.books));
  session->engine_ =
      std::make_unique<engine::Engine>(*session->store_,
                                       engine::Connection{"crm", project.crm.settings.vendor, session->crm_.get(),
                                                          project.crm.settings.account_id, crm_limits},
                                       engine::Connection{"books", project.books.settings.vendor, session->books_.get(),
                                                          project.books.settings.account_id, books_limits},
                                       *session->packs_, session->clock_, settings);
  return session;
}

}  // namespace tieout::cli
