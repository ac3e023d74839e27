// POST /batch: up to 30 items, carried out in order, each with its own outcome under one 200. No item sees what an
// earlier one of the same batch has made.
#include <fmt/core.h>

#include "sandbox/quickbooks/sandbox.hpp"
#include "sandbox/quickbooks/text.hpp"

namespace tieout::sandbox::quickbooks {
namespace {

using json::Value;
constexpr std::size_t kMostItems = 30;

class OwnWritesUnseen {
 public:
  explicit OwnWritesUnseen(Books& books) : books_(books) { books_.see_only_until(books_.births()); }
  ~OwnWritesUnseen() { books_.see_all(); }
  OwnWritesUnseen(const OwnWritesUnseen&) = delete;
  OwnWritesUnseen& operator=(const OwnWritesUnseen&) = delete;

 private:
  Books& books_;
};

}  // namespace

net::ServerResponse QuickbooksSandbox::batch_call(const Request& request) {
  auto body = json::parse(request.body);
  if (request.method != "POST") return refuse(unsupported_operation(request.method));
  if (!body || !body->is_object()) return refuse(unsupported_property("failed to parse json object; BatchItemRequest"));
  Value* items = body->find("BatchItemRequest");
  if (!items || !items->is_array() || items->size() == 0) return refuse(required_missing("BatchItemRequest"));
  if (items->size() > kMostItems)
    return refuse(
        business_rule(fmt::format("A batch can hold {} items at most; this one has {}.", kMostItems, items->size())));
  const OwnWritesUnseen fence(books_);
  std::string out = "{\"BatchItemResponse\":[";
  for (Value& item : items->items()) {
    if (out.back() == '}') out += ',';
    out += batch_item(item);
  }
  out += fmt::format("],\"time\":\"{}\"}}", time());
  return json_answer(200, std::move(out));
}

std::string QuickbooksSandbox::batch_item(Value& item) {
  std::string id;
  json::append_string(id, item["bId"].text());
  Outcome<std::string> done = refused(required_missing("BatchItemRequest"));
  if (const Value* statement = item.find("Query")) {
    const auto query = parse_query(statement->text());
    if (!query) {
      done = refused(query.error());
    } else {
      const auto rows = run_query(books_, *query, view());
      done = rows ? Outcome<std::string>("\"QueryResponse\":" + *rows) : refused(rows.error());
    }
  } else {
    done = batch_write(item);
  }
  if (!done) return fmt::format("{{\"Fault\":{},\"bId\":{}}}", fault(done.error()).dump(), id);
  return fmt::format("{{{},\"bId\":{}}}", *done, id);
}

Outcome<std::string> QuickbooksSandbox::batch_write(Value& item) {
  const std::string operation = item["operation"].text(), option = item["optionsData"].text();
  for (auto& [name, body] : item.members()) {
    const EntityInfo* entity = body.is_object() ? entity_named(name) : nullptr;
    if (!entity) continue;
    const Context context{now(), same_word(option, "allowduplicatedocnum")};
    if (same_word(operation, "delete")) {
      const auto gone = books_.remove(entity->entity, std::move(body), context);
      if (!gone) return refused(gone.error());
      count_writes(1);
      return fmt::format("\"{}\":{}", entity->name, gone->dump());
    }
    const bool voids = same_word(operation, "void") || same_word(option, "void");
    if (!voids && !same_word(operation, "create") && !same_word(operation, "update"))
      return refused(unsupported_operation(operation.empty() ? "(none given)" : operation));
    const auto record = voids                            ? books_.cancel(entity->entity, std::move(body), context)
                        : same_word(operation, "update") ? books_.update(entity->entity, std::move(body), context)
                                                         : books_.create(entity->entity, std::move(body), context);
    if (!record) return refused(record.error());
    count_writes(1);
    return fmt::format("\"{}\":{}", entity->name, books_.render(entity->entity, **record));
  }
  return refused(unsupported_property("BatchItemRequest without an entity"));
}

}  // namespace tieout::sandbox::quickbooks
