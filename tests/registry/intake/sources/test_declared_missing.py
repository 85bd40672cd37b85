"""What a source declares missing: a reason of the protocol, a word of the codes, nothing, or refused; never dropped."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry import Registry
from registry.intake.sources.foreign_source import SourceField
from tests.registry.intake.sources.hand_made import HandMade, found, mapped, rows_of
from tests.registry.intake.sources.opened import imported, problems
from tests.registry.intake.sources.test_verbs import VISITS, visit

NOT_KNOWN = SourceField("x", reasons={"9": "not known"})
PATIENTS = """
[[table]]
to = "patients"
enrolled_on = { field = "day" }
"""


def test_a_declared_missing_value_without_a_reason_is_nothing() -> None:
    field = SourceField("x", reasons={"-1": ""}, missing_ranges=((2000.0, 3000.0),))
    source = mapped(HandMade([visit(x="-1"), visit(x="2500"), visit(x="7")], field), VISITS + 'esr = { field = "x" }')

    assert [row.get("esr", "") for row in rows_of(source)] == ["", "", "7"]
    assert found(source) == []


def test_a_declared_reason_that_the_protocol_has_not_is_refused_until_the_mapping_says_which_it_is() -> None:
    source = HandMade([visit(x="-1")], SourceField("x", reasons={"-1": "nicht erhoben"}))

    assert found(mapped(source, VISITS + 'esr = { field = "x" }')) == [
        (
            "x: '-1' is declared missing at the source ('nicht erhoben'), which is no reason of the protocol; "
            "declare it under missing there, or say which it is, as missing = { '-1' = '' } (1 row)"
        )
    ]
    assert found(mapped(source, VISITS + 'esr = { field = "x" }', said='missing = { "-1" = "" }')) == []


@pytest.mark.parametrize(
    "field", [NOT_KNOWN, SourceField("x", reasons={"9": "not known"}, missing_ranges=((9.0, 9.0),))]
)
def test_a_declared_missing_value_that_codes_cover_is_their_word(field: SourceField) -> None:
    row = {"pat": "P1", "day": "2020-01-02", "x": "9"}
    source = mapped(
        HandMade([row], field),
        PATIENTS + 'sex = { field = "x", codes = { "9" = "unknown" } }',
    )

    assert [each["sex"] for each in rows_of(source)] == ["unknown"]


@pytest.mark.parametrize(
    ("column", "verb"),
    [("hla_b27", '{ field = "x" }'), ("symptom_onset", '{ year = "x" }'), ("sex", '{ first = ["x"] }')],
)
def test_a_reason_that_a_column_cannot_hold_is_left_out_and_counted(column: str, verb: str) -> None:
    rows = [{"pat": pat, "day": "2020-01-02", "x": "9"} for pat in ("P1", "P2")]
    source = mapped(HandMade(rows, NOT_KNOWN), f"{PATIENTS}{column} = {verb}")

    assert not any(column in row for row in rows_of(source))
    assert source.left_out == [f"the reason 'not known' of x, which {column} does not hold, 2 times"]
    assert not source.findings.all


OF_PERSONS = """
[source]
kind = "csv"
files = ["a.csv"]
missing = {{ "k.A." = "", "99" = "" }}
[patient]
field = "pat"
{mapped}
[[table]]
to = "patients"
enrolled_on = {{ field = "day" }}
[[table]]
to = "visits"
visited_on = {{ field = "day" }}
crp = {{ field = "crp" }}
"""


@pytest.mark.parametrize("said", ["k.A.", "99"])
def test_what_stands_for_nothing_is_no_patient(registry: Registry, tmp_path: Path, said: str) -> None:
    (tmp_path / "a.csv").write_text(f"pat,day,crp\nP1,2020-01-02,5\n{said},2020-01-03,6\n", encoding="utf-8")

    why = "stands for nothing, so nobody knows whose the row is; who is called so has a line in the file of patient."
    assert problems(registry, tmp_path, OF_PERSONS.format(mapped="")) == [f"a.csv:3:pat: {said!r} {why}mapped (1 row)"]


def test_who_is_called_as_what_stands_for_nothing_is_somebody_by_a_pseudonym(
    registry: Registry, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text("pat,day,crp\n98,2020-01-02,5\n99,2020-01-03,6\n", encoding="utf-8")
    (tmp_path / "codes.csv").write_text("98,P98\n99,P99\n", encoding="utf-8")

    report = imported(registry, tmp_path, OF_PERSONS.format(mapped='mapped = "codes.csv"'))

    assert [change.reference for change in report.changes] == [
        "patient/P98", "visit/P98/2020-01-02", "patient/P99", "visit/P99/2020-01-03",
    ]  # fmt: skip
