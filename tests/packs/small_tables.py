"""What the tests of tables share: a few schemas, and how a table is built and asked."""

from __future__ import annotations

from decimal import Decimal

from mapping_engine.functions.catalogue import Argument
from mapping_engine.packs.lookups import backward, table_function
from mapping_engine.packs.reading import Reading
from mapping_engine.packs.table_files import table
from mapping_engine.packs.tables import TypedTable, build_table
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.document import read
from mapping_engine.source.render import render_text
from mapping_engine.source.text import SourceText
from mapping_engine.values.types import TEXT, List, Number, Text, Type
from mapping_engine.values.value import MISSING, Value

SCHEMAS: dict[str, Type] = {
    "canonical.time_entry.billing_behavior": Text(
        choices=("billable", "no_charge", "hidden", "on_hold", "non_billable"), blank=False
    ),
    "soluno.TimeEntry.WorkType": Text(choices=("BillableWork", "NonBillableWork"), blank=False),
    "canonical.contact.kind": Text(choices=("person", "company", "trust", "group"), blank=False),
    "canonical.phone.kind": Text(choices=("work", "mobile", "home", "fax", "other"), blank=False),
    "actionstep.isBillable": Text(choices=("T", "F"), blank=False, absent=True, null=True),
    "actionstep.billingBehavior": Text(
        choices=("Bill", "No charge", "Hide"), blank=False, absent=True
    ),
    "xero.hours": Number(minimum=Decimal(0), maximum=Decimal(24)),
    "xero.list": List(item=TEXT),
}
EDITIONS = Text(choices=("AU", "NZ"), blank=False)
AU = {"edition": Argument(EDITIONS, "AU")}
NO_FIRM = {"edition": Argument(EDITIONS)}


def built(text: str, settings: dict[str, Argument] | None = None) -> tuple[TypedTable, Report]:
    report = Report()
    document = read(SourceText("rules/demo/tables/x.yaml", text), report)
    read_table = table(document.root, Reading.of(document, report))
    assert read_table is not None
    found = build_table(read_table, SCHEMAS.get, settings or AU, report)
    assert found is not None
    return found, report


def good(text: str, settings: dict[str, Argument] | None = None) -> TypedTable:
    found, report = built(text, settings)
    assert "" == render_text(report)
    return found


def ask(typed: TypedTable, *values: Value) -> Value:
    return table_function(typed).body(*values)


def back(typed: TypedTable, column: str, *values: Value) -> Value:
    function = backward(typed, column)
    rest = [MISSING] * (len(function.parameters) - len(values))
    return function.body(*values, *rest)
