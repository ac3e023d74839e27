// The inside of a Recipe, as the loader fills it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "mapping/canonical.hpp"
#include "mapping/recipe.hpp"
#include "mapping/vendor_schema.hpp"

namespace tieout::mapping {

struct Recipe::Parts {
  std::string name;
  std::string version;
  const model::RecordType* type = nullptr;
  char delimiter = ',';
  char decimal_mark = '.';
  std::string date_form = "YYYY-MM-DD";
  std::string true_word = "true";
  std::string false_word = "false";
  std::string id_column;
  std::unique_ptr<VendorSchema> columns;
  std::unique_ptr<RecordBuilder> in;

  static std::shared_ptr<Parts> parse(const Yaml& recipe, const expr::Environment& common, Problems& problems);
  Result<model::Value> cell(const VendorSchema& column, std::string_view text) const;

 private:
  void parse_format(const Yaml& format, Problems& problems);
};

}  // namespace tieout::mapping
