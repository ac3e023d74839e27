// HubSpot's answers cut into records without building a tree: what is passed on to the mapping stays the vendor's own
// bytes, only the few fields that the connector needs itself are looked at. Everything here comes from a stranger:
// a wrong type or a missing id makes a Fault, never a guess.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "ports/http.hpp"
#include "vendors/session.hpp"

namespace tieout::vendors::hubspot {

/// One associated record; labelled is true for the primary or otherwise labelled kind of link.
struct Link {
  std::string id;
  bool primary = false;
};

/// Inline associations to one kind of object; `after` is set when the list went on elsewhere.
struct Links {
  std::string to;  ///< "companies", "contacts", "line_items"
  std::vector<Link> links;
  std::string after;
  /// Adds without repeating an id; a primary link goes first.
  void add(std::string id, bool primary);
};

struct Row {
  std::string id;
  std::string_view created_at;  ///< text without quotes, a view into the body
  std::string_view updated_at;
  bool archived = false;
  std::string_view properties;  ///< the raw JSON object, a view into the body
  std::vector<Links> associations;
  Instant modified{};
  Links* links_to(std::string_view object);
  const Links* links_to(std::string_view object) const;
};

struct ItemError {
  VendorError error;
  std::vector<std::string> ids;     ///< context.ids: the records meant, if any
  std::vector<std::string> traces;  ///< context.objectWriteTraceId
};

/// A list, search, batch or single-record answer. Rows hold views into `body`, so it can be moved but not copied.
struct Answer {
  std::string body;
  std::vector<Row> rows;
  std::vector<std::string> traces;  ///< objectWriteTraceId of each row, "" when absent; same length as rows
  std::vector<ItemError> errors;
  std::string after;       ///< paging.next.after, "" on the last page
  std::int64_t total = 0;  ///< of a search: how many there are in all
  Answer() = default;
  Answer(Answer&&) = default;
  Answer& operator=(Answer&&) = default;
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;
};

/// Fails with hubspot.answer.shape (certainty unknown: after a write the caller must look it up).
Result<Answer> read_answer(std::string body);
/// The same for an answer that is one record.
Result<Answer> read_single(std::string body);

/// v4 association batch read: for each `from` id the ids it points to.
struct AssociationRow {
  std::string from;
  Links links;
};
Result<std::vector<AssociationRow>> read_associations(const std::string& body, std::string_view to);
/// v4 association list of one record.
Result<Links> read_association_page(const std::string& body, std::string_view to);

VendorError read_error(const ports::HttpResponse& answer);
bool looks_whole(const ports::HttpResponse& answer);

}  // namespace tieout::vendors::hubspot
