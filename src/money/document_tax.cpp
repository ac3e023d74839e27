// The taxes of a document. Per line is simple; per document means that a tax is rounded once over all lines that bear
// it and the cents are then shared out, so that lines and total agree. A tax is known by name and rate. Compound taxes
// come after the ones they stand on, so groups are worked off by depth: how many compound taxes lie below.
#include <algorithm>

#include "money/allocate.hpp"
#include "money/document_work.hpp"

namespace tieout::document_work {
namespace {

/// Exact shares are compared with this many places of a minor unit; what differs later is a tie, broken by position.
constexpr int kSharePlaces = 16;

struct Member {
  std::size_t line, component;
};

/// One tax over the lines that bear it.
struct Group {
  const TaxComponent* tax;
  int depth;
  std::vector<Member> members;
};

std::vector<Group> groups_by_depth(const Work& work) {
  std::vector<Group> groups;
  for (std::size_t i = 0; i < work.lines.size(); ++i) {
    const auto& taxes = work.document.lines[i].taxes;
    int compound = 0;
    for (std::size_t k = 0; k < taxes.size(); ++k) {
      const int depth = taxes[k].compound ? ++compound : 0;
      auto group = std::find_if(groups.begin(), groups.end(),
                                [&](const Group& g) { return g.depth == depth && *g.tax == taxes[k]; });
      if (group == groups.end()) group = groups.insert(groups.end(), Group{&taxes[k], depth, {}});
      group->members.push_back({i, k});
    }
  }
  std::stable_sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) { return a.depth < b.depth; });
  return groups;
}

/// What this component of a line is computed on: the net, and for a compound one the taxes before it.
Decimal base_of(const Work& work, std::size_t line, std::size_t component) {
  Decimal base = work.taxable(line);
  if (!work.document.lines[line].taxes[component].compound) return base;
  for (std::size_t k = 0; k < component; ++k) base += work.decimal(work.lines[line].taxes[k]);
  return base;
}

Result<bool> exclusive_per_line(Work& work) {
  for (std::size_t i = 0; i < work.lines.size(); ++i) {
    const auto& taxes = work.document.lines[i].taxes;
    for (std::size_t k = 0; k < taxes.size(); ++k) {
      TRY(tax, Decimal::multiply(base_of(work, i, k), fraction(taxes[k].percent), work.places, work.rules().rounding));
      TRY(units, to_units(tax, work.rules()));
      work.lines[i].taxes[k] = units;
    }
  }
  return true;
}

Rounding towards_floor(std::int64_t units) {
  // Cutting an exact share must not lift it over a whole unit; for negative totals the shares are turned first.
  return units < 0 ? Rounding::ceiling : Rounding::floor;
}

Result<bool> exclusive_group(Work& work, const Group& group) {
  std::vector<Decimal> bases;
  Decimal sum;
  for (const Member& member : group.members) {
    bases.push_back(base_of(work, member.line, member.component));
    TRY(next, Decimal::add(sum, bases.back()));
    sum = next;
  }
  const Decimal rate = fraction(group.tax->percent);
  TRY(tax, Decimal::multiply(sum, rate, work.places, work.rules().rounding));
  TRY(units, to_units(tax, work.rules()));
  std::vector<Decimal> exact;
  for (const Decimal base : bases) {
    TRY(minor, Decimal::multiply(base, Decimal::from_mantissa(work.unit(), 0)));
    TRY(share, Decimal::multiply(minor, rate, kSharePlaces, towards_floor(units)));
    exact.push_back(share);
  }
  TRY(shares, allocate_exact(units, exact));
  for (std::size_t m = 0; m < group.members.size(); ++m) {
    work.lines[group.members[m].line].taxes[group.members[m].component] = shares[m];
  }
  return true;
}

/// The taxes of one list in a gross amount: tax k is gross × part[k] / whole. All are whole numbers.
struct Factors {
  std::vector<Decimal> parts;
  Decimal unit;   ///< the net's part
  Decimal whole;  ///< unit and parts together
};

/// Factors are kept to 18 places, which only stacks of three compound taxes could reach.
Result<Factors> factors_of(const std::vector<TaxComponent>& taxes) {
  std::vector<Decimal> exact;
  Decimal whole{1};
  int scale = 0;
  for (const auto& tax : taxes) {
    TRY(part, Decimal::multiply(fraction(tax.percent), tax.compound ? whole : Decimal{1}));
    exact.push_back(part.normalised());
    TRY(next, Decimal::add(whole, part));
    whole = next;
    scale = std::max(scale, exact.back().scale());
  }
  if (whole.sign() <= 0) {
    return fail("document.tax.rate", "the taxes of a line take all of its gross amount away; check their percentages");
  }
  Factors factors;
  const auto to_whole_number = [&](Decimal value) {
    return Decimal::from_mantissa(value.rounded(scale, Rounding::down).mantissa(), 0);
  };
  for (const Decimal part : exact) factors.parts.push_back(to_whole_number(part));
  factors.unit = to_whole_number(Decimal{1});
  factors.whole = to_whole_number(whole.normalised());
  return factors;
}

Result<Decimal> share_of(Decimal gross, Decimal part, Decimal whole, int places, Rounding rounding) {
  TRY(product, Decimal::multiply(gross, part));
  return Decimal::divide(product, whole, places, rounding);
}

/// The taxes in a gross amount; `gross_units` is that amount as it is shown.
Result<std::vector<std::int64_t>> taxes_within(const Work& work, Decimal gross, std::int64_t gross_units,
                                               const Factors& factors) {
  const Rounding rounding = work.rules().rounding;
  std::vector<std::int64_t> taxes;
  const bool round_net = work.rules().inclusive_part == InclusivePart::net && factors.whole != factors.unit;
  if (!round_net) {
    for (const Decimal part : factors.parts) {
      TRY(tax, share_of(gross, part, factors.whole, work.places, rounding));
      TRY(units, to_units(tax, work.rules()));
      taxes.push_back(units);
    }
    return taxes;
  }
  TRY(net, share_of(gross, factors.unit, factors.whole, work.places, rounding));
  TRY(net_units, to_units(net, work.rules()));
  const std::int64_t tax_units = gross_units - net_units;
  std::vector<Decimal> exact;
  for (const Decimal part : factors.parts) {
    TRY(share,
        share_of(Decimal{tax_units}, part, factors.whole - factors.unit, kSharePlaces, towards_floor(tax_units)));
    exact.push_back(share);
  }
  return allocate_exact(tax_units, exact);
}

Result<bool> inclusive_per_line(Work& work) {
  for (std::size_t i = 0; i < work.lines.size(); ++i) {
    if (work.document.lines[i].taxes.empty()) continue;
    TRY(factors, factors_of(work.document.lines[i].taxes));
    TRY(taxes, taxes_within(work, work.taxable(i), work.taxable_units(i), factors));
    work.lines[i].taxes = std::move(taxes);
  }
  return true;
}

/// One list of taxes over the lines that bear exactly it.
Result<bool> inclusive_group(Work& work, const std::vector<std::size_t>& lines) {
  TRY(factors, factors_of(work.document.lines[lines.front()].taxes));
  Decimal gross;
  for (const std::size_t line : lines) {
    TRY(next, Decimal::add(gross, work.taxable(line)));
    gross = next;
  }
  TRY(gross_units, to_units(gross, work.rules()));
  TRY(taxes, taxes_within(work, gross, gross_units, factors));
  for (std::size_t k = 0; k < taxes.size(); ++k) {
    std::vector<Decimal> exact;
    for (const std::size_t line : lines) {
      TRY(minor, Decimal::multiply(work.taxable(line), Decimal::from_mantissa(work.unit(), 0)));
      TRY(share, share_of(minor, factors.parts[k], factors.whole, kSharePlaces, towards_floor(taxes[k])));
      exact.push_back(share);
    }
    TRY(shares, allocate_exact(taxes[k], exact));
    for (std::size_t m = 0; m < lines.size(); ++m) work.lines[lines[m]].taxes[k] = shares[m];
  }
  return true;
}

Result<bool> inclusive_per_document(Work& work) {
  std::vector<std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < work.lines.size(); ++i) {
    const auto& taxes = work.document.lines[i].taxes;
    if (taxes.empty()) continue;
    auto group = std::find_if(groups.begin(), groups.end(), [&](const std::vector<std::size_t>& lines) {
      return work.document.lines[lines.front()].taxes == taxes;
    });
    if (group == groups.end()) group = groups.insert(groups.end(), std::vector<std::size_t>{});
    group->push_back(i);
  }
  for (const auto& lines : groups) TRY_VOID(inclusive_group(work, lines));
  return true;
}

}  // namespace

Result<bool> compute_taxes(Work& work) {
  for (std::size_t i = 0; i < work.lines.size(); ++i)
    work.lines[i].taxes.assign(work.document.lines[i].taxes.size(), 0);
  const bool per_line = work.rules().tax_level == Level::line;
  if (work.rules().tax_mode == TaxMode::none) return true;
  if (work.rules().tax_mode == TaxMode::inclusive) {
    return per_line ? inclusive_per_line(work) : inclusive_per_document(work);
  }
  if (per_line) return exclusive_per_line(work);
  for (const Group& group : groups_by_depth(work)) TRY_VOID(exclusive_group(work, group));
  return true;
}

}  // namespace tieout::document_work
