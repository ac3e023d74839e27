#include "expr/type.hpp"

#include <fmt/core.h>

#include <array>

namespace tieout::expr {
namespace {

using model::Value;

struct Word {
  std::string_view word;
  const Type& (*type)();
};
constexpr std::array<Word, 14> kWords{{{"dyn", &Type::dyn},
                                       {"null", &Type::null},
                                       {"bool", &Type::boolean},
                                       {"int", &Type::integer},
                                       {"uint", &Type::unsigned_integer},
                                       {"double", &Type::floating},
                                       {"decimal", &Type::decimal},
                                       {"string", &Type::text},
                                       {"bytes", &Type::bytes},
                                       {"timestamp", &Type::instant},
                                       {"duration", &Type::duration},
                                       {"date", &Type::date},
                                       {"ip", &Type::ip_address},
                                       {"cidr", &Type::ip_range}}};

/// Reads the notation of Type::parse from a text, leaving what follows.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text), rest_(text) {}

  Result<Type> whole() {
    TRY(type, read());
    skip_blank();
    if (!rest_.empty()) return malformed();
    return type;
  }

 private:
  void skip_blank() {
    while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
  }
  bool accept(char c) {
    skip_blank();
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  tl::unexpected<Fault> malformed() const {
    return fail("expr.type.malformed",
                fmt::format("'{}' is not a type such as list(string) or map(string, decimal)", text_));
  }

  Result<Type> read() {
    skip_blank();
    std::size_t length = 0;
    while (length < rest_.size() && (std::isalnum(static_cast<unsigned char>(rest_[length])) || rest_[length] == '_'))
      ++length;
    const std::string_view word = rest_.substr(0, length);
    rest_.remove_prefix(length);
    std::vector<Type> parameters;
    if (accept('(')) {
      do {
        TRY(parameter, read());
        parameters.push_back(std::move(parameter));
      } while (accept(','));
      if (!accept(')')) return malformed();
    }
    return named(word, std::move(parameters));
  }

  Result<Type> named(std::string_view word, std::vector<Type> parameters) {
    const std::size_t n = parameters.size();
    if (n == 0) {
      for (const Word& known : kWords)
        if (known.word == word) return known.type();
      if (word.size() == 1 && word[0] >= 'A' && word[0] <= 'Z') return Type::parameter(std::string(word));
    }
    if (word == "list" && n <= 1) return Type::list(n ? parameters[0] : Type::dyn());
    if (word == "map" && (n == 0 || n == 2))
      return n ? Type::map(parameters[0], parameters[1]) : Type::map(Type::dyn(), Type::dyn());
    if (word == "optional" && n == 1) return Type::optional(parameters[0]);
    if (word == "nullable" && n == 1) return Type::nullable(parameters[0]);
    if (word == "type" && n <= 1) return Type::type(n ? parameters[0] : Type::dyn());
    return malformed();
  }

  std::string_view text_;
  std::string_view rest_;
};

}  // namespace

Type Type::make(Kind kind_, std::string name_, std::vector<Type> parameters_) {
  auto node = std::make_shared<Node>();
  node->kind = kind_;
  node->name = std::move(name_);
  node->parameters = std::move(parameters_);
  return Type(std::move(node));
}
Type Type::plain(Kind kind_) { return make(kind_, {}, {}); }

const Type& Type::dyn() {
  static const Type type = plain(Kind::dyn);
  return type;
}
const Type& Type::null() {
  static const Type type = plain(Kind::null);
  return type;
}
const Type& Type::boolean() {
  static const Type type = plain(Kind::boolean);
  return type;
}
const Type& Type::integer() {
  static const Type type = plain(Kind::integer);
  return type;
}
const Type& Type::unsigned_integer() {
  static const Type type = plain(Kind::unsigned_integer);
  return type;
}
const Type& Type::floating() {
  static const Type type = plain(Kind::floating);
  return type;
}
const Type& Type::decimal() {
  static const Type type = plain(Kind::decimal);
  return type;
}
const Type& Type::text() {
  static const Type type = plain(Kind::text);
  return type;
}
const Type& Type::bytes() {
  static const Type type = plain(Kind::bytes);
  return type;
}
const Type& Type::instant() {
  static const Type type = plain(Kind::instant);
  return type;
}
const Type& Type::duration() {
  static const Type type = plain(Kind::duration);
  return type;
}
const Type& Type::date() {
  static const Type type = plain(Kind::date);
  return type;
}
const Type& Type::ip_address() {
  static const Type type = plain(Kind::ip_address);
  return type;
}
const Type& Type::ip_range() {
  static const Type type = plain(Kind::ip_range);
  return type;
}
Type Type::list(Type item) { return make(Kind::list, {}, {std::move(item)}); }
Type Type::map(Type key, Type value) { return make(Kind::map, {}, {std::move(key), std::move(value)}); }
Type Type::optional(Type value) { return make(Kind::optional, {}, {std::move(value)}); }
Type Type::nullable(Type value) {
  if (value.is(Kind::nullable) || value.is(Kind::dyn)) return value;
  return make(Kind::nullable, {}, {std::move(value)});
}
Type Type::type(Type of) { return make(Kind::type, {}, {std::move(of)}); }
Type Type::abstract(std::string name, std::vector<Type> parameters) {
  return make(Kind::abstract, std::move(name), std::move(parameters));
}
Type Type::parameter(std::string name) { return make(Kind::parameter, std::move(name), {}); }
Type Type::record(std::shared_ptr<const RecordType> record) {
  auto node = std::make_shared<Node>();
  node->kind = Kind::record;
  node->name = record->shape->name;
  node->record = std::move(record);
  return Type(std::move(node));
}

Result<Type> Type::parse(std::string_view text) { return Reader(text).whole(); }

Type Type::of(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::null:
      return null();
    case Value::Kind::boolean:
      return boolean();
    case Value::Kind::integer:
      return integer();
    case Value::Kind::unsigned_integer:
      return unsigned_integer();
    case Value::Kind::floating:
      return floating();
    case Value::Kind::decimal:
      return decimal();
    case Value::Kind::text:
      return text();
    case Value::Kind::bytes:
      return bytes();
    case Value::Kind::date:
      return date();
    case Value::Kind::instant:
      return instant();
    case Value::Kind::duration:
      return duration();
    case Value::Kind::list:
      return list(dyn());
    case Value::Kind::map:
      return map(dyn(), dyn());
    case Value::Kind::optional:
      return optional(dyn());
    case Value::Kind::type:
      return type(dyn());
    case Value::Kind::ip_address:
      return ip_address();
    case Value::Kind::ip_range:
      return ip_range();
    case Value::Kind::record: {
      auto made = std::make_shared<RecordType>();
      made->shape = value.shape_pointer();
      made->fields.resize(made->shape->size());
      return record(std::move(made));
    }
    case Value::Kind::absent:
    case Value::Kind::error:
      break;
  }
  return dyn();
}

bool Type::operator==(const Type& other) const {
  if (node_ == other.node_) return true;
  if (kind() != other.kind() || name() != other.name()) return false;
  if (is(Kind::record))
    return node_->record == other.node_->record || record_type().shape->names == other.record_type().shape->names;
  return parameters() == other.parameters();
}

std::string Type::to_text() const {
  std::string out;
  switch (kind()) {
    case Kind::list:
      out = "list";
      break;
    case Kind::map:
      out = "map";
      break;
    case Kind::optional:
      out = "optional";
      break;
    case Kind::nullable:
      out = "nullable";
      break;
    case Kind::type:
      out = "type";
      break;
    case Kind::abstract:
    case Kind::parameter:
    case Kind::record:
      out = name();
      break;
    default:
      for (const Word& known : kWords)
        if (known.type().kind() == kind()) out = known.word;
  }
  if (parameters().empty()) return out;
  out += '(';
  for (std::size_t i = 0; i < parameters().size(); ++i) out += (i ? ", " : "") + parameters()[i].to_text();
  return out + ')';
}

}  // namespace tieout::expr
