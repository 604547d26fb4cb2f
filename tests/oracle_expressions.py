"""
Write expressions in two languages at once: ours, over a record, and zen's, all written out.

Only what both have words for is written; `test_oracle.EXCLUDED` lists the rest with reasons.
Numbers stay below 26 digits, since zen has 28.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from mapping_engine.values.value import Value

__all__ = ["Both", "Pairs"]


@dataclass(frozen=True)
class Both:
    """One expression in both languages; `digits` bounds those of its value, `scale` its places."""

    ours: str
    zen: str
    digits: int = 0
    scale: int = 0
    is_day: bool = False


@dataclass
class Pairs:
    """Writes expressions in both languages over a record that grows as they are written."""

    random: Random
    record: dict[str, Value] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.choice = self.random.choice
        self.kinds: dict[str, Callable[[int], Both]] = {
            "number": self.number, "yes": self.yes, "text": self.text, "day": self.day,
        }  # fmt: skip

    def any(self) -> Both:
        kind = self.choice(("number", "number", "number", "yes", "yes", "text", "day"))
        return self.kinds[kind](self.choice((1, 2, 3, 4)))

    def field(self, value: Value, written: str) -> str:
        """Return a name for a value, or the value as it is written."""
        if self.random.random() < 0.25:
            return written
        name = f"x{len(self.record) + 1}"
        self.record[name] = value
        return name

    def amount(self) -> Both:
        scale = self.choice((0, 1, 2, 2, 3, 4))
        whole = self.choice((0, 1, 2, 9, 99, 999, 99_999, self.random.randrange(1_000_000)))
        parts = self.choice((0, 5, 10**scale // 2, self.random.randrange(10**scale)))
        value = (Decimal(whole) + Decimal(parts % 10**scale).scaleb(-scale)) * self.choice(
            (1, 1, -1)
        )
        value = value if value else abs(value)
        written = f"({value:f})" if value < 0 else f"{value:f}"
        return Both(self.field(value, written), written, len(str(whole)) + scale, scale)

    def number(self, depth: int) -> Both:
        if depth <= 1:
            return self.amount()
        ways = (self.sum, self.sum, self.product, self.rounded, self.rounded, self.negative,
                self.absolute, self.chosen_number, self.listed, self.length, self.read,
                self.quotient, self.chosen, self.between)  # fmt: skip
        return self.choice(ways)(depth - 1)

    def said(self, *names: str) -> None:
        self.used |= set(names)

    def sum(self, depth: int) -> Both:
        one, other, sign = self.number(depth), self.number(depth), self.choice("+-")
        self.said(sign)
        scale = max(one.scale, other.scale)
        digits = max(one.digits - one.scale, other.digits - other.scale) + scale + 1
        if digits > 26:
            return self.amount()
        return Both(f"({one.ours} {sign} {other.ours})", f"({one.zen} {sign} {other.zen})",
                    digits, scale)  # fmt: skip

    def product(self, depth: int) -> Both:
        one, other = self.number(depth), self.number(depth)
        if one.digits + other.digits > 26:
            return self.amount()
        self.said("*")
        return Both(f"({one.ours} * {other.ours})", f"({one.zen} * {other.zen})",
                    one.digits + other.digits, one.scale + other.scale)  # fmt: skip

    def quotient(self, depth: int) -> Both:
        """A quotient, rounded to a few places, of an amount and something that is not zero."""
        one, divisor = self.number(depth), self.choice(("3", "7", "0.6", "12", "1.1", "60", "0.5"))
        if one.digits > 14:
            return self.amount()
        self.said("/")
        places = self.choice((0, 1, 2, 4))
        ours = f"round_half_up({one.ours} / {divisor}, places={places})"
        return Both(ours, f"round({one.zen} / {divisor}, {places})", one.digits + 6, places)

    def negative(self, depth: int) -> Both:
        one = self.number(depth)
        self.said("-")
        return Both(f"(-({one.ours}))", f"(-({one.zen}))", one.digits, one.scale)

    def absolute(self, depth: int) -> Both:
        one = self.number(depth)
        self.said("abs")
        return Both(f"abs({one.ours})", f"abs({one.zen})", one.digits, one.scale)

    def rounded(self, depth: int) -> Both:
        one = self.number(depth)
        if one.digits > 18:
            return self.amount()
        way = self.choice(("round_half_up", "round_half_even", "round_up", "round_down"))
        self.said(way)
        if self.random.random() < 0.5:
            places = self.choice((0, 1, 2, 3))
            how, factor, back = f"places={places}", f"{10**places}", f"{10**places}"
        else:
            how, factor, back = self.choice(
                (("to=0.1", "10", "10"), ("to=0.25", "4", "4"), ("to=0.05", "20", "20"),
                 ("to=0.5", "2", "2"), ("to=5", "0.2", "0.2"))
            )  # fmt: skip
        zen_text = f"({_whole(way, f'({one.zen} * {factor})')} / {back})"
        return Both(f"{way}({one.ours}, {how})", zen_text, one.digits + 4, 3)

    def chosen_number(self, depth: int) -> Both:
        condition, one, other = self.yes(depth), self.number(depth), self.number(depth)
        self.said("if")
        return Both(
            f"(if {condition.ours} then {one.ours} else {other.ours})",
            f"({condition.zen} ? {one.zen} : {other.zen})",
            max(one.digits, other.digits) + 4, max(one.scale, other.scale),
        )  # fmt: skip

    def listed(self, depth: int) -> Both:
        items = [self.number(depth - 1) for _ in range(self.choice((1, 2, 3)))]
        if max(each.digits for each in items) > 20:
            return self.amount()
        name = self.choice(("sum", "min", "max"))
        self.said(name)
        ours, theirs = (
            ", ".join(each) for each in zip(*((i.ours, i.zen) for i in items), strict=True)
        )
        scale = max(each.scale for each in items)
        return Both(f"{name}([{ours}])", f"{name}([{theirs}])",
                    max(each.digits for each in items) + scale + 1, scale)  # fmt: skip

    def chosen(self, depth: int) -> Both:
        """The sum or the count of those items of a list that meet a condition."""
        values = [self.amount() for _ in range(self.choice((0, 1, 3)))]
        limit, sign = self.amount(), self.choice(("<", "<=", ">", ">=", "==", "!="))
        name = f"l{len(self.record) + 1}"
        self.record[name] = [{"n": Decimal(each.zen.strip("()"))} for each in values]
        if not values:
            return self.amount()
        theirs = f"filter([{', '.join(each.zen for each in values)}], # {sign} {limit.zen})"
        ours = f"{name}[n {sign} {limit.zen}]"
        self.said("sum", "count", "[ ]", sign)
        if self.choice((True, False)):
            return Both(f"count({ours})", f"len({theirs})", 2)
        doubled = f"sum({ours}.(n * 2))"
        return Both(doubled, f"sum(map({theirs}, # * 2))", 12, 4)

    def length(self, depth: int) -> Both:
        one = self.text(depth)
        if not one.ours.isascii() or not all(str(each).isascii() for each in self.record.values()):
            return self.amount()
        self.said("length")
        return Both(f"length({one.ours})", f"len({one.zen})", 3)

    def read(self, depth: int) -> Both:
        one = self.amount()
        self.said("to_number")
        value = Decimal(one.zen.strip("()"))
        return Both(f'to_number("{value:f}")', f"number('{value:f}')", one.digits, one.scale)

    def between(self, depth: int) -> Both:
        one, other = self.day(depth), self.day(depth)
        self.said("days_between")
        return Both(
            f"days_between({one.ours}, {other.ours})", f"({other.zen}.diff({one.zen}, 'day'))", 6
        )

    def yes(self, depth: int) -> Both:
        if depth <= 1:
            word = self.choice(("true", "false"))
            return Both(self.field(word == "true", word), word)
        ways = (self.compared, self.compared, self.compared_days, self.same_texts, self.among,
                self.joined, self.joined, self.opposite, self.looked, self.several)  # fmt: skip
        return self.choice(ways)(depth - 1)

    def compared(self, depth: int) -> Both:
        sign = self.choice(("<", "<=", ">", ">=", "==", "!="))
        one = self.number(depth)
        other = one if self.random.random() < 0.2 else self.number(depth)
        self.said(sign)
        return Both(f"({one.ours} {sign} {other.ours})", f"({one.zen} {sign} {other.zen})")

    def compared_days(self, depth: int) -> Both:
        sign = self.choice(("<", "<=", ">", ">="))
        one, other = self.day(depth), self.day(depth)
        return Both(f"({one.ours} {sign} {other.ours})", f"({one.zen} {sign} {other.zen})")

    def same_texts(self, depth: int) -> Both:
        sign, one, other = self.choice(("==", "!=")), self.text(depth), self.text(depth)
        self.record["word"] = "a"  # a field on one side, so that both are not written out
        ours = f"(replace({one.ours}, word, word) {sign} replace({other.ours}, word, word))"
        return Both(ours, f"({one.zen} {sign} {other.zen})")

    def among(self, depth: int) -> Both:
        item, items = self.number(depth), [self.number(depth - 1) for _ in range(3)]
        listed = [item, *items] if self.random.random() < 0.4 else items
        word, their = self.choice((("in", "{} in {}"), ("not in", "not ({} in {})")))
        self.said(word)
        ours = f"({item.ours} {word} [{', '.join(each.ours for each in listed)}])"
        return Both(ours, f"({their.format(item.zen, f'[{self._zen_items(listed)}]')})")

    def _zen_items(self, items: list[Both]) -> str:
        return ", ".join(each.zen for each in items)

    def joined(self, depth: int) -> Both:
        word = self.choice(("and", "or"))
        parts = [self.yes(depth) for _ in range(self.choice((2, 3)))]
        self.said(word)
        return Both(*(f"({f' {word} '.join(each)})" for each in
                      ([each.ours for each in parts], [each.zen for each in parts])))  # fmt: skip

    def opposite(self, depth: int) -> Both:
        one = self.yes(depth)
        self.said("not")
        return Both(f"(not {one.ours})", f"(not ({one.zen}))")

    def looked(self, depth: int) -> Both:
        ours, theirs = self.choice((("contains", "contains"), ("starts_with", "startsWith"),
                                    ("ends_with", "endsWith")))  # fmt: skip
        one, other = self.text(depth), self.text(1)
        self.said(ours)
        return Both(f"{ours}({one.ours}, {other.ours})", f"{theirs}({one.zen}, {other.zen})")

    def several(self, depth: int) -> Both:
        name, theirs = self.choice((("any", "some"), ("all", "all")))
        items = [self.yes(depth - 1) for _ in range(self.choice((1, 2, 3)))]
        self.said(name)
        ours = f"{name}([{', '.join(each.ours for each in items)}])"
        return Both(ours, f"{theirs}([{self._zen_items(items)}], # == true)")

    def text(self, depth: int) -> Both:
        if depth <= 1:
            word = self.choice(
                ("a", "A", "Smith & Co", "  x ", "INV-1", "ÀÉ", "é b", "abc", "b", " ")
            )
            return Both(self.field(word, f'"{word}"'), f"'{word}'")
        ways = (self.cased, self.trimmed, self.filled, self.filled, self.written, self.dated,
                self.chosen_text)  # fmt: skip
        return self.choice(ways)(depth - 1)

    def cased(self, depth: int) -> Both:
        name, one = self.choice(("upper", "lower")), self.text(depth)
        self.said(name)
        return Both(f"{name}({one.ours})", f"{name}({one.zen})")

    def trimmed(self, depth: int) -> Both:
        one = self.text(depth)
        self.said("trim")
        return Both(f"trim({one.ours})", f"trim({one.zen})")

    def filled(self, depth: int) -> Both:
        one = self.amount()
        self.said("{ }")
        hole = one.ours
        return Both(f'"no. {{{hole}}}!"', f"('no. ' + string({one.zen}) + '!')")

    def written(self, depth: int) -> Both:
        one = self.amount()
        self.said("to_text")
        return Both(f"to_text({one.ours})", f"string({one.zen})")

    def dated(self, depth: int) -> Both:
        one = self.day(depth)
        ours, theirs = self.choice((("yyyyMMdd", "%Y%m%d"), ("dd/MM/yyyy", "%d/%m/%Y")))
        self.said("format_date")
        return Both(f'format_date({one.ours}, "{ours}")', f"{one.zen}.format('{theirs}')")

    def chosen_text(self, depth: int) -> Both:
        condition, one, other = self.yes(depth), self.text(depth), self.text(depth)
        return Both(f"(if {condition.ours} then {one.ours} else {other.ours})",
                    f"({condition.zen} ? {one.zen} : {other.zen})")  # fmt: skip

    def day(self, depth: int) -> Both:
        if depth <= 1:
            days = (30, 59, 11_000, 11_016, 19_782, 20_484, self.random.randrange(40_000))
            day = date(1970, 1, 1) + timedelta(self.choice(days))
            return Both(self.field(day, f"{day}"), f"d('{day}')", is_day=True)
        one = self.day(depth - 1)
        ours, move = self.choice(_MOVES)
        self.said(ours)
        count = self.choice((0, 1, -1, 12, 13, -25, 30, -400))
        arguments = one.ours if ours == "end_of_month" else f"{one.ours}, {count}"
        theirs = f"d({one.zen}.{move.format(count)}.format('%Y-%m-%d'))"
        return Both(f"{ours}({arguments})", theirs, is_day=True)


_MOVES = (
    ("add_days", "add({}, 'day')"),
    ("add_months", "add({}, 'month')"),
    ("end_of_month", "endOf('month')"),
)


def _whole(way: str, value: str) -> str:
    """Return zen's words for rounding to a whole number in one of the four ways."""
    match way:
        case "round_half_up":
            return f"round({value})"
        case "round_down":
            return f"trunc({value})"
        case "round_up":
            return f"({value} < 0 ? floor({value}) : ceil({value}))"
        case _:
            rest, is_odd = f"abs({value} - trunc({value}))", f"trunc({value}) % 2 != 0"
            return (
                f"({rest} == 0.5 ? ({is_odd} ? round({value}) : trunc({value})) : round({value}))"
            )
