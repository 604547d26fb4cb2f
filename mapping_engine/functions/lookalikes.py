"""
Say what a function of a spreadsheet is called here.

People try the names they know. Where the same thing has another name, or is no function at
all, the sentence says how it is written; it becomes the hint of an unknown function.
"""

from __future__ import annotations

from typing import Final

__all__ = ["LOOK_ALIKES", "look_alike"]

_SENTENCES: Final[dict[str, str]] = {
    "len": "`length(text)` counts characters, `count(list)` counts items",
    "size": "`length(text)` counts characters, `count(list)` counts items",
    "concat concatenate textjoin": 'write a text with holes, `"{a} {b}"`; `join(list, "; ")` '
    "puts a list together",
    "round mround": "say which way: `round_half_up`, `round_half_even`, `round_up` or `round_down`",
    "roundup ceil ceiling": "`round_up(number, places=0)` goes away from zero",
    "rounddown floor trunc int": "`round_down(number, places=0)` goes towards zero",
    "if iif ifs switch choose": "write `if … then … else …`, or a table for more than two cases",
    "ifempty ifblank ifnull ifna iferror coalesce default nvl": "write `value ?? other`",
    "isblank isempty empty isnull isna": "write `value is empty`",
    "ispresent exists defined": "write `value is present`",
    "vlookup hlookup xlookup lookup index": "make a table under `tables/` and call it by its name",
    "proper title titlecase capitalize capitalise": "`name_case(text)` writes the names of people",
    "substitute": "`replace(text, old, new)`",
    "mid substring substr slice": "`left(text, 3)` takes the first characters, "
    "`extract(text, pattern)` any others",
    "right": '`extract(text, ".{4}$")` takes the last four characters',
    "text format fixed": "`format_number(number, places=2)` writes a number, "
    '`format_date(date, "dd/MM/yyyy")` a date',
    "value number float decimal": "`to_number(text)` reads a number",
    "str string": "`to_text(value)` makes a text",
    "bool boolean": "`to_boolean(text)` reads yes or no",
    "today now": "there is no clock here; `run.date` is the date of the run",
    "date datevalue todate": "`parse_date(text)` reads a date, `date_of(stamp, zone=…)` takes it "
    "from a stamp",
    "datetime timestamp todatetime": "`parse_datetime(text)` reads a stamp",
    "edate": "`add_months(date, 1)`",
    "eomonth": "`end_of_month(add_months(date, 1))`",
    "dateadd": "`add_days(date, 14)` or `add_months(date, 1)`",
    "datedif datediff days": "`days_between(start, end)`",
    "year month day": '`format_date(date, "yyyy")` writes a part of a date',
    "average avg mean": "write `sum(list) / count(list)` and round it by name",
    "sumif countif sumifs countifs filter where": "choose first: "
    '`sum(lines[kind == "fee"].net_amount)`',
    "map foreach": "for each item write `list.( … )`",
    "sort sortby orderby": "`order_by:` sorts the list of a rule",
    "distinct uniq dedupe": "`unique(list)`",
    "item get": "`first(list)`, `last(list)` or `nth(list, 2)`",
    "find search indexof instr": "`contains(text, part)` answers whether it is there",
    "regex regexmatch test": "`matches(text, pattern)`",
    "regexreplace": "`replace_pattern(text, pattern, new)`",
    "regexextract": "`extract(text, pattern)`",
    "strip clean": "`trim(text)` takes outer blanks away, `squeeze(text)` makes one of many",
    "lcase lowercase tolower": "`lower(text)`",
    "ucase uppercase toupper": "`upper(text)`",
    "zfill lpad padstart": "`pad_left(text, 5)` fills up with zeros",
    "and or not": "write `a and b`, `a or b`, `not a`",
}

#: The sentence for each name, small letters and without `_`.
LOOK_ALIKES: Final = {
    name: sentence for names, sentence in _SENTENCES.items() for name in names.split()
}


def look_alike(name: str) -> str | None:
    """Return how that is written here which people elsewhere call `name`."""
    return LOOK_ALIKES.get(name.lower().replace("_", ""))
