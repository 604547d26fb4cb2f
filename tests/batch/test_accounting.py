"""Nothing is lost: whatever is done to the records, every one of them is accounted for."""

from __future__ import annotations

import gc
import os
import random
from collections import Counter
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import FrameType, TracebackType

import pytest
from sample_runs import FIRM, ROOT, map_lines, opened, record_of, sample_job, sample_lines

from mapping_engine.batch.job import Job, Wanted
from mapping_engine.batch.report import report_of
from mapping_engine.batch.tally import Tally
from mapping_engine.batch.totals import TotalLine, Totals
from mapping_engine.runtime.outcome import Mapped, Rejected, Sides, Skipped
from mapping_engine.values.json import encode
from mapping_engine.values.value import Value

DEEP = bool(os.environ.get("MAPPING_ENGINE_DEEP"))
ODD = (
    None,
    "",
    " ",
    "é\u2028",
    "x" * 70_000,
    Decimal("-1"),
    Decimal(0),
    Decimal("1e18"),
    True,
    [],
    {},
    ["a"],
    {"id": "x"},
    "2026-02-30",
    "T",
    "Hide",
    Decimal("0.0000000001"),
)


@pytest.fixture(scope="module")
def job() -> Job:
    return sample_job()


def spoil_member(line: str, chance: random.Random) -> str:
    """Put something odd into a member, take it away, or add one nobody knows."""
    record = record_of(line)
    inside = record if chance.random() < 0.7 else record["links"]
    assert isinstance(inside, dict)
    name = chance.choice(list(inside))
    match chance.randrange(4):
        case 0:
            del inside[name]
        case 1:
            inside[chance.choice(["extra", name + "x", ""])] = inside[name]
        case _:
            inside[name] = chance.choice(ODD)
    return encode(record)


def spoil_bytes(line: str, chance: random.Random) -> bytes:
    """Change, cut or double some bytes of a line."""
    raw = bytearray(line.encode())
    at = chance.randrange(len(raw))
    match chance.randrange(3):
        case 0:
            raw[at] = chance.choice([b for b in range(256) if b not in (10, 13)])
        case 1:
            del raw[at : at + chance.randrange(1, 40)]
        case _:
            raw[at:at] = raw[at : at + chance.randrange(1, 40)]
    return bytes(raw)


SPOIL: Mapping[str, Callable[[str, random.Random], str | bytes]] = {
    "members": spoil_member,
    "bytes": spoil_bytes,
    "both": lambda line, chance: spoil_bytes(spoil_member(line, chance), chance),
}


@pytest.mark.parametrize("spoil", SPOIL.values(), ids=SPOIL)
def test_every_spoilt_record_is_accounted_for(
    job: Job, spoil: Callable[[str, random.Random], str | bytes]
) -> None:
    chance = random.Random(7)
    lines = [spoil(line, chance) for _ in range(20 if DEEP else 3) for line in sample_lines()]
    tally, outcomes = map_lines(job, lines)
    kinds = Counter(str(line["outcome"]) for line in outcomes)
    assert (tally.read, len(outcomes)) == (len(lines), len(lines))
    assert (tally.mapped, tally.skipped, tally.rejected) == tuple(
        kinds[kind] for kind in ("mapped", "skipped", "rejected")
    )
    assert tally.skipped == sum(tally.skipped_by_reason.values())
    assert tally.rejected == sum(tally.rejected_by_reason.values())
    assert tally.adds_up
    for total in tally.totals.lines:
        assert total.read == total.mapped + total.skipped + total.rejected
        assert total.mapped == total.payload


def test_the_payload_side_is_what_the_payloads_say(job: Job) -> None:
    """The control total of a run is added up again from the file that is sent."""
    tally, outcomes = map_lines(job, sample_lines())
    sent = Decimal(0)
    for line in outcomes:
        payloads = line.get("payloads", [])
        assert isinstance(payloads, list)
        sent += sum((each["payload"]["WorkingHours"] for each in payloads), Decimal(0))
    hours = next(line for line in tally.totals.lines if line.name == "hours")
    assert sent == hours.payload
    assert sent > 0


def test_the_same_run_twice_says_the_same() -> None:
    """Two jobs opened on their own give the same bytes, but for the times of the report."""
    made = []
    for _ in range(2):
        job = sample_job()
        tally, outcomes = map_lines(job, sample_lines())
        report = report_of(job, tally, strict=True, milliseconds=0)
        made.append(encode([*outcomes, report]))
    assert made[0] == made[1]


def test_only_what_a_later_record_can_ask_for_is_remembered() -> None:
    """Soluno's mapping asks for no id; trust transactions ask for those of earlier ones."""
    fresh = sample_job()
    tally, _ = map_lines(fresh, sample_lines()[:1])
    assert (1, {}) == (tally.mapped, fresh.options.made)
    folder = ROOT / "tests" / "runtime"
    ledger = Wanted("ledger", "trust_transaction", rules=[folder / "packs"], firm=folder / "firm")
    job = opened(ledger)
    assert {"BankTransaction", "Contact", "Invoice"} == job.linked


def test_refused_records_do_not_hold_the_frames_they_came_through(job: Job) -> None:
    """They would be there until the next collection, and weigh more than the records."""
    gc.collect()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        assert map_lines(job, sample_lines()[:60])[0].rejected > 5
        gc.collect()
        assert [] == [each for each in gc.garbage if isinstance(each, FrameType | TracebackType)]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()


def test_unknown_members_are_dropped_and_counted() -> None:
    wanted = Wanted("soluno", "time_entry", "actionstep", firm=ROOT / FIRM)
    job = opened(wanted, drop_unknown=True)
    record = record_of(sample_lines()[0]) | {"extra": "x", "more": "y"}
    tally, _ = map_lines(job, [encode(record)])
    report = report_of(job, tally, strict=True, milliseconds=1)
    assert (1, 2) == (tally.mapped, report["dropped_members"])


def test_a_kind_that_the_pack_does_not_take_is_skipped_with_its_reason() -> None:
    job = opened(Wanted("soluno", "user", firm=ROOT / FIRM))
    tally, (first, _) = map_lines(job, ['{"id": "U-1"}', '{"id": "U-2"}'])
    assert {"unsupported_transaction": 2} == tally.skipped_by_reason
    assert ("U-1", "user", "soluno") == (first["id"], first["record"], first["system"])
    assert str(first["at"]).startswith("rules/soluno/pack.yaml:")


def test_payloads_become_records_inward() -> None:
    job = opened(Wanted("actionstep", "time_entry", inward=True, firm=ROOT / FIRM))
    _, (line,) = map_lines(job, sample_lines()[:1])
    (payload,) = line["payloads"]  # type: ignore[misc]
    assert "time_entry" == payload["object"]
    assert "actionstep-timeentry-880001" == payload["payload"]["id"]


HOURS = ("hours", None)


def test_a_total_line_adds_up_by_what_became_of_the_records() -> None:
    totals = Totals([HOURS])
    totals.take(Mapped((), totals={HOURS: Sides(Decimal("1.5"), Decimal("1.5"))}))
    totals.take(Skipped("locked", None, totals={HOURS: Sides(Decimal("2"))}))
    totals.take(Rejected((), totals={HOURS: Sides(Decimal("0.25"))}))
    totals.take(Rejected((), totals={HOURS: None}))
    totals.take(Rejected(()))
    (line,) = totals.lines
    expected: dict[str, Value] = {
        "name": "hours", "currency": None, "read": "3.75", "mapped": "1.50", "skipped": "2.00",
        "rejected": "0.25", "payload": "1.50", "declared": {}, "difference": "0.00", "uncounted": 2,
    }  # fmt: skip
    assert expected == line.as_json()
    assert line.adds_up


def test_amounts_are_kept_apart_by_currency() -> None:
    totals = Totals([("gross", "AUD")])
    for currency, amount in (("NZD", "5"), ("AUD", "7"), ("NZD", "1")):
        totals.take(
            Mapped((), totals={("gross", currency): Sides(Decimal(amount), Decimal(amount))})
        )
    assert [("AUD", 7), ("NZD", 6)] == [(line.currency, line.read) for line in totals.lines]


def test_a_run_whose_sides_differ_does_not_add_up() -> None:
    tally = Tally([HOURS])
    tally.take(1, None, Mapped((), totals={HOURS: Sides(Decimal(2), Decimal(1))}))
    assert not tally.adds_up


def test_a_declared_difference_is_taken_off() -> None:
    line = TotalLine("gross", "AUD", mapped=Decimal("10.01"), payload=Decimal("10.00"))
    line.read = line.mapped
    assert (Decimal("0.01"), False) == (line.difference, line.adds_up)
    line.declared["rounding"] = Decimal("0.01")
    assert (0, True) == (line.difference, line.adds_up)
    assert "0.00" == line.as_json()["difference"]


def test_declared_differences_add_up_by_name_over_the_mapped_records() -> None:
    totals = Totals([HOURS])
    rounding = {"rounding": Decimal("0.25")}
    totals.take(Mapped((), totals={HOURS: Sides(Decimal("1.25"), Decimal(1), rounding)}))
    totals.take(Mapped((), totals={HOURS: Sides(Decimal("2.25"), Decimal(2), rounding)}))
    totals.take(Rejected((), totals={HOURS: Sides(Decimal(5))}))
    (line,) = totals.lines
    assert {"rounding": Decimal("0.50")} == line.declared
    assert line.adds_up


def test_a_record_with_several_reasons_counts_under_its_first(job: Job) -> None:
    tally, outcomes = map_lines(job, sample_lines())
    several = [line for line in outcomes if len(line.get("reasons", ())) > 1]  # type: ignore[arg-type]
    assert several
    firsts = Counter(line["reasons"][0]["reason"] for line in outcomes if "reasons" in line)  # type: ignore[index]
    assert firsts == tally.rejected_by_reason
