// How QuickBooks says no: a Fault with one or more coded errors. Each function words one kind as the service does, so
// that clients which match on code, message or detail meet what they know.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "base/json.hpp"

namespace tieout::sandbox::quickbooks {

struct Rejection {
  struct Error {
    std::string message, detail, code, element;
  };
  int status = 400;
  std::string type = "ValidationFault";
  std::vector<Error> errors;
};

/// Empty: nothing to object to. Read as: if (Refusal no = check(…)) return no;
using Refusal = std::optional<Rejection>;
template <class T>
using Outcome = tl::expected<T, Rejection>;
inline tl::unexpected<Rejection> refused(Rejection rejection) {
  return tl::unexpected<Rejection>(std::move(rejection));
}
inline tl::unexpected<Rejection> refused(Refusal refusal) { return tl::unexpected<Rejection>(*std::move(refusal)); }

Rejection unsupported_operation(std::string_view detail);                                           // 500
Rejection object_not_found();                                                                       // 610
Rejection unsupported_property(std::string_view what);                                              // 2010
Rejection required_missing(std::string_view field);                                                 // 2020
Rejection invalid_characters(std::string_view field);                                               // 2040
Rejection bad_length(std::string_view field, std::size_t max, std::size_t supplied);                // 2050
Rejection invalid_enumeration(std::string_view field, std::string_view word);                       // 2170
Rejection invalid_reference(std::string_view kind, std::string_view id);                            // 2500
Rejection query_parse_error(std::string_view detail);                                               // 4000
Rejection invalid_query(std::string_view detail);                                                   // 4001
Rejection stale_object();                                                                           // 5010
Rejection feature_not_supported(std::string_view detail);                                           // 5030
Rejection business_rule(std::string_view detail);                                                   // 6000
Rejection amount_mismatch(std::string_view supplied);                                               // 6070
Rejection duplicate_document(std::string_view number, std::string_view type, std::string_view id);  // 6140
Rejection period_closed();                                                                          // 6210
Rejection duplicate_name(std::string_view detail);                                                  // 6240
Rejection quantity_missing();                                                                       // 6520
Rejection deposited_transaction();                                                                  // 6540

/// {"Error": […], "type": …}: what stands under "Fault".
json::Value fault(const Rejection& rejection);
/// The whole body of the answer.
std::string fault_body(const Rejection& rejection, std::string_view time);

}  // namespace tieout::sandbox::quickbooks
