// One call on its way through the API: the request in pieces, the account it acts on, and the answers HubSpot words for
// what goes wrong.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "net/http_server.hpp"
#include "sandbox/hubspot/crm.hpp"
#include "sandbox/kit/faults.hpp"

namespace tieout::sandbox::hubspot {

struct Call {
  const net::ServerRequest& request;
  std::vector<std::string> parts;  ///< of the path, dated prefixes already turned: {"crm", "v3", "objects", "deals", …}
  Crm& crm;
  Instant now;
  const FaultDraw& faults;
  Milliseconds index_delay{0};
  std::string correlation_id;
  json::Value body;          ///< null for calls without one
  std::int64_t written = 0;  ///< records created, changed or archived

  const std::string& method() const { return request.method; }
  std::string_view part(std::size_t index) const {
    return index < parts.size() ? std::string_view(parts[index]) : std::string_view{};
  }
  /// Values of a parameter that clients repeat, join by commas, or both.
  std::vector<std::string> names(std::string_view parameter) const;
  bool flag(std::string_view parameter) const { return request.param(parameter) == "true"; }
};

using Answer = net::ServerResponse;

struct Trouble {
  int status = 400;
  std::string category = "VALIDATION_ERROR";
  std::string message;
  std::string code = {};  ///< of a single entry in "errors"
  std::vector<std::pair<std::string, std::string>> context = {};
};

Answer trouble(const Call& call, const Trouble& what);
Answer trouble(const Call& call, const Refusal& refusal);
inline Answer bad_request(const Call& call, std::string message) {
  return trouble(call, Trouble{400, "VALIDATION_ERROR", std::move(message)});
}
Answer not_found(const Call& call, std::string_view id);
/// No such path: what HubSpot's front says, in HTML.
Answer no_such_path();
Answer wrong_method();
Answer no_content();

/// The message of a refusal, with the refused values as JSON text inside, as HubSpot writes it.
std::string full_message(const Refusal& refusal);
/// One entry of the "errors" of a batch.
json::Value batch_error(const Refusal& refusal, std::string_view trace_id);
json::Value batch_error(std::string category, std::string message, const std::vector<std::string>& ids);

std::optional<Id> parse_id(std::string_view text);

}  // namespace tieout::sandbox::hubspot
