// How alike two names are. Names of companies differ by case, accents, punctuation and legal form long before they
// differ by meaning, so these are taken away first; what is left is compared letter by letter. A similarity only ever
// makes a suggestion: nothing is linked or merged by it alone.
#pragma once

#include <string>
#include <string_view>

namespace tieout::model {

/// What a name is compared by: words in small letters, separated by one blank, without accents, punctuation, legal
/// forms and words for "and": "Müller & Söhne G.m.b.H." → "muller sohne". Never empty for a name that has a letter or
/// digit. Text that is no UTF-8 is taken byte by byte.
std::string match_key(std::string_view name);

/// 0 (nothing in common) to 1000 (the same words). The largest of Jaro-Winkler and the share of letters that need no
/// edit (Levenshtein), of the keys as they are and with their words in order, so that "Horn, Around the" is still
/// found. Symmetric.
int similarity(std::string_view a, std::string_view b);
/// The same for keys made by match_key.
int similarity_of_keys(std::string_view a, std::string_view b);

}  // namespace tieout::model
