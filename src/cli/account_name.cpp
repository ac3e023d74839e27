#include <pwd.h>
#include <unistd.h>

#include <cstdlib>

#include "cli/with_engine.hpp"

namespace tieout::cli {

std::string account_name() {
  if (const char* user = std::getenv("USER"); user != nullptr && *user != '\0') return user;
  const passwd* account = getpwuid(getuid());
  return account != nullptr ? account->pw_name : "unknown";
}

}  // namespace tieout::cli
