"""Small numbers of a cohort are not shown, and cannot be computed from what is."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, pairwise, product
from math import prod

import pytest

from projections.cohort.figures.drawn_points import Drawn, drawn_points, enters_late
from projections.cohort.figures.figures import Figure, Placed
from projections.cohort.members.flow import FlowStep
from projections.cohort.small_numbers.figures import REASON
from projections.cohort.small_numbers.flow import shown_flow
from projections.cohort.small_numbers.shown import shown_figures

Counts = dict[tuple[str, str], int]  # by row and group
MINIMUM = 4


def share(row: str, n: int, of: int, group: str = "", *, table: str = "characteristics") -> Placed:
    text = f"{n} of {of}"
    note = f"{of} of {of} patients"
    return Placed(
        table,
        Figure(
            row,
            "enrolment",
            "percent",
            value=100 * n / of,
            text=text,
            numerator=n,
            denominator=of,
            denominator_note=note,
            group=group,
        ),
    )


def numerators(placed: Sequence[Placed]) -> dict[tuple[str, str], float | None]:
    return {(each.figure.row, each.figure.group): each.figure.numerator for each in placed}


def shares(counts: Counts, sizes: Mapping[str, int]) -> list[Placed]:
    """All members, then each group: each row of them."""
    rows = list(dict.fromkeys(row for row, _ in counts))
    overall = [share(row, sum(n for (at, _), n in counts.items() if at == row), sizes[""]) for row in rows]
    return [*overall, *(share(row, n, sizes[group], group) for (row, group), n in counts.items())]


def tables_that_fit(shown: Mapping[tuple[str, str], float | None], sizes: Mapping[str, int]) -> Iterator[Counts]:
    """Every table of whole numbers that adds up as is known and agrees with all that is shown, by trying them all."""
    rows = list(dict.fromkeys(row for row, _ in shown))
    groups = [name for name in sizes if name]
    columns = []
    for group in groups:
        fitting = [
            column
            for column in product(range(sizes[group] + 1), repeat=len(rows))
            if sum(column) == sizes[group]
            and all(shown.get((row, group)) in (None, n) for row, n in zip(rows, column, strict=True))
        ]
        columns.append(fitting)
    assert prod(map(len, columns)) < 200_000
    for chosen in product(*columns):
        of_all = [sum(column[place] for column in chosen) for place in range(len(rows))]
        if all(shown.get((row, "")) in (None, n) for row, n in zip(rows, of_all, strict=True)):
            yield {
                **{(row, ""): n for row, n in zip(rows, of_all, strict=True)},
                **{
                    (row, group): column[place]
                    for group, column in zip(groups, chosen, strict=True)
                    for place, row in enumerate(rows)
                },
            }


@pytest.mark.parametrize("seed", range(60))
def test_a_small_cell_of_groups_cannot_be_computed_from_what_is_shown(seed: int) -> None:
    chance = random.Random(seed)
    rows, groups = [f"word: {each}" for each in "abc"], ["x", "y"]
    sizes = dict.fromkeys(groups, 0)
    while any(n < MINIMUM for n in sizes.values()):  # smaller groups are not shown at all
        counts = {(row, group): chance.choice([0, 1, 2, 3, 5, 8, 11]) for group in groups for row in rows}
        sizes = {group: sum(n for (_, of), n in counts.items() if of == group) for group in groups}
    sizes = {"": sum(sizes.values()), **sizes}
    truth = numerators(shares(counts, sizes))

    shown = numerators(shown_figures(shares(counts, sizes), sizes, MINIMUM).placed)
    possible = list(tables_that_fit(shown, sizes))

    assert all(shown[at] in (None, truth[at]) for at in truth)
    for at, n in truth.items():
        if n and n < MINIMUM:
            assert shown[at] is None
            values = {table[at] for table in possible}
            assert len(values) > 1, at
            assert any(value >= MINIMUM for value in values), at


@pytest.mark.parametrize("seed", range(40))
def test_a_small_cell_of_all_members_cannot_be_computed_either(seed: int) -> None:
    chance = random.Random(seed)
    counts = [chance.choice([0, 1, 2, 3, 4, 6, 20]) for _ in range(chance.randint(2, 5))]
    n = sum(counts)
    if n < MINIMUM:
        return
    rows = [f"state {place}" for place in range(len(counts))]
    placed = [share(row, each, n, table="states") for row, each in zip(rows, counts, strict=True)]

    shown = numerators(shown_figures(placed, {"": n}, MINIMUM).placed)
    unknown = n - sum(int(each) for each in shown.values() if each is not None)
    hidden = [each for row, each in zip(rows, counts, strict=True) if shown[row, ""] is None]

    if any(0 < each < MINIMUM or 0 < n - each < MINIMUM for each in counts):
        assert len(hidden) > 1
        assert unknown == sum(hidden) >= MINIMUM


def test_who_is_not_of_a_share_is_hidden_as_who_is() -> None:
    sizes = {"": 100}

    (shown,) = shown_figures([share("consent recorded", 98, 100)], sizes, 5).placed

    assert (shown.figure.value, shown.figure.text, shown.figure.reason) == (None, None, REASON)


def test_everybody_and_nobody_are_shown() -> None:
    placed = [share("criteria: mNY", 100, 100), share("criteria: ASAS", 0, 100)]

    assert shown_figures(placed, {"": 100}, 5).placed == placed


def test_at_a_minimum_of_1_nothing_is_hidden() -> None:
    placed = [share("consent recorded", 1, 3)]

    assert shown_figures(placed, {"": 3}, 1).placed == placed


def described(n: int, members: int = 0) -> list[Placed]:
    of = {"denominator": n, "n_patients": n, "denominator_note": f"{n} of {members or n} patients"}
    said = {
        "mean": "4.0 ± 1.0",
        "median": "4.0 (1.0–9.0)",
        "lower quartile": "3",
        "upper quartile": "5",
        "lowest": "1",
        "highest": "9",
    }
    return [
        Placed("clinical", Figure("basdai", "baseline", name, value=4, text=text, ci_low=3, **of))  # type: ignore[arg-type]
        for name, text in said.items()
    ]


def texts(placed: Sequence[Placed], members: int) -> dict[str, str | None]:
    return {each.figure.statistic: each.figure.text for each in shown_figures(placed, {"": members}, 5).placed}


def test_the_lowest_and_the_highest_are_single_patients_and_not_shown() -> None:
    shown = texts(described(20), 20)

    assert (shown["lowest"], shown["highest"]) == (None, None)
    assert (shown["median"], shown["lower quartile"]) == ("4.0", "3")


def test_a_quantile_has_as_many_as_the_minimum_on_each_side() -> None:
    assert [texts(described(n), n)["lower quartile"] for n in (19, 20)] == [None, "3"]
    assert [texts(described(n), n)["median"] for n in (9, 10)] == [None, "4.0"]


def test_of_whom_few_have_no_value_nothing_is_shown_for_a_mean_gives_its_number() -> None:
    """308/13 = 23.69…: the least number over which a mean of whole numbers is a fraction is how many there are."""
    shown = [each.figure for each in shown_figures(described(97), {"": 100}, 5).placed]

    assert {each.reason for each in shown} == {REASON}
    assert {(each.value, each.text, each.denominator, each.n_patients, each.ci_low) for each in shown} == {(None,) * 5}


def test_a_mean_is_shown_where_its_number_is() -> None:
    assert [texts(described(n), 100)["mean"] for n in (95, 96, 99, 100)] == ["4.0 ± 1.0", None, None, "4.0 ± 1.0"]


def test_a_point_of_a_chart_is_hidden_with_its_number() -> None:
    mean = described(97)[0]
    drawn = Placed("clinical", mean.figure._replace(statistic="point 1"))

    assert [each.figure.value for each in shown_figures([mean, drawn], {"": 100}, 5).placed] == [None, None]


def test_where_few_have_a_value_nothing_is_shown() -> None:
    assert set(texts(described(4), 100).values()) == {None}


def test_a_small_group_leaves_all_groups_out() -> None:
    placed = [share("sex: male", 40, 60), share("sex: male", 37, 57, "naive"), share("sex: male", 3, 3, "switched")]

    shown = shown_figures(placed, {"": 60, "naive": 57, "switched": 3}, 5)

    assert shown.groups_left_out
    assert shown.placed == placed[:1]


def test_few_in_no_group_leave_all_groups_out() -> None:
    assert shown_figures([], {"": 60, "one": 30, "other": 28}, 5).groups_left_out


def test_a_test_that_rests_on_few_differences_is_hidden() -> None:
    p = Figure("crp", "baseline → year 1", "p", text="0.25", p_value=0.25, denominator=40, n_used=3, zeros=37)

    (shown,) = shown_figures([Placed("clinical", p)], {"": 40}, 5).placed

    assert (shown.figure.text, shown.figure.p_value) == (None, None)


def test_what_became_of_states_is_shown_of_all_or_of_none() -> None:
    rows = {"a → a": 20, "a → b": 2, "b → a": 30, "b → b": 40}
    placed = [
        Placed("lesions", Figure(row, "baseline → year 1", "n", numerator=n, denominator=1000, text=str(n)))
        for row, n in rows.items()
    ]

    assert {each.figure.text for each in shown_figures(placed, {"": 50}, 5).placed} == {None}


def curve(n: int, steps: Sequence[tuple[int, int, int]], group: str = "") -> list[Placed]:
    """A curve of `n`: day, events and censored of each step, and a table that says how many are at risk on days."""
    at_risk, share = n, 100.0
    of = {"denominator": n, "n_patients": n, "group": group}
    found = [Placed("survival", Figure("retention", "day 0", "point 1", value=100, text="100", **of))]  # type: ignore[arg-type]
    for number, (day, events, censored) in enumerate(steps, 2):
        share *= (at_risk - events) / at_risk
        at = ("retention", f"day {day}")
        found.append(Placed("survival", Figure(*at, f"point {number}", value=share, **of)))  # type: ignore[arg-type]
        for name, count in (("at risk", at_risk), ("events", events), ("censored", censored)):
            found.append(Placed("survival", Figure(*at, f"point {number} {name}", value=count, group=group)))
        at_risk -= events + censored
    return found


def thinned(placed: Sequence[Placed], sizes: Mapping[str, int]) -> list[Drawn]:
    return drawn_points(shown_figures(placed, sizes, MINIMUM).placed, "survival")


@pytest.mark.parametrize("seed", range(40))
def test_between_two_steps_of_a_curve_are_never_few(seed: int) -> None:
    chance = random.Random(seed)
    steps = [(10 * (place + 1), chance.choice([0, 1, 1, 2, 5]), chance.choice([0, 0, 1, 6])) for place in range(25)]
    steps = [step for step in steps if step[1] + step[2]]
    n = sum(events + censored for _, events, censored in steps)

    drawn = thinned(curve(n, steps), {"": n})

    for each in drawn:
        below = [point.below for point in each.points if point.below]
        assert all(not 0 < counts[name] < MINIMUM for counts in below for name in ("events", "censored"))
        assert sum(counts["events"] + counts["censored"] for counts in below) == n
        assert not enters_late(each)
        assert all(later["at risk"] < one["at risk"] for one, later in pairwise(below))


def test_a_thinned_curve_has_the_values_of_the_days_that_it_keeps() -> None:
    steps = [(10, 2, 0), (20, 2, 0), (30, 1, 0), (40, 3, 8)]
    full = {point.day: point.figure.value for point in drawn_points(curve(40, steps), "survival")[0].points}

    (shown,) = thinned(curve(40, [*steps, (50, 0, 24)]), {"": 40})

    assert [(point.day, point.below.get("at risk"), point.below.get("events")) for point in shown.points] == [
        (0, None, None),
        (20, 40, 4),
        (40, 36, 4),
        (50, 24, 0),
    ]
    assert [point.figure.value for point in shown.points[:3]] == [full[0], full[20], full[40]]


def test_a_curve_of_few_events_is_not_shown() -> None:
    assert thinned(curve(40, [(10, 2, 0), (90, 1, 37)]), {"": 40}) == []


def test_the_flow_joins_steps_that_exclude_few() -> None:
    steps = [FlowStep("all", 200, 0), FlowStep("a", 150, 50), FlowStep("b", 148, 2), FlowStep("c", 100, 48)]

    shown = shown_flow([*steps, FlowStep("d", 97, 3)], 5)

    assert [tuple(step)[1:] for step in shown] == [(200, 0), (150, 50), (None, None), (None, None), (97, None)]


@pytest.mark.parametrize("seed", range(40))
def test_no_small_exclusion_follows_from_the_flow(seed: int) -> None:
    chance, left = random.Random(seed), 300
    steps = [FlowStep("all", left, 0)]
    for place in range(8):
        excluded = chance.choice([0, 1, 2, 4, 5, 30])
        left -= excluded
        steps.append(FlowStep(str(place), left, excluded))

    shown = shown_flow(steps, 5)
    known = [step.n_left for step in shown if step.n_left is not None]

    assert all(not 0 < one - other < 5 for one, other in pairwise(known))
    assert all(step.n_excluded is None or not 0 < step.n_excluded < 5 for step in shown)
    assert shown[-1].n_left == left


def between(table: str, row: str, timepoint: str, statistic: str) -> Placed:
    """A test between groups, with its p."""
    return Placed(
        table, Figure(row, timepoint, f"p of {statistic} between groups", value=1.3, text="0.25", p_value=0.25)
    )


def p_shown(placed: Sequence[Placed], sizes: Mapping[str, int]) -> list[float | None]:
    shown = shown_figures(placed, sizes, 5).placed
    return [each.figure.p_value for each in shown if each.figure.statistic.endswith("between groups")]


@pytest.mark.parametrize(("on_first", "p"), [(10, 0.25), (11, None), (15, 0.25)])
def test_a_p_between_groups_goes_with_their_rows_whatever_these_are_called(on_first: int, p: float | None) -> None:
    """Of 15 men, all of whom are known, 5, 4 or none are on the second line."""
    sizes = {"": 40, "men": 15, "women": 25}
    first = {"men": on_first, "women": 15}
    lines = [
        share(f"line of therapy {number}", n, sizes[group], group, table="lines")
        for group, of_first in first.items()
        for number, n in ((1, of_first), (2, sizes[group] - of_first))
    ]
    known = [
        Placed("lines", share("line of therapy", n, n, group, table="lines").figure._replace(statistic="known"))
        for group, n in sizes.items()
    ]

    assert p_shown([*lines, *known, between("lines", "line of therapy", "enrolment", "percent")], sizes) == [p]


def of_a_day(day: int, value: float, n: int, group: str) -> Placed:
    at = ("retention", f"day {day}", "retention")
    return Placed("survival", Figure(*at, value=value, denominator=n, n_patients=n, group=group))


@pytest.mark.parametrize(("early", "p"), [(3, None), (6, 0.25)])
def test_a_log_rank_p_is_hidden_where_a_curve_of_a_group_is_hidden_on_a_day(early: int, p: float | None) -> None:
    groups = {"men": 20, "women": 20}
    of_group = [curve(20, [(10, early, 0), (90, 12 - early, 8)], group) for group in groups]
    curves = [*curve(40, [(10, 2 * early, 0), (90, 24 - 2 * early, 16)]), *chain.from_iterable(of_group)]
    days = [of_a_day(50, 80.0, n, group) for group, n in groups.items()]

    assert p_shown([*curves, *days, between("survival", "retention", "", "retention")], {"": 40, **groups}) == [p]


def test_a_p_of_curves_is_hidden_where_the_reasons_of_their_ends_are() -> None:
    groups = {"men": 20, "women": 20}
    ends = [
        Placed("survival", Figure("courses", "", "lost", text=str(n), numerator=n, denominator=20, group=group))
        for group, n in (("men", 2), ("women", 9))
    ]

    assert p_shown([*ends, between("survival", "retention", "", "retention")], {"": 40, **groups}) == [None]
