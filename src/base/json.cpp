#include "base/json.hpp"

#include <fmt/core.h>
#define SIMDJSON_EXCEPTIONS 0  // a value that is not what it seems is an answer here, never an exception
#include <simdjson.h>

#include <charconv>

namespace tieout::json {
namespace {

constexpr int kMaxDepth = 128;

namespace od = simdjson::ondemand;

template <class Element>
bool build(Element element, Value& out, int depth);

bool build_object(od::object object, Value& out, int depth) {
  out = Value::object();
  for (auto field : object) {
    std::string_view key;
    if (field.unescaped_key().get(key)) return false;
    std::string name(key);  // the view dies with the next string
    Value value;
    od::value element;
    if (field.value().get(element) || !build(element, value, depth + 1)) return false;
    out.members().emplace_back(std::move(name), std::move(value));
  }
  return true;
}

bool build_array(od::array array, Value& out, int depth) {
  out = Value::array();
  for (auto item : array) {
    Value value;
    od::value element;
    if (item.get(element) || !build(element, value, depth + 1)) return false;
    out.items().push_back(std::move(value));
  }
  return true;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n' || text.back() == '\r' || text.back() == '\t'))
    text.remove_suffix(1);
  return text;
}

template <class Element>
bool build_number(Element& element, Value& out) {
  std::string_view token;
  if constexpr (std::is_same_v<Element, od::document>) {
    if (element.raw_json_token().get(token)) return false;
  } else {
    token = element.raw_json_token();
  }
  token = trimmed(token);
  // simdjson checks a number only when asked for its value; ask, so that "1.2.3" or "01" is refused.
  double checked = 0;
  if (element.get_double().get(checked)) return false;
  out = Value::number(std::string(token));
  return true;
}

template <class Element>
bool build(Element element, Value& out, int depth) {
  if (depth > kMaxDepth) return false;
  od::json_type type;
  if (element.type().get(type)) return false;
  switch (type) {
    case od::json_type::object: {
      od::object object;
      return !element.get_object().get(object) && build_object(object, out, depth);
    }
    case od::json_type::array: {
      od::array array;
      return !element.get_array().get(array) && build_array(array, out, depth);
    }
    case od::json_type::string: {
      std::string_view text;
      if (element.get_string().get(text)) return false;
      out = Value::string(std::string(text));
      return true;
    }
    case od::json_type::number:
      return build_number(element, out);
    case od::json_type::boolean: {
      bool flag = false;
      if (element.get_bool().get(flag)) return false;
      out = Value::boolean(flag);
      return true;
    }
    case od::json_type::null: {
      bool null = false;  // what begins with n need not be null
      out = Value();
      return !element.is_null().get(null) && null;
    }
  }
  return false;
}

bool build_document(od::document& document, Value& out) {
  od::json_type type;
  if (document.type().get(type)) return false;
  switch (type) {
    case od::json_type::object: {
      od::object object;
      return !document.get_object().get(object) && build_object(object, out, 0);
    }
    case od::json_type::array: {
      od::array array;
      return !document.get_array().get(array) && build_array(array, out, 0);
    }
    case od::json_type::string: {
      std::string_view text;
      if (document.get_string().get(text)) return false;
      out = Value::string(std::string(text));
      return true;
    }
    case od::json_type::number:
      return build_number(document, out);
    case od::json_type::boolean: {
      bool flag = false;
      if (document.get_bool().get(flag)) return false;
      out = Value::boolean(flag);
      return true;
    }
    case od::json_type::null: {
      bool null = false;
      out = Value();
      return !document.is_null().get(null) && null;
    }
  }
  return false;
}

void dump_to(const Value& value, std::string& out, int indent, int level) {
  const auto line = [&](int at) {
    if (indent > 0) {
      out += '\n';
      out.append(static_cast<std::size_t>(indent * at), ' ');
    }
  };
  switch (value.kind()) {
    case Kind::null:
      out += "null";
      return;
    case Kind::boolean:
    case Kind::number:
      out += value.text();
      return;
    case Kind::string:
      append_string(out, value.text());
      return;
    case Kind::array: {
      out += '[';
      bool first = true;
      for (const Value& item : value.items()) {
        if (!first) out += ',';
        first = false;
        line(level + 1);
        dump_to(item, out, indent, level + 1);
      }
      if (!first) line(level);
      out += ']';
      return;
    }
    case Kind::object: {
      out += '{';
      bool first = true;
      for (const auto& [name, member] : value.members()) {
        if (!first) out += ',';
        first = false;
        line(level + 1);
        append_string(out, name);
        out += indent > 0 ? ": " : ":";
        dump_to(member, out, indent, level + 1);
      }
      if (!first) line(level);
      out += '}';
      return;
    }
  }
}

}  // namespace

Value Value::boolean(bool value) {
  Value out;
  out.kind_ = Kind::boolean;
  out.text_ = value ? "true" : "false";
  return out;
}
Value Value::number(std::string text) {
  Value out;
  out.kind_ = Kind::number;
  out.text_ = std::move(text);
  return out;
}
Value Value::string(std::string text) {
  Value out;
  out.kind_ = Kind::string;
  out.text_ = std::move(text);
  return out;
}
Value Value::array(std::vector<Value> items) {
  Value out;
  out.kind_ = Kind::array;
  out.items_ = std::move(items);
  return out;
}
Value Value::object(std::vector<Member> members) {
  Value out;
  out.kind_ = Kind::object;
  out.members_ = std::move(members);
  return out;
}

std::int64_t Value::as_int(std::int64_t otherwise) const {
  if (!is_number() && !is_string()) return otherwise;
  std::int64_t out = 0;
  const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), out);
  return error == std::errc() && end == text_.data() + text_.size() ? out : otherwise;
}

const Value* Value::find(std::string_view name) const {
  for (const Member& member : members_)
    if (member.first == name) return &member.second;
  return nullptr;
}
Value* Value::find(std::string_view name) { return const_cast<Value*>(std::as_const(*this).find(name)); }

const Value& Value::operator[](std::string_view name) const {
  static const Value none;
  const Value* found = find(name);
  return found ? *found : none;
}

Value& Value::set(std::string name, Value value) {
  kind_ = Kind::object;
  if (Value* found = find(name)) {
    *found = std::move(value);
    return *found;
  }
  members_.emplace_back(std::move(name), std::move(value));
  return members_.back().second;
}

void Value::remove(std::string_view name) {
  std::erase_if(members_, [&](const Member& member) { return member.first == name; });
}

void Value::push(Value value) {
  kind_ = Kind::array;
  items_.push_back(std::move(value));
}

std::string Value::dump() const {
  std::string out;
  dump_to(*this, out, 0, 0);
  return out;
}
std::string Value::dump_pretty() const {
  std::string out;
  dump_to(*this, out, 2, 0);
  return out;
}

bool Value::operator==(const Value& other) const {
  return kind_ == other.kind_ && text_ == other.text_ && items_ == other.items_ && members_ == other.members_;
}

Result<Value> parse(std::string_view text) {
  thread_local od::parser parser;
  const simdjson::padded_string padded(text);
  od::document document;
  Value out;
  if (const auto error = parser.iterate(padded).get(document))
    return fail("json.malformed", fmt::format("not JSON: {}", simdjson::error_message(error)));
  if (!build_document(document, out) || !document.current_location().error()) {
    const char* at = nullptr;
    const bool known = !document.current_location().get(at);
    return fail("json.malformed", known ? fmt::format("not JSON: it breaks near byte {}", at - padded.data())
                                        : std::string("not JSON: it ends too early or something follows it"));
  }
  return out;
}

namespace {

/// Length of the UTF-8 character at the beginning of the text; 0 when the bytes are none (RFC 3629: no surrogates, no
/// overlong forms, nothing past U+10FFFF).
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  const std::size_t length = first < 0x80   ? 1
                             : first < 0xC2 ? 0
                             : first < 0xE0 ? 2
                             : first < 0xF0 ? 3
                             : first < 0xF5 ? 4
                                            : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  if ((first == 0xE0 && byte(1) < 0xA0) || (first == 0xED && byte(1) > 0x9F)) return 0;
  if ((first == 0xF0 && byte(1) < 0x90) || (first == 0xF4 && byte(1) > 0x8F)) return 0;
  return length;
}

/// The text with U+FFFD in place of each byte that belongs to no character.
std::string mended(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    out += length == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

}  // namespace

void append_string(std::string& out, std::string_view text) {
  // What is written is always JSON, also where a stranger's bytes got in.
  if (!simdjson::validate_utf8(text.data(), text.size())) return append_string(out, mended(text));
  out += '"';
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, plain, i - plain);
    plain = i + 1;
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        out += fmt::format("\\u{:04x}", c);
    }
  }
  out.append(text, plain, text.size() - plain);
  out += '"';
}

Writer& Writer::open(char bracket) {
  separate();
  out_ += bracket;
  fresh_ = true;
  return *this;
}
Writer& Writer::close(char bracket) {
  out_ += bracket;
  fresh_ = false;
  return *this;
}
void Writer::separate() {
  if (!fresh_) out_ += ',';
  fresh_ = false;
}
Writer& Writer::key(std::string_view name) {
  separate();
  append_string(out_, name);
  out_ += ':';
  fresh_ = true;
  return *this;
}
Writer& Writer::string(std::string_view text) {
  separate();
  append_string(out_, text);
  return *this;
}
Writer& Writer::raw(std::string_view json) {
  separate();
  out_ += json;
  return *this;
}
Writer& Writer::value(const Value& value) {
  separate();
  dump_to(value, out_, 0, 0);
  return *this;
}

}  // namespace tieout::json
