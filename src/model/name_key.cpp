// match_key: folding and cutting. Plain ASCII, which most names are, never reaches ICU.
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <vector>

#include "model/name_similarity.hpp"

namespace tieout::model {
namespace {

/// Letters that no decomposition turns into a plain one.
char32_t plain_letter(char32_t c) {
  switch (c) {
    case U'ø':
      return U'o';
    case U'ł':
      return U'l';
    case U'đ':
    case U'ð':
      return U'd';
    case U'ı':
      return U'i';
    case U'ħ':
      return U'h';
    default:
      return c;
  }
}

/// Case folded, compatibility forms unified, accents dropped, invisible characters gone.
std::string fold(std::string_view name) {
  const bool ascii = std::all_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  std::string out;
  if (ascii) {
    for (const char c : name) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 32) : c;
    return out;
  }
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* folder = icu::Normalizer2::getNFKCCasefoldInstance(status);
  const icu::Normalizer2* splitter = icu::Normalizer2::getNFDInstance(status);
  if (U_FAILURE(status)) return std::string(name);
  const icu::UnicodeString text = icu::UnicodeString::fromUTF8({name.data(), static_cast<int32_t>(name.size())});
  const icu::UnicodeString split = splitter->normalize(folder->normalize(text, status), status);
  if (U_FAILURE(status)) return std::string(name);
  icu::UnicodeString kept;
  for (int32_t i = 0; i < split.length(); i = split.moveIndex32(i, 1)) {
    const UChar32 c = split.char32At(i);
    if (u_charType(c) == U_NON_SPACING_MARK) continue;
    if (c == U'æ')
      kept.append(UChar32{'a'}).append(UChar32{'e'});
    else if (c == U'œ')
      kept.append(UChar32{'o'}).append(UChar32{'e'});
    else if (c == U'þ')
      kept.append(UChar32{'t'}).append(UChar32{'h'});
    else
      kept.append(static_cast<UChar32>(plain_letter(static_cast<char32_t>(c))));
  }
  kept.toUTF8String(out);
  return out;
}

bool is_word_character(UChar32 c) {
  return c < 0x80 ? (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') : u_isalnum(c) != 0;
}

/// Words of letters and digits. An apostrophe joins ("bs"), and so does a point or slash after a single one ("s.a." →
/// "sa").
std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  int since_point = 0;
  const auto finish = [&] {
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
    since_point = 0;
  };
  const auto length = static_cast<int32_t>(text.size());
  for (int32_t i = 0; i < length;) {
    const int32_t start = i;
    UChar32 c = 0;
    U8_NEXT(text.data(), i, length, c);
    if (c < 0) c = static_cast<unsigned char>(text[static_cast<std::size_t>(start)]) | 0x1000000;  // no UTF-8: keep it
    if (c >= 0x1000000 || is_word_character(c)) {
      word.append(text, static_cast<std::size_t>(start), static_cast<std::size_t>(i - start));
      ++since_point;
    } else if ((c == '.' || c == '/') && since_point == 1) {
      since_point = 0;
    } else if (c != '\'' && c != 0x2019 && c != '`') {
      finish();
    }
  }
  finish();
  return words;
}

constexpr std::string_view kAnd[] = {"and", "und", "et", "og", "och"};
/// Forms that mean nothing else, wherever they stand.
constexpr std::string_view kForms[] = {
    "gmbh", "mbh",  "ggmbh", "kgaa",         "ohg",         "ltd",  "limited", "llc",  "llp",  "inc",    "plc",  "pty",
    "sarl", "sasu", "eurl",  "incorporated", "corporation", "corp", "srl",     "srls", "bvba", "oyj",    "aps",  "kft",
    "doo",  "zoo",  "spzoo", "sro",          "ltda",        "pvt",  "bv",      "nv",   "sagl", "gesmbh", "hmbh", "ivs"};
/// Forms that could be words or initials, so only at the end.
constexpr std::string_view kEndings[] = {"co",  "company", "ag", "kg",  "sa",  "se", "ab", "as",  "asa", "oy",
                                         "ev",  "eg",      "sl", "spa", "sas", "sc", "sp", "z",   "oo",  "ug",
                                         "slu", "sab",     "cv", "cia", "de",  "lp", "kk", "scs", "snc"};

template <std::size_t N>
bool is_one_of(const std::string& word, const std::string_view (&list)[N]) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

void drop(std::vector<std::string>& words, auto is_unwanted) {
  std::vector<std::string> kept;
  for (const std::string& word : words)
    if (!is_unwanted(word)) kept.push_back(word);
  if (!kept.empty()) words = std::move(kept);
}

}  // namespace

std::string match_key(std::string_view name) {
  std::vector<std::string> words = words_of(fold(name));
  drop(words, [](const std::string& word) { return is_one_of(word, kAnd); });
  drop(words, [](const std::string& word) { return is_one_of(word, kForms); });
  while (words.size() > 1 && is_one_of(words.back(), kEndings)) words.pop_back();
  std::string key;
  for (const std::string& word : words) {
    if (!key.empty()) key += ' ';
    key += word;
  }
  return key;
}

}  // namespace tieout::model
