// Who is in the links that this process has made lately. Rows are written late, and a new link is joined soon after it
// was made: both are answered from here without a look at the rows.
#pragma once

#include <unordered_map>

#include "ports/store.hpp"

namespace tieout::sqlite {

class Members {
 public:
  void made(ports::LinkId link) {
    if (first_ == ports::LinkId::none) first_ = link;
    last_ = link;
  }
  void joined(ports::LinkId link, ports::Side side, ports::RecordId record) { members_[slot(link, side)] = record; }

  /// The member on that side, as far as it is known here.
  ports::RecordId of(ports::LinkId link, ports::Side side) const {
    const auto found = members_.find(slot(link, side));
    return found == members_.end() ? ports::RecordId::none : found->second;
  }
  /// True: all members of the link are known here, and none means none.
  bool knows_all_of(ports::LinkId link) const {
    return first_ != ports::LinkId::none && first_ <= link && link <= last_;
  }

  /// After a commit the rows know as much: a long memory is let go.
  void committed() {
    if (members_.size() > kMost) forget();
  }
  void forget() {
    members_.clear();
    first_ = last_ = ports::LinkId::none;
  }

 private:
  static constexpr std::size_t kMost = 65'536;  // about 4 MiB
  static std::int64_t slot(ports::LinkId link, ports::Side side) {
    return static_cast<std::int64_t>(link) * 4 + static_cast<std::int64_t>(side);
  }
  std::unordered_map<std::int64_t, ports::RecordId> members_;
  ports::LinkId first_ = ports::LinkId::none, last_ = ports::LinkId::none;  ///< made here without a gap
};

}  // namespace tieout::sqlite
