// What the books are set up with and documents refer to: tax codes, payment terms, currencies, accounts.
#include "model/declare.hpp"

namespace tieout::model::declare {

void setup(TypeList& all) {
  constexpr auto books = Owner::books;
  type(
      all, "tax_code", "A rule by which a line is taxed.",
      {text("name", 255, "Name in the books.", "TAX").required().owned_by(books),
       text("description", 1000, "What it is for.", "Taxable").owned_by(books),
       choice("treatment", "taxable|zero_rated|exempt|out_of_scope|reverse_charge", "Five different things.", "taxable")
           .owned_by(books),
       percent("rate", "All its components together.", "19").owned_by(books),
       boolean("active", "False: archived in the books.", "true").owned_by(books)});
  type(all, "payment_term", "When an invoice is due.",
       {text("name", 60, "Name in the books.", "Net 30").required().owned_by(books),
        integer("due_days", "Days after the date of the document.", "30").owned_by(books),
        integer("day_of_month", "Or: on this day of a month.", "15").owned_by(books),
        integer("next_month_within", "… of the month after next when issued fewer days before it.", "10")
            .owned_by(books),
        percent("discount_percent", "For early payment.", "2").owned_by(books),
        integer("discount_days", "Days in which the discount holds.", "10").owned_by(books),
        boolean("active", "False: not for new documents.", "true").owned_by(books)});
  type(all, "currency", "A currency that is switched on in the books.",
       {text("code", 3, "ISO 4217 code.", "EUR").required().owned_by(books),
        text("name", 100, "Name in the books.", "Euro").owned_by(books),
        rate("exchange_rate", "Home units for one unit, as the books last knew it.", "1.0842").owned_by(books),
        boolean("active", "False: not for new documents.", "true").owned_by(books)});
  type(all, "account", "An account of the chart of accounts.",
       {text("name", 255, "Name, with those of its parents, separated by colons.", "Sales of Product Income")
            .required()
            .owned_by(books),
        text("number", 50, "Number in the chart.", "4000").owned_by(books),
        choice("kind", "asset|liability|equity|income|expense", "Side of the books.", "income").owned_by(books),
        text("subtype", 100, "The books' finer kind.", "SalesOfProductIncome").owned_by(books), currency(),
        boolean("active", "False: archived.", "true").owned_by(books)});
}

}  // namespace tieout::model::declare
