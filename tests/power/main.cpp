// Power, damage and failing disks as sweeps with a count and a seed:
//
//   tieout_power cuts|engine-cuts|flips|failing [--count N] [--seed S]
//
// Prints one line of figures; ends with 0 when the promise held.
#include <CLI/CLI.hpp>

#include "sweep.hpp"

int main(int argc, char** argv) {
  using namespace tieout::power;
  CLI::App app("Sweeps over power cuts, flipped bits and failing disks");
  app.require_subcommand(1);
  Sweep sweep;
  bool good = false;
  const auto command = [&](const char* name, const char* about, bool (*run)(const Sweep&)) {
    auto* sub = app.add_subcommand(name, about);
    sub->add_option("--count", sweep.count, "how many")->capture_default_str();
    sub->add_option("--seed", sweep.seed, "where chance starts")->capture_default_str();
    sub->callback([&good, &sweep, run] { good = run(sweep); });
  };
  command("cuts", "power cuts under the store", store_cuts);
  command("engine-cuts", "power cuts under the engine, during intake and apply", engine_cuts);
  command("flips", "single bits of file, log, backup, live pages and secrets", flips);
  command("failing", "the nth write or fsync fails, or the disk is full", failing_disk);
  CLI11_PARSE(app, argc, argv);
  return good ? 0 : 1;
}
