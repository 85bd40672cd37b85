"""What must hold of groups, whoever is in them."""

from __future__ import annotations

import pytest

from projections.cohort.all_tables import figures
from projections.cohort.definition_file import parsed
from projections.cohort.figures.address import Address
from projections.cohort.figures.figures import Figure
from projections.cohort.members.cohort import Cohort
from registry import Registry
from tests.projections.cohort.defined import SMALL, cohort, of_paper
from tests.projections.cohort.grouped import in_groups

MEN_AND_WOMEN = 'by = "sex"\nlevels = { women = "female", men = "male" }'
OTHER_NAMES = 'by = "sex"\nlevels = { Zeta = "male", "A / b" = "female" }\nreference = "A / b"'
RENAMED = {"women": "A / b", "men": "Zeta", "": ""}
OF_CUTS = 'by = "basdai"\nlevels = { low = "..<6", middle = "6..<7", high = "7.." }\nreference = "middle"\ntests = true'
CUTS_UNDER_OTHER_NAMES = 'by = "basdai"\nlevels = { c = "7..", b = "6..<7", a = "..<6" }\nreference = "b"\ntests = true'
OF_THE_CUTS = {"low": "a", "middle": "b", "high": "c", "": ""}

ByAddress = dict[Address, Figure]


@pytest.fixture(scope="module")
def paper(published: Registry) -> Cohort:
    """The 22 patients of the MRI cohort, 5 of them women, with the tables of what follows from courses too."""
    found = of_paper("baraliakos2013", published, resamples=100)
    more = parsed(f"{SMALL}[tables.lines]\ncompleteness = true\n[tables.nsaid]\n[tables.switch]\n".encode()).tables
    return cohort(found.definition._replace(tables=(*found.definition.tables, *more)), published)


def placed(of: Cohort) -> ByAddress:
    found = list(figures(of))
    by_address = {each.address: each.figure for each in found}
    assert len(by_address) == len(found)
    return by_address


def is_between(address: Address) -> bool:
    """Whether a figure is about the groups themselves, or stands between them."""
    return address.row == "groups" or " between groups" in address.statistic or "difference of" in address.statistic


def said(figure: Figure) -> tuple[object, ...]:
    """What a figure says, whatever its group is called: names stand in notes and variants."""
    return figure._replace(group="", denominator_note=None, variant=None)


@pytest.mark.parametrize(
    ("text", "other", "names"),
    [(MEN_AND_WOMEN, OTHER_NAMES, RENAMED), (OF_CUTS, CUTS_UNDER_OTHER_NAMES, OF_THE_CUTS)],
)
def test_under_other_names_and_in_another_order_groups_have_the_same_figures(
    paper: Cohort, text: str, other: str, names: dict[str, str]
) -> None:
    found, renamed = placed(in_groups(paper, text)), placed(in_groups(paper, other))

    assert {address._replace(group=names[address.group]) for address in found} == set(renamed)
    for address, figure in found.items():
        assert said(renamed[address._replace(group=names[address.group])]) == said(figure), address


def test_one_group_of_all_has_the_figures_of_a_cohort_without_groups(paper: Cohort) -> None:
    whole = placed(paper)
    found = placed(in_groups(paper, 'by = "agent"\nlevels = { all = ["infliximab", "etanercept"] }'))

    tables = {address: figure for address, figure in found.items() if not is_between(address)}
    assert {address: figure for address, figure in tables.items() if not address.group} == whole
    of_group = [(address, figure) for address, figure in tables.items() if address.group]
    assert {address._replace(group=""): figure._replace(group="") for address, figure in of_group} == whole


def test_without_the_figures_of_all_those_of_the_groups_are_the_same(paper: Cohort) -> None:
    whole = placed(in_groups(paper, MEN_AND_WOMEN))
    found = placed(in_groups(paper, MEN_AND_WOMEN + "\noverall = false"))

    assert found.items() <= whole.items()
    assert {address for address in whole if address.group} <= set(found)


@pytest.mark.parametrize(("name", "sex"), [("women", "female"), ("men", "male")])
def test_a_group_has_the_figures_of_a_cohort_of_its_members_alone(paper: Cohort, name: str, sex: str) -> None:
    definition = paper.definition
    alone = placed(cohort(definition._replace(who=definition.who._replace(sex=(sex,))), paper.facts))
    found = {
        address._replace(group=""): figure._replace(group="")
        for address, figure in placed(in_groups(paper, MEN_AND_WOMEN)).items()
        if address.group == name and not is_between(address)
    }

    assert alone.items() <= found.items()
    for address in set(found) - set(alone):  # rows that some of the others have
        assert found[address].value == 0 or found[address].reason, address


def test_an_empty_group_has_figures_with_their_reasons_and_no_test_stands_beside_it(paper: Cohort) -> None:
    found = placed(in_groups(paper, 'by = "sex"\nlevels = { men = "male", others = "other" }\ntests = true'))

    empty = {address: figure for address, figure in found.items() if address.group == "others"}
    rows = {(address.table, address.row.partition(":")[0], address.timepoint) for address in found if address.group}
    assert {(address.table, address.row.partition(":")[0], address.timepoint) for address in empty} == rows
    assert all(figure.value is None or figure.value == 0 for figure in empty.values())
    tests = [figure for address, figure in found.items() if " between groups" in address.statistic]
    assert tests
    assert {figure.p_value for figure in tests} == {None}
    assert {figure.reason for figure in tests} == {"group-without-values", "nothing-given"}


def test_every_figure_of_groups_has_a_value_or_a_reason(paper: Cohort) -> None:
    for address, figure in placed(in_groups(paper, OF_CUTS)).items():
        assert figure.value is not None or figure.p_value is not None or figure.reason, address
        assert figure.value == figure.value, address
        assert figure.ci_low is None or (figure.ci_method and figure.value is not None), address


def test_the_number_of_tests_is_told_with_each_table(paper: Cohort) -> None:
    found = placed(in_groups(paper, MEN_AND_WOMEN))

    for table in {address.table for address in found}:
        made = [
            figure.p_value
            for address, figure in found.items()
            if address.table == table and " between groups" in address.statistic
        ]
        assert found[Address(table, "groups", "", "tests")].value == sum(p is not None for p in made), table
    assert found[Address("characteristics", "groups", "", "tests")].value == 0


def test_tests_stand_in_every_table_where_that_is_asked_for_and_in_none_where_not(paper: Cohort) -> None:
    asked, never = (placed(in_groups(paper, f"{MEN_AND_WOMEN}\ntests = {tests}")) for tests in ("true", "false"))

    assert Address("characteristics", "age", "enrolment", "p of mean between groups") in asked
    assert not [address for address in never if "between groups" in address.statistic]
    assert Address("characteristics", "age", "enrolment", "standardised difference of mean", "men") in never
