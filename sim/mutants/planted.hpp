// In the planted copy of the sources only (plant.py): which bug, if any, this process was told to have.
#pragma once

#include <cstdlib>
#include <string>
#include <string_view>

namespace tieout::planted {

inline const std::string& chosen() {
  static const std::string name = [] {
    const char* const told = std::getenv("TIEOUT_MUTANT");
    return std::string(told == nullptr ? "" : told);
  }();
  return name;
}
inline bool is(std::string_view name) { return chosen() == name; }

}  // namespace tieout::planted
