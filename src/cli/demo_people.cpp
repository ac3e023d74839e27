#include "cli/demo_people.hpp"

#include <fmt/core.h>

namespace tieout::cli {

Result<json::Value> DemoPeople::call(const DemoAccount& account, const std::string& method, const std::string& path,
                                     const std::string& body) {
  ports::HttpRequest request;
  request.method = method;
  request.url = account.url + path;
  request.headers = {{"Authorization", "Bearer " + account.token}, {"Accept", "application/json"}};
  if (!body.empty()) request.headers.emplace_back("Content-Type", "application/json");
  request.body = body;
  TRY(answer, http_.send(std::move(request)));
  if (answer.status / 100 != 2)
    return fail("demo.failed",
                fmt::format("{} {} was answered with {}: {}", method, path, answer.status, answer.body.substr(0, 300)));
  return json::parse(answer.body);
}

Result<std::vector<PaidInvoice>> DemoPeople::pay_invoices(int count) {
  const std::string company = "/v3/company/" + books_.realm;
  const std::string query = fmt::format(
      "select%20*%20from%20Invoice%20where%20Balance%20%3E%20'0'%20orderby%20TxnDate%20maxresults%20{}", count);
  TRY(answer, call(books_, "GET", company + "/query?minorversion=75&query=" + query));
  std::vector<PaidInvoice> paid;
  for (const json::Value& invoice : answer["QueryResponse"]["Invoice"].items()) {
    TRY(balance, Decimal::parse(invoice["Balance"].text()));
    const bool in_full = paid.size() % 5 != 4;
    TRY(half, Decimal::divide(balance, 2, 2, Rounding::half_up));
    const Decimal amount = in_full ? balance : half;
    json::Value linked = json::Value::object();
    linked.set("TxnId", json::Value::string(invoice["Id"].text()));
    linked.set("TxnType", json::Value::string("Invoice"));
    json::Value line = json::Value::object();
    line.set("Amount", json::Value::number(amount.to_text()));
    line.set("LinkedTxn", json::Value::array({std::move(linked)}));
    json::Value customer = json::Value::object();
    customer.set("value", json::Value::string(invoice["CustomerRef"]["value"].text()));
    json::Value payment = json::Value::object();
    payment.set("CustomerRef", std::move(customer));
    payment.set("TotalAmt", json::Value::number(amount.to_text()));
    payment.set("Line", json::Value::array({std::move(line)}));
    TRY_VOID(call(books_, "POST", company + "/payment?minorversion=75", payment.dump()));
    paid.push_back({invoice["DocNumber"].text(), invoice["CustomerRef"]["name"].text(),
                    invoice["CurrencyRef"]["value"].text_or("USD"), amount, in_full});
  }
  return paid;
}

Result<bool> DemoPeople::edit(const std::string& object, const std::string& id, const std::string& property,
                              const std::string& value) {
  json::Value properties = json::Value::object();
  properties.set(property, json::Value::string(value));
  json::Value body = json::Value::object();
  body.set("properties", std::move(properties));
  TRY_VOID(call(crm_, "PATCH", fmt::format("/crm/v3/objects/{}/{}", object, id), body.dump()));
  return true;
}

Result<json::Value> DemoPeople::counts(const DemoAccount& account) {
  TRY(state, call(account, "GET", "/_sandbox/state"));
  return state["objects"];
}

}  // namespace tieout::cli
