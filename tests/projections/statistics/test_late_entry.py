"""Late entries: who is at risk when, what an emptied risk set leaves unknown, and the conditional curve."""

from __future__ import annotations

import numpy as np
import pytest

from projections.statistics.cumulative_incidence import cumulative_incidence
from projections.statistics.kaplan_meier import kaplan_meier
from projections.statistics.late_entry import Entry
from projections.statistics.lundex import lundex
from projections.statistics.proportions import Proportion
from projections.statistics.results import BEFORE, BEYOND, EMPTIED, NO_LIMITS, NOTHING_GIVEN
from projections.statistics.risk_table import risk_table

YES, NO = True, False

# two stop on day 5; four who were already on the drug come under observation on day 9 or later
STOPPED_EARLY = [5, 5, 13, 14, 15, 16]
EARLY_STOPS = np.array([YES, YES, YES, NO, YES, NO])
ENTERED_LATE = [0, 1, 9, 9, 10, 11]


def test_who_enters_on_a_day_is_at_risk_from_the_next() -> None:
    risk = risk_table([4, 5, 9], np.array([1, 1, 0]), entry=Entry([0, 0, 4]))

    assert risk.times.tolist() == [4, 5, 9]
    assert risk.at_risk.tolist() == [2, 2, 1]


def test_who_enters_on_day_0_counts_on_day_0() -> None:
    risk = risk_table([0, 3, 3], np.array([1, 0, 0]), entry=Entry([0, 0, 1]))

    assert risk.times.tolist() == [0, 3]
    assert risk.at_risk.tolist() == [2, 2]
    assert risk.all_events.tolist() == [1, 0]


def test_an_event_on_the_day_on_which_observation_begins_counts_nowhere() -> None:
    curve = kaplan_meier([4, 4, 6], np.array([YES, YES, NO]), entry=Entry([4, 0, 0]))

    assert curve.risk.all_events.tolist() == [1, 0]
    assert (curve.at(4).value, curve.n) == (0.5, 2)


def test_somebody_unseen_for_a_while_is_not_at_risk_meanwhile_and_is_one_patient() -> None:
    times, stopped = [3, 5, 9, 12], np.array([NO, YES, YES, NO])
    curve = kaplan_meier(times, stopped, entry=Entry([0, 0, 7, 0], patient=np.array(["P-1", "P-2", "P-1", "P-3"])))

    assert curve.risk.at_risk.tolist() == [3, 2, 2, 1]
    assert curve.risk.censored.tolist() == [1, 0, 0, 1]
    assert curve.survival.tolist() == [1, 0.5, 0.25, 0.25]
    assert (curve.n, curve.at(5).n) == (3, 3)


def test_without_patients_every_interval_is_one() -> None:
    assert kaplan_meier([3, 9], np.array([NO, YES]), entry=Entry([0, 7])).n == 2


def test_where_events_empty_the_risk_set_before_others_enter_nothing_is_known_from_there() -> None:
    curve = kaplan_meier(STOPPED_EARLY, EARLY_STOPS, entry=Entry(ENTERED_LATE))
    causes = cumulative_incidence(STOPPED_EARLY, EARLY_STOPS.astype(int), n_causes=2, entry=Entry(ENTERED_LATE))

    assert curve.at(4).value == 1
    assert causes.at(1, 4).value == 0
    for day in (5, 8, 13, 16, 17):
        assert curve.at(day)[3:] == (None, None, None, "log-log", EMPTIED)
        assert causes.at(1, day)[3:] == causes.at(2, day)[3:] == (None, None, None, "log-log", EMPTIED)
    assert (curve.quantile().value, curve.quantile().reason) == (None, EMPTIED)


def test_a_median_before_the_risk_set_is_emptied_stands() -> None:
    curve = kaplan_meier([2, 3, 4, 9], np.array([YES, YES, YES, NO]), entry=Entry([0, 0, 0, 6]))

    assert (curve.quantile().value, curve.quantile(0.8).reason) == (3, EMPTIED)


def test_the_last_of_all_to_stop_leaves_a_survival_of_0_and_no_gap() -> None:
    curve = kaplan_meier([4, 9], np.array([NO, YES]), entry=Entry([0, 2]))

    assert (curve.at(9).value, curve.at(9).reason, curve.at(20).value) == (0, NO_LIMITS, 0)


def test_who_leaves_unharmed_empties_no_risk_set() -> None:
    curve = kaplan_meier([2, 3, 9, 9], np.array([YES, NO, YES, NO]), entry=Entry([0, 0, 6, 6]))

    assert [curve.at(day).value for day in (2, 5, 9)] == [0.5, 0.5, 0.25]


def test_a_curve_from_a_day_is_of_those_at_risk_after_it() -> None:
    curve = kaplan_meier(STOPPED_EARLY, EARLY_STOPS, entry=Entry(ENTERED_LATE, from_day=5))

    assert [curve.at(day).value for day in (5, 12, 13, 15, 16)] == [1, 1, 0.75, 0.375, 0.375]
    assert (curve.n, curve.at(17).reason) == (4, BEYOND)


def test_before_its_day_a_conditional_curve_says_nothing() -> None:
    entry = Entry(ENTERED_LATE, from_day=12)

    assert kaplan_meier(STOPPED_EARLY, EARLY_STOPS, entry=entry).at(11.9).reason == BEFORE
    causes = cumulative_incidence(STOPPED_EARLY, EARLY_STOPS.astype(int), n_causes=1, entry=entry)
    assert (causes.at(1, 11.9).reason, causes.at(1, 12).value, causes.at(1, 13).value) == (BEFORE, 0, 0.25)


def test_where_nobody_is_at_risk_after_a_day_there_is_no_curve_from_it() -> None:
    assert kaplan_meier([3, 4], np.array([YES, NO]), entry=Entry(from_day=4)).at(4).reason == NOTHING_GIVEN


def test_lundex_with_late_entries_is_retention_by_entries_times_those_who_respond() -> None:
    retained = kaplan_meier([2, 5, 6, 9, 9], np.array([YES, YES, NO, NO, NO]), entry=Entry([0, 0, 0, 4, 5])).at(6)

    found = lundex(retained, Proportion(2, 3), retention="kaplan-meier", n=5)

    assert found.value == pytest.approx(2 / 3 * 2 / 3 * 2 / 3)  # of 3, 1 stops on day 2; of 3, 1 on day 5


def test_lundex_of_an_emptied_risk_set_takes_its_reason() -> None:
    retained = kaplan_meier(STOPPED_EARLY, EARLY_STOPS, entry=Entry(ENTERED_LATE)).at(14)

    assert lundex(retained, Proportion(1, 2), retention="kaplan-meier", n=6)[3:] == (None, None, None, None, EMPTIED)


@pytest.mark.parametrize(
    ("entry", "match"),
    [
        (Entry([-1, 0, 0]), "an entry has to be from 0 to the time"),
        (Entry([0, 6, 0]), "an entry has to be from 0 to the time"),
        (Entry([0, 0]), "one length, and have 3 and 2"),
        (Entry([0, 0, 0], patient=np.array([1, 2])), "one length, and have 3 and 2"),
        (Entry([0, float("nan"), 0]), "missing, not a number"),
        (Entry([0, 2, 0], patient=np.array([1, 1, 2])), "overlap"),
        (Entry([0, 0, 5], patient=np.array([2, 1, 1])), "an event has to be in the last interval"),
        (Entry(from_day=-1), "0 or more, and is -1"),
    ],
)
def test_entries_that_cannot_be_are_refused(entry: Entry, match: str) -> None:
    with pytest.raises(ValueError, match=match):
        kaplan_meier([3, 5, 8], np.array([NO, YES, NO]), entry=entry)
