// Records as JSON, appended straight to the answer's text: the path that every page and batch goes through.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sandbox/hubspot/call.hpp"

namespace tieout::sandbox::hubspot {

/// Which properties come back, looked up once a call.
class Selection {
 public:
  /// The named ones; the type's defaults when none are named. Unknown names are left out, as HubSpot does.
  Selection(const Table& table, const std::vector<std::string>& names);
  struct Item {
    int number;
    Source source;
    std::string key;  ///< "\"name\":"
  };
  const std::vector<Item>& items() const { return items_; }

 private:
  void add(const Schema& schema, std::string_view name);
  std::vector<Item> items_;
};

struct RenderOptions {
  const Selection* selection = nullptr;  ///< null: every value the record has
  std::vector<Type> associations;
  bool leave_out_nulls = false;
  std::string_view trace_id;
  int is_new = -1;  ///< 0 or 1: upsert says whether it made the record
};

void append_record(std::string& out, const Crm& crm, const Table& table, const Record& record,
                   const RenderOptions& options);
void append_instant(std::string& out, Instant instant);  ///< with quotes
void append_number(std::string& out, std::int64_t value);

/// {"paging":{"next":{"after":…,"link":…}}} without the outer braces.
void append_next(std::string& out, std::string_view after, std::string_view link);

/// Wraps batch results: status COMPLETE, times, and errors when there are any (then 207).
Answer batch_answer(const Call& call, int status, std::string_view results, const std::vector<json::Value>& errors);

}  // namespace tieout::sandbox::hubspot
