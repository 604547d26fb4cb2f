"""Table files: every cell as typed, every cell with its place, every damage named."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping_engine.packs.sheets import Sheet, read_csv
from mapping_engine.packs.workbooks import read_xlsx
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.limits import Limits
from mapping_engine.source.text import SourceText


def csv(text: str, limits: Limits | None = None) -> tuple[Sheet | None, list[str]]:
    report = Report()
    sheet = read_csv(SourceText("accounts.csv", text), report, limits or Limits())
    return sheet, [f"{each.span.place.line} {each.code.number}" for each in report if each.span]


def values(sheet: Sheet | None) -> list[list[str]]:
    assert sheet is not None
    return [[cell.value for cell in row] for row in (sheet.header, *sheet.rows)]


@pytest.mark.parametrize(
    "text",
    [
        "from,to\ntrust,00200\n",
        "from;to\r\ntrust;00200\r\n",
        "from\tto\rtrust\t00200",
        "\ufefffrom,to\n\n,\ntrust,00200\n\n",
        '"from","to"\n"trust","00200"',
        " from , to \n trust , 00200 \n",
        "from,to,,\ntrust,00200,,\n",
    ],
)
def test_a_csv_is_read_as_typed_whatever_its_separators_and_line_ends(text: str) -> None:
    sheet, problems = csv(text)
    assert [] == problems
    assert [["from", "to"], ["trust", "00200"]] == values(sheet)


def test_quoted_cells_hold_separators_quotes_and_line_ends() -> None:
    sheet, problems = csv('name,note\n"Smith, Lee","a ""b""\nc"\nlast,row\n')
    assert [] == problems
    assert [["name", "note"], ["Smith, Lee", 'a "b"\nc'], ["last", "row"]] == values(sheet)


def test_a_cell_knows_its_place() -> None:
    sheet, _ = csv('from,to\n"a,b", 00200\n')
    assert sheet is not None
    assert ['"a,b"', "00200"] == [cell.span.text for cell in sheet.rows[0]]
    assert "accounts.csv:2:8" == str(sheet.rows[0][1].span)


@pytest.mark.parametrize(
    "text, problems",
    [
        ("", ["1 M529"]),
        ("\n\n , \n", ["1 M529"]),
        ("a,b\n1\n1,2\n1,2,3\n", ["2 M522", "4 M522"]),
        ("a,,b\n1,2,3\n", ["1 M523"]),
        ("a,b,a\n1,2,3\n", ["1 M524"]),
        ('a,b\n1,"2\n', ["2 M525"]),
        ('a,b\n1,"2"x\n', ["2 M525"]),
    ],
)
def test_damage_is_named_with_its_line(text: str, problems: list[str]) -> None:
    assert problems == csv(text)[1]


def test_a_csv_beyond_its_bounds_is_refused() -> None:
    sheet, problems = csv("a\n1\n2\n3\n", Limits(table_rows=2))
    assert (None, ["4 M521"]) == (sheet, problems)
    assert ["1 M521"] == csv("a\n1\n2\n3\n", Limits(table_size=5))[1]


@given(st.text(alphabet='ab,;\t"\r\n \ufeff', max_size=60))
def test_any_text_gives_cells_inside_the_text_or_problems(text: str) -> None:
    sheet, _ = csv(text)
    for row in (sheet.header, *sheet.rows) if sheet else ():
        assert len(row) == len(sheet.header if sheet else ())
        for cell in row:
            assert 0 <= cell.span.start <= cell.span.end <= len(text)


def workbook(rows: list[list[object]], name: str = "Accounts") -> bytes:
    """Make a small workbook by hand, as Excel writes it: texts are texts, numbers are numbers."""
    main = "http://schemas.openxmlformats.org"
    body = ""
    for number, row in enumerate(rows, 1):
        cells = ""
        for letter, value in zip("ABCDEF", row, strict=False):
            if isinstance(value, str):
                cells += f'<c r="{letter}{number}" t="inlineStr"><is><t>{value}</t></is></c>'
            elif value is not None:
                cells += f'<c r="{letter}{number}"><v>{value}</v></c>'
        body += f'<row r="{number}">{cells}</row>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{main}/package/2006/content-types">'
        '<Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{main}/package/2006/relationships"><Relationship '
        f'Id="rId1" Type="{main}/officeDocument/2006/relationships/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}/spreadsheetml/2006/main" '
        f'xmlns:r="{main}/officeDocument/2006/relationships"><sheets>'
        f'<sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{main}/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{main}/officeDocument/2006/relationships/worksheet" '
        'Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}/spreadsheetml/2006/main">'
        f"<sheetData>{body}</sheetData></worksheet>",
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, text in parts.items():
            archive.writestr(part, text)
    return file.getvalue()


def test_a_workbook_is_read_as_typed() -> None:
    report = Report()
    content = workbook([["from", "to"], [None, None], ["trust", "00200"]])
    sheet = read_xlsx(content, "accounts.xlsx", report)
    assert [["from", "to"], ["trust", "00200"]] == values(sheet)
    assert sheet is not None
    assert "accounts.xlsx:3:7" == str(sheet.rows[0][1].span)
    assert 0 == len(report)


def test_a_number_in_a_workbook_is_refused_once_for_its_column() -> None:
    report = Report()
    read_xlsx(workbook([["from", "to"], ["a", 200], ["b", 201]]), "accounts.xlsx", report)
    (found,) = report
    assert "cell B2 of the sheet `Accounts` is a number, not a text" == found.message
    assert (("more", "1 other cell of column B"),) == found.notes
    assert found.span is not None
    assert 2 == found.span.place.line


def test_a_sheet_of_a_workbook_can_be_named() -> None:
    report = Report()
    content = workbook([["from"], ["x"]])
    assert [["from"], ["x"]] == values(read_xlsx(content, "a.xlsx", report, "Accounts"))
    assert read_xlsx(content, "a.xlsx", report, "Acounts") is None
    assert ["did you mean `Accounts`?"] == [each.hint for each in report]


def test_an_archive_that_would_unpack_to_too_much_is_not_unpacked() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", "0" * 5_000_000)
    report = Report()
    assert read_xlsx(file.getvalue(), "bomb.xlsx", report) is None
    assert ["M520"] == [each.code.number for each in report]


@pytest.mark.parametrize("cut", [0, 10, 200, 700])
def test_a_damaged_workbook_is_one_problem(cut: int) -> None:
    report = Report()
    assert read_xlsx(workbook([["a"], ["b"]])[:cut], "a.xlsx", report) is None
    assert ["M520"] == [each.code.number for each in report]


def test_a_workbook_that_lies_about_its_sizes_is_refused() -> None:
    content = bytearray(workbook([["a"], ["b"]]))
    place = content.index(b"PK\x01\x02")
    content[place + 24] ^= 1
    report = Report()
    assert read_xlsx(bytes(content), "a.xlsx", report) is None
    assert ["M520"] == [each.code.number for each in report]


def test_a_workbook_in_a_later_version_of_zip_is_refused() -> None:
    """zipfile says that by a NotImplementedError, which is a problem of the file and not ours."""
    content = bytearray(workbook([["a"], ["b"]]))
    content[content.index(b"PK\x01\x02") + 6] = 90
    with pytest.raises(NotImplementedError):
        zipfile.ZipFile(io.BytesIO(content))
    report = Report()
    assert read_xlsx(bytes(content), "a.xlsx", report) is None
    assert ["it is no workbook of Excel 2007 or later" in each.message for each in report] == [True]
