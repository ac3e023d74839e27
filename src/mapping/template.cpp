// Rendering. What a template is made from is template_parse.cpp.
#include "mapping/template.hpp"

#include <fmt/core.h>

#include "base/json.hpp"
#include "base/time.hpp"

namespace tieout::mapping {

using model::Value;

struct Template::Rendering {
  std::string out;
  const VendorStyle& style;
  bool normalise = false;  ///< comparing: 1086.00 and 1086 are the same
  std::string path;

  Fault fault(std::string code, std::string_view what) const {
    return Fault(std::move(code), fmt::format("{} {}", path, what), path);
  }
};

namespace {

/// Puts one more name behind the path while it lives.
class Below {
 public:
  Below(std::string& path, std::string_view name) : path_(path), length_(path.size()) {
    if (!path.empty() && !name.starts_with('[')) path += '.';
    path += name;
  }
  ~Below() { path_.resize(length_); }
  Below(const Below&) = delete;
  Below& operator=(const Below&) = delete;

 private:
  std::string& path_;
  std::size_t length_;
};

int characters(std::string_view text) {
  int count = 0;
  for (const unsigned char c : text) count += (c & 0xC0) != 0x80 ? 1 : 0;
  return count;
}

}  // namespace

Result<bool> Template::render(Rendering& to, Scope& scope, Mode mode) const {
  switch (kind_) {
    case Kind::leaf:
      return render_leaf(to, scope, mode);
    case Kind::each:
      return render_each(to, scope, mode);
    default:
      return render_object(to, scope, mode);
  }
}

/// Writes { … } or [ … ]; takes it back when nothing came to stand inside.
Result<bool> Template::render_object(Rendering& to, Scope& scope, Mode mode) const {
  const std::size_t start = to.out.size();
  const bool is_array = kind_ == Kind::array;
  to.out += is_array ? '[' : '{';
  bool any = false;
  for (const auto& child : children_) {
    const std::size_t before = to.out.size();
    if (any) to.out += ',';
    const Below below(to.path, child->name_);
    if (!is_array) {
      json::append_string(to.out, child->name_);
      to.out += ':';
    }
    TRY(written, child->render(to, scope, mode));
    if (written)
      any = true;
    else
      to.out.resize(before);
  }
  if (!any) {
    to.out.resize(start);
    return false;
  }
  to.out += is_array ? ']' : '}';
  return true;
}

Result<bool> Template::render_each(Rendering& to, Scope& scope, Mode mode) const {
  TRY(list, expression_->evaluate(scope));
  if (!list.is(Value::Kind::list)) return false;
  to.out += '[';
  bool any = false;
  int index = 0;
  for (const Value& item : list.items()) {
    const std::string place = fmt::format("[{}]", index++);
    const Below below(to.path, place);
    scope.push_back(item);
    const std::size_t before = to.out.size();
    Result<bool> wanted = when_ ? when_->holds(scope) : Result<bool>(true);
    if (wanted && *wanted) {
      if (any) to.out += ',';
      wanted = children_[0]->render(to, scope, mode == Mode::update ? Mode::create : mode);
    }
    scope.pop_back();
    if (!wanted) return fail(std::move(wanted).error());
    if (*wanted)
      any = true;
    else
      to.out.resize(before);
  }
  to.out += ']';
  return true;
}

Result<bool> Template::render_leaf(Rendering& to, Scope& scope, Mode mode) const {
  Result<Value> value = expression_->evaluate(scope);
  if (!value) {
    Fault fault = std::move(value).error();
    fault.field = to.path;
    fault.what = fmt::format("{}: {}", to.path, fault.what);
    return fail(std::move(fault));
  }
  const bool is_empty = !value->has_value() || (value->is_text() && value->as_text().empty());
  if (!is_empty) return write(to, *value);
  if (mode == Mode::create && schema_->is_required())
    return fail(to.fault("mapping.required",
                         "must be given here, but comes out empty; fill it in at its source or "
                         "give the setting that stands in for it"));
  if (mode != Mode::update || value->is_absent()) return false;
  const bool as_text = to.style.scalars_as_text || schema_->kind() == VendorSchema::Kind::text;
  to.out += as_text ? "\"\"" : "null";
  return true;
}

Result<bool> Template::write(Rendering& to, const Value& value) const {
  const bool quoted = to.style.scalars_as_text;
  const auto put = [&](std::string_view text, bool in_quotes) {
    if (in_quotes)
      json::append_string(to.out, text);
    else
      to.out += text;
    return true;
  };
  switch (schema_->kind()) {
    case VendorSchema::Kind::text:
      if (!value.is_text()) break;
      if (schema_->limit() > 0 && characters(value.as_text()) > schema_->limit())
        return fail(to.fault("mapping.too_long",
                             fmt::format("has {} characters and may have {} there; shorten it at its source",
                                         characters(value.as_text()), schema_->limit())));
      return put(value.as_text(), true);
    case VendorSchema::Kind::number:
      if (value.is(Value::Kind::integer)) return put(std::to_string(value.as_integer()), quoted);
      if (!value.is(Value::Kind::decimal)) break;
      if (schema_->limit() > 0 && value.as_decimal().needed_scale() > schema_->limit())
        return fail(to.fault("mapping.too_precise",
                             fmt::format("is {} and may have {} places there; it is never rounded silently",
                                         value.as_decimal().to_text(), schema_->limit())));
      return put((to.normalise ? value.as_decimal().normalised() : value.as_decimal()).to_text(), quoted);
    case VendorSchema::Kind::integer:
      if (value.is(Value::Kind::integer)) return put(std::to_string(value.as_integer()), quoted);
      break;
    case VendorSchema::Kind::boolean:
      if (value.is(Value::Kind::boolean)) return put(value.as_boolean() ? "true" : "false", quoted);
      break;
    case VendorSchema::Kind::date:
      if (value.is(Value::Kind::date)) return put(tieout::to_text(value.as_date()), true);
      break;
    case VendorSchema::Kind::instant:
      if (value.is(Value::Kind::instant)) return put(tieout::to_text(value.as_instant()), true);
      if (value.is(Value::Kind::date)) return put(tieout::to_text(value.as_date()) + "T00:00:00.000Z", true);
      break;
    default:
      break;
  }
  return fail(to.fault("mapping.result.kind", fmt::format("must be {}, but came out as {}", schema_->kind_text(),
                                                          model::to_text(value.kind()))));
}

Result<std::string> Template::create(Scope& scope, const VendorStyle& style) const {
  Rendering to{{}, style, false, {}};
  TRY(written, render(to, scope, Mode::create));
  return written ? std::move(to.out) : "{}";
}

Result<std::string> Template::changes(Scope& wanted, Scope& now, const VendorStyle& style) const {
  Rendering to{{}, style, false, {}};
  TRY(written, render_changes(to, wanted, now));
  return written ? std::move(to.out) : std::string{};
}

/// An object of its members that differ; of those named in changes_within, again only the members that differ.
Result<bool> Template::render_changes(Rendering& to, Scope& wanted, Scope& now) const {
  const std::size_t start = to.out.size();
  to.out += '{';
  bool any = false;
  for (const auto& child : children_) {
    const std::size_t before = to.out.size();
    const Below below(to.path, child->name_);
    if (any) to.out += ',';
    json::append_string(to.out, child->name_);
    to.out += ':';
    Result<bool> written = false;
    if (to.style.changes_within.contains(child->name_)) {
      written = child->render_changes(to, wanted, now);
    } else {
      Rendering a{{}, to.style, true, to.path}, b{{}, to.style, true, to.path};
      TRY_VOID(child->render(a, wanted, Mode::compare));
      // What cannot be rendered from the vendor's present state differs from what is wanted.
      const bool comparable = child->render(b, now, Mode::compare).has_value();
      if (!comparable || a.out != b.out) written = child->render(to, wanted, Mode::update);
    }
    if (!written) return written;
    if (*written)
      any = true;
    else
      to.out.resize(before);
  }
  if (!any) {
    to.out.resize(start);
    return false;
  }
  to.out += '}';
  return true;
}

void Template::leaves(const std::string& path, std::vector<std::pair<std::string, const Expression*>>& out) const {
  for (const auto& child : children_) {
    const bool is_item = kind_ == Kind::each || kind_ == Kind::array;
    const std::string here = is_item ? path + "[]" : path.empty() ? child->name_ : path + "." + child->name_;
    if (child->kind_ == Kind::leaf)
      out.emplace_back(here, &*child->expression_);
    else
      child->leaves(here, out);
  }
}

void Template::controls(std::vector<const Expression*>& out) const {
  if (kind_ == Kind::each) out.push_back(&*expression_);
  if (when_) out.push_back(&*when_);
  for (const auto& child : children_) child->controls(out);
}

}  // namespace tieout::mapping
