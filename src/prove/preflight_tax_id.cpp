#include "prove/preflight_tax_id.hpp"

#include <algorithm>
#include <array>

namespace tieout::prove {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return c >= 'A' && c <= 'Z'; }
int digit(std::string_view n, std::size_t at) { return n[at] - '0'; }

std::int64_t number(std::string_view digits) {
  std::int64_t value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

/// Sum of the first digits, each times its weight.
template <std::size_t N>
int weighted(std::string_view n, const int (&weights)[N]) {
  int sum = 0;
  for (std::size_t i = 0; i < N; ++i) sum += digit(n, i) * weights[i];
  return sum;
}

/// Luhn's sum: every second digit from the right but one is doubled; good when it ends in 0.
bool luhn(std::string_view n) {
  int sum = 0;
  for (std::size_t i = 0; i < n.size(); ++i) {
    int d = digit(n, n.size() - 1 - i);
    if (i % 2 == 1) d = d * 2 > 9 ? d * 2 - 9 : d * 2;
    sum += d;
  }
  return sum % 10 == 0;
}

/// ISO 7064, modulus 11,10.
bool mod_11_10(std::string_view n) {
  int product = 10;
  for (std::size_t i = 0; i + 1 < n.size(); ++i) {
    int sum = (digit(n, i) + product) % 10;
    if (sum == 0) sum = 10;
    product = 2 * sum % 11;
  }
  return (11 - product) % 10 == digit(n, n.size() - 1);
}

/// 11 less the rest by 11: the commonest rule. ten: what stands for a result of 10 (-1: no number has it).
bool eleven(int sum, int last, int ten) {
  int check = 11 - sum % 11;
  if (check == 11) check = 0;
  if (check == 10) check = ten;
  return check == last;
}

bool austria(std::string_view n) {  // U and 8 digits
  int sum = 4;
  for (std::size_t i = 1; i <= 7; ++i) {
    const int d = digit(n, i) * (i % 2 == 0 ? 2 : 1);
    sum += d / 10 + d % 10;
  }
  return (10 - sum % 10) % 10 == digit(n, 8);
}

bool belgium(std::string_view n) { return n[0] <= '1' && 97 - number(n.substr(0, 8)) % 97 == number(n.substr(8)); }

bool switzerland(std::string_view n) { return eleven(weighted(n, {5, 4, 3, 2, 7, 6, 5, 4}), digit(n, 8), -1); }

bool denmark(std::string_view n) { return n[0] != '0' && weighted(n, {2, 7, 6, 5, 4, 3, 2, 1}) % 11 == 0; }

bool estonia(std::string_view n) { return (10 - weighted(n, {3, 7, 1, 3, 7, 1, 3, 7}) % 10) % 10 == digit(n, 8); }

bool spain(std::string_view n) {
  constexpr std::string_view kPerson = "TRWAGMYFPDXBNJZSQVHLCKE", kCompany = "JABCDEFGHI";
  const char first = n[0], last = n[8];
  const std::string_view middle = n.substr(1, 7);
  if (is_digit(first)) return last == kPerson[static_cast<std::size_t>(number(n.substr(0, 8)) % 23)];
  if (first >= 'X')
    return last == kPerson[static_cast<std::size_t>(((first - 'X') * 10'000'000 + number(middle)) % 23)];
  if (first >= 'K' && first <= 'M') return last == kPerson[static_cast<std::size_t>(number(middle) % 23)];
  int sum = 0;
  for (std::size_t i = 0; i < 7; ++i) {
    const int d = digit(middle, i) * (i % 2 == 0 ? 2 : 1);
    sum += d / 10 + d % 10;
  }
  const int check = (10 - sum % 10) % 10;
  return last == '0' + check || last == kCompany[static_cast<std::size_t>(check)];
}

bool finland(std::string_view n) { return eleven(weighted(n, {7, 9, 10, 5, 8, 4, 2}), digit(n, 7), -1); }

bool france(std::string_view n) {
  if (!is_digit(n[0]) || !is_digit(n[1])) return true;  // letters in the key: its rule is not published alike
  return (12 + 3 * (number(n.substr(2)) % 97)) % 97 == number(n.substr(0, 2));
}

bool united_kingdom(std::string_view n) {
  if (is_letter(n[0])) {  // GD: government, HA: health authority
    const std::int64_t unit = number(n.substr(2));
    return n[0] == 'G' ? unit < 500 : unit >= 500;
  }
  const std::int64_t sum = weighted(n, {8, 7, 6, 5, 4, 3, 2}) + number(n.substr(7, 2));
  return sum % 97 == 0 || (sum + 55) % 97 == 0;
}

bool greece(std::string_view n) { return weighted(n, {256, 128, 64, 32, 16, 8, 4, 2}) % 11 % 10 == digit(n, 8); }

bool hungary(std::string_view n) { return (10 - weighted(n, {9, 7, 3, 1, 9, 7, 3}) % 10) % 10 == digit(n, 7); }

bool ireland(std::string_view n) {
  if (!is_digit(n[1])) return true;  // the form before 2013 with a letter or sign in second place
  int sum = weighted(n, {8, 7, 6, 5, 4, 3, 2});
  if (n.size() == 9 && n[8] != 'W') sum += (n[8] - 'A' + 1) * 9;
  return "WABCDEFGHIJKLMNOPQRSTUV"[sum % 23] == n[7];
}

bool italy(std::string_view n) { return !is_digit(n[0]) || luhn(n); }  // a person's code is checked by its form only

bool luxembourg(std::string_view n) { return number(n.substr(0, 6)) % 89 == number(n.substr(6)); }

bool netherlands(std::string_view n) {
  if (weighted(n, {9, 8, 7, 6, 5, 4, 3, 2}) % 11 == digit(n, 8)) return true;
  std::int64_t rest = 2321;  // N and L as 23 and 21; since 2020, modulus 97 over the whole number
  for (const char c : n) rest = (c == 'B' ? rest * 100 + 11 : rest * 10 + (c - '0')) % 97;
  return rest == 1;
}

bool norway(std::string_view n) { return eleven(weighted(n, {3, 2, 7, 6, 5, 4, 3, 2}), digit(n, 8), -1); }

bool poland(std::string_view n) { return weighted(n, {6, 5, 7, 2, 3, 4, 5, 6, 7}) % 11 == digit(n, 9); }

bool portugal(std::string_view n) { return eleven(weighted(n, {9, 8, 7, 6, 5, 4, 3, 2}), digit(n, 8), 0); }

bool slovenia(std::string_view n) {
  const int check = 11 - weighted(n, {8, 7, 6, 5, 4, 3, 2}) % 11;
  return check != 11 && check % 10 == digit(n, 7);
}

bool sweden(std::string_view n) {
  return luhn(n.substr(0, 10)) && number(n.substr(10)) >= 1 && number(n.substr(10)) <= 94;
}

bool united_states(std::string_view n) {  // the first two digits name an office; these never did
  constexpr std::array kNever = {0, 7, 8, 9, 17, 18, 19, 28, 29, 49, 69, 70, 78, 79, 89, 96, 97};
  return std::find(kNever.begin(), kNever.end(), number(n.substr(0, 2))) == kNever.end();
}

bool no_rule(std::string_view) { return true; }

struct Form {
  std::string_view country;
  std::string_view prefix;
  std::string_view pattern;  ///< 9 a digit, A a letter, X either, others themselves; alternatives separated by '|'
  bool (*fits)(std::string_view);
  std::string_view expected;
};

constexpr Form kForms[] = {
    {"AT", "AT", "U99999999", austria, "ATU and 8 digits"},
    {"BE", "BE", "9999999999", belgium, "BE and 10 digits, beginning with 0 or 1"},
    {"BG", "BG", "999999999|9999999999", no_rule, "BG and 9 or 10 digits"},
    {"CH", "CHE", "999999999|999999999MWST|999999999TVA|999999999IVA", switzerland,
     "CHE, 9 digits and MWST, TVA or IVA"},
    {"CY", "CY", "99999999A", no_rule, "CY, 8 digits and a letter"},
    {"CZ", "CZ", "99999999|999999999|9999999999", no_rule, "CZ and 8 to 10 digits"},
    {"DE", "DE", "999999999", mod_11_10, "DE and 9 digits"},
    {"DK", "DK", "99999999", denmark, "DK and 8 digits"},
    {"EE", "EE", "999999999", estonia, "EE and 9 digits"},
    {"ES", "ES", "99999999A|A9999999X", spain, "ES and 9 characters, a letter first or last"},
    {"FI", "FI", "99999999", finland, "FI and 8 digits"},
    {"FR", "FR", "XX999999999", france, "FR, 2 characters and the 9 digits of the SIREN"},
    {"GB", "GB", "999999999|999999999999|GD999|HA999", united_kingdom, "GB and 9 or 12 digits"},
    {"GR", "EL", "999999999", greece, "EL and 9 digits"},
    {"HR", "HR", "99999999999", mod_11_10, "HR and 11 digits"},
    {"HU", "HU", "99999999", hungary, "HU and 8 digits"},
    {"IE", "IE", "9999999A|9999999AA|9X99999A", ireland, "IE, 7 digits and 1 or 2 letters"},
    {"IT", "IT", "99999999999|AAAAAA99A99A999A", italy, "IT and 11 digits, or a person's 16 characters"},
    {"LT", "LT", "999999999|999999999999", no_rule, "LT and 9 or 12 digits"},
    {"LU", "LU", "99999999", luxembourg, "LU and 8 digits"},
    {"LV", "LV", "99999999999", no_rule, "LV and 11 digits"},
    {"MT", "MT", "99999999", no_rule, "MT and 8 digits"},
    {"NL", "NL", "999999999B99", netherlands, "NL, 9 digits, B and 2 digits"},
    {"NO", "NO", "999999999|999999999MVA", norway, "9 digits and MVA"},
    {"PL", "PL", "9999999999", poland, "PL and 10 digits"},
    {"PT", "PT", "999999999", portugal, "PT and 9 digits"},
    {"RO", "RO", "99|999|9999|99999|999999|9999999|99999999|999999999|9999999999", no_rule, "RO and 2 to 10 digits"},
    {"SE", "SE", "999999999999", sweden, "SE and 12 digits"},
    {"SI", "SI", "99999999", slovenia, "SI and 8 digits"},
    {"SK", "SK", "9999999999", no_rule, "SK and 10 digits"},
    {"US", "", "999999999", united_states, "9 digits, as in 12-3456789"},
};

bool has_form(std::string_view text, std::string_view pattern) {
  if (text.size() != pattern.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char want = pattern[i], is = text[i];
    const bool good = want == '9'   ? is_digit(is)
                      : want == 'A' ? is_letter(is)
                      : want == 'X' ? is_digit(is) || is_letter(is)
                                    : want == is;
    if (!good) return false;
  }
  return true;
}

bool has_any_form(std::string_view text, std::string_view patterns) {
  while (!patterns.empty()) {
    const std::size_t end = std::min(patterns.find('|'), patterns.size());
    if (has_form(text, patterns.substr(0, end))) return true;
    patterns.remove_prefix(std::min(end + 1, patterns.size()));
  }
  return false;
}

/// Capitals and digits only: blanks, points, hyphens and slashes are there for the eye.
std::string bare(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c >= 'a' && c <= 'z')
      out += static_cast<char>(c - 'a' + 'A');
    else if (c != ' ' && c != '.' && c != '-' && c != '/' && c != '_' && c != ':')
      out += c;
  }
  return out;
}

const Form* form_of(std::string_view country) {
  const auto* form =
      std::find_if(std::begin(kForms), std::end(kForms), [&](const Form& f) { return f.country == country; });
  return form == std::end(kForms) ? nullptr : form;
}

/// The form that the number claims by its own prefix, when what follows is of that form or at least begins with a
/// digit.
const Form* form_claimed_by(std::string_view id) {
  for (const Form& form : kForms) {
    if (form.prefix.empty() || !id.starts_with(form.prefix)) continue;
    const std::string_view rest = id.substr(form.prefix.size());
    if (has_any_form(rest, form.pattern) || (!rest.empty() && is_digit(rest[0]))) return &form;
  }
  return nullptr;
}

}  // namespace

TaxIdCheck check_tax_id(std::string_view tax_id, std::string_view country) {
  TaxIdCheck check;
  check.normal = bare(tax_id);
  if (check.normal.starts_with("GR")) check.normal.replace(0, 2, "EL");  // Greece's VAT prefix is not its ISO code
  const Form* form = form_claimed_by(check.normal);
  if (form == nullptr) form = form_of(country);
  if (form == nullptr) return check;
  check.country = form->country;
  check.expected = form->expected;
  std::string_view rest = check.normal;
  if (!form->prefix.empty() && rest.starts_with(form->prefix)) rest.remove_prefix(form->prefix.size());
  if (!has_any_form(rest, form->pattern)) {
    check.verdict = TaxIdVerdict::wrong_form;
    return check;
  }
  check.verdict = form->fits(rest) ? TaxIdVerdict::good : TaxIdVerdict::wrong_check_digit;
  check.normal = std::string(form->prefix.empty() ? form->country : form->prefix) + std::string(rest);
  return check;
}

bool has_tax_ids(std::string_view country) { return country != "US" && form_of(country) != nullptr; }

}  // namespace tieout::prove
