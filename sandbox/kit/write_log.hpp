// Who wrote what: every write that a sandbox carried out, with each field before and after, and every one that it
// refused, with the vendor's code. Vendors keep such a history (HubSpot's property history, QuickBooks' audit log);
// here it is what a test or the simulation's auditor holds against what should have been written. Off until asked for,
// so that a benchmark does not pay for it.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace tieout::sandbox {

/// The token of a person at the vendor's own pages. Faults, limits and counters are those of the API and leave it
/// alone.
inline constexpr std::string_view kPersonToken = "sandbox-person";

enum class Deed : std::uint8_t { create, update, remove, cancel, merge, restore, associate, dissociate };
std::string_view name_of(Deed deed);

struct Written {
  struct Field {
    std::string name;
    std::string before;  ///< empty when there was none
    std::string after;
  };
  Instant at{};
  bool by_person = false;  ///< at the vendor's pages; otherwise a client of the API
  Deed deed = Deed::create;
  std::string object;         ///< "deals", "Invoice"
  std::string id;             ///< empty for a create that was refused
  std::vector<Field> fields;  ///< what the request carried
  std::string other;          ///< merge: the ids that went, by semicolons; (dis)associate: "companies/123"
  std::string refused;        ///< the vendor's code; empty when it was carried out

  const Field* field(std::string_view name) const {
    for (const Field& each : fields)
      if (each.name == name) return &each;
    return nullptr;
  }
};

class WriteLog {
 public:
  void keep(bool on) { kept_ = on; }
  bool kept() const { return kept_; }
  /// Whose request is in work from now on.
  void begin(bool by_person, Instant at) {
    by_person_ = by_person;
    at_ = at;
  }
  void note(Written written) {
    if (!is_on()) return;
    written.at = at_;
    written.by_person = by_person_;
    if (listener_) listener_(written);
    if (kept_) entries_.push_back(std::move(written));
  }
  /// Called with each write the moment it has been carried out or refused; the sandbox's lock is held.
  void listen(std::function<void(const Written&)> listener) { listener_ = std::move(listener); }
  bool is_on() const { return kept_ || listener_ != nullptr; }
  /// All since the log was switched on, oldest first; a reader keeps its own place.
  const std::vector<Written>& entries() const { return entries_; }

 private:
  bool kept_ = false;
  bool by_person_ = false;
  Instant at_{};
  std::vector<Written> entries_;
  std::function<void(const Written&)> listener_;
};

}  // namespace tieout::sandbox
