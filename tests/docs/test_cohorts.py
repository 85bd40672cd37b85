"""The manual of cohorts has the keys, the values, the defaults and the statistics that the code has."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from projections import facts_at
from projections.cohort.all_tables import figures
from projections.cohort.definition_file import parsed, read_definition
from projections.cohort.figures.figures import Placed
from projections.cohort.figures.layout import Panel
from projections.cohort.members.cohort import Cohort
from projections.cohort.tables import cohort_table, table_names
from projections.statistics.results import REASONS
from registry import Registry
from registry.catalogue.codes import STOP_REASONS
from registry.toml_keys import DefinitionError
from tests.projections.cohort.defined import cohort, small
from tests.projections.conftest import EXAMPLES, published, registry
from tests.spec.own_measures import with_protocol

MANUAL = (Path(__file__).parents[2] / "docs" / "cohorts.md").read_text(encoding="utf-8")
POINTS = '[[time_points]]\nname = "baseline"\nday = 0\n[[time_points]]\nname = "later"\nday = 90\n'
NAMED = 'cohort = "x"\n'
MODEL = 'name = "m"\noutcome = "basdai"\nexposure = "sex"\n'
STARTS = {"tables.models": MODEL, "day0": 'event = "course"\n', "groups": 'by = "sex"\n', "imaging": 'rule = "one"\n'}
SECTIONS = (
    "who",
    "day0",
    "time_points",
    "groups",
    "imaging",
    "statistics",
    *(f"tables.{name}" for name in table_names()),
)
ONLY_WITH = {"day0": {"line", "direction"}, "imaging": {"readers"}}  # keys that only go with another event or rule
ASKED_FOR = """
[imaging]
rule = "mean"
[tables.characteristics]
completeness = true
prior_therapies = true
[tables.clinical]
completeness = true
[tables.scores]
completeness = true
[tables.trajectory]
points = true
[tables.lesions]
points = true
completeness = true
[tables.responders]
completeness = true
[tables.imaging_criteria]
completeness = true
[tables.lines]
points = true
completeness = true
[tables.states]
points = true
[tables.nsaid]
[[tables.models]]
name = "a"
outcome = "basdai"
exposure = "sex"
at = ["baseline", "2 years"]
interaction = true
points = true
[[tables.models]]
name = "b"
outcome = "basdai"
model = "gee"
exposure = "age"
at = ["baseline", "2 years"]
[[tables.models]]
name = "c"
outcome = "asas40"
at = ["2 years"]
exposure = "age"
points = true
[[tables.models]]
name = "d"
outcome = "asas40"
at = ["2 years"]
model = "poisson"
exposure = "age"
[tables.progression]
unit = "interval"
measures = ["basdai"]
threshold = -1.1
points = true
completeness = true
"""
ON_DRUG = '[day0]\nevent = "course"\n[tables.survival]\npoints = true\n[tables.safety]\nlag = 30\n'
ON_DRUG += '[[tables.models]]\nname = "e"\noutcome = "retention"\nexposure = "sex"\n'
IN_WORDS = {  # default as it is told with a result: as the manual says it
    "the first time point with each later one": "the first with each later one",
}


def section(heading: str) -> str:
    """The text under a heading of the manual."""
    return MANUAL.partition(f"\n### {heading}\n")[2].partition("\n### ")[0].partition("\n## ")[0]


def documented(heading: str) -> dict[str, tuple[str, str]]:
    """The keys under a heading: the values that they may have, and the default."""
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \|$", section(heading), re.MULTILINE)
    return {key: (values, default) for key, values, default in rows}


def headed(heading: str) -> str:
    """The line that begins a table of a definition file, of a list of tables one of them."""
    return f"[[{heading}]]" if heading == "tables.models" else f"[{heading}]"


def problems(heading: str, line: str) -> list[str]:
    """What is wrong with a definition that has a line under a heading."""
    if heading == "time_points":
        text = NAMED + POINTS + line
    elif heading == "At the top":
        text = line + "\n" + NAMED + POINTS
    else:
        text = f"{NAMED}{POINTS}{headed(heading)}\n{STARTS.get(heading, '')}{line}\n"
    try:
        parsed(text.encode())
    except DefinitionError as refusal:
        return list(refusal.problems)
    return []


def quoted(message: str) -> set[str]:
    return set(re.findall(r"'([^']+)'", message))


@pytest.mark.parametrize("heading", ["At the top", *SECTIONS])
def test_the_manual_has_every_key(heading: str) -> None:
    (problem,) = (each for each in problems(heading, "zzzz = 1") if "zzzz" in each)

    known = quoted(problem.partition("write ")[2]) | ONLY_WITH.get(heading, set())
    assert set(documented(heading)) == known


def test_the_manual_has_the_allowed_words_of_every_key_that_has_some() -> None:
    found = {}
    for heading in SECTIONS:
        for key, (values, _) in documented(heading).items():
            for wrong in (f'{key} = "zzzz"', f'{key} = ["zzzz"]'):
                for problem in problems(heading, wrong):
                    allowed = quoted(problem.partition("not one of ")[2] or problem.partition(" is not ")[2])
                    told = set(re.findall(r"`([\w-]+)`", values))
                    if told and allowed and "list" not in problem and "not a key" not in problem:
                        found[heading, key] = (told, allowed)

    assert len(found) >= 15
    assert {place: told for place, (told, _) in found.items()} == {place: known for place, (_, known) in found.items()}


def test_the_manual_has_the_default_of_every_key() -> None:
    text = (
        NAMED
        + POINTS
        + "".join(f"{headed(f'tables.{name}')}\n{STARTS.get(f'tables.{name}', '')}" for name in table_names())
    )
    text += '[day0]\nevent = "course"\n'
    defaults = dict(parsed(text.encode()).defaults)

    assert len(defaults) > 40
    for place, value in defaults.items():
        heading, _, key = re.sub(r"\[\d\]", "", place).rpartition(".")
        default = documented(heading or "At the top")[key][1]
        words = {
            "title": "the name",
            "time_points.window": "30 days to both sides",
            "day0.of": "any",
            "tables.characteristics.at": "the first",
            "tables.responders.baseline": "the first",
            "tables.clinical.measures": "all that a member has",
            "tables.models.model": "logistic of a criterion, mixed of a measure",
        }.get(f"{heading}.{key}".strip("."))
        if default != "all":
            assert default == (words or IN_WORDS.get(value, value)), place


@pytest.fixture(scope="module")
def shown(published: Registry, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Placed]:
    """Every figure of both papers, of a measure of a registry's own, and of what is given only where it is asked."""
    facts = facts_at(published)
    found = []
    for paper in ("baraliakos2013", "anakinra2004"):
        found += figures(Cohort.of(read_definition(EXAMPLES / f"{paper}.toml"), facts))
    copied = shutil.copy(sqlite_template, tmp_path_factory.mktemp("own") / "registry.db")
    with Registry.open(str(copied), actor="lindner") as opened:
        with_protocol(opened).enrol_patient("P-1", enrolled_on="2002-01-14")
        opened.record_visit("P-1", visited_on="2002-01-14", measures={"smoking": "never"})
        for agent, day in (("adalimumab", "2002-02-01"), ("secukinumab", "2003-01-14")):
            opened.start_treatment("P-1", agent=agent, started_on=day)
        for day in ("2002-06-01", "2003-01-10", "2003-08-01"):
            opened.record_visit("P-1", visited_on=day, measures={"smoking": "never", "basfi": "4.0"})
        found += figures(small(opened, "[tables.clinical]\n[tables.switch]\n"))
        found += figures(cohort(parsed(f"{NAMED}{POINTS}{ON_DRUG}".encode()), facts_at(opened)))
    found += figures(small(facts, ASKED_FOR))
    return found


def test_the_manual_names_every_statistic_of_the_papers_tables(shown: list[Placed]) -> None:
    distribution = set(re.findall(r"`([^`]+)`", re.findall(r"(`mean`, `sd`[^*]*)\*distribution", MANUAL)[0]))
    missing = set()
    for table, figure in shown:
        text = section(f"tables.{table}")
        named = {re.sub(r"\d+", "N", each) for each in re.findall(r"`([^`]+)`", text)}
        named |= distribution if "distribution" in text else set(STOP_REASONS) if table == "survival" else set()
        kinds = {each.rpartition(" ")[0] for each in named if each.endswith((" mean", " median"))}
        named |= {f"{kind} {each}" for kind in kinds for each in distribution}
        if re.sub(r"\d+", "N", figure.statistic) not in named | {f"patients with {each}" for each in named}:
            missing.add((table, figure.statistic))

    assert len(distribution) == 7
    assert missing == set()


def test_every_column_of_a_tables_layout_is_a_statistic_that_the_table_gives(shown: list[Placed]) -> None:
    given = {(table, figure.statistic) for table, figure in shown}
    columns = {
        (table, column.statistic)
        for table in dict(given)
        for part in cohort_table(table).layout
        if isinstance(part, Panel)
        for column in part.columns
    }

    assert len(columns) > 40
    assert columns - given == set()


def test_the_definition_in_the_manual_can_be_used() -> None:
    text, more = re.findall(r"```toml\n(.*?)```", MANUAL, re.DOTALL)
    order, _, labels = more.partition("[labels]")
    definition = parsed(f"{order}{text}[labels]{labels}".encode())

    assert (definition.name, definition.order) == ("two-years", ("crp", "basdai"))
    assert dict(definition.labels) == {"basdai": "BASDAI (0–10)", "sex: male": "men"}


__all__ = ["published", "registry"]


def test_the_manual_has_every_reason_in_the_order_of_the_code() -> None:
    section = MANUAL.partition("## Reasons")[2].partition("\n## ")[0]

    assert tuple(re.findall(r"^\| `([a-z0-9-]+)` \|", section, re.MULTILINE)) == REASONS
