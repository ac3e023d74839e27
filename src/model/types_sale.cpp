// What is sold and how a sale comes about: products, price lists, deals, quotes, subscriptions, projects.
#include "model/declare.hpp"

namespace tieout::model::declare {

namespace {

void goods(TypeList& all) {
  type(all, "product", "Something that can stand on a line: goods or a service.",
       {text("name", 255, "Name on the document.", "Chai").required(),
        text("sku", 100, "Stock-keeping unit; matched without regard to case and blanks, written as it is.", "1"),
        text("description", 4000, "Longer text for the line.", "10 boxes x 20 bags"),
        unit_price("unit_price", "List price of one unit, before discount.", "18.00"),
        currency("Currency of the list price, ISO 4217 code."),
        choice("kind", "service|goods", "Goods may be stocked, services not.", "goods").owned_by(Owner::books),
        boolean("active", "False: not on new documents.", "true").owned_by(Owner::books),
        reference("tax_code", "tax_code", "Tax code of the books.", "TAX").owned_by(Owner::books),
        reference("income_account", "account", "Account that sales are booked to.", "79").owned_by(Owner::books)});
  type(all, "price_list", "Prices for a group of customers or a time.",
       {text("name", 255, "Name of the list.", "Wholesale 2026").required(), currency(),
        date("valid_from", "First day.", "2026-01-01"), date("valid_to", "Last day; absent means open.", "2026-12-31"),
        boolean("active", "False: not offered any more.", "true"), list("prices", "price", 10000, "The prices.")});
  type(all, "price", "One price of a price list.",
       {reference("product", "product", "What it is the price of.", "11").required(),
        unit_price("unit_price", "Price of one unit.", "14.00").required(),
        quantity("minimum_quantity", "From this quantity on.", "100")});
}

std::vector<FieldDecl> deal_fields() {
  constexpr auto books = Owner::books;
  return {
      text("name", 500, "What the deal is called.", "Spring order").required(),
      text("number", 50, "Order number, as people quote it.", "10643"),
      text("stage", 100, "Stage of the pipeline, by the CRM's id.", "closedwon"),
      boolean("is_won", "True when the stage means a completed sale.", "true"),
      boolean("is_closed", "True when won or lost.", "true"),
      amount("amount", "Total of the deal as the CRM states it; compared with the lines.", "1086.00"),
      currency(),
      date("closed_on", "Day of the sale, in the CRM account's time zone.", "2026-03-14"),
      reference("company", "company", "Who is invoiced.", "58"),
      reference("contact", "contact", "Who placed the order.", "77"),
      list("lines", "deal_line", 1000, "What is sold."),
      text("purchase_order", 100, "The customer's own reference.", "PO-7781"),
      integer("billing_revision", "One invoice per deal and revision; raised to bill the deal again.", "1"),
      text("invoice_id", 100, "Id of the invoice in the books.", "1042").owned_by(books),
      text("invoice_number", 50, "Number of the invoice.", "INV-1042").owned_by(books),
      text("invoice_status", 40, "Status of the invoice.", "open").owned_by(books),
      amount("invoice_total", "Total of the invoice, tax included.", "1086.00").owned_by(books),
      amount("amount_paid", "Allocated payments and credits so far.", "500.00").owned_by(books),
      amount("open_balance", "What is still to be paid.", "586.00").owned_by(books),
      date("last_paid_on", "Day of the latest payment.", "2026-04-02").owned_by(books),
      amount("receipt_amount", "Money that the CRM side took; becomes a payment in the books.", "100.00"),
      date("receipt_on", "Day the money was taken.", "2026-03-14"),
      text("receipt_reference", 100, "Cheque, card or transfer reference.", "CARD 0042"),
  };
}

void deals(TypeList& all) {
  type(all, "deal", "A sale in the CRM; won, it becomes an invoice.", deal_fields());
  type(all, "deal_line", "One line of a deal.",
       {choice("kind", "item|freight|discount", "Freight and discounts are lines too, with their own treatment.",
               "item"),
        reference("product", "product", "What is sold.", "11"),
        text("sku", 100, "Of the product, when the line carries it.", "11"),
        text("description", 4000, "Text for the line.", "Queso Cabrales"),
        quantity("quantity", "How many; negative for a return.", "12"),
        unit_price("unit_price", "Of one unit, before discount.", "14.00"),
        percent("discount_percent", "Off the unit price.", "15"),
        unit_price("discount_amount", "Off the whole line.", "5.00"),
        unit_price("amount", "Net of the line as the CRM states it; not rounded there.", "168.00"),
        reference("tax_code", "tax_code", "Tax code of the line.", "TAX")});
  type(all, "quote", "An offer that the customer can accept.",
       {text("number", 50, "Number of the quote.", "Q-310"),
        choice("status", "draft|sent|accepted|declined|expired", "Where it stands.", "accepted"),
        text("acceptance_id", 100, "Names the acceptance: accepted twice, billed once.", "acc-1"),
        reference("customer", "company", "Who may accept it.", "58").required(),
        reference("deal", "deal", "The deal it belongs to.", "9120"),
        date("issued_on", "Day of the quote.", "2026-03-01"), date("valid_to", "Last day to accept.", "2026-03-31"),
        currency(), list("lines", "deal_line", 1000, "What is offered."),
        amount("total", "Total as printed.", "1086.00")});
}

void long_running(TypeList& all) {
  type(all, "subscription", "Something billed again and again.",
       {text("name", 255, "What the customer subscribes to.", "Support, gold").required(),
        choice("status", "trial|active|past_due|paused|cancelled|ended", "Where it stands.", "active"),
        reference("customer", "company", "Who pays.", "58").required(),
        reference("deal", "deal", "The sale that began it.", "9120"),
        date("starts_on", "First day of service.", "2026-01-01"),
        date("ends_on", "Last day; absent means until cancelled.", "2026-12-31"),
        choice("interval", "day|week|month|year", "Unit of the billing period.", "month"),
        integer("interval_count", "Units in one period.", "1"),
        date("billed_through", "Last day that an invoice covers.", "2026-03-31"), currency(),
        list("lines", "deal_line", 1000, "What one period costs.")});
  type(all, "project", "Work that is billed by time or milestone.",
       {text("name", 255, "What the project is called.", "New warehouse").required(),
        text("number", 50, "Project number.", "P-17"),
        choice("status", "planned|active|on_hold|done|cancelled", "Where it stands.", "active"),
        reference("customer", "company", "Who pays.", "58").required(),
        reference("deal", "deal", "The sale that began it.", "9120"), date("starts_on", "First day.", "2026-02-01"),
        date("ends_on", "Last day.", "2026-06-30"), currency(), amount("budget", "Agreed total.", "20000.00")});
  type(all, "time_entry", "Hours worked for a project.",
       {reference("project", "project", "The project.", "17").required(),
        reference("product", "product", "The service that prices the hours.", "90"),
        text("worker", 255, "Who worked.", "Robert King").is_personal(Personal::identity),
        date("worked_on", "The day.", "2026-03-03").required(), quantity("hours", "Hours.", "7.5").required(),
        unit_price("unit_price", "Of one hour.", "90.00"), currency(),
        boolean("is_billable", "False: never invoiced.", "true"),
        boolean("is_approved", "Only approved time is invoiced.", "true"),
        text("description", 4000, "What was done.", "Racking plan")});
}

}  // namespace

void sales(TypeList& all) {
  goods(all);
  deals(all);
  long_running(all);
}

}  // namespace tieout::model::declare
