// What a piece of work costs this process: time on the wall, CPU of all its threads, and the most memory it held.
#pragma once

#include <cstdint>

namespace tieout::bench {

struct Cost {
  double wall_s = 0;
  double cpu_s = 0;
  double peak_mib = 0;  ///< of the whole process, while the work went on
};

class Meter {
 public:
  Meter();  ///< starts now; forgets the peak of before
  Cost read() const;

 private:
  double wall_ = 0;
  double cpu_ = 0;
};

}  // namespace tieout::bench
