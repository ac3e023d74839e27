// The one door to the vendors: settings in, a ports::Connector out. Everything stated about a vendor is in its manifest
// (manifest.hpp); everything stated about one connection is in ConnectionSettings; time, randomness, network and
// tokens come in through World, so that the same connector runs against the vendor, a sandbox and the simulator.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ports/connector.hpp"
#include "ports/http.hpp"
#include "ports/world.hpp"

namespace tieout::vendors {

struct ConnectionSettings {
  std::string name;      ///< of the connection; the key in the TokenStore
  std::string vendor;    ///< "hubspot", "quickbooks", "files"
  std::string base_url;  ///< empty: the manifest's. With a sandbox: "http://127.0.0.1:8081", without a slash at the end
  std::string account_id;  ///< realm id (QuickBooks, required) or portal id (HubSpot): facts() refuses another one
  std::string client_id;
  std::string client_secret;
  std::string access_token;  ///< a static token (private app); empty: OAuth tokens from the TokenStore
  std::map<std::string, std::vector<std::string>> properties;  ///< HubSpot: object -> properties to ask for
  std::vector<std::string> objects;                            ///< in scope; empty: all that the manifest names
  /// Everything else, by name; the manifest's `settings` lists what a vendor understands. Common ones: settle_seconds,
  /// overlap_seconds, page_size, in_flight, retry_attempts, retry_budget_ms, throttle_wait_ms.
  std::map<std::string, std::string> extra;
};

/// All four outlive the connector.
struct World {
  ports::Http& http;
  ports::Clock& clock;
  ports::Random& random;
  ports::TokenStore& tokens;
};

/// Fails   connection.vendor.unknown   no manifest of that name
///         connection.setting.missing  a setting without which no call can be made (field names it)
///         connection.setting.bad      a setting that cannot be read (field names it)
/// Makes no call and reads no token yet.
Result<std::unique_ptr<ports::Connector>> make_connector(const ConnectionSettings& settings, World world);

/// Implemented by connectors that need something of their own in the account before the first write (HubSpot: custom
/// properties in the group `tieout`). Ask with dynamic_cast.
class NeedsSetup {
 public:
  virtual ~NeedsSetup() = default;
  /// Creates what is missing; returns what it created ("deals.tieout_reference"); empty when all was there. Safe to
  /// repeat.
  virtual Result<std::vector<std::string>> ensure_setup() = 0;
};

}  // namespace tieout::vendors
