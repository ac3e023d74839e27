// One legal set of books in the simulated world: a CRM account and a books company, with the quirks that the seed gave
// them. People and the auditor talk to the vendors through it, without faults and without the engine knowing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/time.hpp"
#include "sandbox/hubspot/hubspot.hpp"
#include "sandbox/quickbooks/sandbox.hpp"

namespace tieout::sim {

/// How this company's vendors differ from the other's; drawn from the seed.
struct Quirks {
  std::string country = "US";              ///< of the books: US (tax a form) or GB (a tax code a line)
  std::string home_currency = "USD";       ///< US: USD, GB: GBP
  int books_utc_offset_minutes = -8 * 60;  ///< the vendor's local time
  bool multi_currency = false;             ///< the books know EUR besides home
  bool books_round_half_even = false;      ///< the vendor rounds tax otherwise than it says
  Milliseconds index_delay{0};             ///< CRM searches run behind by that
  int crm_page = 100, books_page = 1000;   ///< the page sizes that the connectors ask for
  bool tight_limits = false;               ///< the vendors enforce their limits of calls
  bool oauth = true;                       ///< tokens that expire, instead of static ones
};

struct Company {
  std::string name;   ///< "north", "south": the engine's entity
  std::string realm;  ///< books company id
  Quirks quirks;
  sandbox::HubspotSandbox& crm;
  sandbox::quickbooks::QuickbooksSandbox& books;
  /// True while a request is carried out that was sent in an earlier step of the engine and arrives only now.
  mutable bool arrives_late = false;

  struct Answer {
    int status = 0;
    json::Value body;  ///< null when there was none
    bool ok() const { return status >= 200 && status < 300; }
  };
  /// A person's own request, as of `now`: no fault ever strikes it. Path with query: "/crm/v3/objects/deals?limit=100".
  Answer crm_call(Instant now, std::string method, std::string target, const json::Value* body = nullptr) const;
  /// Path below /v3/company/REALM: "/invoice?operation=void". Sends nothing else than a person's browser would.
  Answer books_call(Instant now, std::string method, std::string target, const json::Value* body = nullptr) const;
  /// Control endpoints: "/_sandbox/pay", "/_sandbox/close_books"; "/_sandbox/restore" of the CRM.
  Answer crm_control(Instant now, std::string method, std::string target, const json::Value* body = nullptr) const;
  Answer books_control(Instant now, std::string method, std::string target, const json::Value* body = nullptr) const;
};

}  // namespace tieout::sim
