#include "sim/kit/company.hpp"

#include "sandbox/kit/server.hpp"

namespace tieout::sim {
namespace {

Company::Answer ask(sandbox::Sandbox& vendor, Instant now, std::string method, std::string target,
                    const json::Value* body, std::string_view token) {
  const auto answer =
      vendor.handle(sandbox::make_request(std::move(method), std::move(target), body ? body->dump() : std::string(),
                                          {{"Authorization", "Bearer " + std::string(token)},
                                           {"Content-Type", "application/json"},
                                           {"Accept", "application/json"}}),
                    now);
  Company::Answer out;
  out.status = answer.status;
  if (auto parsed = json::parse(answer.body)) out.body = std::move(*parsed);
  return out;
}

}  // namespace

Company::Answer Company::crm_call(Instant now, std::string method, std::string target, const json::Value* body) const {
  return ask(crm, now, std::move(method), std::move(target), body, sandbox::kPersonToken);
}

Company::Answer Company::books_call(Instant now, std::string method, std::string target,
                                    const json::Value* body) const {
  return ask(books, now, std::move(method), "/v3/company/" + realm + target, body, sandbox::kPersonToken);
}

Company::Answer Company::crm_control(Instant now, std::string method, std::string target,
                                     const json::Value* body) const {
  return ask(crm, now, std::move(method), std::move(target), body, "");
}

Company::Answer Company::books_control(Instant now, std::string method, std::string target,
                                       const json::Value* body) const {
  return ask(books, now, std::move(method), std::move(target), body, "");
}

}  // namespace tieout::sim
