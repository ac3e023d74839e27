// The raw rows of schema_table.cpp; schema.hpp turns them into types that can be asked.
#pragma once

#include <span>
#include <string_view>

namespace tieout::sandbox::quickbooks {

struct SchemaRow {
  std::string_view name;
  std::string_view content;  ///< properties ("Name:kind …") or, for an enumeration, its words
};

std::span<const SchemaRow> schema_rows();
std::span<const SchemaRow> schema_enums();

}  // namespace tieout::sandbox::quickbooks
