#include "cli/exit_code.hpp"

#include <fmt/core.h>

#include "base/json.hpp"
#include "cli/terminal.hpp"

namespace tieout::cli {
namespace {

struct Rule {
  std::string_view part;  ///< anywhere in the code
  Exit exit;
};

// The first that fits decides. Codes are "area.thing.problem", so a part is enough to know the kind of trouble.
constexpr Rule kRules[] = {
    {"usage.", Exit::usage},           {"project.", Exit::usage},         {"plan.stale", Exit::stale},
    {".unreachable", Exit::try_again}, {".throttled", Exit::try_again},   {".quota", Exit::try_again},
    {".locked", Exit::try_again},      {".migrating", Exit::try_again},   {".garbled", Exit::try_again},
    {"store.busy", Exit::try_again},   {"http.connect", Exit::try_again}, {"http.timeout", Exit::try_again},
    {"http.broken", Exit::try_again},  {".auth.", Exit::not_signed_in},   {"secrets.absent", Exit::not_signed_in},
};

}  // namespace

Exit exit_for(const Fault& fault) {
  for (const Rule& rule : kRules)
    if (fault.code.find(rule.part) != std::string::npos) return rule.exit;
  return Exit::failed;
}

Exit report(const Fault& fault, bool as_json) {
  const Exit exit = exit_for(fault);
  if (as_json) {
    json::Value error = json::Value::object();
    error.set("code", json::Value::string(fault.code));
    error.set("what", json::Value::string(fault.what));
    if (!fault.field.empty()) error.set("field", json::Value::string(fault.field));
    error.set("exit", json::Value::number(static_cast<std::int64_t>(exit)));
    json::Value out = json::Value::object();
    out.set("error", std::move(error));
    fmt::print("{}\n", out.dump_pretty());
    return exit;
  }
  const std::string where = fault.field.empty() ? "" : printable(fault.field) + ": ";
  fmt::print(stderr, "tieout: {}{} [{}]\n", where, printable(fault.what), fault.code);
  return exit;
}

}  // namespace tieout::cli
