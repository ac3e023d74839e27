// Loading: every file is read, its settings are gathered, then its expressions are compiled against what is declared.
#include "mapping/pack_set.hpp"

#include <fmt/core.h>

#include <cstdio>

#include "base/embedded.hpp"
#include "mapping/environments.hpp"
#include "mapping/flow_parts.hpp"
#include "mapping/functions.hpp"
#include "mapping/object_parts.hpp"
#include "mapping/pack_tests.hpp"
#include "mapping/recipe_parts.hpp"

namespace tieout::mapping {

class Loader {
 public:
  Result<PackSet> load(std::span<const PackFile> files) {
    std::string all_digests;
    for (const PackFile& file : files) {
      PackInfo info;
      info.path = file.path;
      info.digest = sha256(file.text);
      all_digests += file.path + hex(info.digest);
      set_.infos_.push_back(std::move(info));
    }
    set_.digest_ = sha256(all_digests);
    set_.cases_ = cases_;
    trees_.reserve(files.size());
    for (std::size_t i = 0; i < files.size(); ++i) {
      auto tree = Yaml::parse(files[i].text, set_.infos_[i].path);
      if (!tree) problems_.add(tree.error());
      trees_.push_back(tree ? *std::move(tree) : Yaml{});
      if (const Yaml* settings = trees_.back().find("settings")) parse_settings(*settings, set_.settings_, problems_);
    }
    for (std::size_t i = 0; i < trees_.size(); ++i)
      if (!trees_[i].is_null()) file(trees_[i], set_.infos_[i]);
    if (!problems_.empty()) return fail(problems_.all());
    return std::move(set_);
  }

 private:
  void file(const Yaml& tree, PackInfo& info) {
    info.version = text_of(tree, "version", true, problems_);
    info.notes = text_of(tree, "notes", false, problems_);
    check_version(tree, info.version);
    if (tree.find("pack")) {
      vendor_pack(tree, info);
    } else if (tree.find("flow")) {
      info.name = "flows/" + text_of(tree, "flow", true, problems_);
      auto parts = Flow::Parts::parse(tree, flow_environment(), problems_);
      if (set_.flow(parts->name))
        problems_.add("mapping.duplicate", tree.place(), fmt::format("there are two flows '{}'", parts->name));
      set_.flows_.emplace_back(std::move(parts));
    } else if (tree.find("recipe")) {
      info.name = "csv/" + text_of(tree, "recipe", true, problems_);
      auto parts = Recipe::Parts::parse(tree, recipe_environment(), problems_);
      if (parts) set_.recipes_.emplace_back(std::move(parts));
    } else {
      problems_.add("mapping.structure", tree.place(), "a pack begins with pack:, flow: or recipe:");
    }
    if (const Yaml* tests = tree.find("tests")) cases_->add(info.name, *tests, problems_);
  }

  void check_version(const Yaml& tree, const std::string& version) {
    int a = 0, b = 0, c = 0, used = 0;
    const bool ok =
        std::sscanf(version.c_str(), "%d.%d.%d%n", &a, &b, &c, &used) == 3 &&
        (static_cast<std::size_t>(used) == version.size() || version[static_cast<std::size_t>(used)] == '-');
    if (!ok)
      problems_.add("mapping.structure", tree.place(), fmt::format("version '{}' is no semantic version", version));
  }

  void vendor_pack(const Yaml& tree, PackInfo& info) {
    allow_keys(tree, {"pack", "version", "notes", "side", "values", "settings", "schema", "objects", "tests"},
               problems_);
    info.name = text_of(tree, "pack", true, problems_);
    const std::string side = text_of(tree, "side", true, problems_);
    if (side != "crm" && side != "books") problems_.add("mapping.structure", tree.place(), "side: is crm or books");
    const Yaml* schema = tree.find("schema");
    const Yaml* objects = tree.find("objects");
    if (!schema || !objects) return problems_.add("mapping.structure", tree.place(), "a pack wants schema and objects");
    const VendorStyle style = style_of(tree);
    for (const Yaml::Entry& entry : objects->entries()) {
      const Yaml* declared = schema->find(entry.key);
      if (!declared || !declared->is_map()) {
        problems_.add("mapping.unknown_type", entry.place, fmt::format("the schema does not declare '{}'", entry.key));
        continue;
      }
      auto fields = VendorSchema::parse(*declared, entry.key, problems_);
      auto parts = ObjectMapping::Parts::parse(entry.value, std::move(fields), pack_environment(), problems_);
      if (!parts) continue;
      parts->vendor = info.name;
      parts->object = entry.key;
      parts->side = side == "books" ? Side::books : Side::crm;
      parts->version = info.version;
      parts->style = style;
      set_.objects_.emplace_back(std::move(parts));
    }
  }

  VendorStyle style_of(const Yaml& tree) {
    VendorStyle style;
    const Yaml* values = tree.find("values");
    if (!values) return style;
    allow_keys(*values, {"scalars", "changes_within"}, problems_);
    style.scalars_as_text = text_of(*values, "scalars", false, problems_) == "text";
    if (const Yaml* within = values->find("changes_within"))
      for (const Yaml& name : within->items()) style.changes_within.insert(name.text());
    return style;
  }

  expr::Environment pack_environment() const {
    expr::Environment environment;
    environment.add_variable("account", account_type());
    environment.add_variable("settings", settings_type(set_.settings_));
    add_functions(environment);
    return environment;
  }
  expr::Environment flow_environment() const {
    expr::Environment environment;
    environment.add_variable("id", expr::Type::text());
    environment.add_variable("settings", settings_type(set_.settings_));
    environment.add_variable("crm", account_type());
    environment.add_variable("books", account_type());
    add_functions(environment);
    return environment;
  }
  expr::Environment recipe_environment() const {
    expr::Environment environment;
    environment.add_variable("settings", settings_type(set_.settings_));
    add_functions(environment);
    return environment;
  }

  PackSet set_;
  Problems problems_;
  std::vector<Yaml> trees_;
  std::shared_ptr<TestCases> cases_ = std::make_shared<TestCases>();
};

Result<PackSet> PackSet::load(std::span<const PackFile> files) { return Loader().load(files); }

Result<PackSet> PackSet::load_embedded() {
  std::vector<PackFile> files;
  for (const std::string_view name : embedded_names("packs/"))
    if (name.ends_with(".yaml")) files.push_back({std::string(name), std::string(*embedded_file(name))});
  return load(files);
}

const ObjectMapping* PackSet::find(std::string_view vendor, std::string_view object) const {
  for (const ObjectMapping& mapping : objects_)
    if (mapping.vendor() == vendor && mapping.object() == object) return &mapping;
  return nullptr;
}

const ObjectMapping* PackSet::find_type(std::string_view vendor, const model::RecordType& type) const {
  for (const ObjectMapping& mapping : objects_)
    if (mapping.vendor() == vendor && &mapping.type() == &type) return &mapping;
  return nullptr;
}

const Flow* PackSet::flow(std::string_view name) const {
  for (const Flow& flow : flows_)
    if (flow.name() == name) return &flow;
  return nullptr;
}

const Recipe* PackSet::recipe(std::string_view name) const {
  for (const Recipe& recipe : recipes_)
    if (recipe.name() == name) return &recipe;
  return nullptr;
}

Result<Variables> PackSet::variables(std::span<const std::pair<std::string, std::string>> given) const {
  TRY(value, settings_value(settings_, given));
  return Variables(std::move(value));
}

TestReport PackSet::run_tests() const { return cases_->run(*this); }

int TestReport::passed() const {
  return static_cast<int>(std::count_if(cases.begin(), cases.end(), [](const CaseResult& c) { return c.passed; }));
}
int TestReport::failed() const { return static_cast<int>(cases.size()) - passed(); }

}  // namespace tieout::mapping
