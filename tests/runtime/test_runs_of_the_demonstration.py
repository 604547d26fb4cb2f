"""The invented systems on the command line: what a run reports, and what a second run takes up."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mapping_engine.cli import VERBS

HERE = Path(__file__).parent
CREDIT_NOTE = HERE / "packs" / "ledger" / "cases" / "samples" / "credit_note.json"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    shutil.copytree(HERE / "firm", tmp_path / "firm")
    monkeypatch.chdir(tmp_path)
    usual = ["--rules", str(HERE / "packs"), "--firm", "firm", "--as-of", "2026-08-01"]

    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            VERBS.main(["run", *arguments, *usual])
        output = capsys.readouterr()
        return int(ended.value.code or 0), output.out, output.err

    return call


def report_of(folder: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(folder, "report.json").read_text("utf-8"))
    return found


INVOICES = ("ledger", "invoice", "firm/samples/invoices.ndjson")


def test_a_declared_difference_has_a_line_of_its_own(run: Run) -> None:
    status, _, err = run(*INVOICES, "--out", "made")
    assert 1 == status
    due = next(each for each in report_of("made")["totals"] if each["name"] == "due")
    assert {"retained": "12.50", "written_off": "0.12"} == due["declared"]
    assert ("389.12", "376.50", "0.00") == (due["mapped"], due["payload"], due["difference"])
    assert "  due AUD: 12.50 declared as retained\n" in err
    assert "  due AUD: 0.12 declared as written_off\n" in err


def test_a_firm_changes_a_total_and_its_declared_differences(run: Run) -> None:
    """Without its change the pack's own line stands, and what it does not declare is refused."""
    path = Path("firm/ledger.yaml")
    whole = path.read_text("utf-8")
    path.write_text(whole.replace("          written_off: paid_share ?? 0\n", ""), "utf-8")
    _, out, err = run(*INVOICES)
    assert "the record says 126.12, the payloads say 125.50, and 0.50 is declared" in err
    assert ["INV-2041", "INV-2042"] == [
        json.loads(line)["InvoiceNumber"] for line in out.splitlines()
    ]


def test_a_second_run_takes_up_what_was_rejected_once_its_cause_is_mended(run: Run) -> None:
    run(*INVOICES, "--out", "first")
    before = report_of("first")
    assert {"contact_not_found": 1, "invariant_failed": 1} == before["rejected_by_reason"]

    with Path("firm/links.csv").open("a", encoding="utf-8") as links:
        links.write("Contact,C-404,contact-404\n")
    run("ledger", "invoice", "first/rejected.ndjson", "--retry", "--out", "second")

    after = report_of("second")
    assert (2, 1, {"invariant_failed": 1}) == (
        after["read"], after["mapped"], after["rejected_by_reason"],
    )  # fmt: skip
    (line,) = Path("second/mapped.ndjson").read_text("utf-8").splitlines()
    made = json.loads(line)
    assert ("I-4", {"ContactID": "contact-404"}) == (
        made["id"], made["payloads"][0]["payload"]["Contact"],
    )  # fmt: skip


def needs_in(path: str) -> list[object]:
    lines = [json.loads(line) for line in Path(path).read_text("utf-8").splitlines()]
    return [each.get("needs") for line in lines for each in line["payloads"]]


def test_the_id_that_an_earlier_payload_of_the_record_will_get_is_a_need(run: Run) -> None:
    note = json.loads(CREDIT_NOTE.read_text("utf-8"))
    with Path("firm/links.csv").open("a", encoding="utf-8") as links:
        links.write("Invoice,I-1,invoice-1\nInvoice,I-2,invoice-2\n")
    Path("notes.ndjson").write_text(json.dumps(note), encoding="utf-8")
    run("ledger", "credit_note", "notes.ndjson", "--out", "made")
    need = {"place": "CreditNote.CreditNoteID", "object": "CreditNote", "record": "CN-1"}
    assert [None, [need], [need]] == needs_in("made/mapped.ndjson")


def test_the_id_that_an_earlier_record_of_the_run_will_get_is_a_need(run: Run) -> None:
    receipt = json.loads(CREDIT_NOTE.with_name("trust.json").read_text("utf-8"))
    undone = {**receipt, "id": "T-2", "kind": "reversal", "reverses": {"id": "T-1"}}
    lines = [json.dumps(each) for each in (undone | {"id": "T-0"}, receipt, undone)]
    Path("trust.ndjson").write_text("\n".join(lines), encoding="utf-8")
    run("ledger", "trust_transaction", "trust.ndjson", "--out", "made")
    need = {"place": "BankTransactionID", "object": "BankTransaction", "record": "T-1"}
    assert [None, [need]] == needs_in("made/mapped.ndjson")
    assert {"invoice_not_linked": 1} == report_of("made")["rejected_by_reason"]
