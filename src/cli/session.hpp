// Puts the real world together for one command: the project's store and secrets, the network, a connector for each
// side, the mapping packs, and the engine over all of it. The only place in the program that knows every part.
#pragma once

#include <memory>
#include <string>

#include "cli/project.hpp"
#include "engine/engine.hpp"
#include "mapping/mapping.hpp"
#include "net/http_client.hpp"
#include "net/real_world.hpp"
#include "store/sqlite/secrets.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace tieout::cli {

class Session {
 public:
  /// Opens everything; makes no call to a vendor. Fails with the codes of project.hpp, store/, mapping/ and vendors/.
  static Result<std::unique_ptr<Session>> open(const Project& project);
  static Result<std::unique_ptr<Session>> open(const std::string& folder);

  engine::Engine& engine() { return *engine_; }
  ports::Store& store() { return *store_; }
  Secrets& secrets() { return *secrets_; }
  const Project& project() const { return project_; }

 private:
  Session() = default;
  Project project_;
  net::SystemClock clock_;
  net::SystemRandom random_;
  std::unique_ptr<net::CurlHttp> http_;
  std::unique_ptr<ports::Store> store_;
  std::unique_ptr<Secrets> secrets_;
  std::unique_ptr<mapping::PackSet> packs_;
  std::unique_ptr<ports::Connector> crm_, books_;
  std::unique_ptr<engine::Engine> engine_;
};

/// The packs of the project's own folder, or the built-in ones.
Result<mapping::PackSet> load_packs(const std::string& folder);

/// The project's sealed secrets.
Result<std::unique_ptr<Secrets>> open_secrets(const Project& project);

/// Settings of a connection with its secrets: from the environment where tieout.yaml names a variable, else from what
/// `tieout connect` stored.
Result<vendors::ConnectionSettings> settings_with_secrets(const ConnectionConfig& connection, Secrets& secrets,
                                                          const mapping::PackSet& packs);

/// Who runs the program: the account of the operating system.
std::string account_name();

/// Names under which `connect` stores what is no OAuth token.
std::string access_token_name(const std::string& connection);
std::string client_secret_name(const std::string& connection);

}  // namespace tieout::cli
