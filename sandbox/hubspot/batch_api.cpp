#include <fmt/core.h>

#include <set>

#include "sandbox/hubspot/api.hpp"
#include "sandbox/hubspot/render.hpp"

namespace tieout::sandbox::hubspot {
namespace {

constexpr std::size_t kBatchMost = 100;

Refusal refusal_of(std::string message) {
  Refusal out;
  out.message = std::move(message);
  return out;
}

std::vector<std::string> texts(const json::Value& array) {
  std::vector<std::string> out;
  for (const json::Value& item : array.items()) out.push_back(item.text());
  return out;
}

/// Ids that are not there make one entry together, as HubSpot reports them.
std::vector<json::Value> not_found_error(Type type, const std::vector<std::string>& ids) {
  if (ids.empty()) return {};
  return {batch_error(
      "OBJECT_NOT_FOUND",
      fmt::format("Could not get some {} objects, they may be deleted or not exist. Check that ids are valid.",
                  info(type).upper),
      ids)};
}

Answer read(Call& call, Type type) {
  const Table& table = call.crm.table(type);
  const std::string id_property = call.body["idProperty"].text();
  if (!id_property.empty() && id_property != "hs_object_id") {
    const int property = table.schema.find(id_property);
    if (property < 0 || !table.schema.at(property).unique)
      return bad_request(call, fmt::format("{} is not a unique property of {}", id_property, info(type).plural));
  }
  const Selection selection(table, texts(call.body["properties"]));
  RenderOptions options;
  options.selection = &selection;
  const bool archived = call.flag("archived");
  std::string results;
  results.reserve(call.body["inputs"].size() * 512);
  std::vector<std::string> missing;
  for (const json::Value& input : call.body["inputs"].items()) {
    const std::string id = input["id"].text_or("");
    const Record* record = find_record(call, type, id, id_property);
    if (record == nullptr || record->archived != archived) {
      missing.push_back(id);
      continue;
    }
    if (!results.empty()) results += ',';
    append_record(results, call.crm, table, *record, options);
  }
  return batch_answer(call, 200, results, not_found_error(type, missing));
}

/// A batch of writes: each item is checked and carried out in turn. Where every item carries a trace id the bad ones
/// are reported and the good ones done; otherwise one bad item refuses the whole call, so all are checked before any is
/// done.
class WriteBatch {
 public:
  WriteBatch(Call& call, Type type) : call_(call), type_(type), inputs_(call.body["inputs"].items()) {
    partial_ = !inputs_.empty() && std::all_of(inputs_.begin(), inputs_.end(), [](const json::Value& input) {
      return !input["objectWriteTraceId"].text().empty();
    });
  }

  Answer create() {
    return run(201, [this](const json::Value& input, Item& item) -> std::optional<Refusal> {
      if (auto problem = read_links(input["associations"], item.links)) return refusal_of(*problem);
      if (auto refusal = call_.crm.check(type_, item.values, nullptr)) return refusal;
      return call_.crm.check_links(type_, item.links);
    });
  }

  Answer update() {
    return run(200, [this](const json::Value& input, Item& item) -> std::optional<Refusal> {
      const std::string id = input["id"].text_or("");
      item.record = find_record(call_, type_, id, input["idProperty"].text());
      if (item.record == nullptr || item.record->archived) {
        item.record = nullptr;
        item.skip = true;
        missing_.push_back(id);
        return std::nullopt;
      }
      return call_.crm.check(type_, item.values, item.record);
    });
  }

  Answer upsert() {
    return run(200, [this](const json::Value& input, Item& item) -> std::optional<Refusal> {
      const std::string id = input["id"].text_or("");
      const std::string by = input["idProperty"].text();
      item.upsert = true;
      item.record = find_record(call_, type_, id, by);
      if (item.record != nullptr && item.record->archived) item.record = nullptr;
      if (by.empty() || by == "hs_object_id") {
        if (item.record == nullptr) {
          item.skip = true;
          missing_.push_back(id);
          return std::nullopt;
        }
      } else {
        Table& table = call_.crm.table(type_);
        const int property = table.schema.find(by);
        if (property < 0 || !table.schema.at(property).unique)
          return refusal_of(fmt::format("{} is not a unique property of {}", by, info(type_).plural));
        const bool given =
            std::any_of(item.values.begin(), item.values.end(), [&](const auto& each) { return each.first == by; });
        if (!given) item.values.emplace_back(by, id);
      }
      return call_.crm.check(type_, item.values, item.record);
    });
  }

 private:
  struct Item {
    Values values;
    std::vector<NewLink> links;
    Record* record = nullptr;  ///< to be updated; null: to be created
    bool skip = false;
    bool upsert = false;
    std::string_view trace_id;
  };

  template <class Check>
  Answer run(int status, Check check) {
    if (auto repeated = repeated_id()) return bad_request(call_, *repeated);
    std::vector<Item> good;
    good.reserve(inputs_.size());
    std::set<std::string> claimed;
    for (const json::Value& input : inputs_) {
      Item item;
      item.trace_id = input["objectWriteTraceId"].text();
      std::optional<Refusal> refusal;
      if (auto problem = read_values(input["properties"], item.values))
        refusal = refusal_of(*problem);
      else
        refusal = check(input, item);
      if (!refusal && !item.skip) refusal = claim_unique_values(item, claimed);
      if (refusal && !partial_) return trouble(call_, *refusal);
      if (refusal) errors_.push_back(batch_error(*refusal, item.trace_id));
      if (!refusal && !item.skip) good.push_back(std::move(item));
    }
    for (const Item& item : good) carry_out(item);
    for (json::Value& error : not_found_error(type_, missing_)) errors_.push_back(std::move(error));
    return batch_answer(call_, status, results_, errors_);
  }

  /// Two items of one batch must not claim the same unique value either.
  std::optional<Refusal> claim_unique_values(const Item& item, std::set<std::string>& claimed) {
    const Schema& schema = call_.crm.table(type_).schema;
    for (const auto& [name, value] : item.values) {
      if (value.empty() || !schema.at(schema.find(name)).unique) continue;
      if (claimed.insert(name + '\0' + unique_key(value)).second) continue;
      Refusal out;
      out.message = fmt::format("Duplicate value {} of the unique property {} in batch input", value, name);
      out.code = "CONFLICTING_UNIQUE_VALUE";
      return out;
    }
    return std::nullopt;
  }

  std::optional<std::string> repeated_id() const {
    std::set<std::string> seen;
    for (const json::Value& input : inputs_) {
      const std::string id = input["id"].text_or("");
      if (id.empty() || seen.insert(id).second) continue;
      return fmt::format("Duplicate IDs found in batch input: [{}]. IDs must be unique", id);
    }
    return std::nullopt;
  }

  void carry_out(const Item& item) {
    Table& table = call_.crm.table(type_);
    RenderOptions options;
    options.trace_id = item.trace_id;
    if (item.upsert) options.is_new = item.record == nullptr ? 1 : 0;
    Record* record = item.record;
    if (record == nullptr)
      record = &call_.crm.create(type_, item.values, item.links, call_.now);
    else
      call_.crm.update(type_, *record, item.values, call_.now);
    ++call_.written;
    if (!results_.empty()) results_ += ',';
    append_record(results_, call_.crm, table, *record, options);
  }

  Call& call_;
  Type type_;
  const std::vector<json::Value>& inputs_;
  bool partial_ = false;
  std::string results_;
  std::vector<std::string> missing_;
  std::vector<json::Value> errors_;
};

Answer archive(Call& call, Type type) {
  for (const json::Value& input : call.body["inputs"].items()) {
    Record* record = find_record(call, type, input["id"].text_or(""), {});
    if (record == nullptr || record->archived) continue;
    call.crm.archive(type, *record, call.now);
    ++call.written;
  }
  return no_content();
}

}  // namespace

Answer batch_api(Call& call, Type type, std::string_view operation) {
  if (!call.body["inputs"].is_array()) return bad_request(call, "Some required fields were not set: [inputs]");
  if (call.body["inputs"].size() > kBatchMost)
    return bad_request(call, fmt::format("Cannot process more than {} objects in one batch; {} were given", kBatchMost,
                                         call.body["inputs"].size()));
  if (operation == "read") return read(call, type);
  if (operation == "create") return WriteBatch(call, type).create();
  if (operation == "update") return WriteBatch(call, type).update();
  if (operation == "upsert") return WriteBatch(call, type).upsert();
  if (operation == "archive") return archive(call, type);
  return no_such_path();
}

}  // namespace tieout::sandbox::hubspot
