#include "expr/lexer.hpp"

#include <fmt/core.h>

#include <array>

#include "expr/source.hpp"

namespace tieout::expr {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_name(char c) { return is_name_start(c) || is_digit(c); }
std::uint32_t hex_value(char c) { return static_cast<std::uint32_t>(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10); }

class Lexer {
 public:
  explicit Lexer(std::string_view source) : source_(source) {}

  Result<std::vector<Token>> run() {
    while (true) {
      skip_blank();
      start_ = at_;
      if (at_ >= source_.size()) break;
      if (!next()) return fail(fault_);
    }
    tokens_.push_back(Token{Token::Kind::end, source_.size(), {}});
    return std::move(tokens_);
  }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0'; }

  bool wrong(std::size_t offset, std::string_view what) {
    fault_ = fault_at(source_, offset, "expr.parse", what);
    return false;
  }

  bool push(Token::Kind kind, std::string text) {
    tokens_.push_back(Token{kind, start_, std::move(text)});
    return true;
  }

  void skip_blank() {
    while (at_ < source_.size()) {
      const char c = source_[at_];
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
        ++at_;
      } else if (c == '/' && peek(1) == '/') {
        while (at_ < source_.size() && source_[at_] != '\n') ++at_;
      } else {
        return;
      }
    }
  }

  bool next() {
    const char c = peek();
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
    if (c == '"' || c == '\'') return literal(false, false);
    if (is_name_start(c)) {
      std::size_t prefix = 0;
      bool raw = false, bytes = false;
      while (prefix < 2) {
        const char p = static_cast<char>(peek(prefix) | 0x20);
        if (p == 'r' && !raw) {
          raw = true;
        } else if (p == 'b' && !bytes) {
          bytes = true;
        } else {
          break;
        }
        ++prefix;
      }
      if (prefix > 0 && (peek(prefix) == '"' || peek(prefix) == '\'')) {
        at_ += prefix;
        return literal(raw, bytes);
      }
      return name();
    }
    if (c == '`') return quoted_name();
    return symbol();
  }

  bool name() {
    while (is_name(peek())) ++at_;
    return push(Token::Kind::name, std::string(source_.substr(start_, at_ - start_)));
  }

  bool quoted_name() {
    std::string text;
    for (++at_; peek() != '`'; ++at_) {
      const char c = peek();
      if (!is_name(c) && c != '.' && c != '-' && c != '/' && c != ' ')
        return wrong(at_, "a quoted field name is letters, digits, '_', '.', '-', '/' and blanks between two `");
      text += c;
    }
    ++at_;
    if (text.empty()) return wrong(start_, "a quoted field name is empty");
    return push(Token::Kind::quoted_name, std::move(text));
  }

  bool number() {
    Token::Kind kind = Token::Kind::integer;
    if (peek() == '0' && (peek(1) | 0x20) == 'x') {
      at_ += 2;
      if (!is_hex(peek())) return wrong(start_, "0x is followed by hexadecimal digits");
      while (is_hex(peek())) ++at_;
    } else {
      while (is_digit(peek())) ++at_;
      if (peek() == '.' && is_digit(peek(1))) {
        kind = Token::Kind::floating;
        for (++at_; is_digit(peek());) ++at_;
      }
      const std::size_t sign = (peek(1) == '+' || peek(1) == '-') ? 2 : 1;
      if ((peek() | 0x20) == 'e' && is_digit(peek(sign))) {
        kind = Token::Kind::floating;
        for (at_ += sign; is_digit(peek());) ++at_;
      }
    }
    std::string text(source_.substr(start_, at_ - start_));
    if (kind == Token::Kind::integer && (peek() | 0x20) == 'u') {
      ++at_;
      kind = Token::Kind::unsigned_integer;
    }
    if (is_name(peek())) return wrong(at_, "a letter stands right behind a number");
    return push(kind, std::move(text));
  }

  bool literal(bool raw, bool bytes) {
    const char quote = peek();
    const bool triple = peek(1) == quote && peek(2) == quote;
    at_ += triple ? 3 : 1;
    std::string text;
    while (true) {
      if (at_ >= source_.size()) return wrong(start_, "the quote is never closed");
      const char c = source_[at_];
      if (c == quote && (!triple || (peek(1) == quote && peek(2) == quote))) break;
      if (!triple && (c == '\n' || c == '\r')) return wrong(start_, "the quote is not closed on its line");
      if (c == '\\' && !raw) {
        if (!escape(text, bytes)) return false;
      } else {
        text += c;
        ++at_;
      }
    }
    at_ += triple ? 3 : 1;
    return push(bytes ? Token::Kind::bytes : Token::Kind::text, std::move(text));
  }

  bool escape(std::string& out, bool bytes) {
    const std::size_t from = at_++;
    const char c = peek();
    constexpr std::string_view plain = "abfnrtv\\?\"'`", means = "\a\b\f\n\r\t\v\\?\"'`";
    if (const std::size_t found = plain.find(c); found != std::string_view::npos && c != '\0') {
      out += means[found];
      ++at_;
      return true;
    }
    std::uint32_t code = 0;
    if (c >= '0' && c <= '3') {
      for (int i = 0; i < 3; ++i, ++at_) {
        if (peek() < '0' || peek() > '7') return wrong(from, "an octal escape has three digits, \\000 to \\377");
        code = code * 8 + static_cast<std::uint32_t>(peek() - '0');
      }
      return put(out, code, bytes, from);
    }
    const int digits = (c == 'x' || c == 'X') ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    if (digits == 0) return wrong(from, "unknown escape; a backslash itself is written \\\\");
    if (bytes && digits > 2) return wrong(from, "\\u and \\U stand in strings, not in bytes");
    ++at_;
    for (int i = 0; i < digits; ++i, ++at_) {
      if (!is_hex(peek())) return wrong(from, fmt::format("\\{} is followed by {} hexadecimal digits", c, digits));
      code = code * 16 + hex_value(peek());
    }
    return put(out, code, bytes, from);
  }

  bool put(std::string& out, std::uint32_t code, bool bytes, std::size_t from) {
    if (bytes) {
      out += static_cast<char>(code);
      return true;
    }
    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
      return wrong(from, "this escape is no Unicode character");
    append_utf8(out, code);
    return true;
  }

  bool symbol() {
    static constexpr std::array<std::string_view, 6> pairs{"&&", "||", "==", "!=", "<=", ">="};
    const std::string_view two = source_.substr(at_, 2);
    for (const std::string_view pair : pairs) {
      if (two == pair) {
        at_ += 2;
        return push(Token::Kind::symbol, std::string(pair));
      }
    }
    constexpr std::string_view single = "()[]{}.,:?!<>+-*/%";
    if (single.find(peek()) == std::string_view::npos) {
      if (two == "= " || peek() == '=') return wrong(at_, "a comparison is written with two equal signs: ==");
      if (peek() == '&' || peek() == '|') return wrong(at_, "logic is written with two signs: && and ||");
      return wrong(at_, "this sign means nothing here");
    }
    ++at_;
    return push(Token::Kind::symbol, std::string(1, source_[at_ - 1]));
  }

  std::string_view source_;
  std::size_t at_ = 0;
  std::size_t start_ = 0;
  std::vector<Token> tokens_;
  Fault fault_;
};

}  // namespace

Result<std::vector<Token>> tokenize(std::string_view source) {
  if (!is_valid_utf8(source)) return fail("expr.parse", "the expression is not valid UTF-8");
  return Lexer(source).run();
}

bool is_valid_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80                   ? 1
                               : lead >= 0xC2 && lead < 0xE0 ? 2
                               : (lead & 0xF0) == 0xE0       ? 3
                               : lead >= 0xF0 && lead < 0xF5 ? 4
                                                             : 0;
    if (length == 0 || i + length > text.size()) return false;
    std::uint32_t code = length == 1 ? lead : lead & (0x7Fu >> length);
    for (std::size_t k = 1; k < length; ++k) {
      const auto byte = static_cast<unsigned char>(text[i + k]);
      if ((byte & 0xC0) != 0x80) return false;
      code = code << 6 | (byte & 0x3F);
    }
    if ((length == 3 && code < 0x800) || (length == 4 && (code < 0x10000 || code > 0x10FFFF)) ||
        (code >= 0xD800 && code <= 0xDFFF))
      return false;
    i += length;
  }
  return true;
}

void append_utf8(std::string& out, std::uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | code >> 6);
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | code >> 12);
    out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | code >> 18);
    out += static_cast<char>(0x80 | (code >> 12 & 0x3F));
    out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

}  // namespace tieout::expr
