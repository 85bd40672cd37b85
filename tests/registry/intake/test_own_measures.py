"""Files with own measures: read, remembered, corrected, and told in templates."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry import Registry
from registry.errors import BatchRefusedError
from registry.intake import import_batch, write_templates
from tests.registry.intake.batches import folder_of
from tests.spec.own_measures import ended, with_protocol

HEADER = "patient,visited_on,bmi,smoking,employed,last_dxa,occupation,calprotectin [µg/g],crp"
PATIENTS = "patient,enrolled_on\nP-1,2020-01-01"
VISIT = "visit/P-1/2020-02-01"


@pytest.fixture
def north(registry: Registry) -> Registry:
    """A registry that has adopted the protocol of measures from real life."""
    return with_protocol(registry)


def delivered(registry: Registry, folder: Path, row: str, *, header: str = HEADER) -> None:
    folder.mkdir(exist_ok=True)
    import_batch(registry, folder_of(folder, patients=PATIENTS, visits=f"{header}\n{row}"))


def said(registry: Registry) -> dict[str, object]:
    """What stands at the visit, by measure: a number, a word, a text, or a reason."""
    statement = registry.history(VISIT)[-1].statement
    assert statement is not None
    measures = statement["measures"]
    assert isinstance(measures, list)
    return {
        taken["measure"]: next(taken[name] for name in ("value", "code", "text", "missing") if taken.get(name))
        for taken in measures
    }


def test_a_row_of_every_kind_is_read_and_kept(north: Registry, tmp_path: Path) -> None:
    delivered(north, tmp_path, "P-1,2020-02-01,24.5,Former,YES,2019-05,nurse,<30,nask")

    assert said(north) == {
        "crp": "NASK",
        "bmi": "24.5",
        "smoking": "former",
        "employed": "yes",
        "last_dxa": "2019-05",
        "occupation": "nurse",
        "calprotectin": "30",
    }
    origin = north.history(VISIT)[-1].origin
    assert origin is not None
    assert origin["words"] == {"smoking": "Former", "employed": "YES", "crp": "nask"}


def test_a_delivery_that_repeats_itself_is_no_news(north: Registry, tmp_path: Path) -> None:
    row = "P-1,2020-02-01,24.5,former,yes,2019-05,nurse,<30,NASK"
    delivered(north, tmp_path, row)

    delivered(north, tmp_path, row)

    assert len(north.history(VISIT)) == 1


def test_what_was_corrected_here_outlasts_a_delivery_in_which_the_source_repeats_itself(
    north: Registry, tmp_path: Path
) -> None:
    row = "P-1,2020-02-01,NASK,never,no,2019,nurse,12,5"
    delivered(north, tmp_path, row)
    north.amend(VISIT, {"bmi": "24.5", "smoking": "current", "employed": "yes", "crp": "UNK"}, reason="asked again")

    delivered(north, tmp_path, row)
    assert said(north) == {
        "crp": "UNK",
        "bmi": "24.5",
        "smoking": "current",
        "employed": "yes",
        "last_dxa": "2019",
        "occupation": "nurse",
        "calprotectin": "12",
    }
    delivered(north, tmp_path, "P-1,2020-02-01,NASK,former,no,2019,teacher,12,NASK")
    assert said(north) == {
        "crp": "NASK",
        "bmi": "24.5",
        "smoking": "former",
        "employed": "yes",
        "last_dxa": "2019",
        "occupation": "teacher",
        "calprotectin": "12",
    }


def test_a_version_of_a_basmi_that_stands_as_missing_is_left_out(north: Registry, tmp_path: Path) -> None:
    header = "patient,visited_on,basmi,basmi_version"
    delivered(north, tmp_path, "P-1,2020-02-01,3.2,10-step", header=header)
    north.amend(VISIT, {"basmi": "UNK"}, reason="the form was empty")

    delivered(north, tmp_path, "P-1,2020-02-01,3.2,linear", header=header)

    assert said(north) == {"basmi": "UNK"}


def test_all_problems_of_own_measures_are_told_with_their_places(north: Registry, tmp_path: Path) -> None:
    with pytest.raises(BatchRefusedError, match="6 problems") as refused:
        delivered(north, tmp_path, "P-1,2020-02-01,9,sometimes,maybe,2019-13,nurse,30 µg/g,NAV")

    assert sorted((problem.place.column, problem.place.line) for problem in refused.value.problems) == [
        (column, 2) for column in ("bmi", "calprotectin", "crp", "employed", "last_dxa", "smoking")
    ]


def test_an_ended_measure_is_refused_at_its_row_and_an_old_delivery_is_no_news(north: Registry, tmp_path: Path) -> None:
    header = "patient,visited_on,bmi"
    delivered(north, tmp_path, "P-1,2020-02-01,24.5", header=header)
    north.adopt_protocol(ended("bmi", "2020-01-15"))

    delivered(north, tmp_path, "P-1,2020-02-01,24.50", header=header)
    with pytest.raises(BatchRefusedError, match="1 problem") as refused:
        delivered(north, tmp_path, "P-1,2020-02-01,24.5\nP-1,2020-03-01,24.5", header=header)

    (problem,) = refused.value.problems
    assert (problem.place.column, problem.place.line) == ("bmi", 3)
    assert problem.message.startswith("bmi: it ended on 2020-01-15, and visited_on is 2020-03-01")


def test_the_template_explains_own_measures_and_imports_as_it_is(north: Registry, tmp_path: Path) -> None:
    north.adopt_protocol(ended("bmi", "2030-01-01"))
    write_templates(tmp_path / "new", catalogue=north.catalogue)

    text = (tmp_path / "new" / "visits.csv").read_text(encoding="utf-8")
    for line in (
        "# A measure that was not taken may say why: NASK: not asked; UNK: not known to the patient.",
        "# bmi: body mass index; 10 to 80 kg/m2; taken until 2030-01-01",
        "# smoking: smoking status; one of never, former, current; former: former, none for 12 months",
        "# employed: in paid work; yes or no",
        "# last_dxa: last bone densitometry; YYYY-MM-DD, YYYY-MM or YYYY",
        "# occupation: occupation; one line of up to 200 characters, never a name",
        "# calprotectin: calprotectin; 0 ug/g and above; also calprotectin [mg/g]; may carry < or >",
    ):
        assert f"{line}\n" in text
    assert import_batch(north, tmp_path / "new").rows == 0
