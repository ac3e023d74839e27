#include "mapping/field_matrix.hpp"

#include <fmt/core.h>

#include "mapping/pack_set.hpp"

namespace tieout::mapping {

namespace {

/// A table cell: no line feeds, no bars that would end it.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|')
      out += "\\|";
    else
      out += c == '\n' ? ' ' : c;
  }
  return out;
}

std::string code(std::string_view text) { return text.empty() ? "" : "`" + cell(text) + "`"; }

std::string precision(const model::FieldDecl& field) {
  if (field.kind == model::FieldKind::amount) return "the currency's places";
  if (field.is_decimal()) return fmt::format("{} places", field.limit);
  if (field.kind == model::FieldKind::list) return fmt::format("{} entries", field.limit);
  return field.is_text() ? fmt::format("{} characters", field.limit) : "";
}

std::string format_of(const model::FieldDecl& field) {
  switch (field.kind) {
    case model::FieldKind::choice:
      return fmt::format("choice: {}", cell(field.of));
    case model::FieldKind::reference:
      return fmt::format("reference to {}", field.of);
    case model::FieldKind::list:
      return fmt::format("list of {}", field.of);
    default:
      return std::string(model::to_text(field.kind));
  }
}

/// Where the field stands at one vendor: path, direction, and the expression when it is more than a path.
std::string at_vendor(const ObjectMapping& mapping, std::string_view path) {
  for (const ObjectMapping::Row& row : mapping.rows()) {
    if (row.field != path) continue;
    const std::string_view arrow = row.direction == "in" ? "→" : row.direction == "out" ? "←" : "↔";
    return fmt::format("{} {}{}", arrow, code(row.vendor_path), row.expression.empty() ? "" : " by expression");
  }
  return "";
}

void type_section(std::string& page, const model::RecordType& type, const std::vector<const ObjectMapping*>& mappings,
                  const std::string& prefix, std::string_view title) {
  page += fmt::format(
      "\n## {}\n\n{}\n\n| field | what it is | type | unit | precision | required | owner | personal | example |",
      title, type.doc);
  for (const ObjectMapping* mapping : mappings) page += fmt::format(" {} {} |", mapping->vendor(), mapping->object());
  page += "\n|---|---|---|---|---|---|---|---|---|";
  for (std::size_t i = 0; i < mappings.size(); ++i) page += "---|";
  page += '\n';
  for (const model::FieldDecl& field : type.fields) {
    page += fmt::format(
        "| {} | {} | {} | {} | {} | {} | {} | {} | {} |", code(field.name), cell(field.doc), format_of(field),
        field.unit(), precision(field), field.is_required ? "yes" : "", model::to_text(field.owner),
        field.personal == model::Personal::none ? "" : model::to_text(field.personal), code(field.example));
    for (const ObjectMapping* mapping : mappings)
      page += fmt::format(" {} |", at_vendor(*mapping, prefix + std::string(field.name)));
    page += '\n';
  }
}

}  // namespace

std::string field_matrix_page(const PackSet& packs) {
  std::string page =
      "# Field matrix\n\n"
      "Generated from the canonical model and the shipped mapping packs (`tieout fields`); do not edit it by hand.\n\n"
      "Arrows: `→` read from the vendor, `←` written to it, `↔` both. *Owner* is the side whose value wins unless a "
      "flow\n"
      "says otherwise. No field has a value of its own accord: what is absent stays absent, and a default stands in a\n"
      "pack as an expression, where it can be seen and tested.\n";
  for (const model::RecordType* type : model::types()) {
    std::vector<const ObjectMapping*> mappings;
    for (const ObjectMapping& mapping : packs.objects())
      if (&mapping.type() == type) mappings.push_back(&mapping);
    std::string prefix;
    // A line type is shown with the document that it stands in.
    if (mappings.empty()) {
      for (const ObjectMapping& mapping : packs.objects()) {
        for (int i = 0; i < mapping.type().size(); ++i) {
          const model::FieldDecl& field = mapping.type().fields[i];
          if (field.kind != model::FieldKind::list || &mapping.type().element(i) != type) continue;
          if (!prefix.empty() && prefix != fmt::format("{}[].", field.name)) continue;
          prefix = fmt::format("{}[].", field.name);
          mappings.push_back(&mapping);
        }
      }
    }
    type_section(page, *type, mappings, prefix, type->name);
  }
  page += "\n## Expressions\n\nFields that are more than a copy of one vendor field.\n";
  for (const ObjectMapping& mapping : packs.objects()) {
    std::string rows;
    for (const ObjectMapping::Row& row : mapping.rows())
      if (!row.expression.empty())
        rows += fmt::format("| {} | {} | {} | {} |\n", code(row.field), row.direction, code(row.vendor_path),
                            code(row.expression));
    if (rows.empty()) continue;
    page += fmt::format("\n### {} {} ↔ {}\n\n| field | direction | vendor fields | expression |\n|---|---|---|---|\n{}",
                        mapping.vendor(), mapping.object(), mapping.type().name, rows);
  }
  return page;
}

}  // namespace tieout::mapping
