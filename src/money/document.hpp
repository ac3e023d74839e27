// The totals of an invoice or credit note, computed the way a given target computes them, so that a plan can state the
// cents beforehand and the write can be compared with them afterwards. Targets differ in what they round and when: each
// difference is a field of DocumentRules, and nothing about a vendor is known here. One path serves every figure: what
// the header says is the sum of what the lines say, plus at most one named rounding difference.
//
// The path: quantity × price, less the line's percent, less its amount, is the line's exact amount (with tax in it when
// the mode is inclusive). Level::line rounds it there and goes on with the rounded figure; Level::document goes on with
// the exact one and rounds sums only. The document discount is rounded once and shared out by largest remainder. Tax is
// then put on top (exclusive) or taken out (inclusive), and rounded per line, or per component over the whole document
// and shared out to the lines.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "money/currency.hpp"
#include "money/decimal.hpp"

namespace tieout {

enum class TaxMode : std::uint8_t { exclusive, inclusive, none };
enum class Level : std::uint8_t { line, document };
/// Is tax computed on what is left after the document discount, or on the full amount?
enum class DiscountTiming : std::uint8_t { before_tax, after_tax };
/// Inclusive: the gross is sacred; one part is rounded and the other is what remains of it.
enum class InclusivePart : std::uint8_t { net, tax };
enum class LineKind : std::uint8_t { item, charge, discount, rounding };

/// The words above, as mapping packs and manifests write them. Fail with document.word.unknown.
Result<TaxMode> parse_tax_mode(std::string_view word);
Result<Level> parse_level(std::string_view word);
Result<DiscountTiming> parse_discount_timing(std::string_view word);
Result<InclusivePart> parse_inclusive_part(std::string_view word);
std::string_view to_text(TaxMode mode);
std::string_view to_text(Level level);
std::string_view to_text(DiscountTiming timing);
std::string_view to_text(InclusivePart part);

/// One tax among those on a line. The same name and percent is the same tax throughout a document.
struct TaxComponent {
  std::string name;
  Decimal percent;        ///< 9.975 means 9.975 %; -15 for a withholding shown on the invoice (IRPF)
  bool compound = false;  ///< computed on the net plus the taxes before it in the list
  bool operator==(const TaxComponent&) const = default;
};

struct DocumentLine {
  std::string id;  ///< named in faults; the caller's own, such as the source's line id
  LineKind kind = LineKind::item;
  Decimal quantity{1};
  Decimal unit_price;        ///< may be negative (a rebate), may have any places; never rounded itself
  Decimal discount_percent;  ///< 0 to 100
  Decimal discount_amount;   ///< off the whole line, after the percent; same sign as the line, not more than it
  std::string tax_code;      ///< carried, not interpreted
  std::vector<TaxComponent> taxes;
  bool takes_document_discount = true;
  std::optional<TaxMode> mode;  ///< when it differs from the document's; see in_one_mode
};

struct DocumentRules {
  Currency currency;
  TaxMode tax_mode = TaxMode::exclusive;
  Rounding rounding = Rounding::half_up;
  Level amount_level = Level::line;  ///< where line amounts are rounded
  Level tax_level = Level::line;     ///< where taxes are rounded
  InclusivePart inclusive_part = InclusivePart::tax;
  std::optional<DiscountTiming> discount_timing;  ///< must be said when a document discount meets a tax
  std::optional<Decimal> cash_step;               ///< 0.05: the sum to pay is rounded to it, by `rounding`
  std::optional<int> target_places;               ///< places of amounts that the target keeps
  std::optional<int> target_unit_places;          ///< places of unit prices that the target keeps
};

struct Document {
  DocumentRules rules;
  std::vector<DocumentLine> lines;
  Decimal discount_percent;  ///< of the lines that take it, 0 to 100
  Decimal discount_amount;   ///< after the percent; same sign as those lines' sum, not more than it
};

struct LineTotals {
  Decimal amount;              ///< quantity × price
  Decimal line_discount;       ///< amount - subtotal
  Decimal subtotal;            ///< after the line's own discount; includes tax when the mode is inclusive
  Decimal document_discount;   ///< its share
  Decimal net;                 ///< without tax; after the document discount, unless that comes after tax
  std::vector<Decimal> taxes;  ///< one for each component of the line, in their order
  Decimal tax;                 ///< their sum
  Decimal gross;               ///< net + tax, less the document discount when that comes after tax
  bool amount_only = false;    ///< the target's unit price places would give another total: send the amount alone
};

/// One component over the whole document.
struct TaxTotal {
  std::string name;
  Decimal percent;
  Decimal base;  ///< sum of the nets it applies to, with the taxes before it when compound
  Decimal tax;
};

enum class Direction : std::uint8_t { invoice, credit_note, zero };

/// Every amount has exactly the currency's places.
/// Holds   sum(lines.net) + rounding_difference == net_total;  sum(lines.tax) == tax_total == sum(taxes.tax);
///         sum(lines.gross) + rounding_difference == total;  payable == total + cash_rounding;
///         total == net_total + tax_total, less discount_total when that comes after tax.
struct DocumentTotals {
  std::vector<LineTotals> lines;
  Decimal subtotal;        ///< before the document discount
  Decimal discount_total;  ///< the document discount
  Decimal net_total;
  std::vector<TaxTotal> taxes;  ///< in order of first appearance
  Decimal tax_total;
  Decimal total;
  Decimal rounding_difference;  ///< for a target that only adds up lines: the one explicit rounding line it needs
  Decimal cash_rounding;        ///< a line of its own, never tax
  Decimal payable;
  Direction direction = Direction::zero;  ///< a negative total is a credit note: see as_credit_note
};

/// Computes a document. Up to 10,000 lines of up to 8 components; amounts up to 10^18 minor units.
///
/// Fails   document.lines.none, document.lines.too_many, document.mode.mixed, document.tax.unexpected (tax in mode
/// none),
///         document.tax.rate, document.discount.out_of_range, document.discount.timing_unset,
///         document.discount.no_base, document.scale.too_fine (a line that needs more than 18 places),
///         document.cash_step, money.scale.refused, money.amount.too_large, decimal.overflow; the field names the line:
///         "lines[2].discount_percent".
Result<DocumentTotals> compute_totals(const Document& document);

/// What a target cannot say, said otherwise, with the same total to the cent or not at all.
/// Each fails with document.reshape.total_differs when the target's rules would show another total: then it is held.

/// Lines of both modes turned into one: each line whose mode differs becomes quantity 1 at its amount in that mode.
Result<Document> in_one_mode(const Document& document, TaxMode mode);
/// The document discount as discount amounts on the lines that take it.
Result<Document> discount_on_lines(const Document& document);
/// The document discount as negative lines, one for each tax code (id "discount", "discount-2", …).
Result<Document> discount_as_negative_lines(const Document& document);
/// No discounts at all: prices are netted, for targets whose credit notes know no discount.
Result<Document> discounts_netted(const Document& document);
/// Every sign turned: a document of negative total as a credit note of positive amounts, or back.
Document as_credit_note(const Document& document);

/// What to do with a document that comes to nothing.
enum class ZeroTotalPolicy : std::uint8_t { post, skip };
enum class Posting : std::uint8_t { invoice, credit_note, skip_zero_total };
Posting posting_for(const DocumentTotals& totals, ZeroTotalPolicy zero);

}  // namespace tieout
