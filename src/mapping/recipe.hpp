// Recipe: a CSV file → canonical records. It says what the columns are called and hold, how numbers and dates are
// written there, and each canonical field as an expression over `row`. Taking the file apart into cells is csv.hpp's.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mapping/variables.hpp"
#include "model/record.hpp"

namespace tieout::mapping {

class Recipe {
 public:
  const std::string& name() const;  ///< "northwind-customers"
  const std::string& version() const;
  const model::RecordType& type() const;
  char delimiter() const;
  const std::string& id_column() const;

  /// Where each declared column stands in this file. Fails with csv.column.missing (with a suggestion) when a declared
  /// column is not in the header, csv.column.twice; columns that the recipe does not declare are left alone.
  Result<std::vector<int>> bind(std::span<const std::string> header) const;

  /// One row. columns: from bind(). An empty cell is null.
  /// Fails   csv.cell.malformed (field: column; number, date or truth value not in the recipe's form),
  /// mapping.expression
  Result<model::Record> to_canonical(std::span<const std::string> cells, std::span<const int> columns,
                                     const Variables& variables) const;

  struct Parts;
  explicit Recipe(std::shared_ptr<const Parts> parts) : parts_(std::move(parts)) {}

 private:
  std::shared_ptr<const Parts> parts_;
};

}  // namespace tieout::mapping
