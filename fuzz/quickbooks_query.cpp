// QuickBooks' query text as a client may write it, parsed alone and run against the sandbox's seeded company.
#include "sandbox/quickbooks/query.hpp"

#include "sandbox/quickbooks/sandbox.hpp"
#include "target.hpp"

namespace tieout::fuzz {

namespace {

std::string escaped(std::string_view text) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

}  // namespace

void one_input(std::string_view input) {
  static const auto books = [] {
    sandbox::quickbooks::QuickbooksOptions options;
    options.no_limits = true;
    return std::move(*sandbox::quickbooks::QuickbooksSandbox::create(options, *parse_instant("2026-11-21T10:00:00Z")));
  }();
  (void)sandbox::quickbooks::parse_query(input);
  const auto answer =
      books->handle(sandbox::make_request("GET", "/v3/company/9130357849/query?query=" + escaped(input), {},
                                          {{"Authorization", "Bearer sandbox-token"}, {"Accept", "application/json"}}),
                    *parse_instant("2026-11-21T10:00:01Z"));
  require(answer.status == 200 || answer.status == 400, "a query is answered or refused");
  require(json::parse(answer.body).has_value(), "the answer is JSON");
}

}  // namespace tieout::fuzz
