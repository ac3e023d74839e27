#include "vendors/quickbooks/answer.hpp"

#include <fmt/core.h>
#define SIMDJSON_EXCEPTIONS 0  // a value that is not what it seems is an answer here, never an exception
#include <simdjson.h>

#include "base/json.hpp"
#include "vendors/whole.hpp"

namespace tieout::vendors::quickbooks {
namespace {

namespace od = simdjson::ondemand;

constexpr std::size_t kLargestFault = 64 * 1024;

Fault shape(std::string_view what) {
  return Fault{"quickbooks.answer.shape",
               fmt::format("QuickBooks' answer has an unexpected form: {}; it is tried again later", what), "",
               Certainty::unknown};
}

struct Broken {
  const char* what;
};

std::string text_of(od::value value, const char* what) {
  std::string_view text;
  if (value.get_string().get(text) || text.empty()) throw Broken{what};
  return std::string(text);
}

od::json_type type_of(od::value& value) {
  od::json_type type;
  if (value.type().get(type)) throw Broken{"a value is broken"};
  return type;
}

template <class Visit>
void each_field(od::object object, Visit visit) {
  for (auto field : object) {
    std::string_view key;
    od::value value;
    if (field.unescaped_key().get(key) || field.value().get(value)) throw Broken{"an object is broken"};
    visit(key, value);
  }
}
od::object object_of(od::value value, const char* what) {
  od::object out;
  if (value.get_object().get(out)) throw Broken{what};
  return out;
}
template <class Visit>
void each_item(od::value value, Visit visit) {
  od::array array;
  if (value.get_array().get(array)) throw Broken{"a list is missing"};
  for (auto item : array) {
    od::value element;
    if (item.get(element)) throw Broken{"a list is broken"};
    visit(element);
  }
}

Instant instant_of(od::value value) {
  std::string_view text;
  if (value.get_string().get(text)) throw Broken{"a time is not a text"};
  auto at = parse_instant(text);
  if (!at) throw Broken{"a time cannot be read"};
  return *at;
}

/// Entities are the members whose name begins with a capital letter and whose value is an object or a list of objects.
bool names_entity(std::string_view key) {
  return !key.empty() && key.front() >= 'A' && key.front() <= 'Z' && key != "Fault";
}

Row row_of(std::string_view entity, od::object object) {
  Row row;
  row.entity = std::string(entity);
  bool dated = false;
  if (object.raw_json().get(row.raw) || object.reset().error()) throw Broken{"a record is cut off"};
  each_field(object, [&](std::string_view key, od::value value) {
    if (key == "Id") {
      row.id = text_of(value, "an Id is not a text");
    } else if (key == "SyncToken") {
      row.sync_token = text_of(value, "a SyncToken is not a text");
    } else if (key == "status") {
      std::string_view text;
      if (!value.get_string().get(text)) row.deleted = text == "Deleted";
    } else if (key == "MetaData" && type_of(value) == od::json_type::object) {
      each_field(object_of(value, "MetaData"), [&](std::string_view name, od::value inner) {
        if (name == "LastUpdatedTime") {
          row.updated = instant_of(inner);
          dated = true;
        }
        if (name == "CreateTime") row.created = instant_of(inner);
      });
    }
  });
  if (row.id.empty()) throw Broken{"a record has no Id"};
  if (!row.deleted && (row.sync_token.empty() || !dated))
    throw Broken{"a record has no SyncToken or no LastUpdatedTime"};
  return row;
}

void collect(std::string_view key, od::value value, std::vector<Row>& rows) {
  if (!names_entity(key)) return;
  const std::string entity(key);
  const od::json_type type = type_of(value);
  if (type == od::json_type::object) rows.push_back(row_of(entity, object_of(value, "a record")));
  if (type == od::json_type::array)
    each_item(value,
              [&](od::value item) { rows.push_back(row_of(entity, object_of(item, "a record is not an object"))); });
}

void collect_query(od::value value, std::vector<Row>& rows) {
  each_field(object_of(value, "QueryResponse is not an object"),
             [&](std::string_view key, od::value inner) { collect(key, inner, rows); });
}

void collect_cdc(od::value value, Answer& out) {
  each_item(value, [&](od::value part) {
    each_field(object_of(part, "CDCResponse"), [&](std::string_view key, od::value inner) {
      if (key == "Fault") throw Broken{"the change list holds a Fault"};
      if (key != "QueryResponse") return;
      out.is_list = true;
      each_item(inner, [&](od::value one) { collect_query(one, out.rows); });
    });
  });
}

std::string without_zeros(std::string code) {
  const auto first = code.find_first_not_of('0');
  return first == std::string::npos ? code : code.substr(first);
}

VendorError error_in(const json::Value& fault) {
  VendorError out;
  const json::Value& errors = fault.find("Error") ? fault["Error"] : fault["error"];
  out.understood = errors.is_array() && errors.size() > 0;
  if (!out.understood) return out;
  const json::Value& first = errors.items().front();
  const auto field = [&](const char* upper, const char* lower) {
    return first.find(upper) ? first[upper].text() : first[lower].text();
  };
  out.code = without_zeros(first["code"].text());
  out.message = field("Message", "message");
  if (const std::string detail = field("Detail", "detail"); !detail.empty()) out.message += ": " + detail;
  if (const std::string element = first["element"].text(); !element.empty()) out.message += " [" + element + "]";
  return out;
}

template <class Read>
Result<bool> guarded(std::string& body, Read read) {
  thread_local od::parser parser;
  body.reserve(body.size() + simdjson::SIMDJSON_PADDING);
  const simdjson::padded_string_view view(body.data(), body.size(), body.capacity());
  od::document document;
  try {
    od::object root;
    if (parser.iterate(view).get(document) || document.get_object().get(root))
      return fail(shape("it is not a JSON object"));
    read(root);
    return true;
  } catch (const Broken& broken) {
    return fail(shape(broken.what));
  } catch (const simdjson::simdjson_error& error) {
    return fail(shape(error.what()));
  }
}

}  // namespace

Result<Answer> read_answer(std::string body) {
  Answer out;
  out.body = std::move(body);
  TRY_VOID(guarded(out.body, [&](od::object root) {
    each_field(root, [&](std::string_view key, od::value value) {
      if (key == "QueryResponse") {
        out.is_list = true;
        collect_query(value, out.rows);
      } else if (key == "CDCResponse") {
        collect_cdc(value, out);
      } else if (key == "time") {
        std::string_view text;
        if (!value.get_string().get(text))
          if (auto at = parse_instant(text)) out.time = *at;
      } else {
        collect(key, value, out.rows);
      }
    });
  }));
  return out;
}

Result<Answer> read_list(std::string body) {
  TRY(answer, read_answer(std::move(body)));
  if (!answer.is_list) return fail(shape("it holds no list"));
  return answer;
}

Result<BatchAnswer> read_batch(std::string body) {
  BatchAnswer out;
  out.body = std::move(body);
  bool present = false;
  TRY_VOID(guarded(out.body, [&](od::object root) {
    each_field(root, [&](std::string_view key, od::value value) {
      if (key != "BatchItemResponse") return;
      present = true;
      each_item(value, [&](od::value element) {
        BatchItem item;
        std::vector<Row> rows;
        each_field(object_of(element, "a batch item is not an object"), [&](std::string_view name, od::value inner) {
          if (name == "bId") {
            item.bid = text_of(inner, "a bId is not a text");
          } else if (name == "Fault") {
            std::string_view raw;
            if (object_of(inner, "a Fault is not an object").raw_json().get(raw)) throw Broken{"a Fault is cut off"};
            auto fault = json::parse(raw);
            item.error = fault ? error_in(*fault) : VendorError{};
          } else {
            collect(name, inner, rows);
          }
        });
        if (!rows.empty()) item.row = std::move(rows.front());
        out.items.push_back(std::move(item));
      });
    });
  }));
  if (!present) return fail(shape("BatchItemResponse is missing"));
  return out;
}

ports::RawRecord record_of(const Row& row) {
  return {row.entity,  row.id,      row.deleted ? "deleted" : row.sync_token,
          row.updated, row.deleted, row.deleted ? std::string() : std::string(row.raw)};
}

VendorError read_error(const ports::HttpResponse& answer) {
  auto body = json::parse(answer.body);
  if (body && body->is_object()) {
    VendorError out = error_in(body->find("Fault") ? (*body)["Fault"] : (*body)["fault"]);
    if (out.understood) return out;
  }
  VendorError out;
  out.message = answer.body.substr(0, 200);
  return out;
}

bool looks_whole(const ports::HttpResponse& answer) { return is_whole_json(answer.body); }

bool hides_fault(const ports::HttpResponse& answer) {
  if (answer.body.size() > kLargestFault) return false;
  if (answer.body.find("\"Fault\"") == std::string::npos && answer.body.find("\"fault\"") == std::string::npos)
    return false;
  auto body = json::parse(answer.body);
  return body && (body->find("Fault") || body->find("fault"));
}

}  // namespace tieout::vendors::quickbooks
