#include "expr/well_known.hpp"

#include <limits>
#include <vector>

#include "expr/registry.hpp"
#include "expr/semantics.hpp"

namespace tieout::expr {
namespace {

using model::Value;

Value same(Call& call) { return call[0]; }
Value null(Call&) { return Value::null(); }
Value int32(Call& call) {
  const std::int64_t value = call[0].as_integer();
  const bool fits =
      value >= std::numeric_limits<std::int32_t>::min() && value <= std::numeric_limits<std::int32_t>::max();
  return fits ? call[0] : failed("range: the value does not fit into 32 bits");
}
Value uint32(Call& call) {
  return call[0].as_unsigned() <= std::numeric_limits<std::uint32_t>::max()
             ? call[0]
             : failed("range: the value does not fit into 32 bits");
}
Value float32(Call& call) { return Value::floating(static_cast<double>(static_cast<float>(call[0].as_floating()))); }

constexpr Builtin kFields[] = {
    {"google.protobuf.BoolValue.value", "(bool) -> nullable(bool)", same},
    {"google.protobuf.BytesValue.value", "(bytes) -> nullable(bytes)", same},
    {"google.protobuf.StringValue.value", "(string) -> nullable(string)", same},
    {"google.protobuf.DoubleValue.value", "(double) -> nullable(double)", same},
    {"google.protobuf.FloatValue.value", "(double) -> nullable(double)", float32},
    {"google.protobuf.Int32Value.value", "(int) -> nullable(int)", int32},
    {"google.protobuf.Int64Value.value", "(int) -> nullable(int)", same},
    {"google.protobuf.UInt32Value.value", "(uint) -> nullable(uint)", uint32},
    {"google.protobuf.UInt64Value.value", "(uint) -> nullable(uint)", same},
    {"google.protobuf.ListValue.values", "(list(dyn)) -> list(dyn)", same},
    {"google.protobuf.Struct.fields", "(map(string, dyn)) -> map(string, dyn)", same},
    {"google.protobuf.Value.null_value", "(dyn) -> dyn", null},
    {"google.protobuf.Value.number_value", "(double) -> dyn", same},
    {"google.protobuf.Value.string_value", "(string) -> dyn", same},
    {"google.protobuf.Value.bool_value", "(bool) -> dyn", same},
    {"google.protobuf.Value.struct_value", "(map(string, dyn)) -> dyn", same},
    {"google.protobuf.Value.list_value", "(list(dyn)) -> dyn", same},
};

}  // namespace

const WellKnown* find_well_known(std::string_view name) {
  static const std::vector<WellKnown> all = {
      {"google.protobuf.BoolValue", Value::boolean(false), Type::nullable(Type::boolean())},
      {"google.protobuf.BytesValue", Value::bytes(""), Type::nullable(Type::bytes())},
      {"google.protobuf.StringValue", Value::text(""), Type::nullable(Type::text())},
      {"google.protobuf.DoubleValue", Value::floating(0), Type::nullable(Type::floating())},
      {"google.protobuf.FloatValue", Value::floating(0), Type::nullable(Type::floating())},
      {"google.protobuf.Int32Value", Value::integer(0), Type::nullable(Type::integer())},
      {"google.protobuf.Int64Value", Value::integer(0), Type::nullable(Type::integer())},
      {"google.protobuf.UInt32Value", Value::unsigned_integer(0), Type::nullable(Type::unsigned_integer())},
      {"google.protobuf.UInt64Value", Value::unsigned_integer(0), Type::nullable(Type::unsigned_integer())},
      {"google.protobuf.ListValue", Value::list({}), Type::list(Type::dyn())},
      {"google.protobuf.Struct", Value::map({}), Type::map(Type::text(), Type::dyn())},
      {"google.protobuf.Value", Value::null(), Type::dyn()}};
  for (const WellKnown& known : all)
    if (known.name == name) return &known;
  return nullptr;
}

std::span<const Builtin> well_known_functions() { return kFields; }

}  // namespace tieout::expr
