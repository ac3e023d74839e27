// The raw rows of schema_table.cpp; schema.hpp turns them into types that can be asked.
#pragma once

#include <string_view>
#include <vector>

namespace tieout::sandbox::quickbooks {

struct SchemaRow {
  std::string_view name;
  std::string_view content;  ///< properties ("Name:kind …") or, for an enumeration, its words
};

const std::vector<SchemaRow>& schema_rows();
const std::vector<SchemaRow>& schema_enums();

}  // namespace tieout::sandbox::quickbooks
