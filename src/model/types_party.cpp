// Who we deal with and what was said: companies, contacts, notes.
#include "model/declare.hpp"

namespace tieout::model::declare {

namespace {

std::vector<FieldDecl> company_fields() {
  constexpr auto contact = Personal::contact;
  return {
      text("name", 500, "Name by which people know the customer.", "Alfreds Futterkiste").required(),
      text("legal_name", 500, "Registered name, when it differs.", "Alfreds Futterkiste GmbH"),
      text("customer_number", 50, "The number we gave the customer; a sure key for matching.", "ALFKI"),
      text("domain", 255, "Internet domain, without www.", "alfreds.example"),
      text("email", 254, "Address for invoices and letters.", "accounts@alfreds.example").is_personal(contact),
      text("phone", 40, "As dialled.", "030-0074321").is_personal(contact),
      text("website", 1000, "Address of the web site.", "https://alfreds.example"),
      text("tax_id", 40, "VAT or other tax number, as registered.", "DE129273398").is_personal(Personal::identity),
      currency("Currency in which the customer is invoiced, ISO 4217 code."),
      text("payment_terms", 60, "By name, as the books know them.", "Net 30").owned_by(Owner::books),
      text("billing_street", 500, "Street and house number; lines separated by line feeds.", "Obere Str. 57")
          .is_personal(contact),
      text("billing_city", 255, "City of the billing address.", "Berlin").is_personal(contact),
      text("billing_region", 255, "State, province or county.", "OR").is_personal(contact),
      text("billing_postal_code", 30, "As printed on a letter.", "12209").is_personal(contact),
      text("billing_country", 255, "Country, name or ISO code as the source has it.", "Germany").is_personal(contact),
      text("contact_given_name", 100, "Given name of the primary contact.", "Maria").is_personal(Personal::identity),
      text("contact_family_name", 100, "Family name of the primary contact.", "Anders").is_personal(Personal::identity),
      text("contact_email", 254, "E-mail of the primary contact.", "maria@alfreds.example").is_personal(contact),
      boolean("active", "False: no new documents; payments are still read.", "true").owned_by(Owner::books),
      amount("credit_limit", "Most that may be open at once; absent means no limit.", "5000.00")
          .owned_by(Owner::books)
          .is_personal(Personal::financial),
      reference("parent", "company", "The company that this one belongs to.", "58"),
      text("notes", 4000, "Free text.", "Closed in August").owned_by(Owner::latest),
  };
}

}  // namespace

void parties(TypeList& all) {
  type(all, "company", "A customer: an organisation, or a person who buys as one.", company_fields());
  type(all, "contact", "A person at a company.",
       {text("given_name", 100, "Given name.", "Maria").is_personal(Personal::identity),
        text("family_name", 100, "Family name.", "Anders").is_personal(Personal::identity),
        text("email", 254, "E-mail; shared mailboxes are no identity.", "maria@alfreds.example")
            .is_personal(Personal::contact),
        text("phone", 40, "As dialled.", "030-0074321").is_personal(Personal::contact),
        text("job_title", 255, "Role at the company.", "Sales Representative").is_personal(Personal::identity),
        reference("company", "company", "Where the person works.", "58"),
        boolean("active", "False when the person has left.", "true")});
  type(all, "note", "A note or activity kept with another record.",
       {text("subject", 255, "One line.", "Call about order 10643"),
        text("body", 65536, "The text.", "Wants delivery in May.").is_personal(Personal::contact),
        choice("kind", "note|call|email|meeting|task", "What it was.", "call"),
        instant("happened_at", "When it happened.", "2026-03-01T09:30:00.000Z"),
        text("author", 255, "Who wrote it.", "Steven Buchanan").is_personal(Personal::identity),
        reference("company", "company", "The company it is about.", "58"),
        reference("contact", "contact", "The person it is about.", "77"),
        reference("deal", "deal", "The deal it is about.", "9120")});
}

}  // namespace tieout::model::declare
