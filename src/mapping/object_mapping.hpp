// ObjectMapping: one vendor object ↔ one canonical type, as a pack states it. Reading takes the vendor's JSON apart in
// one pass over the names that the pack declares (numbers by their digits, so that no amount passes through binary
// floating point) and fills each canonical field from its expression; a field that is nothing but a path is copied
// without running anything. Writing evaluates the expressions of the vendor's fields over the canonical record and puts
// the results together as JSON. Immutable: any number of threads may use it.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mapping/variables.hpp"
#include "model/record.hpp"

namespace tieout::mapping {

class ObjectMapping {
 public:
  const model::RecordType& type() const;
  const std::string& vendor() const;
  const std::string& object() const;  ///< "companies", "Invoice"
  Side side() const;
  const std::string& pack_version() const;  ///< "1.2.0"

  /// Reads a vendor record. A field is absent when the vendor did not send it, null when it was sent empty.
  /// Fails   mapping.source.malformed  the text is no JSON object
  ///         mapping.source.kind       a value is not what the pack declares (field: path in the source)
  ///         mapping.expression        an expression failed on this record (field: canonical path)
  ///         mapping.result.kind       an expression gave something that the field cannot hold
  Result<model::Record> to_canonical(std::string_view json, const Variables& variables) const;

  /// The body of a create. References in the record must already be the vendor's own ids. Null and absent are left out.
  /// Fails   mapping.expression, mapping.required (the vendor insists on a field that came out empty),
  ///         mapping.too_long (longer than the vendor takes: never cut silently), mapping.too_precise,
  ///         mapping.read_only (this pack writes nothing to the object)
  Result<std::string> to_vendor(const model::Record& wanted, const Variables& variables) const;

  /// The body of an update: only vendor fields whose value differs between the two records, each written as a create
  /// would write it; a field that became empty is cleared. Empty string when nothing differs. Same failures.
  Result<std::string> to_vendor_changes(const model::Record& wanted, const model::Record& now,
                                        const Variables& variables) const;

  bool reads(std::string_view field) const;   ///< may to_canonical fill the canonical field?
  bool writes(std::string_view field) const;  ///< does any vendor field depend on the canonical field?
  bool writable() const;                      ///< false: in only

  /// Names directly below `path` in the vendor record that the pack reads or writes: the properties to ask HubSpot for
  /// are vendor_names("properties"); "" gives the top level.
  std::vector<std::string> vendor_names(std::string_view path) const;

  /// One row of the field matrix: how a canonical field appears at this vendor.
  struct Row {
    std::string field;        ///< canonical path: "lines[].quantity"
    std::string vendor_path;  ///< "Line[].SalesItemLineDetail.Qty"
    std::string direction;    ///< "in", "out", "both"
    std::string expression;   ///< when it is more than a path
  };
  const std::vector<Row>& rows() const;

  struct Parts;
  explicit ObjectMapping(std::shared_ptr<const Parts> parts) : parts_(std::move(parts)) {}

 private:
  std::shared_ptr<const Parts> parts_;
};

}  // namespace tieout::mapping
