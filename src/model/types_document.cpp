// Documents of the books: invoices, credit notes, payments, refunds and what settles what.
#include "model/declare.hpp"

namespace tieout::model::declare {

namespace {

constexpr auto kBooks = Owner::books;

FieldDecl our_reference() {
  return text("reference", 100, "Our own mark inside the document, by which a lost answer is found again.",
              "deal/9120/1")
      .owned_by(Owner::latest);
}

std::vector<FieldDecl> invoice_fields() {
  return {
      text("number", 50, "Document number; the books give it.", "INV-1042").owned_by(kBooks),
      choice("status", "draft|open|paid|void", "Draft is not revenue; void keeps its number.", "open").owned_by(kBooks),
      reference("customer", "company", "Who owes the money.", "58").required(),
      date("issued_on", "Date of the document; it decides the period.", "2026-03-14"),
      date("due_on", "Last day to pay.", "2026-04-13"),
      currency(),
      rate("exchange_rate", "Home units for one unit of the document's currency.", "1.0842").owned_by(kBooks),
      choice("tax_mode", "exclusive|inclusive|none", "Whether line amounts contain tax.", "exclusive"),
      list("lines", "invoice_line", 1000, "What is invoiced."),
      amount("net_total", "Sum of the lines without tax.", "1086.00"),
      amount("tax_total", "Tax of the document.", "0.00"),
      amount("total", "What the customer owes at first.", "1086.00"),
      amount("open_balance", "Total less allocations and credit notes.", "586.00").owned_by(kBooks),
      our_reference(),
      text("memo", 1000, "Text for the customer.", "Thank you for the order.").owned_by(Owner::latest),
      text("purchase_order", 100, "The customer's own reference.", "PO-7781"),
      text("email", 254, "Where the invoice is sent.", "accounts@alfreds.example").is_personal(Personal::contact),
      text("payment_terms", 60, "By name, as the books know them.", "Net 30").owned_by(kBooks),
      reference("deal", "deal", "The sale that it bills.", "9120"),
      boolean("sent", "Whether the customer has it: then it is credited, not voided.", "true").owned_by(kBooks),
  };
}

void invoices(TypeList& all) {
  type(all, "invoice", "What a customer owes for a sale.", invoice_fields());
  type(all, "invoice_line", "One line of an invoice or credit note.",
       {choice("kind", "item|freight|discount|rounding",
               "A rounding line carries the cents between two ways of rounding.", "item"),
        reference("product", "product", "What is sold.", "11"), text("sku", 100, "Of the product.", "11"),
        text("description", 4000, "Text of the line.", "Queso Cabrales"),
        quantity("quantity", "How many; absent on an amount-only line.", "12"),
        unit_price("unit_price", "Of one unit, before discount.", "14.00"),
        percent("discount_percent", "Off the unit price.", "15"),
        unit_price("discount_amount", "Off the whole line, after the percent.", "5.00"),
        amount("net_amount", "Line total, discount applied, rounded.", "142.80").required(),
        reference("tax_code", "tax_code", "Tax code of the line.", "TAX"),
        amount("tax_amount", "Tax of the line, where it is computed by line.", "0.00")});
  type(all, "credit_note", "Reduces what a customer owes.",
       {text("number", 50, "Document number; the books give it.", "CR-17").owned_by(kBooks),
        choice("status", "draft|open|applied|void", "Applied: nothing remains.", "open").owned_by(kBooks),
        reference("customer", "company", "Who is credited.", "58").required(),
        date("issued_on", "Date of the document.", "2026-03-20"), currency(),
        list("lines", "invoice_line", 1000, "What is credited, as positive amounts."),
        amount("total", "Total credited.", "100.00"),
        amount("remaining_credit", "Not yet applied to an invoice.", "40.00").owned_by(kBooks),
        reference("invoice", "invoice", "The invoice that it corrects.", "1042"), our_reference()});
}

void money_in_and_out(TypeList& all) {
  type(
      all, "payment", "Money received from a customer.",
      {reference("customer", "company", "Who paid.", "58").required(),
       date("received_on", "Day of receipt.", "2026-04-02"),
       amount("amount", "What was received.", "500.00").required(), currency(),
       text("method", 100, "How it was paid, as the books name it.", "Check"),
       text("reference", 100, "Cheque or transfer number, or our own mark.", "CARD 0042"),
       amount("unapplied_amount", "Not allocated to a document yet.", "0.00").owned_by(kBooks),
       list("allocations", "allocation", 1000, "Which invoices it settles."),
       reference("deal", "deal", "The deal on which the CRM side took the money.", "9120"),
       choice("status", "received|pending|returned|void", "Pending: in flight, for example a direct debit.", "received")
           .owned_by(kBooks),
       text("deposit", 100, "The bank deposit that it is part of; such a payment can not be changed.", "88")
           .owned_by(kBooks)});
  type(all, "allocation", "The part of a payment or credit that settles one invoice.",
       {reference("invoice", "invoice", "What it settles.", "1042"),
        amount("amount", "How much of it.", "500.00").required(),
        reference("credit_note", "credit_note", "Instead of an invoice: the credit that it uses up.", "77")});
  type(all, "refund", "Money paid back to a customer.",
       {text("number", 50, "Document number; the books give it.", "RF-3").owned_by(kBooks),
        reference("customer", "company", "Who gets the money.", "58").required(),
        date("paid_on", "Day it was paid back.", "2026-04-20"), amount("amount", "How much.", "100.00").required(),
        currency(), text("method", 100, "How it was paid back.", "Check"),
        reference("credit_note", "credit_note", "The credit that it pays out.", "77"),
        reference("account", "account", "Where the money came from.", "35").owned_by(kBooks), our_reference()});
}

}  // namespace

void documents(TypeList& all) {
  invoices(all);
  money_in_and_out(all);
}

}  // namespace tieout::model::declare
