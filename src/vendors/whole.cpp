#include "vendors/whole.hpp"

#define SIMDJSON_EXCEPTIONS 0  // a value that is not what it seems is an answer here, never an exception
#include <simdjson.h>

namespace tieout::vendors {

bool is_whole_json(std::string_view text) {
  namespace od = simdjson::ondemand;
  thread_local od::parser parser;
  const simdjson::padded_string padded(text);
  od::document document;
  od::json_type type;
  if (parser.iterate(padded).get(document) || document.type().get(type)) return false;
  std::string_view all;
  // Taking the raw text walks over the brackets to the matching end.
  if (type == od::json_type::object) {
    od::object object;
    if (document.get_object().get(object) || object.raw_json().get(all)) return false;
  } else if (type == od::json_type::array) {
    od::array array;
    if (document.get_array().get(array) || array.raw_json().get(all)) return false;
  } else {
    return false;
  }
  const auto rest = text.substr(static_cast<std::size_t>(all.data() - padded.data()) + all.size());
  return rest.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace tieout::vendors
