// How anything in Tieout can fail because the world failed: a Fault with a stable code, carried by Result<T>.
// What the business says no to is not a Fault but an alternative of a stage's return type (Held, Conflict, …), and
// what can only be our own bug is a CHECK (check.hpp).
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace tieout {

/// Did the other side act? `unknown` is the dangerous one: only a look-up may follow it, never a second send.
enum class Certainty : std::uint8_t { not_applied, applied, unknown };

struct Fault {
  std::string code;   ///< stable, documented, searchable: "quickbooks.name.taken"
  std::string what;   ///< one sentence for the person in the review queue: what happened, to which record, what to do
  std::string field;  ///< canonical path, empty for the whole record: "invoice.lines[2].tax_code"
  Certainty certainty = Certainty::not_applied;

  Fault() = default;
  Fault(std::string code_, std::string what_, std::string field_ = {}, Certainty certainty_ = Certainty::not_applied)
      : code(std::move(code_)), what(std::move(what_)), field(std::move(field_)), certainty(certainty_) {}
};

/// Our own type, because tl::expected does not warn when a result is dropped; this one does.
template <class T>
struct [[nodiscard]] Result : tl::expected<T, Fault> {
  using tl::expected<T, Fault>::expected;
  Result(tl::expected<T, Fault> other) : tl::expected<T, Fault>(std::move(other)) {}
  Result(Fault fault) : tl::expected<T, Fault>(tl::unexpect, std::move(fault)) {}
};

/// Shorthand at the point of failure: return fail("csv.quote", "line 7: the quote is never closed");
inline tl::unexpected<Fault> fail(std::string code, std::string what, std::string field = {},
                                  Certainty certainty = Certainty::not_applied) {
  return tl::unexpected<Fault>(Fault{std::move(code), std::move(what), std::move(field), certainty});
}
inline tl::unexpected<Fault> fail(Fault fault) { return tl::unexpected<Fault>(std::move(fault)); }

}  // namespace tieout

/// Hands a failure up, or goes on: TRY(page, connector.pull(cursor));
#define TIEOUT_CONCAT_(a, b) a##b
#define TIEOUT_CONCAT(a, b) TIEOUT_CONCAT_(a, b)
#define TRY(name, expression)                                                                                  \
  auto TIEOUT_CONCAT(try_, __LINE__) = (expression);                                                           \
  if (!TIEOUT_CONCAT(try_, __LINE__)) return ::tieout::fail(std::move(TIEOUT_CONCAT(try_, __LINE__)).error()); \
  auto name = *std::move(TIEOUT_CONCAT(try_, __LINE__))
#define TRY_VOID(expression)                                             \
  do {                                                                   \
    auto try_void_ = (expression);                                       \
    if (!try_void_) return ::tieout::fail(std::move(try_void_).error()); \
  } while (false)
