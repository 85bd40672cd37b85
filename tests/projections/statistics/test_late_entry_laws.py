"""What holds of survival with late entries, whoever they are, and that it is what a slow oracle says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from projections.statistics.cumulative_incidence import CumulativeIncidence, cumulative_incidence
from projections.statistics.kaplan_meier import SurvivalCurve, kaplan_meier
from projections.statistics.late_entry import AT_START, Entry
from projections.statistics.lundex import lundex
from projections.statistics.proportions import Proportion
from projections.statistics.results import BEYOND, EMPTIED
from projections.statistics.risk_table import RiskTable
from tests.projections.statistics import slow_survival as slow
from tests.projections.statistics.slow_survival import Stay
from tests.projections.statistics.test_laws import assert_answered

CAUSES = range(1, 4)


@st.composite
def stay(draw: st.DrawFn, *, shortest: int = 0) -> Stay:
    """A time under observation within two weeks."""
    entry = draw(st.just(0) | st.integers(0, 9))
    return Stay(entry, entry + draw(st.integers(shortest, 5)), draw(st.integers(0, 3)))


STAYS = st.lists(stay(), max_size=9)
LASTING = st.lists(stay(shortest=1), max_size=9)


def entered(stays: list[Stay], *, from_day: int = 0) -> Entry:
    """When the stays begin."""
    return Entry([one.entry for one in stays], from_day=from_day)


def curve(stays: list[Stay], entry: Entry | None = None) -> SurvivalCurve:
    """The survival of the stays."""
    events = np.array([one.cause > 0 for one in stays], dtype=bool)
    return kaplan_meier([one.exit for one in stays], events, entry=entered(stays) if entry is None else entry)


def causes(stays: list[Stay], entry: Entry | None = None) -> CumulativeIncidence:
    """The cumulative incidence of the causes of the stays."""
    which = np.array([one.cause for one in stays], dtype=np.int64)
    times = [one.exit for one in stays]
    return cumulative_incidence(times, which, n_causes=3, entry=entered(stays) if entry is None else entry)


def assert_same(one: SurvivalCurve | CumulativeIncidence, other: SurvivalCurve | CumulativeIncidence) -> None:
    """Assert that two curves are the same to the last bit, and answer alike."""
    for mine, theirs in zip((*one.risk, *one[1:]), (*other.risk, *other[1:])):
        np.testing.assert_array_equal(mine, theirs)


@given(STAYS)
def test_survival_with_late_entries_is_that_of_the_slow_oracle(stays: list[Stay]) -> None:
    ours, emptied = curve(stays), slow.emptied_on(stays)

    assert ours.risk.at_risk.tolist() == [len(slow.at_risk(stays, int(day))) for day in ours.risk.times]
    for day in range(slow.last_day(stays) + 1):
        found, expected = ours.at(day), slow.survival(stays, day)
        assert_answered(found)
        if emptied is not None and day >= emptied:
            assert (found.value, found.reason) == (None, EMPTIED)
        else:
            assert found.value == pytest.approx(float(expected), abs=1e-12)
    for row, day in enumerate(ours.risk.times[: ours.risk.n_known].astype(int).tolist()):
        if ours.survival[row]:
            variance, _ = slow.variances(stays, CAUSES, day)
            assert ours.errors[row] == pytest.approx(float(variance) ** 0.5, abs=1e-9)


@given(STAYS)
def test_cumulative_incidence_with_late_entries_is_that_of_the_slow_oracle(stays: list[Stay]) -> None:
    ours, emptied = causes(stays), slow.emptied_on(stays)

    for day in range(slow.last_day(stays) + 1):
        for cause in CAUSES:
            found = ours.at(cause, day)
            assert_answered(found)
            if emptied is not None and day >= emptied:
                assert (found.value, found.reason) == (None, EMPTIED)
            else:
                assert found.value == pytest.approx(float(slow.incidence(stays, cause, day)), abs=1e-12)
    for row, day in enumerate(ours.risk.times[: ours.risk.n_known].astype(int).tolist()):
        _, expected = slow.variances(stays, CAUSES, day)
        assert ours.errors[:, row] == pytest.approx([float(one) ** 0.5 for one in expected], abs=2e-7)


@given(STAYS, st.integers(0, 14), st.integers(0, 5), st.integers(0, 5))
def test_lundex_is_the_share_still_on_the_drug_times_those_who_respond(
    stays: list[Stay], day: int, responders: int, others: int
) -> None:
    ours = lundex(
        curve(stays).at(day), Proportion(responders, responders + others), retention="kaplan-meier", n=len(stays)
    )

    emptied = slow.emptied_on(stays)
    assert_answered(ours)
    if ours.value is not None:
        assert ours.value * (responders + others) == pytest.approx(float(slow.survival(stays, day) * responders))
    elif responders + others and slow.last_day(stays) >= 0:
        assert ours.reason == (BEYOND if emptied is None else EMPTIED)


@given(STAYS)
def test_where_everybody_enters_on_day_0_the_entries_change_nothing(stays: list[Stay]) -> None:
    from_start = [one._replace(entry=0) for one in stays]

    assert_same(curve(from_start), curve(from_start, AT_START))
    assert_same(causes(from_start), causes(from_start, AT_START))
    numbered = Entry([0] * len(stays), patient=np.arange(len(stays)))
    assert_same(curve(from_start, numbered), curve(from_start, AT_START))


@given(LASTING, st.integers(1, 400))
def test_later_entries_and_exits_by_one_and_the_same_time_shift_the_curve(stays: list[Stay], by: int) -> None:
    shifted = [one._replace(entry=one.entry + by, exit=one.exit + by) for one in stays]

    one, other = causes(stays), causes(shifted)

    assert_same(one, other._replace(risk=other.risk._replace(times=other.risk.times - by)))


@given(STAYS, st.permutations(range(9)))
def test_the_order_of_patients_does_not_matter(stays: list[Stay], order: list[int]) -> None:
    assert_same(causes(stays), causes([stays[place] for place in order if place < len(stays)]))


@given(STAYS, st.integers(0, 9), st.integers(0, 5))
def test_who_enters_and_leaves_between_two_events_changes_no_survival_but_a_0_that_becomes_unknown(
    stays: list[Stay], entry: int, for_days: int
) -> None:
    unseen = Stay(entry, entry + for_days, 0)
    assume(not any(slow.events(stays, day) for day in range(entry, unseen.exit + 1)))

    one, other = curve([*stays, unseen]), curve(stays)

    ours, expected = (each.survival[each.risk.all_events > 0] for each in (one, other))
    np.testing.assert_array_equal(ours, np.where(np.isnan(ours) & (expected == 0), np.nan, expected))
    errors = [each.errors[each.risk.all_events > 0] for each in (one, other)]
    np.testing.assert_array_equal(*errors)


@given(LASTING, st.data())
def test_an_interval_cut_in_two_is_still_one(stays: list[Stay], data: st.DataObject) -> None:
    pieces: list[tuple[Stay, int]] = []
    for patient, one in enumerate(stays):
        cut = data.draw(st.integers(one.entry, one.exit - 1))
        pieces += [(one._replace(entry=cut), patient)]
        pieces += [(one._replace(exit=cut, cause=0), patient)] if cut > one.entry else []
    order = data.draw(st.permutations(pieces))
    entry = Entry([one.entry for one, _ in order], patient=np.array([patient for _, patient in order], dtype=int))

    assert_same(causes([one for one, _ in order], entry), causes(stays))


@given(STAYS, st.integers(0, 9), st.integers(0, 9))
def test_a_conditional_curve_is_the_quotient_of_survivals(stays: list[Stay], from_day: int, more: int) -> None:
    day = from_day + more
    before, whole = curve(stays).at(from_day).value, curve(stays).at(day).value
    conditional = curve(stays, entered(stays, from_day=from_day)).at(day).value

    if from_day and before and whole is not None and conditional is not None:
        assert conditional * before == pytest.approx(whole, abs=1e-12)
    if not from_day:
        assert conditional == whole


@given(STAYS, st.integers(1, 9), st.integers(0, 9))
def test_conditional_incidence_is_what_is_added_per_survivor(stays: list[Stay], from_day: int, more: int) -> None:
    day = from_day + more
    survived, whole = curve(stays).at(from_day).value, causes(stays)
    conditional = causes(stays, entered(stays, from_day=from_day))

    for cause in CAUSES:
        first, last, then = (of.at(cause, at).value for of, at in ((whole, from_day), (whole, day), (conditional, day)))
        if survived and first is not None and last is not None and then is not None:
            assert first + survived * then == pytest.approx(last, abs=1e-12)


@given(STAYS)
def test_every_interval_at_risk_ends_once_and_causes_add_up(stays: list[Stay]) -> None:
    ours, of_causes = curve(stays), causes(stays)
    risk: RiskTable = ours.risk

    assert ours.n == sum(bool(slow.at_risk([one], one.exit)) for one in stays)
    assert risk.all_events.sum() + risk.censored.sum() == ours.n
    np.testing.assert_allclose(of_causes.incidence.sum(axis=0), 1 - ours.survival, atol=1e-12)
    assert np.array_equal(np.isnan(ours.survival), np.arange(len(risk.times)) >= risk.n_known)
