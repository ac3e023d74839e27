#include "sandbox/hubspot/call.hpp"

#include <fmt/core.h>

#include "sandbox/kit/server.hpp"

namespace tieout::sandbox::hubspot {
namespace {

using json::Value;

Value lists_by_name(const std::vector<std::pair<std::string, std::string>>& pairs) {
  Value out = Value::object();
  for (const auto& [name, value] : pairs) {
    Value* list = out.find(name);
    if (list == nullptr) list = &out.set(name, Value::array());
    list->push(Value::string(value));
  }
  return out;
}

Value error_entries(const Refusal& refusal) {
  Value out = Value::array();
  for (const InvalidValue& invalid : refusal.invalid) {
    Value entry = Value::object();
    entry.set("message", Value::string(invalid.message));
    entry.set("code", Value::string(invalid.error));
    entry.set("context", lists_by_name({{"propertyName", invalid.name}}));
    out.push(std::move(entry));
  }
  if (refusal.invalid.empty() && !refusal.code.empty()) {
    Value entry = Value::object();
    entry.set("message", Value::string(refusal.message));
    entry.set("code", Value::string(refusal.code));
    if (!refusal.context.empty()) entry.set("context", lists_by_name(refusal.context));
    out.push(std::move(entry));
  }
  return out;
}

Value error_frame(const Call& call, const std::string& message, const std::string& category) {
  Value out = Value::object();
  out.set("status", Value::string("error"));
  out.set("message", Value::string(message));
  out.set("correlationId", Value::string(call.correlation_id));
  out.set("category", Value::string(category));
  return out;
}

}  // namespace

std::vector<std::string> Call::names(std::string_view parameter) const {
  std::vector<std::string> out;
  for (const auto& [name, value] : request.query) {
    if (name != parameter) continue;
    for (std::size_t begin = 0; begin <= value.size();) {
      std::size_t end = value.find(',', begin);
      if (end == std::string::npos) end = value.size();
      std::size_t from = begin;
      while (from < end && value[from] == ' ') ++from;
      if (end > from) out.push_back(value.substr(from, end - from));
      begin = end + 1;
    }
  }
  return out;
}

Answer trouble(const Call& call, const Trouble& what) {
  Value out = error_frame(call, what.message, what.category);
  if (!what.context.empty()) out.set("context", lists_by_name(what.context));
  if (!what.code.empty()) {
    Value entry = Value::object();
    entry.set("message", Value::string(what.message));
    entry.set("code", Value::string(what.code));
    out.set("errors", Value::array({std::move(entry)}));
  }
  return json_answer(what.status, out);
}

Answer trouble(const Call& call, const Refusal& refusal) {
  Value out = error_frame(call, full_message(refusal), refusal.category);
  if (!refusal.context.empty()) out.set("context", lists_by_name(refusal.context));
  Value entries = error_entries(refusal);
  if (entries.size() > 0) out.set("errors", std::move(entries));
  return json_answer(refusal.status, out);
}

std::string full_message(const Refusal& refusal) {
  if (refusal.invalid.empty()) return refusal.message;
  Value list = Value::array();
  for (const InvalidValue& invalid : refusal.invalid) {
    Value entry = Value::object();
    entry.set("isValid", Value::boolean(false));
    entry.set("message", Value::string(invalid.message));
    entry.set("error", Value::string(invalid.error));
    entry.set("name", Value::string(invalid.name));
    entry.set("localizedErrorMessage", Value::string(invalid.message));
    entry.set("portalId", Value());
    list.push(std::move(entry));
  }
  return refusal.message + list.dump();
}

json::Value batch_error(const Refusal& refusal, std::string_view trace_id) {
  auto context = refusal.context;
  if (!trace_id.empty()) context.emplace_back("objectWriteTraceId", std::string(trace_id));
  Value out = Value::object();
  out.set("status", Value::string("error"));
  out.set("category", Value::string(refusal.category));
  out.set("message", Value::string(full_message(refusal)));
  out.set("context", lists_by_name(context));
  out.set("errors", error_entries(refusal));
  out.set("links", Value::object());
  return out;
}

json::Value batch_error(std::string category, std::string message, const std::vector<std::string>& ids) {
  Value out = Value::object();
  out.set("status", Value::string("error"));
  out.set("category", Value::string(std::move(category)));
  out.set("message", Value::string(std::move(message)));
  std::vector<std::pair<std::string, std::string>> context;
  for (const std::string& id : ids) context.emplace_back("ids", id);
  out.set("context", lists_by_name(context));
  out.set("errors", Value::array());
  out.set("links", Value::object());
  return out;
}

Answer not_found(const Call& call, std::string_view id) {
  Trouble what{404, "OBJECT_NOT_FOUND", "Object not found.  objectId are usually numeric."};
  what.context.emplace_back("id", std::string(id));
  return trouble(call, what);
}

Answer no_such_path() {
  Answer out;
  out.status = 404;
  out.headers.emplace_back("Content-Type", "text/html;charset=utf-8");
  out.body =
      "<html>\n<head><title>Error 404 Not Found</title></head>\n<body><h2>HTTP ERROR 404 Not "
      "Found</h2></body>\n</html>\n";
  return out;
}

Answer wrong_method() {
  Answer out;
  out.status = 405;
  out.headers.emplace_back("Content-Type", "text/html;charset=utf-8");
  out.body = "<html>\n<head><title>Error 405 Method Not Allowed</title></head>\n<body></body>\n</html>\n";
  return out;
}

Answer no_content() { return json_answer(204, std::string()); }

std::optional<Id> parse_id(std::string_view text) {
  if (text.empty() || text.size() > 18 || text.find_first_not_of("0123456789") != std::string_view::npos)
    return std::nullopt;
  Id out = 0;
  for (const char c : text) out = out * 10 + (c - '0');
  return out;
}

}  // namespace tieout::sandbox::hubspot
