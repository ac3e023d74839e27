// What the operators of the language do with values: equality, order, arithmetic. Numbers of different kinds compare
// by their mathematical value; arithmetic never mixes kinds, but for int with decimal, and never overflows silently.
#pragma once

#include "expr/frame.hpp"

namespace tieout::expr {

/// Heterogeneous: values of kinds that cannot be equal are unequal, never an error. NaN differs from itself.
bool equal(const model::Value& a, const model::Value& b, Frame& frame);

enum class Order : unsigned char { less, same, greater, unordered, incomparable };
Order order(const model::Value& a, const model::Value& b);

enum class Arithmetic : unsigned char { add, subtract, multiply, divide, modulo };
model::Value arithmetic(Arithmetic op, const model::Value& a, const model::Value& b, Frame& frame);
model::Value negate(const model::Value& a);

/// The result of list[index], map[key]; error when there is none.
model::Value index(const model::Value& target, const model::Value& key);
/// The same as a pointer; nullptr when there is none, and then `why` says so.
const model::Value* find_index(const model::Value& target, const model::Value& key, std::string& why);
model::Value contained(const model::Value& item, const model::Value& in, Frame& frame);

/// CEL's zero value of each type (0, "", empty list, null, …).
bool is_zero_value(const model::Value& value);
std::string_view type_name(const model::Value& value);

bool valid_instant(model::Moment moment);
bool valid_duration(model::Moment moment);
/// seconds and any number of nanoseconds, brought into 0 <= nanos < 10^9. False when the seconds overflow.
bool normalise(__int128 seconds, std::int64_t nanos, model::Moment& out);

}  // namespace tieout::expr
