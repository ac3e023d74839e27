// What HubSpot and QuickBooks answer, and the place-marks that the store gives back: read without a tree, so every view
// into the body must lie inside it.
#include "target.hpp"
#include "vendors/hubspot/answer.hpp"
#include "vendors/hubspot/cursor.hpp"
#include "vendors/quickbooks/answer.hpp"
#include "vendors/quickbooks/cursor.hpp"

namespace tieout::fuzz {

namespace {

void inside(const std::string& body, std::string_view part) {
  require(part.empty() || (part.data() >= body.data() && part.data() + part.size() <= body.data() + body.size()),
          "a row lies inside its answer");
}

void hubspot(std::string_view input) {
  const std::string body(input);
  if (const auto answer = vendors::hubspot::read_answer(body)) {
    require(answer->traces.size() == answer->rows.size(), "one trace a row");
    for (const auto& row : answer->rows) {
      if (row.properties != "{}") inside(answer->body, row.properties);  // none sent: an empty object
      inside(answer->body, row.created_at);
      inside(answer->body, row.updated_at);
    }
  }
  if (const auto single = vendors::hubspot::read_single(body))
    require(single->rows.size() == 1, "one record is one row");
  (void)vendors::hubspot::read_associations(body, "companies");
  (void)vendors::hubspot::read_association_page(body, "line_items");
  for (const int status : {200, 400, 500}) {
    const ports::HttpResponse response{status, {{"Content-Type", "application/json"}}, body};
    (void)vendors::hubspot::read_error(response);
    (void)vendors::hubspot::looks_whole(response);
  }
}

void quickbooks(std::string_view input) {
  const std::string body(input);
  if (const auto answer = vendors::quickbooks::read_answer(body))
    for (const auto& row : answer->rows) {
      inside(answer->body, row.raw);
      require(vendors::quickbooks::record_of(row).vendor_id == row.id, "a record keeps its id");
    }
  if (const auto batch = vendors::quickbooks::read_batch(body))
    for (const auto& item : batch->items)
      if (item.row) inside(batch->body, item.row->raw);
  for (const int status : {200, 400, 500}) {
    const ports::HttpResponse response{status, {{"Content-Type", "application/json"}}, body};
    (void)vendors::quickbooks::read_error(response);
    (void)vendors::quickbooks::looks_whole(response);
    (void)vendors::quickbooks::hides_fault(response);
  }
}

void cursors(std::string_view input) {
  const std::string text(input);
  if (const auto cursor = vendors::hubspot::parse_cursor(text))
    require(vendors::hubspot::parse_cursor(vendors::hubspot::to_text(*cursor)).has_value(),
            "a HubSpot place-mark reads back");
  if (const auto cursor = vendors::quickbooks::parse_cursor(text))
    require(vendors::quickbooks::parse_cursor(vendors::quickbooks::to_text(*cursor)).has_value(),
            "a QuickBooks place-mark reads back");
}

}  // namespace

void one_input(std::string_view input) {
  const auto [which, body] = choice(input, 3);
  if (which == 0) hubspot(body);
  if (which == 1) quickbooks(body);
  if (which == 2) cursors(body);
}

}  // namespace tieout::fuzz
