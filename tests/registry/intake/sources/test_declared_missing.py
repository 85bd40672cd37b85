"""What a source declares missing: a reason of the protocol, a word of the codes, nothing, or refused; never dropped."""

from __future__ import annotations

import pytest

from registry.intake.sources.foreign_source import SourceField
from tests.registry.intake.sources.hand_made import HandMade, found, mapped, rows_of
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
