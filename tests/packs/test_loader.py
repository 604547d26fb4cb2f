"""What a pack's files become: every form of a rule, every key of a file, with its place."""

from __future__ import annotations

import pytest
from small_pack import loaded

from mapping_engine.packs.model import (
    Cell,
    FieldRule,
    Formula,
    ListBody,
    NestedBody,
    Pack,
    RecordMapping,
    Table,
    TemplateBody,
)
from mapping_engine.packs.reasons import ENGINE_REASONS
from mapping_engine.source.codes import CODES
from mapping_engine.source.diagnostic import Report

MAPPING = """\
record: contact
object: Customer
direction: both
operation: upsert
envelope: customers
switch: sales_invoices
owner: record
match: [Id, [FirstName, LastName]]
skip:
  - when: status == "archived"
    reason: locked
    because: closed since {closed_on}
reject:
  - {when: kind == "group", reason: group_contact}
warn:
  - when: emails is empty
    reason: missing_match_key
let:
  name: display_name | squeeze
  sums:
    each: lines
    group_by:
      account: accounts(code)
    fields:
      net: sum(group.net)
fields:
  Id:
    value: link("Customer", record)
    only_on: update
    on_empty: null
    owner: demo
  Type: "CUSTOMER"
  Greeting: 'Dear {first_name}'
  Name: >-
    if name is present
    then name else display_name
  Address.City: address.city
  Phones:
    - when: work is present
      name: work
      fields: {Kind: "work", Number: work}
    - each: phones
      as: phone
      let: {clean: trim(number)}
      order_by: [kind, number]
      value: clean
    - "none"
  Note:
    template: |
      {{ name }}
    one_way: out
    on_error: omit
    because: "{name} asked for it"
  Balance:
    when: balance is present
    fields:
      Amount: balance
totals:
  count: {record: 1, payload: 1}
  net:
    when: net is present
    record: {each: lines, by: account, sum: net}
    payload: sum(Lines.Net)
write_back:
  number: {value: Id, when: record.number is empty}
back:
  skip:
    - {when: deleted == true, reason: locked}
  let: {full: FirstName}
  fields:
    display_name: full
"""


def mapping(text: str) -> RecordMapping:
    report = Report()
    pack = loaded({"contact.yaml": text}, report)
    assert [] == list(report)
    return pack.mappings["contact"]


def rule(text: str) -> FieldRule:
    read = mapping(f"record: contact\nobject: Customer\nfields:\n  Field: {text}\n")
    return read.payloads[0].fields["Field"]


@pytest.fixture(scope="module")
def contact() -> RecordMapping:
    return mapping(MAPPING)


def test_a_mapping_file_keeps_all_its_keys(contact: RecordMapping) -> None:
    (payload,) = contact.payloads
    assert ("contact", "contact", "both") == (contact.name, contact.record.value, contact.direction)
    assert ("Customer", "upsert") == (payload.object.value, payload.operation.value)
    assert [["Id"], ["FirstName", "LastName"]] == [
        [each.value for each in key] for key in payload.match
    ]
    named = (contact.envelope, contact.switch, contact.owner)
    assert ["customers", "sales_invoices", "record"] == [each.value for each in named if each]
    reasons = (contact.skip, contact.reject, contact.warn)
    assert ["locked", "group_contact", "missing_match_key"] == [
        each.reason.value for decisions in reasons for each in decisions
    ]
    assert "archived" in contact.skip[0].when.node.text


@pytest.mark.parametrize(
    "text, is_text",
    [
        ("amount", False),
        ('"amount"', True),
        ("'amount'", True),
        ("1", False),
        ("true", False),
        ("null", False),
        ("2026-01-31", False),
        ("00200", False),
        (">-\n    amount\n    + 1", False),
        ("|\n    amount", False),
        ('("client" in roles)', False),
        ("-amount", False),
        ("phone#", False),
    ],
)
def test_what_is_quoted_is_a_text_and_all_else_an_expression(text: str, is_text: bool) -> None:
    body = rule(text).body

    assert isinstance(body, Formula)
    assert (is_text, False) == (body.is_text, body.broken)


def test_a_block_scalar_keeps_the_characters_of_the_file(contact: RecordMapping) -> None:
    body = contact.payloads[0].fields["Name"].body

    assert isinstance(body, Formula)
    assert "if name is present then name else display_name" == body.node.text
    assert "else" == body.node.part(29, 33).text


def test_a_list_keeps_its_parts_in_order(contact: RecordMapping) -> None:
    body = contact.payloads[0].fields["Phones"].body

    assert isinstance(body, ListBody)
    work, each, last = body.parts
    assert ("work", None, True) == (work.name, work.each, isinstance(work.body, NestedBody))
    assert each.each is not None
    assert each.bound is not None
    assert ("phones", "phone") == (each.each.node.text, each.bound.value)
    assert ["clean"] == list(each.let)
    assert ["kind", "number"] == [key.node.text for key in each.order_by]
    assert isinstance(last.body, Formula)
    assert last.body.is_text


def test_a_block_with_each_is_a_list_whose_condition_belongs_to_the_field() -> None:
    read = rule("\n    when: count(lines) > 1\n    each: lines\n    fields: {Net: net}")

    assert isinstance(read.body, ListBody)
    assert read.when is not None
    assert [None] == [part.when for part in read.body.parts]


def test_policies_stand_on_the_rule(contact: RecordMapping) -> None:
    fields = contact.payloads[0].fields
    found, note = fields["Id"], fields["Note"]

    assert found.owner is not None
    assert ("null", "update", "demo") == (found.on_empty, found.only_on, found.owner.value)
    assert ("omit", "out") == (note.on_error, note.one_way)
    assert note.because is not None
    assert note.because.is_text
    assert isinstance(note.body, TemplateBody)
    assert isinstance(fields["Balance"].body, NestedBody)


def test_names_and_dotted_names_stay_as_written(contact: RecordMapping) -> None:
    names = list(contact.payloads[0].fields)

    assert ["Id", "Type", "Greeting", "Name", "Address.City"] == names[:5]
    assert "Address.City" == contact.payloads[0].fields["Address.City"].key.text


def test_totals_are_an_amount_or_amounts_by_a_key(contact: RecordMapping) -> None:
    net = contact.totals["net"]

    assert net.record.by is not None
    assert ("net", "account") == (net.record.formula.node.text, net.record.by.node.text)
    assert (None, "sum(Lines.Net)") == (net.payload.each, net.payload.formula.node.text)
    assert net.when is not None


def test_the_way_back_and_the_answer_have_rules_of_their_own(contact: RecordMapping) -> None:
    assert contact.back is not None
    assert ["display_name"] == list(contact.back.fields)
    assert ["full"] == list(contact.back.let)
    assert ["number"] == list(contact.payloads[0].write_back)


def test_a_single_payload_is_named_after_its_record_and_created() -> None:
    (payload,) = mapping("record: contact\nobject: Customer\nfields: {Id: id}\n").payloads

    assert ("contact", "create") == (payload.name, payload.operation.value)


def test_several_payloads_keep_their_order_and_their_own_keys() -> None:
    read = mapping(
        "record: contact\n"
        "payloads:\n"
        "  note:\n    object: Note\n    operation: upsert\n    match: [Number]\n"
        "    fields: {Number: number}\n"
        "  allocation:\n    each: applications\n    when: number is present\n    as: item\n"
        "    let: {half: amount / 2}\n    object: Allocation\n    fields: {Amount: half}\n"
        "    write_back: {locked: true}\n"
    )
    note, allocation = read.payloads

    assert ["note", "allocation"] == [note.name, allocation.name]
    assert ("upsert", "create") == (note.operation.value, allocation.operation.value)
    assert allocation.each is not None
    assert allocation.bound is not None
    assert ("applications", "item") == (allocation.each.node.text, allocation.bound.value)
    assert (["half"], ["locked"]) == (list(allocation.let), list(allocation.write_back))


def test_pack_yaml_keeps_all_its_keys() -> None:
    report = Report()
    pack = loaded({"pack.yaml": PACK_FILE, "time_entry.yaml": "# none\n"}, Report())
    loaded({"pack.yaml": PACK_FILE}, report)

    assert [] == list(report)
    assert ("ledger", "1.10", "2.0") == (pack.name, pack.version, pack.api)
    assert ("AU", "NZ") == pack.settings["edition"].choices
    assert ("date", None) == (pack.settings["start"].type, pack.settings["start"].default)
    switches = {name: each.default for name, each in pack.switches.items()}
    assert {"trust": False, "bills": True} == switches
    assert ("expense", "revenue") == pack.roles["rounding"].classes
    assert pack.roles["rounding"].needed_when is not None
    assert ("hold", "reject") == tuple(each.missing for each in pack.links.values())
    assert "ask the bookkeeper" == pack.reasons["odd"].do
    assert "unsupported_transaction" == pack.unsupported["user"].reason.value
    assert pack.blank_is_null
    assert pack.answers is not None
    assert pack.format is not None


PACK_FILE = """\
pack: ledger
title: The ledger
version: 1.10
api: 2.0
settings:
  start: {type: date, because: older records stay}
  edition: {type: [AU, NZ], default: AU}
switches:
  trust: {default: off}
  bills: {default: true}
roles:
  rounding: {needed_when: switches.bills, class: [expense, revenue], accepts_payments: true}
links:
  Contact: {record: contact, missing: hold}
  Invoice: {record: invoice, reason: invoice_not_linked}
reasons:
  odd: {because: nobody knows, do: ask the bookkeeper}
unsupported:
  user: {because: users are kept by hand}
answers:
  - {code: 6000, contains: duplicate, reason: duplicate_match_key}
read: {blank: null}
format:
  kind: delimited
  separator: "|"
  first_lines: ["LEDES1998B[]"]
"""

TABLE = """\
table: rates
inputs: {kind: canonical.time_entry.kind, hours: number, edition: settings.edition}
outputs: {code: text, rate: percent}
ignore_case: true
reason: unmapped_tax
otherwise: {code: OTHER, rate: 0}
rows:
  - {kind: [fee, empty], hours: 10..20, edition: any, code: 00200, rate: 10}
  - {kind: "any", hours: ..10, edition: AU, code: No charge, rate: 0.00, one_way: out}
  - {kind: empty, hours: 20.., edition: [AU, NZ], reject: locked, because: not here}
"""


def table(text: str, **files: str) -> Table:
    report = Report()
    names = {f"tables/{name}.csv": content for name, content in files.items()}
    pack: Pack = loaded({"tables/rates.yaml": text, **names}, report)
    assert [] == list(report)
    return pack.tables["rates"]


def said(cell: Cell) -> tuple[object, ...]:
    return cell.kind, *cell.words, cell.low, cell.high, cell.or_empty


def test_cells_say_what_was_typed() -> None:
    first, second, third = table(TABLE).rows

    assert ("word", "fee", None, None, True) == said(first.cells["kind"])
    assert ("range", "10", "20", False) == said(first.cells["hours"])
    assert ("any", None, None, False) == said(first.cells["edition"])
    assert ("word", "00200", None, None, False) == said(first.cells["code"])
    assert ("word", "any", None, None, False) == said(second.cells["kind"])
    assert ("range", None, "10", False) == said(second.cells["hours"])
    assert ("word", "0.00", None, None, False) == said(second.cells["rate"])
    assert ("range", "20", None, False) == said(third.cells["hours"])
    assert ("empty", None, None, False) == said(third.cells["kind"])


def test_rows_keep_what_is_no_cell() -> None:
    read = table(TABLE)
    _, second, third = read.rows

    assert "out" == second.one_way
    assert third.reject is not None
    assert ("locked", "not here") == (third.reject.value, third.because)
    assert read.otherwise is not None
    assert read.reason is not None
    assert ("unmapped_tax", True) == (read.reason.value, read.ignore_case)
    assert 8 == second.origin.span.place.line - 1


def test_columns_keep_their_types_as_written() -> None:
    read = table("table: rates\ninputs: {kind: [a, 2]}\noutputs: {code: text}\nrows: firm\n")
    (kind,) = read.inputs

    assert isinstance(kind.type, tuple)
    assert ["a", "2"] == [each.value for each in kind.type]
    assert read.rows_from is not None
    assert ("firm", ()) == (read.rows_from.value, read.rows)


def test_rows_come_from_the_file_beside_the_table() -> None:
    read = table(
        "table: rates\ninputs: {kind: text}\noutputs: {code: text}\nrows: rates.csv\n",
        rates="kind,code\nfee,00200\nany,\n",
    )

    assert [("word", "fee", None, None, False), ("any", None, None, False)] == [
        said(row.cells["kind"]) for row in read.rows
    ]
    assert [("word", "00200", None, None, False), ("empty", None, None, False)] == [
        said(row.cells["code"]) for row in read.rows
    ]


def test_a_broken_expression_is_marked_so_that_nobody_reports_it_again() -> None:
    read = loaded({"time_entry.yaml": "record: a\nobject: B\nfields: {C: f(a, b=1), D: yes}\n"})

    bodies = [each.body for each in read.mappings["time_entry"].payloads[0].fields.values()]
    assert all(isinstance(each, Formula) and each.broken for each in bodies)


def test_every_reason_of_the_engine_is_explained() -> None:
    used = {code.reason for code in CODES.values() if code.reason}

    assert set() == used - set(ENGINE_REASONS)
    for reason in ENGINE_REASONS.values():
        assert reason.because
        assert reason.do
