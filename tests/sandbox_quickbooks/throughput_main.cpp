// How fast the sandbox answers, without sockets: prints records a second for what a benchmark of the product asks of
// it. Usage: quickbooks_sandbox_throughput [thousands of invoices]
#include <fmt/core.h>

#include <cstdlib>
#include <ctime>

#include "base/check.hpp"
#include "sandbox/quickbooks/sandbox.hpp"

namespace {

using namespace tieout;
using namespace tieout::sandbox::quickbooks;

class Bench {
 public:
  explicit Bench(int records) : records_(records) {
    auto made = QuickbooksSandbox::create({.seed = "generated", .faults_file = {}, .no_limits = true}, now_);
    CHECK(made.has_value(), "the sandbox did not start");
    sandbox_ = *std::move(made);
  }

  void batches(const char* what, const std::function<std::string(int)>& item) {
    measure(what, [&] {
      for (int at = 0; at < records_; at += 30) {
        std::string body = R"({"BatchItemRequest":[)";
        for (int i = at; i < std::min(at + 30, records_); ++i)
          body += fmt::format(R"({}{{"bId":"{}","operation":"create",{}}})", i > at ? "," : "", i, item(i));
        const auto answer = call("POST", "/batch?requestid=" + std::string(what) + std::to_string(at), body + "]}");
        CHECK(answer.status == 200 && answer.body.find("\"Fault\"") == std::string::npos, answer.body.c_str());
      }
    });
  }
  void pages(const char* what, const std::string& entity, const std::string& where) {
    measure(what, [&] {
      for (int at = 1; at <= records_; at += 1000)
        call("GET", fmt::format("/query?query=select%20*%20from%20{}{}%20startposition%20{}%20maxresults%201000",
                                entity, where, at));
    });
  }
  void each(const char* what, const std::function<std::string(int)>& target) {
    measure(what, [&] {
      for (int i = 0; i < records_; ++i) CHECK(call("GET", target(i)).status == 200, "a read failed");
    });
  }

 private:
  net::ServerResponse call(const std::string& method, const std::string& path, std::string body = {}) {
    return sandbox_->handle(tieout::sandbox::make_request(method, "/v3/company/9130357849" + path, std::move(body),
                                                          {{"Authorization", "Bearer " + std::string(kStaticToken)}}),
                            now_);
  }
  void measure(const char* what, const std::function<void()>& run) {
    const std::clock_t start = std::clock();  // of the processor: what else the machine does is not counted
    run();
    const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    fmt::print("{:<28} {:>10.0f} records a second of one core\n", what, records_ / seconds);
    now_ += std::chrono::seconds{10};
  }

  int records_;
  Instant now_ = parse_instant("2026-03-10T18:00:00Z").value();
  std::unique_ptr<QuickbooksSandbox> sandbox_;
};

}  // namespace

int main(int argc, char** argv) {
  Bench bench(1000 * (argc > 1 ? std::atoi(argv[1]) : 30));
  bench.batches("customers_in_batches", [](int i) {
    return fmt::format(
        R"("Customer":{{"DisplayName":"Customer {0}","PrimaryEmailAddr":{{"Address":"c{0}@bench.example"}},"BillAddr":{{"Line1":"{0} Main Street","City":"Springfield","PostalCode":"12345"}}}})",
        i);
  });
  bench.batches("invoices_in_batches", [](int i) {
    const char* line =
        R"({"Amount":31.50,"DetailType":"SalesItemLineDetail","Description":"Chai, 10 boxes","SalesItemLineDetail":{"ItemRef":{"value":"1"},"Qty":3,"UnitPrice":10.5}})";
    return fmt::format(
        R"("Invoice":{{"DocNumber":"B{}","CustomerRef":{{"value":"{}"}},"TxnDate":"2026-03-01","PrivateNote":"deal {}","Line":[{},{},{}]}})",
        i, i + 1, i, line, line, line);
  });
  bench.batches("payments_in_batches", [](int i) {
    return fmt::format(
        R"("Payment":{{"CustomerRef":{{"value":"{0}"}},"TotalAmt":94.50,"Line":[{{"Amount":94.50,"LinkedTxn":[{{"TxnId":"{0}","TxnType":"Invoice"}}]}}]}})",
        i + 1);
  });
  bench.pages("invoices_read_in_pages", "Invoice", "");
  bench.pages("delta_by_last_updated", "Invoice", "%20where%20MetaData.LastUpdatedTime%20>%20'2026-03-10T18:00:15Z'");
  bench.each("invoice_by_id", [](int i) { return "/invoice/" + std::to_string(i + 1); });
  bench.each("customer_by_name", [](int i) {
    return fmt::format("/query?query=select%20*%20from%20Customer%20where%20DisplayName%20=%20'Customer%20{}'", i);
  });
  bench.each("invoice_by_number", [](int i) {
    return fmt::format("/query?query=select%20*%20from%20Invoice%20where%20DocNumber%20=%20'B{}'", i);
  });
  return 0;
}
