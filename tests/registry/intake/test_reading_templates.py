"""Templates of readings by one method: a row a place, which imports once it is filled."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from registry import Registry
from registry.catalogue.methods import methods
from registry.errors import BatchRefusedError, RefusalError, UnknownCodeError
from registry.intake import import_batch, reading_template
from tests.registry.intake.batches import events

LEVELS = ("T5/6", "T6/7", "t7/8", "T12/L1", "L1/2", "L5/S1")
STUDY = "study,patient,performed_on,modality,regions\nMR-1,P-1,2020-02-01,MRI,spine;sij\n"


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))


def comments(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("# ")]


@pytest.mark.parametrize(
    ("code", "n_rows", "first", "last"),
    [
        ("berlin", 23, ("C2/3", None), ("L5/S1", None)),
        ("vu-lesions", 92, ("C2/3 anterior", "inflammation"), ("L5/S1 posterior", "erosion")),
        ("sparcc-sij", 84, ("right slice 1", "upper iliac"), ("left slice 6", "upper-only")),
        ("sparcc-sss", 120, ("right slice 1 upper iliac", "fat"), ("left slice 5 lower half", "ankylosis")),
        ("sparcc-spine-6", 108, ("C2/3 slice 1", "upper anterior"), ("C7/T1 slice 3", "depth")),
        ("ctss", 184, ("C2 lower anterior", None), ("S1 upper right", None)),
    ],
)
def test_it_has_a_row_a_location_and_item_that_exists_in_the_methods_order(
    code: str, n_rows: int, first: tuple[str, str | None], last: tuple[str, str | None]
) -> None:
    found = rows(reading_template(methods()[code]))

    assert len(found) == n_rows
    assert {(row["study"], row["reader"], row["method"], row["grade"]) for row in found} == {("", "", code, "")}
    assert [(row["location"], row.get("item")) for row in (found[0], found[-1])] == [first, last]


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("asspimri", "# grade: 0 to 6"),
        ("rasss", "# grade at each cervical corner: 0, 2, 3"),
        ("rasss", "# grade at each other corner: 0 to 3"),
        ("sparcc-sss", "# fat, erosion, backfill, ankylosis: 0, 1"),
        ("asas-mri-sij", "# active lesions: 0 to 99"),
        ("sparcc-sij", "# lower iliac and lower sacral not graded where upper-only is above 0."),
    ],
)
def test_its_comments_say_which_grades_are_allowed_and_what_they_cannot_say_together(code: str, told: str) -> None:
    assert told in comments(reading_template(methods()[code]))


def test_the_levels_that_a_reader_selected_stand_in_the_methods_order_and_without_them_it_is_said(
    registry: Registry,
) -> None:
    method = methods()["sparcc-spine-6"]
    chosen = reading_template(method, tuple(reversed(LEVELS)))

    assert list(dict.fromkeys(row["location"].split()[0] for row in rows(chosen))) == [
        "T5/6",
        "T6/7",
        "T7/8",
        "T12/L1",
        "L1/2",
        "L5/S1",
    ]
    told = "# Here stand the first ones: write yours in their place, and grade 0 where one is not affected."
    assert told not in comments(chosen)
    assert told in comments(reading_template(method))


@pytest.mark.parametrize(
    ("code", "groups", "error", "told"),
    [
        (
            "sparcc-spine-6",
            LEVELS[:5],
            RefusalError,
            "^group: sparcc-spine-6 is of exactly 6 levels, and 5 are named$",
        ),
        ("sparcc-spine-6", ("T7-8",), UnknownCodeError, "^group: 'T7-8' is not a known group of sparcc-spine-6; "),
        ("berlin", ("T7/8",), RefusalError, "^group: berlin is of all its places; name none$"),
    ],
)
def test_other_levels_than_the_method_has_are_refused(
    code: str, groups: tuple[str, ...], error: type[RefusalError], told: str
) -> None:
    with pytest.raises(error, match=told):
        reading_template(methods()[code], groups)


def test_a_filled_template_imports_with_its_comments(registry: Registry, tmp_path: Path) -> None:
    text = reading_template(methods()["sparcc-spine-6"], LEVELS)
    (tmp_path / "patients.csv").write_text("patient,enrolled_on\nP-1,2020-01-01\n", encoding="utf-8")
    (tmp_path / "imaging.csv").write_text(STUDY, encoding="utf-8")
    filled = [f"MR-1,R1{line[1:]}0" if line.startswith(",,") else line for line in text.splitlines()]
    (tmp_path / "readings.csv").write_text("\n".join(filled) + "\n", encoding="utf-8")

    report = import_batch(registry, tmp_path)

    assert (report.rows, report.events) == (110, 3)
    [stated] = [version.statement for version in registry.history("reading/MR-1/R1/sparcc-spine-6")]
    assert stated is not None
    assert sum(row.count(0) for row in stated["grades"].values()) == 108  # type: ignore[attr-defined]


def test_a_template_that_nobody_filled_is_refused(registry: Registry, tmp_path: Path) -> None:
    (tmp_path / "readings.csv").write_text(reading_template(methods()["berlin"]), encoding="utf-8")

    with pytest.raises(BatchRefusedError) as refused:
        import_batch(registry, tmp_path)

    assert str(refused.value.problems[0]) == "readings.csv:7:reader: reader is empty; give the reader's code"
    assert not events(registry)
