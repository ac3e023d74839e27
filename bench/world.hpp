// The two pretended vendors of a benchmark: sandboxes in processes of their own, without limits, and a CRM filled
// through its own API with as many companies and won deals as asked.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "cli/child_sandbox.hpp"
#include "cli/project.hpp"
#include "net/http_client.hpp"

namespace tieout::bench {

class World {
 public:
  /// Starts both sandboxes, empty.
  static Result<std::unique_ptr<World>> start(const std::string& program);

  /// Creates that many companies, and as many won deals with one line each, over a handful of products.
  Result<bool> fill(int customers);
  /// Changes the phone number of every hundredth company.
  Result<int> edit_one_percent();

  /// A project over the two, signed in.
  Result<cli::Project> make_project(const std::string& folder);
  /// All calls so far, and those that wrote, as both vendors counted them.
  struct Calls {
    std::int64_t all = 0;
    std::int64_t writing = 0;
  };
  Result<Calls> calls();

 private:
  Result<json::Value> send(const std::string& base, const std::string& token, const std::string& method,
                           const std::string& path, const std::string& body = "");
  Result<std::vector<std::string>> create(const std::string& object, const std::vector<std::string>& inputs);

  std::unique_ptr<cli::ChildSandbox> crm_, books_;
  std::unique_ptr<net::CurlHttp> http_;
  std::vector<std::string> companies_;
};

}  // namespace tieout::bench
