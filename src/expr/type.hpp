// Type: what the checker knows about an expression before it runs. The types are those of CEL (int, string, list(T),
// map(K, V), …) plus the ones that business data needs: decimal, date, record (fields with types of their own) and
// nullable(T), which is T or null. A Type is a small handle on a shared immutable node: copy it freely.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/value.hpp"

namespace tieout::expr {

class Type;

/// A record as the checker sees it: the shape (names → slots) and the type of each slot.
struct RecordType {
  std::shared_ptr<const model::RecordShape> shape;
  std::vector<Type> fields;  ///< as many as shape->names
};

class Type {
 public:
  enum class Kind : std::uint8_t {
    dyn,
    null,
    boolean,
    integer,
    unsigned_integer,
    floating,
    decimal,
    text,
    bytes,
    instant,
    duration,
    date,
    ip_address,
    ip_range,
    list,
    map,
    record,
    optional,
    nullable,
    type,
    abstract,
    parameter
  };

  Type() : Type(dyn()) {}

  static const Type& dyn();
  static const Type& null();
  static const Type& boolean();
  static const Type& integer();
  static const Type& unsigned_integer();
  static const Type& floating();
  static const Type& decimal();
  static const Type& text();
  static const Type& bytes();
  static const Type& instant();
  static const Type& duration();
  static const Type& date();
  static const Type& ip_address();
  static const Type& ip_range();
  static Type list(Type item);
  static Type map(Type key, Type value);
  static Type optional(Type value);
  static Type nullable(Type value);  ///< value or null; usable where value is wanted, as an unset vendor field is
  static Type type(Type of);
  static Type record(std::shared_ptr<const RecordType> record);
  static Type abstract(std::string name, std::vector<Type> parameters);
  static Type parameter(std::string name);  ///< T in a function's signature

  /// "list(map(string, decimal))", "nullable(date)", "optional(T)": single capitals are parameters. The words are
  /// bool int uint double decimal string bytes timestamp duration date null dyn type ip cidr list map optional
  /// nullable. Fails with expr.type.malformed.
  static Result<Type> parse(std::string_view text);
  /// What the checker can know of a value that is at hand: list(dyn), map(dyn, dyn), record by its shape's names.
  static Type of(const model::Value& value);

  Kind kind() const { return node_->kind; }
  bool is(Kind kind_) const { return kind() == kind_; }
  const std::string& name() const { return node_->name; }  ///< abstract, parameter
  const std::vector<Type>& parameters() const { return node_->parameters; }
  const Type& item() const { return node_->parameters[0]; }   ///< list, optional, nullable, type
  const Type& key() const { return node_->parameters[0]; }    ///< map
  const Type& value() const { return node_->parameters[1]; }  ///< map
  const RecordType& record_type() const { return *node_->record; }
  bool operator==(const Type& other) const;
  std::string to_text() const;

 private:
  struct Node {
    Kind kind = Kind::dyn;
    std::string name;
    std::vector<Type> parameters;
    std::shared_ptr<const RecordType> record;
  };
  explicit Type(std::shared_ptr<const Node> node) : node_(std::move(node)) {}
  static Type plain(Kind kind_);
  static Type make(Kind kind_, std::string name_, std::vector<Type> parameters_);

  std::shared_ptr<const Node> node_;
};

}  // namespace tieout::expr
