"""Text with separators, as spreadsheets, databases and instruments write it."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry import Registry
from tests.registry.intake.sources.opened import imported, opened, problems, values, why

GERMAN = "Pat;Größe;CRP\nP1;k.A.;5,1\n"


def written(folder: Path, content: str, *, encoding: str = "utf-8", name: str = "a.csv") -> Path:
    (folder / name).write_bytes(content.encode(encoding))
    return folder


@pytest.mark.parametrize("delimiter", [";", "\t", "|", ",", ":"])
def test_any_sign_separates_columns(tmp_path: Path, delimiter: str) -> None:
    written(tmp_path, f"Pat{delimiter}CRP\nP1{delimiter}5\n")

    assert values(opened(tmp_path, "csv", "a.csv", delimiter=delimiter)) == [{"Pat": "P1", "CRP": "5"}]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-16-le", "iso8859-15", "mac-roman"])
def test_text_is_read_in_the_encoding_that_the_mapping_says(tmp_path: Path, encoding: str) -> None:
    written(tmp_path, GERMAN, encoding=encoding)

    assert values(opened(tmp_path, "csv", "a.csv", delimiter=";", encoding=encoding)) == [
        {"Pat": "P1", "Größe": "k.A.", "CRP": "5,1"}
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_says_the_encoding(tmp_path: Path, encoding: str) -> None:
    written(tmp_path, GERMAN, encoding=encoding)

    assert [*opened(tmp_path, "csv", "a.csv", delimiter=";").fields] == ["Pat", "Größe", "CRP"]


def test_a_mark_of_another_encoding_than_the_mapping_says_is_refused(tmp_path: Path) -> None:
    written(tmp_path, GERMAN, encoding="utf-8-sig")

    assert why(tmp_path, "csv", "a.csv", delimiter=";", encoding="cp1252") == (
        1,
        "encoding: it begins with the mark of UTF-8, and the mapping says cp1252",
    )


def test_text_that_is_not_utf_8_is_refused_with_the_line_that_would_read_it(tmp_path: Path) -> None:
    written(tmp_path, GERMAN, encoding="cp1252")

    line, message = why(tmp_path, "csv", "a.csv", delimiter=";")
    assert line == 1
    assert message.startswith("byte 0xf6 at place 7 of the line is not UTF-8")
    assert message.endswith('encoding = "cp1252"')


def test_a_byte_that_the_encoding_has_not_is_refused_at_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"Pat,x\nP1,\x81\n")

    assert why(tmp_path, "csv", "a.csv", encoding="cp1252") == (
        2,
        "byte 0x81 at place 4 of the line is not cp1252; write another encoding in the mapping",
    )


@pytest.mark.parametrize("encoding", ["rot13", "utf-7", "unicode_escape", "klingon", "idna"])
def test_what_is_no_encoding_of_text_is_refused(tmp_path: Path, encoding: str) -> None:
    written(tmp_path, GERMAN)

    assert "is not known; write utf-8, cp1252" in why(tmp_path, "csv", "a.csv", encoding=encoding)[1]


def test_another_delimiter_is_refused_with_the_line_that_would_read_it(tmp_path: Path) -> None:
    written(tmp_path, GERMAN)

    assert why(tmp_path, "csv", "a.csv") == (
        1,
        "nothing is separated by ',' here, and ';' is there; write delimiter = \";\"",
    )


def test_a_first_line_says_what_separates_and_must_agree_with_the_mapping(tmp_path: Path) -> None:
    written(tmp_path, "sep=;\n" + GERMAN)

    assert [*opened(tmp_path, "csv", "a.csv").fields] == ["Pat", "Größe", "CRP"]
    assert why(tmp_path, "csv", "a.csv", delimiter="|")[1] == (
        'sep=; declares another separator than the mapping, delimiter = "|"'
    )


def test_the_header_is_on_the_row_that_the_mapping_says_whatever_stands_above(tmp_path: Path) -> None:
    written(tmp_path, 'Kohorte "2024\n\nStand;1.2.2024\nPat;CRP\nP1;5\n')

    source = opened(tmp_path, "csv", "a.csv", delimiter=";", header_row=4)

    assert [(row.line, row.values) for row in source.rows()] == [(5, {"Pat": "P1", "CRP": "5"})]


def test_a_title_that_nobody_spoke_of_is_refused_with_the_row_of_the_header(tmp_path: Path) -> None:
    written(tmp_path, "Kohorte 2024\nPat;CRP\nP1;5\n")

    assert why(tmp_path, "csv", "a.csv", delimiter=";") == (
        1,
        (
            "one cell, 'Kohorte 2024', above a row of several; "
            "if it is a title, say where the header is, as header_row = 2"
        ),
    )


def test_a_header_row_beyond_the_end_is_refused(tmp_path: Path) -> None:
    written(tmp_path, GERMAN)

    assert why(tmp_path, "csv", "a.csv", delimiter=";", header_row=9) == (
        9,
        "no row begins on line 9, where header_row says that the header is",
    )


def test_header_rows_are_joined_by_one_rule(tmp_path: Path) -> None:
    written(tmp_path, ";Labor;;Visite\nPat;CRP;BSG;Datum\nP1;5;12;2020-01-02\n")

    source = opened(tmp_path, "csv", "a.csv", delimiter=";", header_row=2, header_rows_above=1)

    assert [*source.fields] == ["Pat", "Labor CRP", "Labor BSG", "Visite Datum"]


def test_a_header_twice_is_refused_with_its_columns_and_the_mend(tmp_path: Path) -> None:
    written(tmp_path, ";V1;V2\nPat;CRP;CRP\nP1;5;6\n")

    assert why(tmp_path, "csv", "a.csv", delimiter=";", header_row=2) == (
        2,
        (
            "the header has 'CRP' (columns 2 and 3); rename all but one, or join it with the row above by "
            "header_row = [1, 2]"
        ),
    )


def test_comments_are_passed_over_wherever_they_stand_but_not_within_a_cell(tmp_path: Path) -> None:
    written(tmp_path, '# export\nPat,note\n# half\nP1,"two\n# lines"\n#end\n')

    source = opened(tmp_path, "csv", "a.csv", comment="#")

    assert [(row.line, row.values) for row in source.rows()] == [(4, {"Pat": "P1", "note": "two\n# lines"})]


def test_empty_rows_are_passed_over_and_end_the_table_where_the_mapping_says_so(tmp_path: Path) -> None:
    written(tmp_path, "Pat;CRP\nP1;5\n;\nP2;6\n")

    assert len(values(opened(tmp_path, "csv", "a.csv", delimiter=";"))) == 2
    assert len(values(opened(tmp_path, "csv", "a.csv", delimiter=";", until="first empty row"))) == 1


def test_blanks_of_every_kind_around_names_and_values_say_nothing(tmp_path: Path) -> None:
    written(tmp_path, " Pat\xa0;CRP \xa0 (mg/l)\nP1 ;\xa0k.A.\xa0\nP2;nicht\xa0bekannt\n")

    assert values(opened(tmp_path, "csv", "a.csv", delimiter=";")) == [
        {"Pat": "P1", "CRP (mg/l)": "k.A."},
        {"Pat": "P2", "CRP (mg/l)": "nicht bekannt"},
    ]


@pytest.mark.parametrize(
    ("row", "why_not"),
    [("P1", "1 cells under 2 columns"), ("P1;5;6", "3 cells under 2 columns")],
)
def test_a_row_of_another_width_is_refused_at_its_line(tmp_path: Path, row: str, why_not: str) -> None:
    written(tmp_path, f"Pat;CRP\nP0;1\n{row}\n")

    line, message = why(tmp_path, "csv", "a.csv", delimiter=";")
    assert (line, message.split(";")[0]) == (3, why_not)


def test_a_value_in_a_column_without_a_name_is_refused(tmp_path: Path) -> None:
    written(tmp_path, "Pat;;CRP\nP1;;5\nP2;x;6\n")

    assert why(tmp_path, "csv", "a.csv", delimiter=";") == (3, "'x' stands in a column without a name; name it")


@pytest.mark.parametrize("content", ["", "\n\n", ";;\n"])
def test_an_empty_file_is_refused(tmp_path: Path, content: str) -> None:
    written(tmp_path, content)

    assert why(tmp_path, "csv", "a.csv", delimiter=";") == (1, "no header: nothing stands here")


def test_files_of_a_pattern_are_one_source_and_may_have_their_columns_in_another_order(tmp_path: Path) -> None:
    written(tmp_path, "Pat;CRP\nP1;5\n", name="v1.csv")
    written(tmp_path, "CRP;Pat\n6;P2\n", name="v2.csv")

    rows = [*opened(tmp_path, "csv", "v*.csv", delimiter=";").rows()]

    assert [(row.file, row.line, row.values) for row in rows] == [
        ("v1.csv", 2, {"Pat": "P1", "CRP": "5"}),
        ("v2.csv", 2, {"Pat": "P2", "CRP": "6"}),
    ]


MAPPING = """
[source]
kind = "csv"
files = ["v*.csv"]
delimiter = ";"
decimal = ","
dates = ["%d.%m.%Y"]
[patient]
field = "Pat"
[[table]]
to = "patients"
enrolled_on = { field = "Ein" }
[[table]]
to = "visits"
key = ["Pat", "Nr"]
visited_on = { field = "Datum" }
crp = { field = "CRP" }
"""
HEADER = "Pat;Ein;Nr;Datum;CRP\n"


def test_a_file_whose_columns_are_others_is_refused_by_name(registry: Registry, tmp_path: Path) -> None:
    written(tmp_path, HEADER + "P1;1.1.2020;1;2.1.2020;5\n", name="v1.csv")
    written(tmp_path, HEADER.replace("Datum", "Tag") + "P1;1.1.2020;2;2.1.2020;5\n", name="v2.csv")

    assert problems(registry, tmp_path, MAPPING) == [
        "v2.csv:1: lacks 'Datum' and has 'Tag' beside; v1.csv has other columns, and all must have the same"
    ]


def test_a_source_that_cannot_be_opened_is_a_problem_with_its_place(registry: Registry, tmp_path: Path) -> None:
    written(tmp_path, HEADER.replace("Datum", "CRP"), name="v1.csv")

    assert problems(registry, tmp_path, MAPPING) == [
        "v1.csv:1: the header has 'CRP' (columns 4 and 5); rename all but one"
    ]
    assert problems(registry, tmp_path, MAPPING.replace("v*", "w*")) == [
        "w*.csv:1: no such file in the folder of the mapping"
    ]


def test_a_problem_names_the_file_its_line_and_the_field_of_the_source(registry: Registry, tmp_path: Path) -> None:
    written(tmp_path, HEADER + "P1;1.1.2020;1;2.1.2020;-5\n", name="v1.csv")
    written(tmp_path, HEADER + "P1;1.1.2020;2;2.2.2020;5\nP1;1.1.2020;3;31.2.2020;5\n", name="v2.csv")

    assert problems(registry, tmp_path, MAPPING) == [
        "v1.csv (visits):2:CRP: crp: -5 mg/l is outside 0 mg/l and above",
        "v2.csv:3:Datum: '31.2.2020' is no day as %d.%m.%Y (1 row)",
    ]


def test_an_import_twice_records_once_and_a_corrected_row_becomes_an_amendment(
    registry: Registry, tmp_path: Path
) -> None:
    written(tmp_path, HEADER + "P1;1.1.2020;1;2.1.2020;<5,5\nP1;1.1.2020;2;2.2.2020;7\n", name="v1.csv")
    assert imported(registry, tmp_path, MAPPING).events == 3

    assert imported(registry, tmp_path, MAPPING).events == 0
    written(tmp_path, HEADER + "P1;1.1.2020;1;2.1.2020;<5,5\nP1;1.1.2020;2;3.2.2020;7\n", name="v1.csv")
    assert imported(registry, tmp_path, MAPPING).tables["visits"].amended == 1
