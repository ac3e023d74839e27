// PackSet: all mapping packs and flows of an installation, read, type-checked against the vendors' declared schemas and
// the canonical model, and ready to run. A pack with a mistake is refused as a whole, with every mistake found, each at
// file:line:column. Reads no disk: text comes in (from files of the caller, or the ones built into the program).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mapping/flow.hpp"
#include "mapping/object_mapping.hpp"
#include "mapping/recipe.hpp"
#include "mapping/variables.hpp"

namespace tieout::mapping {

struct PackFile {
  std::string path;  ///< "packs/hubspot/pack.yaml": named in messages
  std::string text;
};

struct PackInfo {
  std::string name;     ///< "hubspot", "flows/invoices"
  std::string version;  ///< semantic version
  std::string path;
  std::string notes;
  Digest digest{};  ///< of the file's text
};

/// A value that an installation may set, `settings.NAME` in expressions.
struct SettingInfo {
  std::string name;
  std::string type;  ///< text, integer, number, boolean, or the words of a choice
  std::string otherwise;
  std::string doc;
};

/// What one test case of a pack came to.
struct CaseResult {
  std::string pack;
  std::string name;
  bool passed = false;
  std::string difference;  ///< empty when passed; else expected and got, field by field
};
struct TestReport {
  std::vector<CaseResult> cases;
  int passed() const;
  int failed() const;
};

class PackSet {
 public:
  /// Fails with the first mistake; `what` lists all of them, a line each: "path:line:column: what is wrong".
  /// Codes: mapping.yaml, mapping.structure, mapping.unknown_field, mapping.unknown_type, mapping.type_mismatch,
  /// mapping.expression.malformed, mapping.duplicate.
  static Result<PackSet> load(std::span<const PackFile> files);
  /// The packs built into the program (below packs/).
  static Result<PackSet> load_embedded();

  /// nullptr when no pack of that vendor maps the object.
  const ObjectMapping* find(std::string_view vendor, std::string_view object) const;
  /// The object of a vendor for a canonical type, nullptr when there is none.
  const ObjectMapping* find_type(std::string_view vendor, const model::RecordType& type) const;
  const std::vector<ObjectMapping>& objects() const { return objects_; }
  const std::vector<Flow>& flows() const { return flows_; }
  const Flow* flow(std::string_view name) const;
  const std::vector<Recipe>& recipes() const { return recipes_; }
  const Recipe* recipe(std::string_view name) const;
  const std::vector<PackInfo>& packs() const { return infos_; }
  const std::vector<SettingInfo>& settings() const { return settings_; }
  /// Over all packs: two sets with the same digest map alike.
  const Digest& digest() const { return digest_; }

  /// Settings by name, defaults for the rest. Fails with mapping.setting.unknown (with a suggestion),
  /// mapping.setting.kind.
  Result<Variables> variables(std::span<const std::pair<std::string, std::string>> settings = {}) const;

  /// Runs the cases that the packs carry; never touches a vendor.
  TestReport run_tests() const;

 private:
  friend class Loader;
  std::vector<ObjectMapping> objects_;
  std::vector<Flow> flows_;
  std::vector<Recipe> recipes_;
  std::vector<PackInfo> infos_;
  std::vector<SettingInfo> settings_;
  std::shared_ptr<const struct TestCases> cases_;
  Digest digest_{};
};

}  // namespace tieout::mapping
