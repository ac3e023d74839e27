#include "sandbox/quickbooks/rejection.hpp"

#include <fmt/core.h>

namespace tieout::sandbox::quickbooks {
namespace {

Rejection one(std::string message, std::string detail, std::string code, std::string_view element = {}) {
  Rejection out;
  out.errors.push_back({std::move(message), std::move(detail), std::move(code), std::string(element)});
  return out;
}

}  // namespace

Rejection unsupported_operation(std::string_view detail) {
  return one("Unsupported Operation", fmt::format("Operation {} is not supported.", detail), "500");
}
Rejection object_not_found() {
  return one(
      "Object Not Found",
      "Object Not Found : Something you're trying to use has been made inactive. Check the fields with accounts, "
      "customers, items, vendors or employees.",
      "610");
}
Rejection unsupported_property(std::string_view what) {
  return one("Request has invalid or unsupported property",
             fmt::format("Property Name:{} specified is unsupported or invalid", what), "2010");
}
Rejection required_missing(std::string_view field) {
  return one("Required param missing, need to supply the required value for the API",
             fmt::format("Required parameter {} is missing in the request", field), "2020", field);
}
Rejection invalid_characters(std::string_view field) {
  return one("Invalid String. The string contains characters that are not allowed",
             fmt::format("Property Name:{} must not contain a colon, a tab or a new line", field), "2040", field);
}
Rejection bad_length(std::string_view field, std::size_t max, std::size_t supplied) {
  return one(
      "String length is either shorter or longer than supported by specification",
      fmt::format("String length specified does not match the supported length. Min:0 Max:{} supported. Supplied "
                  "length:{}",
                  max, supplied),
      "2050", field);
}
Rejection invalid_enumeration(std::string_view field, std::string_view word) {
  return one("Invalid Enumeration", fmt::format("Invalid Enumeration : {} is not a value of {}", word, field), "2170",
             field);
}
Rejection invalid_reference(std::string_view kind, std::string_view id) {
  return one("Invalid Reference Id", fmt::format("Invalid Reference Id : {} element id {} not found", kind, id), "2500",
             kind);
}
Rejection query_parse_error(std::string_view detail) {
  return one("Error parsing query", fmt::format("QueryParserError: {}", detail), "4000");
}
Rejection invalid_query(std::string_view detail) {
  return one("Invalid query", fmt::format("QueryValidationError: {}", detail), "4001");
}
Rejection stale_object() {
  return one("Stale Object Error",
             "Stale Object Error : You and another user were working on this at the same time. The other user finished "
             "before you did, so your work was not saved.",
             "5010");
}
Rejection feature_not_supported(std::string_view detail) {
  return one("Feature Not Supported Error", fmt::format("Feature Not Supported Error : {}", detail), "5030");
}
Rejection business_rule(std::string_view detail) {
  return one("A business validation error has occurred while processing your request",
             fmt::format("Business Validation Error: {}", detail), "6000");
}
Rejection amount_mismatch(std::string_view supplied) {
  return one("Amount calculation incorrect in the request",
             fmt::format("Amount is not equal to UnitPrice * Qty. Supplied value:{}", supplied), "6070");
}
Rejection duplicate_document(std::string_view number, std::string_view type, std::string_view id) {
  return one(
      "Duplicate Document Number Error",
      fmt::format("Duplicate Document Number Error : You must specify a different number. This number has already "
                  "been used. DocNumber={} is assigned to TxnType={} with TxnId={}",
                  number, type, id),
      "6140");
}
Rejection period_closed() {
  return one(
      "Account Period Closed, Cannot Update Through Services API",
      "The account period has closed and the account books cannot be updated through through the QBO Services API. "
      "Please use the QBO website to make these changes.",
      "6210");
}
Rejection duplicate_name(std::string_view detail) {
  return one("Duplicate Name Exists Error", fmt::format("The name supplied already exists. : {}", detail), "6240");
}
Rejection quantity_missing() {
  return one("Quantity missing for an inventory item",
             "Business Validation Error: enter a quantity for every inventory item on this form", "6520");
}
Rejection deposited_transaction() {
  return one("Deposited Transaction cannot be changed",
             "Deposited Transaction cannot be changed : This transaction has been deposited. If you want to change or "
             "delete it, edit the deposit it appears on and remove it first.",
             "6540");
}

json::Value fault(const Rejection& rejection) {
  json::Value errors = json::Value::array();
  for (const Rejection::Error& error : rejection.errors) {
    json::Value item = json::Value::object();
    item.set("Message", json::Value::string(error.message));
    item.set("Detail", json::Value::string(error.detail));
    item.set("code", json::Value::string(error.code));
    item.set("element", json::Value::string(error.element));
    errors.push(std::move(item));
  }
  json::Value out = json::Value::object();
  out.set("Error", std::move(errors));
  out.set("type", json::Value::string(rejection.type));
  return out;
}

std::string fault_body(const Rejection& rejection, std::string_view time) {
  json::Value out = json::Value::object();
  out.set("Fault", fault(rejection));
  out.set("time", json::Value::string(std::string(time)));
  return out.dump();
}

}  // namespace tieout::sandbox::quickbooks
