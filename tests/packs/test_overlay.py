"""What a firm changes: by name, with its origin, and never silently."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from mapping_engine.functions.catalogue import NOT_CONSTANT
from mapping_engine.packs.fingerprints import fingerprint
from mapping_engine.packs.firm import FirmLayer, check_extends, firm_files, load_firm
from mapping_engine.packs.loader import load_texts
from mapping_engine.packs.model import Formula, KnownId, ListBody, NestedBody, Pack
from mapping_engine.packs.overlay import merge
from mapping_engine.packs.settings import constants
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.render import render_text
from mapping_engine.source.text import SourceText

TEXTS = {
    "pack.yaml": """\
pack: xero
title: Xero
version: 1.2.0
settings:
  start_date: {type: date, because: older bills stay where they are}
  edition: {type: [AU, NZ, UK]}
  terms: {type: integer, default: 14}
switches:
  bills: {default: on}
  trust: {default: off}
roles:
  rounding: {class: [expense]}
links:
  Contact: {record: contact, missing: hold}
reasons:
  not_approved: {because: the bill is a draft, do: approve it}
""",
    "invoice.yaml": """\
record: invoice
object: Invoice
skip:
  - when: status == "draft"
    reason: not_approved
reject:
  - when: number is empty
    reason: required_value_missing
let:
  net: sum(lines.net_amount)
fields:
  Type: "ACCREC"
  Reference: reference
  Contact.ContactID: link("Contact", contact)
  Contact.Name: contact.name
  LineItems:
    - name: bill
      each: lines
      fields:
        Description: narrative
        UnitAmount: net_amount
    - name: rounding
      fields:
        Description: "Rounding"
totals:
  net: {record: net_total, payload: sum(LineItems.UnitAmount)}
duplicates:
  number: number | trim
  contact_and_date: "{contact.name} {date}"
""",
    "tables/taxes.yaml": """\
table: taxes
inputs: {code: text, edition: settings.edition}
outputs: {type: text}
rows:
  - {code: GST, edition: AU, type: OUTPUT}
  - {code: [FREE, ZERO], edition: AU, type: EXEMPT}
""",
    "tables/accounts.yaml": """\
table: accounts
inputs: {from: text}
outputs: {to: text}
rows: firm
""",
}
FIRM = "firm: {id: harbour, currency: AUD, time_zone: Australia/Sydney}\n"
NEEDED = """\
extends: xero
settings: {start_date: 2026-07-01, edition: AU}
tables:
  accounts: accounts.csv
"""
ACCOUNTS = "from,to\nincome,00200\n"


def pack(changes: dict[str, str] | None = None) -> Pack:
    report = Report()
    texts = {**TEXTS, **(changes or {})}
    found = load_texts("xero", {k: SourceText(f"xero/{k}", v) for k, v in texts.items()}, report)
    assert "" == render_text(report)
    return found


@dataclass
class Office:
    """A firm's folder in the making."""

    folder: Path

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def layer(self, own: str, report: Report, common: str = FIRM) -> FirmLayer:
        self.write("accounts.csv", ACCOUNTS)
        self.write("firm.yaml", common)
        self.write("xero.yaml", own)
        found = load_firm(self.folder, "xero", report)
        assert found is not None
        return found

    def merged(self, more: str = "", own: str = NEEDED, base: Pack | None = None) -> Pack:
        report = Report()
        found = merge(base or pack(), self.layer(own + more, report), report)
        assert "" == render_text(report)
        return found

    def said(self, more: str = "", own: str = NEEDED) -> str:
        """Return what a person reads of a firm file, with the folder's name left out."""
        report = Report()
        merge(pack(), self.layer(own + more, report), report)
        return render_text(report).replace(f"{self.folder.as_posix()}/", "")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_a_firm_gives_settings_switches_roles_and_rows(office: Office) -> None:
    more = 'switches: {trust: on}\nroles: {rounding: "00860"}\n'
    more += "links: {Contact: {C-1: guid-1, C-2: {id: guid-2, version: 7}}}\n"
    found = office.merged(more)
    known = constants(found)
    assert Decimal(14) == known["settings"]["terms"].constant
    assert "AU" == known["settings"]["edition"].constant
    assert (True, True) == tuple(each.constant for each in known["switches"].values())
    assert "Australia/Sydney" == known["firm"]["time_zone"].constant
    assert "00860" == found.given_roles["rounding"].value
    assert KnownId("guid-1") == found.given_links["Contact"]["C-1"]
    assert KnownId("guid-2", "7") == found.given_links["Contact"]["C-2"]
    assert [("00200",)] == [row.cells["to"].words for row in found.tables["accounts"].rows]
    assert "firm" == found.tables["accounts"].rows[0].origin.layer


def test_without_a_firm_a_required_setting_has_a_type_and_no_value() -> None:
    known = constants(pack())
    assert NOT_CONSTANT is known["settings"]["edition"].constant
    assert Decimal(14) == known["settings"]["terms"].constant
    assert NOT_CONSTANT is known["firm"]["time_zone"].constant


def texts(found: Pack) -> dict[str, str]:
    """Return the fields of the invoice with their formulas, inside lists too."""
    said: dict[str, str] = {}

    def walk(fields: NestedBody, before: str) -> None:
        for name, rule in fields.fields.items():
            match rule.body:
                case Formula(node=node):
                    said[before + name] = node.text
                case NestedBody() as body:
                    walk(body, f"{before}{name}.")
                case ListBody(parts=parts):
                    for part in parts:
                        assert isinstance(part.body, NestedBody)
                        walk(part.body, f"{before}{name}.{part.name}.")
                case _:
                    raise AssertionError(name)

    walk(NestedBody(found.mappings["invoice"].payloads[0].fields), "")
    return said


CHANGES = """\
overrides:
  invoice:
    because: agreed with the partners
    fields:
      Reference: first(matters).number
      Contact.Name: {remove: true}
      LineItems.bill.Description: "Professional services"
      LineItems.rounding: {remove: true}
      BrandingThemeID: {value: "theme", add: true}
    skip:
      not_approved: {remove: true, because: this firm sends drafts}
      pre_integration: {add: true, when: date < settings.start_date}
    reject:
      required_value_missing: {because: a bill needs a number here}
    let:
      net: net_total
    totals:
      net: {payload: net_total}
    duplicates:
      number: number | trim | upper
      contact_and_date: {remove: true, because: one contact has many bills a day}
      reference: {value: reference, add: true}
"""


def test_fields_change_by_name_and_keep_their_places(office: Office) -> None:
    expected = {
        "Type": "ACCREC",
        "Reference": "first(matters).number",
        "Contact.ContactID": 'link("Contact", contact)',
        "LineItems.bill.Description": "Professional services",
        "LineItems.bill.UnitAmount": "net_amount",
        "BrandingThemeID": "theme",
    }
    found = texts(office.merged(CHANGES))
    assert expected == found
    assert list(expected) == list(found)


def test_decisions_helpers_and_totals_change_by_name(office: Office) -> None:
    invoice = office.merged(CHANGES).mappings["invoice"]
    assert ["pre_integration"] == [each.reason.value for each in invoice.skip]
    (reject,) = invoice.reject
    assert reject.because is not None
    assert ("number is empty", "a bill needs a number here") == (
        reject.when.node.text,
        reject.because.node.text,
    )
    body = invoice.let["net"].body
    assert isinstance(body, Formula)
    assert "net_total" == body.node.text
    total = invoice.totals["net"]
    assert ("net_total", "net_total") == (
        total.record.formula.node.text,
        total.payload.formula.node.text,
    )


def test_what_tells_doubles_changes_by_name(office: Office) -> None:
    found = office.merged(CHANGES).mappings["invoice"].duplicates
    bodies = {name: each.body for name, each in found.items()}

    assert {"number": "number | trim | upper", "reference": "reference"} == {
        name: each.node.text for name, each in bodies.items() if isinstance(each, Formula)
    }
    assert "xero/invoice.yaml:28:3" == str(found["number"].origin.replaced)


def test_a_changed_rule_knows_who_changed_it_why_and_what_it_replaced(office: Office) -> None:
    origin = office.merged(CHANGES).mappings["invoice"].payloads[0].fields["Reference"].origin
    assert ("firm", "agreed with the partners") == (origin.layer, origin.because)
    assert origin.span.source.name.endswith("xero.yaml")
    assert origin.replaced is not None
    assert "xero/invoice.yaml:13:3" == str(origin.replaced)


def test_rows_are_added_replaced_and_removed_by_their_inputs(office: Office) -> None:
    found = office.merged(
        "  taxes:\n    because: other codes\n"
        "    add: [{code: CAP, edition: AU, type: CAPEX}]\n"
        "    replace: [{code: [ZERO, FREE], edition: AU, type: BASEXCLUDED}]\n"
        "    remove: [{code: GST, edition: AU}]\n"
    )
    rows = found.tables["taxes"].rows
    assert [("BASEXCLUDED",), ("CAPEX",)] == [row.cells["type"].words for row in rows]
    replaced = rows[0].origin.replaced
    assert replaced is not None
    assert "xero/tables/taxes.yaml:6:5" == str(replaced)


def test_a_firm_file_is_enough_and_takes_what_its_folder_shares(office: Office) -> None:
    report = Report()
    office.layer(NEEDED, report)
    layer = load_firm(office.folder / "xero.yaml", "xero", report)
    assert layer is not None
    assert ["firm.yaml", "xero.yaml"] == [each.path.name for each in layer.files]
    other = load_firm(office.folder / "xero.yaml", "actionstep", report)
    assert other is not None
    assert ["firm.yaml"] == [each.path.name for each in other.files]
    assert "" == render_text(report)


MISTAKES = {
    "a missing setting": ("", NEEDED.replace("edition: AU", "terms: 30")),
    "a wrong setting": ("", NEEDED.replace("2026-07-01", "1 July")),
    "a wrong word": ("", NEEDED.replace("edition: AU", "edition: US")),
    "an unknown setting": ("", NEEDED.replace("edition: AU", "edition: AU, editon: AU")),
    "an unknown switch": ("switches: {trusts: on}\n", NEEDED),
    "an unknown role": ("roles: {roundin: 860}\n", NEEDED),
    "an unknown table": ("  tax: [{code: GST, edition: AU, type: X}]\n", NEEDED),
    "no rows brought": ("", NEEDED.partition("tables:")[0]),
    "a missing file": ("", NEEDED.replace("accounts.csv", "account.csv")),
    "a path that leads out": ("", NEEDED.replace("accounts.csv", "../accounts.csv")),
    "nothing to replace": (
        "  taxes:\n    because: why\n    replace: [{code: VAT, edition: AU, type: X}]\n",
        NEEDED,
    ),
    "an old pack": ("requires: xero >= 1.10\n", NEEDED),
    "an unreadable requirement": ("requires: xero 1.2\n", NEEDED),
    "an unknown time zone": ("firm: {time_zone: Australia/Sidney}\n", NEEDED),
    "an unknown mapping": ("overrides: {invoices: {because: why, let: {net: 1}}}\n", NEEDED),
    "an unknown field": (
        "overrides:\n  invoice:\n    fields:\n      Referense: {value: number, because: why}\n",
        NEEDED,
    ),
    "an unknown part": (
        "overrides:\n  invoice:\n    fields:\n"
        "      LineItems.bil.Description: {value: number, because: why}\n",
        NEEDED,
    ),
    "a list without its part": (
        "overrides:\n  invoice:\n    fields:\n"
        "      LineItems.Description: {value: number, because: why}\n",
        NEEDED,
    ),
    "no because": ("overrides:\n  invoice:\n    fields:\n      Type: number\n", NEEDED),
    "an unknown reason": (
        "overrides:\n  invoice:\n    skip:\n      not_aproved: {remove: true, because: why}\n",
        NEEDED,
    ),
    "a change of nothing": ("overrides:\n  invoice:\n    skip:\n      not_approved: {}\n", NEEDED),
    "added twice": (
        "overrides:\n  invoice:\n    fields:\n      Type: {value: number, add: true, because: x}\n",
        NEEDED,
    ),
    "an undeclared reason": (
        "overrides:\n  invoice:\n    skip:\n"
        "      too_early: {when: number is empty, add: true, because: why}\n",
        NEEDED,
    ),
    "the pack changed": (
        "overrides:\n  invoice:\n    fields:\n"
        "      Type: {value: number, fingerprint: 00000000, because: why}\n",
        NEEDED,
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_what_is_said_of_a_firm_file_that_does_not_fit(
    name: str, office: Office, snapshot: object
) -> None:
    more, own = MISTAKES[name]
    assert office.said(more, own) == snapshot


def test_a_firm_that_extends_nothing_is_told(office: Office) -> None:
    report = Report()
    office.write("firm.yaml", FIRM)
    office.write("lost.yaml", "settings: {}\n")
    office.write("other.yaml", "extends: zero\n")
    check_extends(firm_files(office.folder, report), ["xero", "soluno"], report)
    assert [
        ("M240", "this firm file does not say which pack it is for", None),
        ("M241", "there is no pack `zero` to extend", "did you mean `xero`?"),
    ] == [
        (each.code.number, each.message, each.hint if each.code.number == "M241" else None)
        for each in report
    ]


def test_a_fingerprint_stays_while_the_rule_does_the_same() -> None:
    fields = pack().mappings["invoice"].payloads[0].fields
    moved = TEXTS["invoice.yaml"].replace(
        "  Reference: reference", "  # why\n  Reference:  reference"
    )
    other = TEXTS["invoice.yaml"].replace("Reference: reference", "Reference: number")
    same, changed = (
        pack({"invoice.yaml": text}).mappings["invoice"].payloads[0].fields
        for text in (moved, other)
    )
    assert fingerprint(fields["Reference"]) == fingerprint(same["Reference"])
    assert fingerprint(fields["Reference"]) != fingerprint(changed["Reference"])


def test_a_kept_fingerprint_that_still_fits_is_silent(office: Office) -> None:
    kept = fingerprint(pack().mappings["invoice"].payloads[0].fields["Type"])
    office.merged(
        "overrides:\n  invoice:\n    fields:\n"
        f'      Type: {{value: number, fingerprint: "{kept}", because: why}}\n'
    )


def test_an_empty_layer_changes_nothing(office: Office) -> None:
    base = pack()
    assert base is merge(base, office.layer("extends: xero\n", Report(), ""), Report())


SECTIONS = (
    "switches: {trust: on}\n",
    'roles: {rounding: "860"}\n',
    "  taxes: {add: [{code: CAP, edition: AU, type: X}]}\n",
    "  taxes: {because: why, replace: [{code: GST, edition: AU, type: X}]}\n",
    CHANGES,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.sampled_from(SECTIONS), unique=True), st.booleans())
def test_merging_twice_changes_nothing_more(
    office: Office, sections: list[str], has_needed: bool
) -> None:
    tables = [each for each in sections if each.startswith("  ")][:1]
    others = [each for each in sections if not each.startswith("  ")]
    own = NEEDED if has_needed else "extends: xero\ntables:\n  accounts: accounts.csv\n"
    layer = office.layer(own + "".join((*tables, *others)), Report())
    base = pack()
    before = replace(base)
    once = merge(base, layer, Report())
    assert before == base
    assert once == merge(once, layer, Report())
    assert once == merge(base, layer, Report())


WHOLE = NEEDED + "".join((SECTIONS[2], SECTIONS[0], SECTIONS[1], CHANGES))
PIECES = st.sampled_from(
    ["{", "}", "[", "]", ":", " ", "\n", "~", "''", "-", "#", ",", "add: true", "any", "1..2", "."]
)
EDITS = st.lists(
    st.tuples(st.integers(0, len(WHOLE)), st.integers(0, 12), PIECES), min_size=1, max_size=4
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(EDITS)
def test_any_firm_file_gives_a_pack_or_problems(
    office: Office, edits: list[tuple[int, int, str]]
) -> None:
    text = WHOLE
    for place, cut, piece in edits:
        text = text[:place] + piece + text[place + cut :]
    report = Report()
    office.layer(NEEDED, Report())
    office.write("xero.yaml", text)
    layer = load_firm(office.folder, "xero", report)
    if layer is not None:
        found = merge(pack(), layer, report)
        assert found == merge(found, layer, Report())
        assert constants(found)
    for each in report:
        assert each.span is None or 0 <= each.span.start <= each.span.end
