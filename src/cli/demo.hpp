// The demo: one full round between two sandboxes, told step by step with the very commands a user would type.
#pragma once

#include <memory>
#include <string>

#include "cli/child_sandbox.hpp"
#include "cli/commands.hpp"
#include "cli/demo_people.hpp"
#include "cli/session.hpp"

namespace tieout::cli {

class Demo {
 public:
  Demo(const Context& context, std::string folder) : context_(context), folder_(std::move(folder)) {}
  Result<Exit> run();

 private:
  void heading(const std::string& title, const std::string& about);
  void typed(const std::string& command) const;
  template <class Work>
  auto in_session(Work work);

  Result<bool> two_systems();
  Result<bool> project();
  Result<bool> audit();
  Result<bool> plan();
  Result<bool> review();
  Result<bool> apply();
  Result<bool> mend_names();
  Result<bool> payments();
  Result<bool> explain_held();
  Result<bool> nothing_left();
  Result<bool> tie_out();

  Context context_;
  std::string folder_;
  int step_ = 0;
  std::unique_ptr<ChildSandbox> hubspot_, quickbooks_;
  std::unique_ptr<net::CurlHttp> http_;
  std::unique_ptr<DemoPeople> people_;
  bool ties_out_ = false;
};

}  // namespace tieout::cli
