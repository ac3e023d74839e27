// One running Tieout in the simulated world: the unchanged engine, connectors and store of one company, on a simulated
// disk and network, with everything that can befall the process and its machine. A node may die at any moment and is
// then opened again from what its disk kept, as a restarted process would.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "engine/engine.hpp"
#include "sim/disk/disk.hpp"
#include "sim/faults.hpp"
#include "sim/kit/clock.hpp"
#include "sim/kit/company.hpp"
#include "sim/network.hpp"
#include "sim/trace.hpp"
#include "vendors/connect.hpp"

namespace tieout::sim {

struct SimTokens final : ports::TokenStore {
  std::map<std::string, ports::Tokens> kept;
  Result<ports::Tokens> load(const std::string& connection) override;
  Result<bool> save(const std::string& connection, const ports::Tokens& tokens) override;
};

class Node {
 public:
  Node(const Company& company, WorldClock& clock, Faults& faults, const Rng& rng, Trace& trace,
       const mapping::PackSet& packs, std::function<void()> on_time);
  ~Node();

  /// Starts the process: opens (creates, migrates) the store, makes connectors and engine. Nothing when it runs.
  Result<ports::Unit> open();
  /// First of all, once, before any fault: signs in and makes what the connectors need in the accounts.
  Result<ports::Unit> set_up();
  void close();                ///< an orderly end
  void die(bool power_fails);  ///< destroys everything; the disk keeps what it would
  engine::Engine* engine() { return engine_.get(); }
  bool is_open() const { return engine_ != nullptr; }

  /// What one piece of work came to.
  struct Outcome {
    bool done = false;
    std::string fault;  ///< code; "crash" when the process died of it
    std::string what;   ///< the fault's own words, for stories
  };
  /// Runs `work` with the faults that were drawn for this step; whatever dies is cleared away.
  Outcome run(const std::function<Result<ports::Unit>()>& work);

  // -- what befalls the node between two steps
  void back_up();          ///< an operator's copy of the store, as it is now
  bool restore();          ///< puts the copy back; false when there is none
  bool flip_a_bit();       ///< in the store, at rest
  bool second_instance();  ///< tries to open the same store; true when it was (rightly) refused
  void revoke_tokens();    ///< until reconnect()
  void reconnect();        ///< a person signs in again
  void change_mapping();   ///< other mapping settings from the next start on
  void draw_clock();       ///< a new day: is the clock right?
  void heal();             ///< everything that hurts ends; the damage that is done stays

  SimHttp& http() { return *http_; }
  const DiskCounts& disk_counts() const { return disk_.counts(); }
  NodeClock& clock() { return clock_; }

 private:
  vendors::ConnectionSettings settings_of(bool crm) const;
  Result<std::unique_ptr<ports::Connector>> connector(bool crm);
  std::vector<std::pair<std::string, std::string>> mapping_settings(bool by_document) const;
  void plan_faults();
  void note_faults(const DiskCounts& before, bool crashed);

  const Company& company_;
  WorldClock& world_;
  NodeClock clock_;
  Faults& faults_;
  Rng rng_, disk_random_, node_random_;
  Trace& trace_;
  const mapping::PackSet& packs_;
  Disk disk_;
  std::unique_ptr<SimHttp> http_;
  SimTokens tokens_;
  std::unique_ptr<ports::Connector> crm_, books_;
  std::unique_ptr<ports::Store> store_;
  std::unique_ptr<engine::Engine> engine_;
  std::map<std::string, std::string> backup_;
  bool flipped_ = false;  ///< a bit has turned since the last backup
  std::vector<std::pair<std::string, std::string>> mapping_settings_;
  bool rounds_by_document_ = false;
  bool off_ = false;
  std::optional<Kind> planned_;  ///< what was armed at the disk for this step
  std::optional<Instant> full_until_;
};

}  // namespace tieout::sim
