#!/usr/bin/python3
"""A second opinion on document totals, with Python's decimal and nothing of ours.

Reads documents with our results from standard input (one line each, written by oracle_test.cpp), computes them again
from the rules as an accountant would state them, and prints every figure that differs. Ends with 1 if any does.
"""
import decimal
import sys
from decimal import Decimal as D

decimal.getcontext().prec = 80
decimal.getcontext().Emax = 10000
WORDS = {
    "half_up": decimal.ROUND_HALF_UP, "half_even": decimal.ROUND_HALF_EVEN, "half_down": decimal.ROUND_HALF_DOWN,
    "up": decimal.ROUND_UP, "down": decimal.ROUND_DOWN, "ceiling": decimal.ROUND_CEILING, "floor": decimal.ROUND_FLOOR,
}
ZERO, HUNDRED = D(0), D(100)


class Refused(Exception):
    pass


class Line:
    pass


def largest_remainder(total, exact, cent):
    """Whole cents near the exact shares that add up to total; the missing ones to the largest remainders."""
    if total < 0:
        return [-share for share in largest_remainder(-total, [-e for e in exact], cent)]
    floors = [(e / cent).to_integral_value(decimal.ROUND_FLOOR) for e in exact]
    missing = int(total / cent - sum(floors))
    if exact and not 0 <= missing <= len(exact):  # the total was rounded elsewhere: everybody bears it alike
        each = missing // len(exact)
        floors = [f + each for f in floors]
        missing -= each * len(exact)
        rests = [e / cent - (f - each) for e, f in zip(exact, floors)]
    else:
        rests = [e / cent - f for e, f in zip(exact, floors)]
    rests = [r.quantize(D("1e-40"), decimal.ROUND_HALF_EVEN) for r in rests]  # 1/3 and 1 - 2/3 are a tie
    for index in sorted(range(len(exact)), key=lambda i: (-rests[i], i))[:missing]:
        floors[index] += 1
    return [f * cent for f in floors]


def proportional(total, weights, cent):
    whole = sum(weights)
    if total == 0 or not weights:
        return [ZERO] * len(weights)
    return largest_remainder(total, [total * w / whole for w in weights], cent)


class Document:
    def __init__(self, words):
        take = iter(words)
        self.cent = D(1).scaleb(-int(next(take)))
        self.mode, self.rounding = next(take), WORDS[next(take)]
        self.amount_level, self.tax_level, self.part, self.timing = next(take), next(take), next(take), next(take)
        cash = next(take)
        self.cash = None if cash == "-" else D(cash)
        self.percent, self.discount = D(next(take)), D(next(take))
        self.lines = []
        for _ in range(int(next(take))):
            line = Line()
            line.quantity, line.price, line.percent, line.discount = (D(next(take)) for _ in range(4))
            line.takes = next(take) == "1"
            line.taxes = [(next(take), D(next(take)), next(take) == "1") for _ in range(int(next(take)))]
            self.lines.append(line)
        self.given = list(take)

    def round(self, value):
        return value.quantize(self.cent, self.rounding)

    def amounts(self):
        for line in self.lines:
            full = line.quantity * line.price
            exact = full * (1 - line.percent / HUNDRED)
            if line.discount != 0 and (line.discount * exact <= 0 or abs(line.discount) > abs(exact)):
                raise Refused("document.discount.out_of_range")
            exact -= line.discount
            line.full, line.own = self.round(full), self.round(exact)
            line.goes_on = line.own if self.amount_level == "line" else exact
            line.share, line.tax = ZERO, [ZERO] * len(line.taxes)

    def document_discount(self):
        self.off = ZERO
        taking = [line for line in self.lines if line.takes]
        base = sum((line.goes_on for line in taking), ZERO)
        if self.percent == 0 and self.discount == 0:
            return
        if base == 0 and self.discount != 0:
            raise Refused("document.discount.no_base")
        self.off = self.round(base * self.percent / HUNDRED + self.discount)
        if (self.discount != 0 and self.discount * base < 0) or abs(self.off) > abs(self.round(base)):
            raise Refused("document.discount.out_of_range")
        for line, share in zip(taking, proportional(self.off, [line.goes_on for line in taking], self.cent)):
            line.share = share

    def before(self):
        return self.timing != "after_tax"

    def taxed(self, line):
        return line.goes_on - (line.share if self.before() else ZERO)

    def exclusive(self):
        # A tax stands on the net and, when compound, on the taxes before it: so lower storeys first.
        def storey(line, k):
            return sum(1 for tax in line.taxes[: k + 1] if tax[2]) if line.taxes[k][2] else 0

        jobs = {}
        for number, line in enumerate(self.lines):
            for k, tax in enumerate(line.taxes):
                key = (storey(line, k), tax) if self.tax_level == "document" else (storey(line, k), tax, number, k)
                jobs.setdefault(key, []).append((line, k))
        for key in sorted(jobs, key=lambda key: key[0]):
            rate = key[1][1] / HUNDRED
            bases = [self.taxed(line) + (sum(line.tax[:k]) if key[1][2] else ZERO) for line, k in jobs[key]]
            total = self.round(sum(bases) * rate)
            for (line, k), tax in zip(jobs[key], largest_remainder(total, [b * rate for b in bases], self.cent)):
                line.tax[k] = tax

    def inclusive(self):
        jobs = {}
        for number, line in enumerate(self.lines):
            if line.taxes:
                key = tuple(line.taxes) if self.tax_level == "document" else number
                jobs.setdefault(key, []).append(line)
        for lines in jobs.values():
            factors, whole = [], D(1)
            for _, percent, compound in lines[0].taxes:
                factors.append(percent / HUNDRED * (whole if compound else 1))
                whole += factors[-1]
            gross = sum(self.taxed(line) for line in lines)
            if self.part == "tax" or whole == 1:
                taxes = [self.round(gross * f / whole) for f in factors]
            else:
                if len(lines) == 1:
                    shown = lines[0].own - (lines[0].share if self.before() else ZERO)
                if len(lines) > 1 or self.tax_level == "document":
                    shown = self.round(gross)
                tax = shown - self.round(gross / whole)
                taxes = largest_remainder(tax, [tax * f / (whole - 1) for f in factors], self.cent)
            for k, tax in enumerate(taxes):
                if self.tax_level == "line":
                    lines[0].tax[k] = tax
                    continue
                exact = [self.taxed(line) * factors[k] / whole for line in lines]
                for line, share in zip(lines, largest_remainder(tax, exact, self.cent)):
                    line.tax[k] = share

    def figures(self):
        """In the order in which oracle_test.cpp writes ours."""
        self.amounts()
        self.document_discount()
        if self.mode == "exclusive":
            self.exclusive()
        elif self.mode == "inclusive":
            self.inclusive()
        subtotal = self.round(sum(line.goes_on for line in self.lines))
        tax = sum((sum(line.tax) for line in self.lines), ZERO)
        taxable = subtotal - (self.off if self.before() else ZERO)
        net = taxable - tax if self.mode == "inclusive" else taxable
        total = net + tax - (ZERO if self.before() else self.off)
        payable = total
        if self.cash is not None:
            payable = (total / self.cash).quantize(D(1), self.rounding) * self.cash
        difference = subtotal - sum(line.own for line in self.lines)
        result = [subtotal, self.off, net, tax, total, difference, payable - total, payable]
        for line in self.lines:
            base = line.own - (line.share if self.before() else ZERO)
            own_net = base - sum(line.tax) if self.mode == "inclusive" else base
            gross = own_net + sum(line.tax) - (ZERO if self.before() else line.share)
            result += [line.full, line.full - line.own, line.own, line.share, own_net, gross, *line.tax]
        return result

    def differs(self):
        try:
            computed = self.figures()
        except Refused as refused:
            return None if self.given == ["refused", str(refused)] else f"refused with {refused}"
        if self.given[0] == "refused":
            return f"computed {[str(c) for c in computed]}"
        same = len(computed) == len(self.given) and all(c == D(g) for c, g in zip(computed, self.given))
        places = all(-D(g).as_tuple().exponent == -self.cent.as_tuple().exponent for g in self.given)
        return None if same and places else f"computed {[str(c) for c in computed]}"


def main():
    count = bad = refused = 0
    for text in sys.stdin:
        document = Document(text.split())
        count += 1
        refused += document.given[0] == "refused"
        difference = document.differs()
        if difference:
            bad += 1
            if bad <= 5:
                print(f"document {count}: {text.strip()}\n  {difference}")
    print(f"{count} documents, {refused} refused by both, {bad} differ")
    return 1 if bad or count == 0 else 0


sys.exit(main())
