#include "mapping/yaml.hpp"

#include <fmt/core.h>
#include <yaml-cpp/yaml.h>

#include "money/decimal.hpp"

namespace tieout::mapping {

std::string Place::to_text() const { return fmt::format("{}:{}:{}", path ? *path : "", line, column); }

class YamlBuilder {
 public:
  explicit YamlBuilder(const std::string& path) : path_(std::make_shared<std::string>(path)) {}

  Result<Yaml> build(const YAML::Node& node, int depth) {
    Yaml tree;
    tree.place_ = place_of(node);
    if (depth > 64) return refuse(tree.place_, "nested more than 64 levels deep");
    if (++nodes_ > kMostNodes) return refuse(tree.place_, "more than 200,000 values (aliases count each time)");
    switch (node.Type()) {
      case YAML::NodeType::Scalar:
        tree.kind_ = Yaml::Kind::scalar;
        tree.text_ = node.Scalar();
        tree.quoted_ = node.Tag() == "!";  // what yaml-cpp gives to quoted and block scalars
        return tree;
      case YAML::NodeType::Sequence:
        tree.kind_ = Yaml::Kind::list;
        for (const auto& item : node) {
          TRY(built, build(item, depth + 1));
          tree.items_.push_back(std::move(built));
        }
        return tree;
      case YAML::NodeType::Map:
        return build_map(node, std::move(tree), depth);
      default:
        return tree;
    }
  }

  Place at(int line, int column) const { return {path_, line, column}; }

  Result<Yaml> refuse(const Place& place, std::string_view what) const {
    return fail("mapping.yaml", fmt::format("{}: {}", place.to_text(), what));
  }

 private:
  Place place_of(const YAML::Node& node) const {
    const YAML::Mark mark = node.Mark();
    return {path_, mark.line + 1, mark.column + 1};
  }

  Result<Yaml> build_map(const YAML::Node& node, Yaml tree, int depth) {
    tree.kind_ = Yaml::Kind::map;
    for (const auto& member : node) {
      const Place place = place_of(member.first);
      if (!member.first.IsScalar()) return refuse(place, "a key must be plain text");
      std::string key = member.first.Scalar();
      if (key == "<<") return refuse(place, "merge keys are not supported; write the fields out");
      if (tree.find(key)) return refuse(place, fmt::format("the key '{}' stands twice", key));
      TRY(value, build(member.second, depth + 1));
      tree.entries_.push_back({std::move(key), place, std::move(value)});
    }
    return tree;
  }

  static constexpr int kMostNodes = 200'000;
  std::shared_ptr<const std::string> path_;
  int nodes_ = 0;
};

Result<Yaml> Yaml::parse(std::string_view text, const std::string& path) {
  YamlBuilder builder(path);
  try {
    return builder.build(YAML::Load(std::string(text)), 0);
  } catch (const YAML::Exception& error) {
    return builder.refuse(builder.at(error.mark.line + 1, error.mark.column + 1), error.msg);
  }
}

const Yaml* Yaml::find(std::string_view key) const {
  for (const Entry& entry : entries_)
    if (entry.key == key) return &entry.value;
  return nullptr;
}

Yaml Yaml::with_text(std::string text) const {
  Yaml copy;
  copy.kind_ = Kind::scalar;
  copy.place_ = place_;
  copy.text_ = std::move(text);
  return copy;
}

json::Value Yaml::to_json() const {
  switch (kind_) {
    case Kind::null:
      return {};
    case Kind::list: {
      json::Value list = json::Value::array();
      for (const Yaml& item : items_) list.push(item.to_json());
      return list;
    }
    case Kind::map: {
      json::Value object = json::Value::object();
      for (const Entry& entry : entries_) object.set(entry.key, entry.value.to_json());
      return object;
    }
    case Kind::scalar:
      break;
  }
  if (quoted_) return json::Value::string(text_);
  if (text_ == "true" || text_ == "false") return json::Value::boolean(text_ == "true");
  if (text_ == "null" || text_ == "~" || text_.empty()) return {};
  // A JSON number exactly: a leading zero (a postal code) or a plus sign stays text.
  const std::string_view digits = text_.starts_with('-') ? std::string_view(text_).substr(1) : std::string_view(text_);
  const bool could_be_number = !digits.empty() && digits[0] >= '0' && digits[0] <= '9' &&
                               (digits[0] != '0' || digits.size() == 1 || digits[1] == '.') && digits.back() != '.';
  if (could_be_number && Decimal::parse(text_)) return json::Value::number(text_);
  return json::Value::string(text_);
}

}  // namespace tieout::mapping
