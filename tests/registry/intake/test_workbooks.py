"""What a cell of a workbook says, whatever program wrote it, and however that spells its XML."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry import Registry
from registry.errors import UnreadableError
from registry.intake import import_batch
from tests.registry.intake.batches import events, problems
from tests.registry.intake.spreadsheet_xml import (
    BOOK,
    LINKS,
    MAIN,
    RELATION,
    RELATIONS,
    STRICT,
    read,
    shared,
    sheet,
    workbook,
)

HEADER = '<row r="1"><c r="A1" t="inlineStr"><is><t>centre</t></is></c></row>'
STYLES = f"""<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/>
<numFmt numFmtId="165" formatCode='0.0" days"'/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="46"/></cellXfs>
</styleSheet>"""


def cell(folder: Path, xml: str, **parts: str | bytes | None) -> str:
    """The text of a cell in A2, under a header."""
    ((_, header), *rows) = read(workbook(folder, f'{HEADER}<row r="2">{xml}</row>', **parts))
    assert header == ["centre"]
    return rows[0][1][0] if rows else ""


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        pytest.param('<c r="A2"><v>1980</v></c>', "1980", id="whole number"),
        pytest.param('<c r="A2"><v>1980.0</v></c>', "1980", id="whole number with a point"),
        pytest.param('<c r="A2" t="n"><v>4.7000000000000002</v></c>', "4.7", id="seventeen digits of a double"),
        pytest.param('<c r="A2"><v>1E-3</v></c>', "0.001", id="exponent"),
        pytest.param('<c r="A2"><v> 5 </v></c>', "5", id="number among spaces"),
        pytest.param('<c r="A2" t="b"><v>1</v></c>', "yes", id="true"),
        pytest.param('<c r="A2" t="b"><v>0</v></c>', "no", id="false"),
        pytest.param('<c r="A2" t="str"><f>A1</f><v>Köln</v></c>', "Köln", id="text of a formula"),
        pytest.param('<c r="A2" t="str"><f>""</f><v></v></c>', "", id="formula that says nothing"),
        pytest.param('<c r="A2"><f>1+1</f><v>2</v></c>', "2", id="number of a formula"),
        pytest.param('<c r="A2"><f>1+1</f></c>', "=1+1", id="formula never calculated"),
        pytest.param('<c r="A2"><f>1&lt;2</f><v/></c>', "=1<2", id="formula with an empty value"),
        pytest.param('<c r="A2"><f t="shared" si="0"/></c>', "=", id="shared formula never calculated"),
        pytest.param('<c r="A2" t="e"><v>#N/A</v></c>', "#N/A", id="error"),
        pytest.param('<c r="A2" s="0" t="e"><f>B2</f><v>#REF!</v></c>', "#REF!", id="error, type last"),
        pytest.param("<c t='e' r='A2'><v>#DIV/0!</v></c>", "#DIV/0!", id="error in single quotes"),
        pytest.param('<c t="e"><v>#NAME?</v></c>', "#NAME?", id="error without a reference"),
        pytest.param('<c r="A2" t="e"/>', "#ERROR", id="error without a name"),
        pytest.param('<c r="A2" t="inlineStr"><is><t>a</t></is></c>', "a", id="inline text"),
        pytest.param(
            '<c r="A2" t="inlineStr"><is><r><t xml:space="preserve">a </t></r><r><t>b</t></r></is></c>',
            "a b",
            id="inline text of two runs",
        ),
        pytest.param('<c r="A2" t="str"><v><![CDATA[a<b]]></v></c>', "a<b", id="CDATA"),
        pytest.param('<c r="A2" t="str"><v>a&#10;b&amp;c</v></c>', "a\nb&c", id="character references"),
        pytest.param('<c r="A2" t="str"><v>a_x000D_\nb, _x005F_x000D_</v></c>', "a\r\nb, _x000D_", id="escapes"),
        pytest.param('<c r="A2" t="str"><v>_xD83D__xDE00_</v></c>', "😀", id="an escaped pair"),
        pytest.param('<c r="A2" t="d"><v>2020-01-15T00:00:00</v></c>', "2020-01-15", id="ISO day"),
        pytest.param('<c r="A2" s="7"/>', "", id="a style alone"),
    ],
)
def test_a_cell_is_read_as_the_text_that_a_csv_file_would_hold(tmp_path: Path, xml: str, text: str) -> None:
    assert cell(tmp_path, xml) == text


@pytest.mark.parametrize(
    ("style", "serial", "text"),
    [
        ("1", "43845", "2020-01-15"),
        ("2", "43845.0", "2020-01-15"),
        ("2", "43845.5", "2020-01-15 12:00:00"),
        ("1", "61", "1900-03-01"),
        ("1", "60", "1900-02-29"),
        ("1", "59", "1900-02-28"),
        ("1", "0.25", "06:00:00"),
        ("1", "2958465", "9999-12-31"),
        ("1", "2958466", "2958466"),
        ("1", "-1", "-1"),
        ("4", "1.5", "36:00:00"),
        ("3", "5.5", "5.5"),
        ("0", "43845", "43845"),
        ("99", "43845", "43845"),
    ],
)
def test_a_number_is_a_day_by_its_format_alone(tmp_path: Path, style: str, serial: str, text: str) -> None:
    assert cell(tmp_path, f'<c r="A2" s="{style}"><v>{serial}</v></c>', styles=STYLES) == text


@pytest.mark.parametrize("told", ['date1904="1"', "date1904='true'"])
def test_days_of_the_1904_system_are_days(tmp_path: Path, told: str) -> None:
    book = BOOK.replace("<sheets>", f"<workbookPr {told}/><sheets>")

    assert cell(tmp_path, '<c r="A2" s="1"><v>42383</v></c>', styles=STYLES, book=book) == "2020-01-15"


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ("<si><t>Herne</t></si>", "Herne"),
        ("<si><r><rPr><b/></rPr><t>Her</t></r><r><t>ne</t></r></si>", "Herne"),
        ('<si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="1"/></si>', "東京"),
        ('<si><t xml:space="preserve"> Herne </t></si>', " Herne "),
        ("<si>\n  <t>Herne</t>\n</si>", "Herne"),
        ("<si/>", ""),
    ],
)
def test_a_shared_text_is_its_runs_without_how_it_is_spoken(tmp_path: Path, xml: str, text: str) -> None:
    assert cell(tmp_path, '<c r="A2" t="s"><v>1</v></c>', texts=shared(f"<si><t>other</t></si>{xml}")) == text


@pytest.mark.parametrize("number", ["7", "-1", "x"])
def test_a_shared_text_that_is_not_there_is_refused_at_its_cell(tmp_path: Path, number: str) -> None:
    with pytest.raises(UnreadableError, match=f"cell A2: shared text '{number}', which the workbook lacks") as refused:
        cell(tmp_path, f'<c r="A2" t="s"><v>{number}</v></c>', texts=None)

    assert refused.value.line == 2


TWO_CELLS = [(1, ["patient", "centre"]), (3, ["P-1", "7"])]
PLAIN = (
    '<row r="1"><c r="A1" t="str"><v>patient</v></c><c r="B1" t="str"><v>centre</v></c></row>'
    '<row r="3"><c r="A3" t="str"><v>P-1</v></c><c r="B3"><v>7</v></c></row>'
)


@pytest.mark.parametrize(
    "xml",
    [
        pytest.param(sheet(PLAIN), id="plain"),
        pytest.param(sheet(PLAIN).replace('"', "'"), id="single quotes"),
        pytest.param(sheet(PLAIN).replace("><", ">\n <"), id="pretty"),
        pytest.param(sheet(PLAIN).replace(' r="A', ' x="1" r = "A'), id="another attribute first"),
        pytest.param(sheet(PLAIN.replace(' r="A1"', "").replace(' r="B3"', "")), id="cells without references"),
        pytest.param(sheet(PLAIN.replace('<row r="3">', "<row>")), id="a row without a number"),
        pytest.param(sheet(PLAIN.replace('<row r="1">', "<row>")), id="the first row without a number"),
        pytest.param(sheet(PLAIN.replace('r="A3"', 'r="a3"')), id="lower case"),
        pytest.param(sheet(PLAIN.replace("<c ", '<!-- <row r="9"><c r="ZZ9"/> --><?p <c ?><c ')), id="comments"),
        pytest.param(sheet(PLAIN).replace(MAIN, STRICT), id="Strict Open XML"),
        pytest.param(sheet(PLAIN).replace(f' xmlns="{MAIN}"', ""), id="no namespace"),
        pytest.param('<?xml version="1.0" encoding="UTF-16"?>' + sheet(PLAIN), id="UTF-16"),
        pytest.param(
            sheet(PLAIN).replace("<", "<x:").replace("<x:/", "</x:").replace("xmlns", "xmlns:x"), id="prefixes"
        ),
        pytest.param(
            sheet(PLAIN).replace("</sheetData>", '</sheetData><row xmlns="urn:other"><c r="D9"><v>1</v></c></row>'),
            id="another namespace",
        ),
    ],
)
def test_a_sheet_says_the_same_however_its_xml_is_spelt(tmp_path: Path, xml: str) -> None:
    first = xml.encode("utf-16" if "UTF-16" in xml else "utf-8")

    assert read(workbook(tmp_path, first=first)) == TWO_CELLS


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param({"links": LINKS.replace('"worksheets/', '"/xl/worksheets/')}, id="absolute path"),
        pytest.param({"links": LINKS.replace('"worksheets/', '"./../xl/worksheets/')}, id="winding path"),
        pytest.param({"links": LINKS.replace("sheet1", "SHEET1")}, id="path in another case"),
        pytest.param({"book": BOOK.replace("r:id", "q:id").replace("xmlns:r", "xmlns:q")}, id="prefix of relations"),
        pytest.param(
            {
                "book": BOOK.replace(MAIN, STRICT).replace(
                    RELATION, "http://purl.oclc.org/ooxml/officeDocument/relationships"
                )
            },
            id="Strict Open XML",
        ),
        pytest.param({"root": None}, id="no relations of the package"),
        pytest.param(
            {
                "root": f'<p:Relationships xmlns:p="{RELATIONS}"><p:Relationship Target="/book/w.xml" Id="a" '
                f'Type="{RELATION}/officeDocument"/></p:Relationships>',
                "book": None,
                "links": None,
                "first": None,
                "book/w.xml": BOOK,
                "book/_rels/w.xml.rels": LINKS,
                "book/worksheets/sheet1.xml": sheet(PLAIN),
            },
            id="other folders",
        ),
    ],
)
def test_a_sheet_is_found_wherever_the_workbook_says_it_is(tmp_path: Path, parts: dict[str, str | None]) -> None:
    assert read(workbook(tmp_path, PLAIN, **parts)) == TWO_CELLS


def test_a_chart_is_an_empty_sheet(tmp_path: Path) -> None:
    assert read(workbook(tmp_path, first=f'<chartsheet xmlns="{MAIN}"/>')) == []


@pytest.mark.parametrize(
    ("rows", "line", "why"),
    [
        ('<row r="3"/><row r="2"/>', 3, "row 2 stands after row 3"),
        ('<row r="3"/><row r="3"/>', 3, "row 3 stands after row 3"),
        ('<row r="2"><c r="B3"/></row>', 2, "cell B3 stands in row 2"),
        (
            '<row r="2"><c r="B2"><v>1</v></c><c r="B2"><v>2</v></c></row>',
            2,
            "cell B2: a second cell of this reference",
        ),
        ('<row r="2"><c r="2B"/></row>', 2, "a cell of the reference '2B'"),
        ('<row r="two"/>', 1, "a row of the number 'two'"),
        ('<row r="2"><row r="3"/></row>', 1, "a row within row 2"),
        ('<row r="2"><c r="B2"><c r="C2"/></c></row>', 1, "a cell within cell B2"),
    ],
)
def test_a_sheet_whose_places_contradict_each_other_is_refused_there(
    tmp_path: Path, rows: str, line: int, why: str
) -> None:
    with pytest.raises(UnreadableError, match=why) as refused:
        read(workbook(tmp_path, rows))

    assert refused.value.line == line


def test_a_workbook_whose_sheet_is_not_there_is_refused(registry: Registry, tmp_path: Path) -> None:
    assert problems(registry, workbook(tmp_path, first=None)) == [
        "cohort.xlsx:1: sheet patients is not in the workbook; save it anew as .xlsx"
    ]


def test_every_error_and_every_uncalculated_formula_of_a_batch_is_told_at_its_cell(
    registry: Registry, tmp_path: Path
) -> None:
    rows = (
        '<row><c t="str"><v>patient</v></c><c t="str"><v>enrolled_on</v></c><c t="str"><v>birth_year</v></c></row>'
        "<row><c t='str'><v>P-1</v></c><c s='1' t='e'><v>#REF!</v></c><c><f>A1</f></c></row>"
        "<row><c t='str'><v>P-2</v></c><c t='str'><v>2020-01-01</v></c><c t='e'><v>#N/A</v></c></row>"
    )

    assert [problem.split(" is not ")[0] for problem in problems(registry, workbook(tmp_path, rows))] == [
        "cohort.xlsx!patients:2:birth_year: '=A1'",
        "cohort.xlsx!patients:2:enrolled_on: '#REF!'",
        "cohort.xlsx!patients:3:birth_year: '#N/A'",
    ]


def test_a_codebook_beside_tables_is_left_alone_and_listed(registry: Registry, tmp_path: Path) -> None:
    book = BOOK.replace("</sheets>", '<sheet name="Codebook" sheetId="2" r:id="rId9"/></sheets>')
    links = LINKS.replace(
        "</Relationships>",
        f'<Relationship Id="rId9" Type="{RELATION}/worksheet" Target="worksheets/sheet2.xml"/></Relationships>',
    )
    rows = (
        '<row><c t="str"><v>patient</v></c><c t="str"><v>enrolled_on</v></c></row>'
        '<row><c t="str"><v>P-1</v></c><c t="str"><v>2020-01-01</v></c></row>'
    )
    file = workbook(tmp_path, rows, book=book, links=links, **{"xl/worksheets/sheet2.xml": sheet(PLAIN)})

    report = import_batch(registry, file)

    assert report.ignored == ["cohort.xlsx!Codebook"]
    assert [event["source"] for event in events(registry)] == ["cohort.xlsx!patients:2"]


def test_a_workbook_without_any_table_is_refused(registry: Registry, tmp_path: Path) -> None:
    (problem,) = problems(registry, workbook(tmp_path, PLAIN, book=BOOK.replace('"patients"', '"Codebook"')))

    assert problem.startswith("cohort.xlsx!Codebook:1: sheet: 'Codebook' is not a known table")


STYLE_SHEET = f'<styleSheet xmlns="{MAIN}"><cellXfs>{"<xf/>" * 3_400_000}</cellXfs></styleSheet>'


@pytest.mark.parametrize(
    ("rows", "parts", "problem"),
    [
        pytest.param(
            f"<!-- {'<row>' * 500_000} -->",
            {},
            "cohort.xlsx!patients:1: xl/worksheets/sheet1.xml: a tag or comment of ",
            id="comment",
        ),
        pytest.param("<a>" * 100_000, {}, "elements within one another; there are at most 1,000", id="depth"),
        pytest.param(
            "".join(f"<a{n}/>" for n in range(60_000)),
            {},
            "names of elements and attributes; at most 10,000",
            id="names",
        ),
        pytest.param(
            "<row" + "".join(f' a{n}="1"' for n in range(60_000)) + "/>",
            {},
            "names of elements and attributes; at most 10,000",
            id="attributes",
        ),
        pytest.param(
            f'<row r="2"><c r="{"A" * 1_000_000}2"><v>1</v></c></row>',
            {},
            "cohort.xlsx!patients:2: a cell of the reference 'AAA",
            id="reference",
        ),
        pytest.param(f'<row r="{"9" * 1_000_000}"/>', {}, "cohort.xlsx!patients:1: a row of the number '999", id="row"),
        pytest.param(
            f'<row r="2"><c r="B2" t="str"><v>{"x" * 1_000_001}</v></c></row>',
            {},
            "cohort.xlsx!patients:2: cell B2: 1,000,001 characters; a cell has at most 1,000,000",
            id="inline text",
        ),
        pytest.param(
            f'<row r="2"><c r="B2"><f>{"x" * 1_000_001}</f></c></row>',
            {},
            "cohort.xlsx!patients:2: cell B2: 1,0",
            id="formula",
        ),
        pytest.param(
            "",
            {"texts": shared(f"<si><t>a</t></si><si>{'<r><t>xxxxxxxxxx</t></r>' * 100_001}</si>")},
            "cohort.xlsx:1: shared text no. 1 has 1,000,010 characters or more; a cell has at most 1,000,000",
            id="shared text",
        ),
        pytest.param("", {"styles": STYLE_SHEET}, "styles.xml: 17,00", id="styles"),
        pytest.param("", {f"part{n}": "" for n in range(10_000)}, "cohort.xlsx:1: 10,004 parts; a", id="parts"),
    ],
)
def test_what_no_spreadsheet_writes_is_refused_with_its_limit(
    registry: Registry, tmp_path: Path, rows: str, parts: dict[str, str], problem: str
) -> None:
    (refused,) = problems(registry, workbook(tmp_path, rows, **parts))

    assert problem in refused
    assert len(refused) < 300


def test_a_comment_of_a_megabyte_and_the_longest_cell_are_read(tmp_path: Path) -> None:
    rows = f'<!-- {"<row>" * 200_000} --><row><c t="str"><v>{"x" * 1_000_000}</v></c></row>'

    assert read(workbook(tmp_path, rows)) == [(1, ["x" * 1_000_000])]


@pytest.mark.parametrize("name", ["first", "texts", "styles", "book", "links", "root"])
def test_a_part_with_a_document_type_is_refused(registry: Registry, tmp_path: Path, name: str) -> None:
    declared = '<!DOCTYPE x [<!ENTITY a "P-1">]><x>&a;</x>'

    (problem,) = problems(registry, workbook(tmp_path, PLAIN, **{name: declared}))

    assert "declares a document type, as no workbook does" in problem


@pytest.mark.parametrize("name", ["first", "texts", "styles", "book", "links", "root"])
def test_a_part_that_is_no_xml_is_refused(registry: Registry, tmp_path: Path, name: str) -> None:
    (problem,) = problems(registry, workbook(tmp_path, PLAIN, **{name: "<x>&b;</y>"}))

    assert "not readable as XML (" in problem


def test_a_workbook_cut_out_of_its_file_is_refused(registry: Registry, tmp_path: Path) -> None:
    file = workbook(tmp_path, PLAIN)
    content = file.read_bytes()
    file.write_bytes(content[len(content) // 2 :])

    (problem,) = problems(registry, file)

    assert problem.startswith("cohort.xlsx:1: not readable as an XLSX workbook (")
