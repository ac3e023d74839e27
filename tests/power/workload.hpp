// What the sweeps do to a store: transaction number n of a small company, the same for the same n, and a dump of
// everything the store answers. A store kept in memory and fed the same transactions is the oracle: its dump after n
// commits is what a disk must still hold.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ports/store.hpp"

namespace tieout::power {

/// Observes, links, journals, settles, tells: as the engine does, a few records at a time. Commits once.
Result<ports::Unit> transact(ports::Store& store, int number);
/// How many transactions the store has; a fault when it cannot be read.
Result<int> transactions_in(ports::Store& store);

/// One line a record (with its story, link and writes), by "side type vendor-id"; and "settings".
using Dump = std::map<std::string, std::string>;
/// Reads on where a record cannot be read: that one has the fault's code instead, and `faults` counts it.
Result<Dump> dump(ports::Store& store, int& faults);

/// The dump after n commits, from a store in memory; kept for the next question.
class Oracle {
 public:
  const Dump& after(int commits);

 private:
  std::vector<Dump> dumps_;
  std::unique_ptr<ports::Store> store_;
};

}  // namespace tieout::power
