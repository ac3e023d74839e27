// What a vendor's good answer looks like when something goes wrong with its form: renamed fields, numbers as text,
// other orders, answers to other questions. Each returns whether anything was changed, so that only what struck counts.
#pragma once

#include <string>

#include "ports/http.hpp"
#include "sim/kit/random.hpp"

namespace tieout::sim {

bool rename_a_field(std::string& body, Rng& rng);
bool add_an_enum(std::string& body, Rng& rng);
bool numbers_as_text(std::string& body);
/// Reverses the records of a listing's page.
bool reorder_page(std::string& body);
/// Good JSON that answers another question.
std::string nonsense(Rng& rng);
/// Asks for fewer records a page ("limit=100", "MAXRESULTS 1000", "\"limit\":200").
bool ask_for_less(ports::HttpRequest& request, Rng& rng);
/// Drops the place in the list ("after=…"), so that the vendor begins again.
bool drop_cursor(ports::HttpRequest& request);

}  // namespace tieout::sim
