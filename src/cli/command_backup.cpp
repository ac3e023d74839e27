// A copy of the project's store as of one moment, while others use it.
#include <fmt/core.h>

#include "base/json.hpp"
#include "cli/commands.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace tieout::cli {
namespace {

Result<Exit> back_up(const Context& context, const std::string& to) {
  TRY(project, load_project(context.folder));
  TRY_VOID(backup_sqlite(project.store_path(), to));
  TRY_VOID(verify_sqlite(to));
  if (context.json) {
    json::Value out = json::Value::object();
    out.set("backup", json::Value::string(to));
    fmt::print("{}\n", out.dump_pretty());
  } else {
    fmt::print("{} is a copy of the store, and was read back whole. Secrets and the master key are not in it.\n", to);
  }
  return Exit::ok;
}

}  // namespace

Exit run_backup(const Context& context, const std::string& to) {
  const auto done = back_up(context, to);
  return done ? *done : report(done.error(), context.json);
}

}  // namespace tieout::cli
