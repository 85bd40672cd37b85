"""Every method of the catalogue can be entered in a browser, and the totals that it shows are those of the scores."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from projections import facts_at, project
from projections.columns.tables import rows
from registry import Registry
from registry.campaigns.sheet_layout import Layouts
from registry.catalogue.catalogue import BUILT_IN
from registry.catalogue.imaging.method import Method
from registry.catalogue.imaging.scores import Score
from registry.domain.campaigns import PAIRED_LESIONS
from tests.registry.campaigns.given import campaign
from tests.views.readings.conftest import Running, running
from tests.views.readings.page_readers import Field
from views.readings.grid import blocks

DAYS = {"X-1": "2002-06-03", "X-2": "2004-06-07"}


def examined_by(method: Method) -> Callable[[Registry], None]:
    """One patient with two examinations that a method reads."""

    def examined(registry: Registry) -> None:
        registry.enrol_patient("P-1", enrolled_on="2001-01-01")
        for study, day in DAYS.items():
            registry.record_study(
                study, patient="P-1", performed_on=day, modality=method.modalities[0], regions=method.regions[0]
            )

    return examined


class Chance:
    """A reader by whom chance speaks, within what the method allows: the same whenever it is asked of a place."""

    def __init__(self, method: Method, seed: int) -> None:
        self._method, self._seed = method, seed

    def __call__(self, field: Field) -> str:
        """Return what is typed: at some places that it could not be assessed."""
        place, _, column = field.label.partition(", ")
        location = next(each for each in self._method.locations if each.name == place)
        letter = column[0] if column[:2] in ("A ", "B ") else ""
        item = column[2:] if letter else column
        random = Random(f"{self._seed} {letter} {place}")
        if self._method.selects and location.group not in self._method.groups[2 : 2 + self._method.selects]:
            return ""
        is_whole = self._method.selects is not None or random.random() < 0.97
        cells = self._method.cells.whole if is_whole else self._method.cells.possible
        cell = random.choice(sorted((each for each in cells if each.part == location.part), key=str))
        graded = dict(zip([each.name or "grade" for each in self._method.items], cell.grades))
        grade = graded[item or "grade"]
        return "n/a" if grade is None else str(grade)


def told(row: dict[str, object]) -> str:
    """What a page says of a score as the table has it."""
    value = row["value"]
    if value is None:
        return f"no value: {row['n_assessed']} of {row['n_expected']} count, {row['policy']}"
    if row["score"] == "positive":
        return "yes" if value else "no"
    assert isinstance(value, float)
    said = str(int(value)) if value.is_integer() else f"{value:.2f}"
    return f"{said}, {row['n_imputed']} of {row['n_expected']} imputed" if row["n_imputed"] else said


@pytest.mark.parametrize("unit", ["study", "pair"])
@pytest.mark.parametrize("code", BUILT_IN.methods)
def test_what_chance_types_is_recorded_and_its_totals_are_those_of_the_scores(
    tmp_path: Path, code: str, unit: str
) -> None:
    method = BUILT_IN.methods[code]
    said = {"method": f'"{code}"', "unit": f'"{unit}"', "readers": '["R1"]'}
    for at_work in running(tmp_path, examined=examined_by(method), listed="study\nX-1\nX-2", **said):
        shown = read_all(at_work, method)
        found = rows(project("scores", facts_at(at_work.registry)))
        table = {(str(row["study"]), str(row["score"])): told(row) for row in found if row["reader"] == "R1"}

    assert {study for study, _ in shown} == set(DAYS)
    assert shown == {key: table[key] for key in shown}


def read_all(at_work: Running, method: Method) -> dict[tuple[str, str], str]:
    """Have chance read all cases; return the totals that were shown before each was submitted, by study and score."""
    reader, shown = at_work.reader(), dict[tuple[str, str], str]()
    scores = [name for score in method.scores if score.headline for name in names_of(method, score)]
    for case in at_work.cases():
        form = reader.form(case.code, Chance(method, seed=case.number))
        answer = reader.send(case.code, form, "save", to="/draft")
        assert answer.status_code == 200
        by_letter = {letter: study for study, letter in case.letters.items()}
        for score, values in zip(scores, answer.json()["totals"], strict=True):
            shown |= {(by_letter[letter], score): value for letter, value in zip(by_letter, values, strict=True)}
        assert reader.send(case.code, reader.form(case.code, Chance(method, seed=case.number))).status_code == 303
    return shown


def names_of(method: Method, score: Score) -> list[str]:
    """A score, and those of its segments."""
    over = [each.segment for each in method.locations if score.is_over(each.part)]
    return [score.name, *(score.by_segment(each) for each in dict.fromkeys(over) if score.by_segment)]


@pytest.mark.parametrize("studies", [1, 2, 3])
@pytest.mark.parametrize("code", BUILT_IN.methods)
def test_a_page_has_every_cell_once_and_no_other(code: str, studies: int) -> None:
    unit = {1: "study", 2: "pair", 3: "series"}[studies]
    declared = campaign(method=code, method_version=BUILT_IN.methods[code].version, unit=unit)
    layout = Layouts(declared, BUILT_IN).of(studies)

    found = [
        spot
        for block in blocks(layout)
        for section in block.sections
        for line in section.lines
        for spot in line.spots
        if spot is not None
    ]

    assert sorted(found) == [
        (row, column)
        for row, each in enumerate(layout.rows)
        for column, asked in enumerate(layout.columns)
        if layout.words_at(each, asked)
    ]


def test_lesions_of_a_masked_pair_are_turned_round_inside(tmp_path: Path) -> None:
    lesion = {"region": "spine", "kind": "romanus", "location": "L2", "verdict A to B": "resolution"}
    for at_work in running(tmp_path, method=f'"{PAIRED_LESIONS}"', readers='["R1"]'):
        reader = at_work.reader()
        for case in at_work.cases():
            sent = reader.submit(case.code, lambda field: one_of(field, lesion))
            assert sent.status_code == 303
            study_at = {letter: study for study, letter in case.letters.items()}
            is_in_order = study_at["A"] < study_at["B"]  # codes are in the order of their days
            first, second = sorted(case.letters)
            [version] = at_work.registry.history(f"lesion/{first}/{second}/R1/1")
            assert version.statement is not None
            assert version.statement["verdict"] == ("resolution" if is_in_order else "new")


def one_of(field: Field, lesion: dict[str, str]) -> str:
    """The one lesion that is seen, in the first row."""
    row, _, column = field.label.partition(", ")
    return lesion[column] if row == "lesion 1" else ""


def test_a_pair_without_lesions_cannot_be_submitted_and_the_page_says_why(tmp_path: Path) -> None:
    for at_work in running(tmp_path, method=f'"{PAIRED_LESIONS}"', readers='["R1"]'):
        reader = at_work.reader()

        answer = reader.submit(reader.codes()[0], lambda field: "")

        assert (answer.status_code, "nothing that could be recorded" in answer.text) == (422, True)
