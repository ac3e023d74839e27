#include "sandbox/quickbooks/query.hpp"

#include <fmt/core.h>

#include <charconv>

#include "sandbox/quickbooks/text.hpp"

namespace tieout::sandbox::quickbooks {
namespace {

struct Token {
  enum class Kind : std::uint8_t { word, text, symbol, end } kind = Kind::end;
  std::string text;
  std::size_t column = 0;
};

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' ||
         c == '-' || c == ':' || c == '%';
}

class Lexer {
 public:
  explicit Lexer(std::string_view statement) : in_(statement) {}

  Outcome<Token> next() {
    while (at_ < in_.size() && (in_[at_] == ' ' || in_[at_] == '\n' || in_[at_] == '\t' || in_[at_] == '\r')) ++at_;
    Token token{Token::Kind::end, {}, at_ + 1};
    if (at_ == in_.size()) return token;
    const char c = in_[at_];
    if (c == '\'') return quoted(token);
    if (is_word(c)) {
      token.kind = Token::Kind::word;
      while (at_ < in_.size() && is_word(in_[at_])) token.text += in_[at_++];
      return token;
    }
    token.kind = Token::Kind::symbol;
    token.text = in_[at_++];
    if ((c == '<' || c == '>') && at_ < in_.size() && in_[at_] == '=') token.text += in_[at_++];
    if (std::string_view("=<>(),*").find(c) == std::string_view::npos)
      return refused(
          query_parse_error(fmt::format("Lexical error at line 1, column {}. Encountered: \"{}\"", token.column, c)));
    return token;
  }

 private:
  Outcome<Token> quoted(Token token) {
    token.kind = Token::Kind::text;
    for (++at_; at_ < in_.size(); ++at_) {
      if (in_[at_] == '\\' && at_ + 1 < in_.size()) {
        token.text += in_[++at_];
      } else if (in_[at_] == '\'') {
        ++at_;
        return token;
      } else {
        token.text += in_[at_];
      }
    }
    return refused(query_parse_error(
        fmt::format("Lexical error at line 1, column {}. Encountered: <EOF> after : \"'\"", token.column)));
  }

  std::string_view in_;
  std::size_t at_ = 0;
};

class Parser {
 public:
  explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  Outcome<Query> run() {
    if (Refusal no = parse()) return refused(std::move(no));
    return std::move(query_);
  }

 private:
  const Token& peek() const { return tokens_[at_]; }
  bool is(std::string_view keyword) const {
    return peek().kind == Token::Kind::word && same_word(peek().text, keyword);
  }
  bool accept(std::string_view keyword) { return is(keyword) && (++at_, true); }
  bool symbol(std::string_view text) {
    if (peek().kind != Token::Kind::symbol || peek().text != text) return false;
    ++at_;
    return true;
  }
  Rejection unexpected(std::string_view wanted) const {
    const std::string found = peek().kind == Token::Kind::end ? "<EOF>" : peek().text;
    return query_parse_error(
        fmt::format("Encountered \" {} \" at line 1, column {}. Was expecting: {}", found, peek().column, wanted));
  }
  Refusal word(std::string& out, std::string_view wanted) {
    if (peek().kind != Token::Kind::word) return unexpected(wanted);
    out = tokens_[at_++].text;
    return {};
  }

  Refusal parse() {
    if (!accept("select")) return unexpected("\"select\"");
    if (Refusal no = selection()) return no;
    if (!accept("from")) return unexpected("\"from\"");
    std::string name;
    if (Refusal no = word(name, "an entity")) return no;
    query_.entity = entity_named(name);
    if (!query_.entity) return invalid_query(fmt::format("Entity {} not found", name));
    if (accept("where")) {
      do
        if (Refusal no = condition()) return no;
      while (accept("and"));
    }
    if (Refusal no = order()) return no;
    if (accept("startposition"))
      if (Refusal no = number(query_.start, "startposition")) return no;
    if (accept("maxresults"))
      if (Refusal no = number(query_.most, "maxresults")) return no;
    query_.most = std::min(query_.most, Query::kMost);
    return peek().kind == Token::Kind::end ? Refusal{} : unexpected("<EOF>");
  }

  Refusal selection() {
    if (symbol("*")) return {};
    if (accept("count")) {
      if (!symbol("(") || !symbol("*") || !symbol(")")) return unexpected("\"(*)\"");
      query_.counts = true;
      return {};
    }
    do {
      std::string field;
      if (Refusal no = word(field, "a property")) return no;
      if (symbol("*")) continue;  // "Line.*" names the same as "Line"
      query_.fields.push_back(std::move(field));
    } while (symbol(","));
    return {};
  }

  Refusal condition() {
    Condition out;
    if (Refusal no = word(out.field, "a property")) return no;
    if (accept("in")) {
      out.op = Operator::in;
      if (!symbol("(")) return unexpected("\"(\"");
      do
        if (Refusal no = value(out)) return no;
      while (symbol(","));
      if (!symbol(")")) return unexpected("\")\"");
    } else {
      if (accept("like"))
        out.op = Operator::like;
      else if (symbol("="))
        out.op = Operator::equal;
      else if (symbol("<="))
        out.op = Operator::less_equal;
      else if (symbol(">="))
        out.op = Operator::greater_equal;
      else if (symbol("<"))
        out.op = Operator::less;
      else if (symbol(">"))
        out.op = Operator::greater;
      else
        return unexpected("an operator");
      if (Refusal no = value(out)) return no;
    }
    query_.where.push_back(std::move(out));
    return {};
  }

  Refusal value(Condition& out) {
    if (peek().kind != Token::Kind::text && peek().kind != Token::Kind::word) return unexpected("a value");
    out.values.push_back(tokens_[at_++].text);
    return {};
  }

  Refusal order() {
    if (accept("order")) {
      if (!accept("by")) return unexpected("\"by\"");
    } else if (!accept("orderby")) {
      return {};
    }
    do {
      Query::Order each;
      if (Refusal no = word(each.field, "a property")) return no;
      each.descending = accept("desc");
      if (!each.descending) accept("asc");
      query_.order.push_back(std::move(each));
    } while (symbol(","));
    return {};
  }

  Refusal number(std::size_t& out, std::string_view keyword) {
    const std::string& text = peek().text;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || end != text.data() + text.size()) return unexpected("a number");
    if (out == 0) return invalid_query(fmt::format("value 0 for {} is too small, minimum 1", keyword));
    ++at_;
    return {};
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  Query query_;
};

}  // namespace

Outcome<Query> parse_query(std::string_view statement) {
  Lexer lexer(statement);
  std::vector<Token> tokens;
  do {
    auto token = lexer.next();
    if (!token) return refused(token.error());
    tokens.push_back(*std::move(token));
  } while (tokens.back().kind != Token::Kind::end);
  return Parser(std::move(tokens)).run();
}

}  // namespace tieout::sandbox::quickbooks
