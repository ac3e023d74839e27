#include "vendors/hubspot/answer.hpp"

#include <fmt/core.h>
#define SIMDJSON_EXCEPTIONS 0  // a value that is not what it seems is an answer here, never an exception
#include <simdjson.h>

#include "base/json.hpp"
#include "vendors/whole.hpp"

namespace tieout::vendors::hubspot {
namespace {

namespace od = simdjson::ondemand;

Fault shape(std::string_view what) {
  return Fault{"hubspot.answer.shape",
               fmt::format("HubSpot's answer has an unexpected form: {}; it is tried again later", what), "",
               Certainty::unknown};
}

struct Broken {
  const char* what;
};

/// The text of a string without its quotes, as it stands in the body. Only for fields that never hold escapes.
std::string_view plain(od::value value) {
  od::json_type type;
  if (value.type().get(type) || type != od::json_type::string) throw Broken{"a date is not a text"};
  std::string_view token = value.raw_json_token();
  while (!token.empty() && token.back() != '"') token.remove_suffix(1);
  if (token.size() < 2) throw Broken{"a text is cut off"};
  return token.substr(1, token.size() - 2);
}

/// Ids are digits as text; numbers are taken too, because v4 sends them so.
std::string id_of(od::value value) {
  od::json_type type;
  if (value.type().get(type)) throw Broken{"an id cannot be read"};
  std::string out;
  if (type == od::json_type::string) {
    std::string_view text;
    if (value.get_string().get(text)) throw Broken{"an id cannot be read"};
    out = std::string(text);
  } else if (type == od::json_type::number) {
    std::string_view token = value.raw_json_token();
    while (!token.empty() && (token.back() < '0' || token.back() > '9')) token.remove_suffix(1);
    out = std::string(token);
  } else {
    throw Broken{"an id is neither text nor number"};
  }
  if (out.empty() || out.size() > 40) throw Broken{"an id is empty or too long"};
  return out;
}

od::object object_of(od::value value, const char* what) {
  od::object out;
  if (value.get_object().get(out)) throw Broken{what};
  return out;
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

bool is_object(od::value& value) {
  od::json_type type;
  return !value.type().get(type) && type == od::json_type::object;
}

std::string after_of(od::value paging) {
  std::string after;
  if (!is_object(paging)) return after;
  each_field(object_of(paging, "paging"), [&](std::string_view key, od::value value) {
    if (key != "next" || !is_object(value)) return;
    each_field(object_of(value, "paging.next"), [&](std::string_view name, od::value text) {
      if (name == "after") {
        std::string_view cursor;
        if (text.get_string().get(cursor))
          after = id_of(text);
        else
          after = std::string(cursor);
      }
    });
  });
  return after;
}

/// v3 inline: {"results":[{"id":"1","type":"deal_to_company"}],"paging":…}. The unlabelled twin of a link ends in
/// "_unlabeled"; the one without that ending is the primary.
Links inline_links(std::string_view name, od::value value) {
  Links out;
  out.to = name == "line items" ? "line_items" : std::string(name);
  each_field(object_of(value, "associations"), [&](std::string_view key, od::value inner) {
    if (key == "paging") out.after = after_of(inner);
    if (key != "results") return;
    each_item(inner, [&](od::value item) {
      std::string id;
      bool labelled = false;
      each_field(object_of(item, "an association"), [&](std::string_view field, od::value field_value) {
        if (field == "id") id = id_of(field_value);
        if (field == "type") {
          const std::string_view kind = plain(field_value);
          labelled = !kind.ends_with("_unlabeled");
        }
      });
      if (id.empty()) throw Broken{"an association has no id"};
      out.add(std::move(id), labelled);
    });
  });
  return out;
}

Row row_of(od::object object, std::string& trace) {
  Row row;
  each_field(object, [&](std::string_view key, od::value value) {
    if (key == "id") {
      row.id = id_of(value);
    } else if (key == "properties") {
      od::object properties = object_of(value, "properties is not an object");
      if (properties.raw_json().get(row.properties)) throw Broken{"properties is broken"};
    } else if (key == "updatedAt") {
      row.updated_at = plain(value);
    } else if (key == "createdAt") {
      row.created_at = plain(value);
    } else if (key == "archived") {
      if (value.get_bool().get(row.archived)) throw Broken{"archived is not a boolean"};
    } else if (key == "objectWriteTraceId") {
      std::string_view text;
      if (!value.get_string().get(text)) trace = std::string(text);
    } else if (key == "associations" && is_object(value)) {
      each_field(object_of(value, "associations"), [&](std::string_view name, od::value links) {
        row.associations.push_back(inline_links(name, links));
      });
    }
  });
  if (row.id.empty()) throw Broken{"a record has no id"};
  if (row.properties.empty()) row.properties = "{}";
  auto modified = parse_instant(row.updated_at);
  if (!modified) throw Broken{"a record has no updatedAt"};
  row.modified = *modified;
  return row;
}

std::vector<std::string> texts_of(od::value value) {
  std::vector<std::string> out;
  each_item(value, [&](od::value item) { out.push_back(id_of(item)); });
  return out;
}

ItemError error_of(od::value value) {
  ItemError out;
  out.error.understood = true;
  each_field(object_of(value, "an error is not an object"), [&](std::string_view key, od::value inner) {
    std::string_view text;
    if (key == "category" && !inner.get_string().get(text)) out.error.code = std::string(text);
    if (key == "message" && !inner.get_string().get(text)) out.error.message = std::string(text);
    if (key == "context" && is_object(inner))
      each_field(object_of(inner, "context"), [&](std::string_view name, od::value list) {
        if (name == "ids" || name == "id") out.ids = texts_of(list);
        if (name == "objectWriteTraceId") out.traces = texts_of(list);
      });
  });
  return out;
}

template <class Read>
auto guarded(const std::string& body, Read read) -> Result<decltype(read(std::declval<od::document&>()))> {
  thread_local od::parser parser;
  if (body.size() > 96 * 1024 * 1024) return fail(shape("it is too large"));
  const simdjson::padded_string_view view(body.data(), body.size(), body.capacity());
  od::document document;
  try {
    if (parser.iterate(view).get(document)) return fail(shape("it is not JSON"));
    return read(document);
  } catch (const Broken& broken) {
    return fail(shape(broken.what));
  } catch (const simdjson::simdjson_error& error) {
    return fail(shape(error.what()));
  }
}

od::object root_of(od::document& document) {
  od::object root;
  if (document.get_object().get(root)) throw Broken{"it is not an object"};
  return root;
}

void read_batch(od::document& document, Answer& out) {
  bool has_results = false;
  each_field(root_of(document), [&](std::string_view key, od::value value) {
    if (key == "results") {
      has_results = true;
      each_item(value, [&](od::value item) {
        std::string trace;
        out.rows.push_back(row_of(object_of(item, "a record is not an object"), trace));
        out.traces.push_back(std::move(trace));
      });
    } else if (key == "paging") {
      out.after = after_of(value);
    } else if (key == "total") {
      if (value.get_int64().get(out.total)) out.total = 0;
    } else if (key == "errors") {
      each_item(value, [&](od::value item) { out.errors.push_back(error_of(item)); });
    }
  });
  if (!has_results) throw Broken{"results is missing"};
}

void pad(std::string& body) {
  const std::size_t needed = body.size() + simdjson::SIMDJSON_PADDING;
  if (body.capacity() < needed) body.reserve(needed);
}

AssociationRow association_row(od::value item, std::string_view to) {
  AssociationRow row;
  row.links.to = std::string(to);
  each_field(object_of(item, "an association row"), [&](std::string_view key, od::value value) {
    if (key == "paging") row.links.after = after_of(value);
    if (key == "from")
      each_field(object_of(value, "from"), [&](std::string_view name, od::value id) {
        if (name == "id") row.from = id_of(id);
      });
    if (key == "to")
      each_item(value, [&](od::value target) {
        std::string id;
        bool primary = false;
        each_field(object_of(target, "to"), [&](std::string_view name, od::value inner) {
          if (name == "toObjectId") id = id_of(inner);
          if (name == "associationTypes")
            each_item(inner, [&](od::value kind) {
              each_field(object_of(kind, "associationTypes"), [&](std::string_view field, od::value field_value) {
                std::string_view label;
                if (field == "label" && !field_value.get_string().get(label)) primary = primary || label == "Primary";
                // Unlabelled pairs carry a null label; the primary pair's type ids are 1, 2, 5 and 6.
                if (field == "typeId") {
                  std::int64_t type = 0;
                  if (!field_value.get_int64().get(type))
                    primary = primary || type == 1 || type == 2 || type == 5 || type == 6;
                }
              });
            });
        });
        if (id.empty()) throw Broken{"an association has no id"};
        row.links.add(std::move(id), primary);
      });
  });
  return row;
}

}  // namespace

void Links::add(std::string id, bool primary) {
  for (std::size_t i = 0; i < links.size(); ++i) {
    if (links[i].id != id) continue;
    links[i].primary = links[i].primary || primary;
    if (primary)
      std::rotate(links.begin(), links.begin() + static_cast<std::ptrdiff_t>(i),
                  links.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    return;
  }
  if (primary && !(links.empty() || links.front().primary))
    links.insert(links.begin(), {std::move(id), true});
  else
    links.push_back({std::move(id), primary});
}

Links* Row::links_to(std::string_view object) {
  for (Links& entry : associations)
    if (entry.to == object) return &entry;
  return nullptr;
}
const Links* Row::links_to(std::string_view object) const { return const_cast<Row*>(this)->links_to(object); }

Result<Answer> read_answer(std::string body) {
  Answer out;
  out.body = std::move(body);
  pad(out.body);
  TRY_VOID(guarded(out.body, [&](od::document& document) {
    read_batch(document, out);
    return true;
  }));
  return out;
}

Result<Answer> read_single(std::string body) {
  Answer out;
  out.body = std::move(body);
  pad(out.body);
  TRY_VOID(guarded(out.body, [&](od::document& document) {
    std::string trace;
    out.rows.push_back(row_of(root_of(document), trace));
    out.traces.push_back(std::move(trace));
    return true;
  }));
  return out;
}

Result<std::vector<AssociationRow>> read_associations(const std::string& body, std::string_view to) {
  std::string padded = body;
  pad(padded);
  return guarded(padded, [&](od::document& document) {
    std::vector<AssociationRow> rows;
    bool has_results = false;  // without them it is another question's answer, not a record without associations
    each_field(root_of(document), [&](std::string_view key, od::value value) {
      if (key != "results") return;
      has_results = true;
      each_item(value, [&](od::value item) { rows.push_back(association_row(item, to)); });
    });
    if (!has_results) throw Broken{"results is missing"};
    return rows;
  });
}

Result<Links> read_association_page(const std::string& body, std::string_view to) {
  std::string padded = body;
  pad(padded);
  return guarded(padded, [&](od::document& document) {
    Links out;
    out.to = std::string(to);
    bool has_results = false;
    each_field(root_of(document), [&](std::string_view key, od::value value) {
      if (key == "paging") out.after = after_of(value);
      if (key != "results") return;
      has_results = true;
      each_item(value, [&](od::value item) {
        each_field(object_of(item, "an association"), [&](std::string_view name, od::value inner) {
          if (name == "toObjectId") out.add(id_of(inner), false);
        });
      });
    });
    if (!has_results) throw Broken{"results is missing"};
    return out;
  });
}

VendorError read_error(const ports::HttpResponse& answer) {
  VendorError out;
  auto body = json::parse(answer.body);
  if (!body || !body->is_object()) {
    out.message = answer.body.substr(0, 200);
    return out;
  }
  out.understood = (*body)["status"].is_string() || (*body)["message"].is_string();
  out.message = (*body)["message"].text();
  // A 429 names its limit in policyName; everything else its category.
  out.code = answer.status == 429 ? (*body)["policyName"].text() : (*body)["category"].text();
  return out;
}

bool looks_whole(const ports::HttpResponse& answer) { return answer.status == 204 || is_whole_json(answer.body); }

}  // namespace tieout::vendors::hubspot
