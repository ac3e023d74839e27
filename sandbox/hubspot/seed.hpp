// What the seeds have in common: rising instants, and shorthand for making records that belong together.
#pragma once

#include "money/decimal.hpp"
#include "sandbox/hubspot/crm.hpp"

namespace tieout::sandbox::hubspot {

class Sower {
 public:
  /// Every record gets a modified date of its own, a millisecond apart, the last ones just before `now`: a delta can
  /// then page through a seed of any size.
  Sower(Crm& crm, std::int64_t records, Instant now) : crm_(crm), at_(now - Milliseconds{records + 1}) {}

  /// Leaves out empty values.
  Record& make(Type type, const Values& values) {
    Values set;
    for (const auto& value : values)
      if (!value.second.empty()) set.push_back(value);
    at_ += Milliseconds{1};
    return crm_.create(type, set, {}, at_);
  }
  void join(Type from, Record& record, Type to, Record& other) {
    crm_.associate(from, record, *crm_.association_types().unlabelled(from, to), other);
  }

 private:
  Crm& crm_;
  Instant at_;
};

}  // namespace tieout::sandbox::hubspot
