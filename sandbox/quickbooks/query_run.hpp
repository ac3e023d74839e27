// Runs a parsed query over the books, through an index where a condition allows one.
#pragma once

#include <string>

#include "sandbox/quickbooks/books.hpp"
#include "sandbox/quickbooks/query.hpp"

namespace tieout::sandbox::quickbooks {

/// What faults do to a listing.
struct View {
  Instant unseen_since = Instant::max();  ///< records made at or after this moment are not in the index yet
  bool duplicate_page = false;            ///< a later page repeats the page before
  bool missing_page = false;              ///< the page comes back empty
};

/// The rows of the statement that was paged last, so that reading a million records page by page does not look at the
/// first ones a thousand times. Good only while its table has not changed.
struct PageCache {
  std::string statement;
  std::size_t changes = 0;
  std::vector<const Record*> rows;
};

/// The JSON object that stands under "QueryResponse". Without an ORDERBY records come in the order of their ids.
/// Names that are inactive are left out unless the query asks for Active.
/// Refuses  4001 a property that the entity does not have, or a value that is no date, number or instant where one is
/// due.
Outcome<std::string> run_query(const Books& books, const Query& query, const View& view, PageCache* cache = nullptr);

}  // namespace tieout::sandbox::quickbooks
