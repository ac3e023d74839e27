// QuickBooks' answers cut into records without building a tree; what is handed on stays the vendor's own bytes. A Fault
// can hide in any of them, also under status 200 and inside a batch, so it is looked for everywhere.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "ports/connector.hpp"
#include "vendors/session.hpp"

namespace tieout::vendors::quickbooks {

struct Row {
  std::string entity;  ///< "Customer", "Invoice" …
  std::string id;
  std::string sync_token;
  Instant updated{};
  std::optional<Instant> created;
  bool deleted = false;
  std::string_view raw;  ///< the entity as it came, a view into the body
};

/// Rows hold views into `body`, so an answer can be moved but not copied.
struct Answer {
  std::string body;
  std::vector<Row> rows;
  std::optional<Instant> time;  ///< the vendor's clock
  bool is_list = false;         ///< it holds a QueryResponse: what is not in it is not there
  Answer() = default;
  Answer(Answer&&) = default;
  Answer& operator=(Answer&&) = default;
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;
};

/// One item of a batch answer: the entity, or what was wrong with it.
struct BatchItem {
  std::string bid;
  std::optional<Row> row;
  std::optional<VendorError> error;
};
struct BatchAnswer {
  std::string body;
  std::vector<BatchItem> items;
  BatchAnswer() = default;
  BatchAnswer(BatchAnswer&&) = default;
  BatchAnswer& operator=(BatchAnswer&&) = default;
  BatchAnswer(const BatchAnswer&) = delete;
  BatchAnswer& operator=(const BatchAnswer&) = delete;
};

/// A query, CDC or single-entity answer: every entity in it, in order.
/// Fails with quickbooks.answer.shape (certainty unknown: after a write the caller must look it up).
Result<Answer> read_answer(std::string body);
/// As read_answer, for a query or a list of changes: an answer that is none of these is no empty one, but a fault.
Result<Answer> read_list(std::string body);
Result<BatchAnswer> read_batch(std::string body);

ports::RawRecord record_of(const Row& row);

VendorError read_error(const ports::HttpResponse& answer);
bool looks_whole(const ports::HttpResponse& answer);
/// A Fault at the root of an answer, whatever its status.
bool hides_fault(const ports::HttpResponse& answer);

}  // namespace tieout::vendors::quickbooks
