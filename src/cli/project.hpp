// A project is a folder: tieout.yaml says which books, which two systems and which settings; .tieout/ beside it holds
// what Tieout remembers (store.db), the sealed secrets (secrets.db) and the key to them. tieout.yaml is made to be kept
// in source control, so it never holds a secret: it may name the environment variable that does.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "engine/engine.hpp"
#include "vendors/connect.hpp"

namespace tieout::cli {

struct ConnectionConfig {
  vendors::ConnectionSettings settings;                       ///< without secrets
  std::string token_env;                                      ///< environment variable with a static access token
  std::vector<std::pair<std::string, std::string>> breakers;  ///< as written; breakers_of reads them
  std::string client_secret_env;                              ///< environment variable with the OAuth client secret
};

struct Project {
  std::string folder;
  std::string entity = "main";
  ConnectionConfig crm;
  ConnectionConfig books;
  std::string packs;  ///< folder with mapping packs of the project, empty: the built-in ones
  std::vector<std::pair<std::string, std::string>> mapping_settings;
  std::string checkpoints;  ///< file to which each signed checkpoint of the audit log is added, empty: none

  std::string config_path() const { return folder + "/tieout.yaml"; }
  std::string state_folder() const { return folder + "/.tieout"; }
  std::string store_path() const { return state_folder() + "/store.db"; }
  std::string secrets_path() const { return state_folder() + "/secrets.db"; }
  std::string key_path() const { return state_folder() + "/master.key"; }

  /// "crm" or "books". Fails with project.connection.unknown.
  Result<const ConnectionConfig*> connection(const std::string& name) const;
};

/// The limits of a connection: the defaults, with what `breakers:` says otherwise. Fails with project.malformed.
Result<engine::Breakers> breakers_of(const ConnectionConfig& connection);

/// Reads tieout.yaml of the folder.
/// Fails   project.absent       no tieout.yaml there
///         project.malformed    no YAML, or a value of the wrong shape ("tieout.yaml:7: …")
///         project.key.unknown  a name that means nothing here, with the one that was probably meant
///         project.key.missing  a name without which nothing works
Result<Project> load_project(const std::string& folder);
/// The same from text; `folder` is only remembered.
Result<Project> parse_project(const std::string& yaml, const std::string& folder);

/// Writes a new tieout.yaml with comments, and .tieout/ (for the owner only) with a .gitignore beside it.
/// Fails   project.exists   there is a tieout.yaml already
///         project.io       the folder cannot be made or written
Result<bool> create_project(const Project& project);

}  // namespace tieout::cli
