// The test cases that packs carry: a record in, the record (or the code of the refusal) that must come out.
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "mapping/pack_set.hpp"
#include "mapping/problems.hpp"

namespace tieout::mapping {

struct TestCases {
  struct Case {
    std::string pack;  ///< "hubspot", "flows/invoices", "csv/northwind-customers"
    std::string name;
    Place place;
    json::Value body;
  };
  std::vector<Case> cases;

  void add(const std::string& pack, const Yaml& tests, Problems& problems);
  TestReport run(const PackSet& packs) const;
};

}  // namespace tieout::mapping
