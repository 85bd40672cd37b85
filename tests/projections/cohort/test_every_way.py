"""A cohort with all that analysis asks has the same figures whichever way they are asked for."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from projections import LogColumns, facts_at
from projections.cohort.all_tables import cohort_statistics, figures
from projections.cohort.definition.definition import Definition
from projections.cohort.definition_file import parsed
from projections.cohort.figures.address import Address
from projections.cohort.figures.figures import Figure
from projections.cohort.members.cohort import Cohort
from projections.cohort.over_time.revisions import revisions
from projections.cohort.over_time.series import Schedule, cuts, series
from projections.cohort.partial_cohorts import PartialCohort, whole_cohort
from projections.export.exporting import export
from projections.export.pieces import ranges
from projections.export.reproducing import reproduce
from projections.reconciliation.published_figures import parsed as published_figures
from projections.reconciliation.reconcile import reconcile
from registry import Registry
from tests.projections.cohort.two_lines import seen_and_read
from tests.projections.shown import Clock

EVERYTHING = """
cohort = "everything"
[who]
age = "18.."
[day0]
event = "episode"
of = ["TNFi"]
lines = "1.."
which = "{which}"
[groups]
by = "sex"
levels = {{ women = "female", men = "male" }}
tests = true
[[time_points]]
name = "before"
day = -90
window = [-180, -1]
[[time_points]]
name = "baseline"
day = 0
window = [0, 30]
[[time_points]]
name = "2 years"
day = 900
window = [700, 1100]
[[criteria]]
name = "crp<9"
met = "crp < 9"
[tables.characteristics]
at = "baseline"
measures = ["crp", "smoking"]
completeness = true
prior_therapies = true
[tables.clinical]
completeness = true
[tables.trajectory]
points = true
[tables.responders]
baseline = "baseline"
criteria = ["crp<9"]
impute = ["nri"]
[tables.survival]
days = [365, 730]
lundex = ["crp<9"]
points = true
[tables.rates]
conditions = ["uveitis"]
[tables.safety]
lag = 30
[tables.switch]
[tables.nsaid]
[tables.lines]
points = true
[tables.scores]
[tables.lesions]
compare = [["baseline", "2 years"]]
[tables.progression]
methods = ["msasss"]
measures = ["crp"]
threshold = 2
unit = "interval"
points = true
[statistics]
resamples = 100
"""


@pytest.fixture(scope="module")
def lines(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """Six patients with two lines of treatment each; tests only read it."""
    place = shutil.copy(sqlite_template, tmp_path_factory.mktemp("lines") / "registry.db")
    with Registry.open(str(place), actor="lindner", clock=Clock()) as opened:
        yield seen_and_read(opened)


@pytest.fixture(params=["first", "all"])
def definition(request: pytest.FixtureRequest, lines: Registry) -> Definition:
    return parsed(EVERYTHING.format(which=request.param).encode(), catalogue=lines.catalogue)


def placed(cohort: Cohort) -> dict[Address, Figure]:
    return {each.address: each.figure for each in figures(cohort)}


def test_a_registry_beside_itself_has_moved_nowhere(lines: Registry, definition: Definition) -> None:
    columns = LogColumns.read(lines.log)

    found = revisions(definition, facts_at(columns), facts_at(columns), columns)

    assert (found.revised, found.steps, found.joined, found.left) == ([], [], [], [])
    assert found.n_figures == len(placed(found.after)) > 1000


def test_what_moved_between_two_states_of_knowledge_is_from_the_one_to_the_other(
    lines: Registry, definition: Definition
) -> None:
    columns = LogColumns.read(lines.log)
    then, now = facts_at(columns, known_at=lines.log.head().position * 2 // 3), facts_at(columns)

    found = revisions(definition, then, now, columns, recalculations=2)

    before, after = placed(Cohort.of(definition, then)), placed(Cohort.of(definition, now))
    moved = {each.address: (each.before, each.after) for each in found.revised}
    assert {address.table for address in moved} == {table.name for table in definition.tables}
    assert {address.group for address in moved} == {"", "women", "men"}
    for address, two in moved.items():
        assert two == (before.get(address), after.get(address))
    still = [address for address in before.keys() & after.keys() if address not in moved]
    assert {address for address in still if before[address].text != after[address].text} == set()


def test_the_end_of_every_year_has_the_figures_of_that_day_alone(lines: Registry, definition: Definition) -> None:
    columns = LogColumns.read(lines.log)
    yearly = cuts(definition, columns, Schedule(columns.head.position, "year", last=date(2005, 12, 31)))

    found = list(series(definition, columns, yearly, ["*"]))

    assert [cut.at.as_of for cut in found] == [date(year, 12, 31) for year in (2002, 2003, 2004, 2005)]
    for cut in found:
        alone = Cohort.of(definition, facts_at(columns, as_of=cut.at.as_of))
        assert (cut.refusal, cut.n_patients) == (None, alone.n)
        assert {each.address: each.figure for each in cut.placed} == placed(alone)


def test_printed_figures_that_are_the_cohorts_own_match(lines: Registry, definition: Definition) -> None:
    cohort = Cohort.of(definition, facts_at(lines))
    own = [each for each in placed(cohort).items() if each[1].value is not None and each[1].p_value is None]
    chosen = [
        each for table in definition.tables for each in [each for each in own if each[0].table == table.name][::9]
    ]
    text = 'paper = "own"\n' + "".join(
        f'[[figures]]\nwhere = "{number}"\nprinted = "{figure.value:.6f}"\nis = "{address}: value"\n'
        for number, (address, figure) in enumerate(chosen)
    )

    found = reconcile(cohort, published_figures(text.encode()))

    assert {address.table for address, _ in chosen} == {table.name for table in definition.tables}
    assert [each.in_words() for each in found.figures if each.counted_as != "match"] == []


@pytest.mark.parametrize("at_most", [1, 30])
def test_a_cohort_gathered_from_ranges_of_patients_is_the_whole(
    lines: Registry, definition: Definition, at_most: int
) -> None:
    facts = facts_at(lines)
    whole = Cohort.of(definition, facts)
    parts = [
        pickle.loads(pickle.dumps(PartialCohort.of(definition, facts.among(patients))))
        for patients in ranges(facts.events_by_patient(), at_most=at_most)
    ]

    found = whole_cohort(definition, facts, parts)

    assert len(parts) > 3
    assert (found.flow, found.members) == (whole.flow, whole.members)
    assert cohort_statistics(found).equals(cohort_statistics(whole))


def test_an_export_has_the_figures_and_is_reproduced_to_the_byte(
    lines: Registry, definition: Definition, tmp_path: Path
) -> None:
    which = definition.day_zero.which
    file = tmp_path / "everything.toml"
    file.write_text(EVERYTHING.format(which=which), encoding="utf-8")

    for out in ("one", "two"):
        export(lines, tmp_path / out, tables=[], cohorts=[file])

    assert reproduce(lines, tmp_path / "one").identical
    for table in (tmp_path / "one").rglob("*.parquet"):
        assert table.read_bytes() == (tmp_path / "two" / table.relative_to(tmp_path / "one")).read_bytes()
    rows = pq.read_table(tmp_path / "one" / "cohort_statistics")
    expected = cohort_statistics(Cohort.of(definition, facts_at(lines)))
    assert rows.to_pylist() == expected.to_pylist()


def said(figure: Figure) -> tuple[object, ...]:
    """What a figure says, whatever its group is called: names stand in notes and variants."""
    return figure._replace(group="", denominator_note=None, variant=None)


def is_between(address: Address) -> bool:
    """Whether a figure is about the groups themselves, stands between them, or is a rate made for that alone."""
    between = (" between groups", "difference of", "first events")
    return address.row == "groups" or any(words in address.statistic for words in between)


@pytest.mark.parametrize("which", ["first", "all"])
def test_groups_under_other_names_and_in_another_order_have_the_same_figures(lines: Registry, which: str) -> None:
    text = EVERYTHING.format(which=which)
    other = text.replace(
        'levels = { women = "female", men = "male" }',
        'levels = { b = "male", "a / c" = "female" }\nreference = "a / c"',
    )
    found, renamed = (
        placed(Cohort.of(parsed(each.encode(), catalogue=lines.catalogue), facts_at(lines))) for each in (text, other)
    )
    names = {"": "", "women": "a / c", "men": "b"}

    assert {address._replace(group=names[address.group]) for address in found} == set(renamed)
    for address, figure in found.items():
        assert said(renamed[address._replace(group=names[address.group])]) == said(figure), address


@pytest.mark.parametrize("which", ["first", "all"])
def test_one_group_of_all_has_the_figures_of_no_groups(lines: Registry, which: str) -> None:
    text = EVERYTHING.format(which=which)
    section = text[text.index("[groups]") : text.index("[[time_points]]")]
    one = text.replace(section, '[groups]\nby = "sex"\nlevels = { all = ["female", "male"] }\n')
    whole, found = (
        placed(Cohort.of(parsed(each.encode(), catalogue=lines.catalogue), facts_at(lines)))
        for each in (text.replace(section, ""), one)
    )

    tables = {address: figure for address, figure in found.items() if not is_between(address)}
    assert {address: figure for address, figure in tables.items() if not address.group} == whole
    of_group = [(address, figure) for address, figure in tables.items() if address.group]
    assert {address._replace(group=""): figure._replace(group="") for address, figure in of_group} == whole
