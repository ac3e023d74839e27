// The inside of an ObjectMapping, as the loader fills it.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "mapping/canonical.hpp"
#include "mapping/object_mapping.hpp"
#include "mapping/template.hpp"
#include "mapping/vendor_schema.hpp"

namespace tieout::mapping {

struct ObjectMapping::Parts {
  std::string vendor;
  std::string object;
  Side side = Side::crm;
  std::string version;
  const model::RecordType* type = nullptr;
  VendorStyle style;
  std::unique_ptr<VendorSchema> schema;
  std::unique_ptr<RecordBuilder> in;  // null: the pack only writes
  std::unique_ptr<Template> out;      // null: the pack only reads
  std::set<int> written;              // canonical fields that some vendor field depends on
  std::vector<Row> rows;

  /// Reads `in:` and `out:` of one object. pack: the map with type, in, out.
  static std::shared_ptr<Parts> parse(const Yaml& object, std::unique_ptr<VendorSchema> schema,
                                      const expr::Environment& common, Problems& problems);

 private:
  void note_reads();
  void note_writes();
  void make_rows();
};

}  // namespace tieout::mapping
