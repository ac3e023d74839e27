// Recursive descent with precedence climbing, so that a nested parenthesis costs few stack frames. Chains of && and ||
// become one node with many arguments. Depth is bounded twice: by nesting while parsing, and by the depth of the tree
// (a + b + c + … leans to the left without nesting).
#include "expr/parser.hpp"

#include <fmt/core.h>

#include <charconv>
#include <cstdlib>
#include <limits>

#include "expr/lexer.hpp"
#include "expr/program.hpp"
#include "expr/source.hpp"

namespace tieout::expr {
namespace {

using model::Value;

constexpr int kMaxTreeDepth = 600;

constexpr std::string_view kReserved[] = {"as",        "break",  "const",  "continue", "else", "for",
                                          "function",  "if",     "import", "let",      "loop", "package",
                                          "namespace", "return", "var",    "void",     "while"};

bool is_reserved(std::string_view name) {
  return std::find(std::begin(kReserved), std::end(kReserved), name) != std::end(kReserved);
}
bool is_keyword(std::string_view name) { return name == "true" || name == "false" || name == "null" || name == "in"; }

struct BinaryOperator {
  std::string_view symbol;
  int precedence;
  std::string_view function;
};
constexpr BinaryOperator kBinary[] = {{"||", 1, ""},    {"&&", 2, ""},     {"==", 3, "_==_"}, {"!=", 3, "_!=_"},
                                      {"<", 3, "_<_"},  {"<=", 3, "_<=_"}, {">", 3, "_>_"},   {">=", 3, "_>=_"},
                                      {"in", 3, "@in"}, {"+", 4, "_+_"},   {"-", 4, "_-_"},   {"*", 5, "_*_"},
                                      {"/", 5, "_/_"},  {"%", 5, "_%_"}};

/// The parser gives up by exception; parse() below is the only place that catches it, so none leaves this file.
struct GiveUp {
  std::size_t offset;
  std::string what;
  std::string_view code = "expr.parse";
};

class Parser {
 public:
  explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  AstPtr whole() {
    AstPtr result = expression();
    if (peek().kind != Token::Kind::end) unexpected("the end of the expression");
    return result;
  }

 private:
  struct Nesting {
    explicit Nesting(Parser& parser_) : parser(parser_) {
      if (++parser.nesting_ > kMaxDepth)
        throw GiveUp{parser.peek().offset, fmt::format("nested more than {} deep", kMaxDepth), "expr.too_large"};
    }
    ~Nesting() { --parser.nesting_; }
    Parser& parser;
  };

  const Token& peek(std::size_t ahead = 0) const { return tokens_[std::min(at_ + ahead, tokens_.size() - 1)]; }
  Token take() { return tokens_[std::min(at_++, tokens_.size() - 1)]; }
  bool at_symbol(std::string_view symbol) const { return peek().kind == Token::Kind::symbol && peek().text == symbol; }
  bool accept(std::string_view symbol) {
    if (!at_symbol(symbol)) return false;
    ++at_;
    return true;
  }
  void expect(std::string_view symbol) {
    if (!accept(symbol)) unexpected(fmt::format("'{}'", symbol));
  }

  [[noreturn]] void unexpected(std::string_view wanted) const {
    const Token& token = peek();
    const std::string found =
        token.kind == Token::Kind::end ? "the expression ends" : fmt::format("found '{}'", token.text);
    throw GiveUp{token.offset, fmt::format("expected {}, but {}", wanted, found)};
  }

  AstPtr add(AstPtr parent, AstPtr child) {
    add_argument(*parent, std::move(child));
    if (parent->depth > kMaxTreeDepth)
      throw GiveUp{parent->offset, fmt::format("more than {} operations deep", kMaxTreeDepth), "expr.too_large"};
    return parent;
  }

  AstPtr call(std::string_view name, std::size_t offset, AstPtr a, AstPtr b = nullptr) {
    AstPtr node = make_node(Ast::Kind::call, offset);
    node->name = name;
    node = add(std::move(node), std::move(a));
    return b ? add(std::move(node), std::move(b)) : std::move(node);
  }

  AstPtr expression() {
    const Nesting nesting(*this);
    AstPtr condition = binary(1);
    if (!at_symbol("?")) return condition;
    AstPtr node = make_node(Ast::Kind::conditional, take().offset);
    node = add(std::move(node), std::move(condition));
    node = add(std::move(node), binary(1));
    expect(":");
    return add(std::move(node), expression());
  }

  const BinaryOperator* binary_operator() const {
    const Token& token = peek();
    if (token.kind != Token::Kind::symbol && !(token.kind == Token::Kind::name && token.text == "in")) return nullptr;
    for (const BinaryOperator& op : kBinary)
      if (op.symbol == token.text) return &op;
    return nullptr;
  }

  AstPtr binary(int lowest) {
    AstPtr left = unary();
    while (const BinaryOperator* op = binary_operator()) {
      if (op->precedence < lowest) break;
      const std::size_t offset = take().offset;
      AstPtr right = binary(op->precedence + 1);
      left = op->function.empty() ? logic(op->symbol, offset, std::move(left), std::move(right))
                                  : call(op->function, offset, std::move(left), std::move(right));
    }
    return left;
  }

  AstPtr logic(std::string_view symbol, std::size_t offset, AstPtr left, AstPtr right) {
    const Ast::Kind kind = symbol == "&&" ? Ast::Kind::logic_and : Ast::Kind::logic_or;
    if (left->kind == kind && !left->member) return add(std::move(left), std::move(right));
    AstPtr node = make_node(kind, offset);
    node = add(std::move(node), std::move(left));
    return add(std::move(node), std::move(right));
  }

  AstPtr unary() {
    const std::size_t offset = peek().offset;
    std::size_t count = 0;
    if (at_symbol("!")) {
      while (accept("!")) ++count;
      return repeat("!_", offset, count, member());
    }
    if (!at_symbol("-")) return member();
    while (accept("-")) ++count;
    const Token::Kind kind = peek().kind;
    if (kind == Token::Kind::integer || kind == Token::Kind::floating) {
      negative_ = true;  // -9223372036854775808 is one literal
      AstPtr operand = member();
      return repeat("-_", offset, count - 1, std::move(operand));
    }
    return repeat("-_", offset, count, member());
  }

  /// An even number of signs is kept as two, so that the operand's type is still checked.
  AstPtr repeat(std::string_view function, std::size_t offset, std::size_t count, AstPtr operand) {
    for (std::size_t i = count == 0 ? 0 : 2 - count % 2; i > 0; --i)
      operand = call(function, offset, std::move(operand));
    return operand;
  }

  AstPtr member() {
    AstPtr left = primary();
    while (true) {
      const std::size_t offset = peek().offset;
      if (accept(".")) {
        left = selection(std::move(left), offset);
      } else if (accept("[")) {
        const bool optional = accept("?");
        AstPtr index = expression();
        expect("]");
        left = call(optional ? "_[?_]" : "_[_]", offset, std::move(left), std::move(index));
      } else if (at_symbol("{") && is_qualified_name(*left)) {
        left = message(std::move(left));
      } else {
        return left;
      }
    }
  }

  AstPtr selection(AstPtr left, std::size_t offset) {
    const bool optional = accept("?");
    const Token field = take();
    if (field.kind == Token::Kind::quoted_name || (field.kind == Token::Kind::name && !is_keyword(field.text))) {
      if (!optional && field.kind == Token::Kind::name && at_symbol("(")) {
        AstPtr node = make_node(Ast::Kind::call, field.offset);
        node->name = field.text;
        node->member = true;
        node = add(std::move(node), std::move(left));
        return finish_call(std::move(node));
      }
      AstPtr node = make_node(optional ? Ast::Kind::opt_select : Ast::Kind::select, offset);
      node->name = field.text;
      node->member = field.kind == Token::Kind::quoted_name;  // quoted: never part of a qualified name
      return add(std::move(node), std::move(left));
    }
    --at_;
    unexpected("a field name");
  }

  AstPtr finish_call(AstPtr node) {
    expect("(");
    while (!at_symbol(")")) {
      node = add(std::move(node), expression());
      if (!accept(",")) break;
      if (at_symbol(")")) unexpected("an argument");
    }
    expect(")");
    std::size_t offset = node->offset;
    const std::string wrong = expand_macro(node, offset);
    if (!wrong.empty()) throw GiveUp{offset, wrong};
    return node;
  }

  AstPtr primary() {
    const bool negative = std::exchange(negative_, false);
    const Token token = take();
    switch (token.kind) {
      case Token::Kind::integer:
      case Token::Kind::unsigned_integer:
      case Token::Kind::floating:
        return number(token, negative);
      case Token::Kind::text:
        return literal(token.offset, Value::text(token.text));
      case Token::Kind::bytes:
        return literal(token.offset, Value::bytes(token.text));
      case Token::Kind::name:
        return name(token, "");
      case Token::Kind::symbol:
        if (token.text == "(") {
          AstPtr inner = expression();
          expect(")");
          return parenthesised(std::move(inner));
        }
        if (token.text == "[") return list(token.offset);
        if (token.text == "{") return map(token.offset);
        if (token.text == "." && peek().kind == Token::Kind::name) return name(take(), ".");
        break;
      default:
        break;
    }
    --at_;
    unexpected("a value");
  }

  /// (a && b) && c keeps its own node, and (a.b).c is no qualified name.
  AstPtr parenthesised(AstPtr inner) {
    if (inner->kind == Ast::Kind::logic_and || inner->kind == Ast::Kind::logic_or) inner->member = true;
    return inner;
  }

  AstPtr literal(std::size_t offset, Value value) {
    AstPtr node = make_node(Ast::Kind::literal, offset);
    node->value = std::move(value);
    return node;
  }

  AstPtr number(const Token& token, bool negative) {
    if (token.kind == Token::Kind::floating) {
      const double value = std::strtod(token.text.c_str(), nullptr);
      return literal(token.offset, Value::floating(negative ? -value : value));
    }
    const bool hex = token.text.size() > 2 && (token.text[1] | 0x20) == 'x';
    std::uint64_t magnitude = 0;
    const char* first = token.text.data() + (hex ? 2 : 0);
    const char* last = token.text.data() + token.text.size();
    const auto [end, problem] = std::from_chars(first, last, magnitude, hex ? 16 : 10);
    if (problem != std::errc{} || end != last) throw GiveUp{token.offset, "this number does not fit into 64 bits"};
    if (token.kind == Token::Kind::unsigned_integer) return literal(token.offset, Value::unsigned_integer(magnitude));
    const std::uint64_t most =
        static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) + (negative ? 1 : 0);
    if (magnitude > most) throw GiveUp{token.offset, "this number does not fit into an int; write 123u for a uint"};
    return literal(token.offset, Value::integer(static_cast<std::int64_t>(negative ? 0 - magnitude : magnitude)));
  }

  AstPtr name(const Token& token, std::string_view prefix) {
    if (prefix.empty()) {
      if (token.text == "true" || token.text == "false")
        return literal(token.offset, Value::boolean(token.text == "true"));
      if (token.text == "null") return literal(token.offset, Value::null());
    }
    if (is_keyword(token.text)) {
      --at_;
      unexpected("a value");
    }
    if (is_reserved(token.text))
      throw GiveUp{token.offset, fmt::format("'{}' is a reserved word and cannot be a name", token.text)};
    const bool is_call = at_symbol("(");
    AstPtr node = make_node(is_call ? Ast::Kind::call : Ast::Kind::ident, token.offset);
    node->name = fmt::format("{}{}", prefix, token.text);
    return is_call ? finish_call(std::move(node)) : std::move(node);
  }

  AstPtr list(std::size_t offset) {
    AstPtr node = make_node(Ast::Kind::list, offset);
    while (!at_symbol("]")) {
      node->optional_at.push_back(accept("?"));
      node = add(std::move(node), expression());
      if (!accept(",")) break;
    }
    expect("]");
    return node;
  }

  AstPtr map(std::size_t offset) {
    AstPtr node = make_node(Ast::Kind::map, offset);
    while (!at_symbol("}")) {
      node->optional_at.push_back(accept("?"));
      node = add(std::move(node), expression());
      expect(":");
      node = add(std::move(node), expression());
      if (!accept(",")) break;
    }
    expect("}");
    return node;
  }

  static bool is_qualified_name(const Ast& node) {
    if (node.kind == Ast::Kind::ident) return true;
    return node.kind == Ast::Kind::select && !node.member && is_qualified_name(*node.args[0]);
  }
  static std::string qualified_name(const Ast& node) {
    return node.kind == Ast::Kind::ident ? node.name : qualified_name(*node.args[0]) + "." + node.name;
  }

  AstPtr message(AstPtr type_name) {
    AstPtr node = make_node(Ast::Kind::message, type_name->offset);
    node->name = qualified_name(*type_name);
    expect("{");
    while (!at_symbol("}")) {
      node->optional_at.push_back(accept("?"));
      const Token field = take();
      if (field.kind != Token::Kind::name && field.kind != Token::Kind::quoted_name) {
        --at_;
        unexpected("a field name");
      }
      node->variables.push_back(field.text);
      expect(":");
      node = add(std::move(node), expression());
      if (!accept(",")) break;
    }
    expect("}");
    return node;
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int nesting_ = 0;
  bool negative_ = false;
};

}  // namespace

AstPtr make_node(Ast::Kind kind, std::size_t offset) {
  auto node = std::make_unique<Ast>();
  node->kind = kind;
  node->offset = offset;
  return node;
}

void add_argument(Ast& parent, AstPtr child) {
  parent.depth = std::max(parent.depth, child->depth + 1);
  parent.args.push_back(std::move(child));
}

Result<AstPtr> parse(std::string_view source) {
  if (source.size() > kMaxSourceBytes)
    return fail("expr.too_large",
                fmt::format("the expression has {} bytes; at most {} are read", source.size(), kMaxSourceBytes));
  TRY(tokens, tokenize(source));
  try {
    return Parser(std::move(tokens)).whole();
  } catch (const GiveUp& problem) {
    return fail(fault_at(source, problem.offset, problem.code, problem.what));
  }
}

}  // namespace tieout::expr
