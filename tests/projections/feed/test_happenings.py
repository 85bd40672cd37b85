"""Whatever happens that is more than a fact of one patient: a feed that follows is the export at the end of each batch.

So it is of feeds that keep patients who withdrew their consent, and of those that exclude them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from projections import feed_init, feed_run, feed_verify
from projections.consent import POLICIES
from registry import Registry
from tests.oracle.histories import empty_registry
from tests.projections.feed.exports import exported
from tests.projections.feed.slow_applier import State, applied
from tests.spec import campaigns
from tests.spec.own_measures import REAL_LIFE, without_code

WHY = "told so"
ONE, OTHER = "BAR1-01", "BAR1-02"


@pytest.fixture
def registry(sqlite_template: Path) -> Iterator[Registry]:
    """A registry with two patients who consented, each with two studies and a visit."""
    with empty_registry(sqlite_template) as opened:
        campaigns.examined(opened)
        for patient in (ONE, OTHER):
            opened.amend(f"patient/{patient}", {"consented_on": "2002-01-14"}, reason=WHY)
            opened.record_visit(patient, visited_on="2003-02-03", measures={"crp": "7"})
        yield opened


class Following:
    """Feeds that follow a registry, of each policy one."""

    def __init__(self, registry: Registry, folder: Path) -> None:
        self._registry = registry
        self.feeds = {withdrawn: folder / withdrawn for withdrawn in POLICIES}
        for withdrawn, feed in self.feeds.items():
            feed_init(registry, feed, withdrawn=withdrawn)  # type: ignore[arg-type]
        self.now()

    def now(self) -> dict[str, State]:
        """Run each feed, hold it against the export, and return the rows of each."""
        found = {}
        for withdrawn, feed in self.feeds.items():
            feed_run(self._registry, feed)
            found[withdrawn] = applied(feed)
            assert found[withdrawn] == exported(self._registry, self._registry.head.position, withdrawn=withdrawn)
        return found


@pytest.fixture
def following(registry: Registry, tmp_path: Path) -> Iterator[Following]:
    """Feeds that follow it; in the end they are whole."""
    made = Following(registry, tmp_path)
    yield made
    for feed in made.feeds.values():
        assert feed_verify(feed).problems == ()


def patients(state: State, table: str) -> set[str]:
    return {row["patient"] for row in state[table].values()}


def withdraw(registry: Registry, patient: str = OTHER) -> None:
    registry.end_follow_up(patient, ended_on="2006-01-02", reason="withdrawn")


def consent_anew(registry: Registry, patient: str = OTHER) -> None:
    registry.amend(f"patient/{patient}", {"consented_on": "2006-03-01"}, reason="consented anew")


def test_a_campaign_is_started_read_locked_and_unblinded(
    registry: Registry, following: Following, tmp_path: Path
) -> None:
    campaigns.started(registry, tmp_path)
    following.now()
    campaigns.all_read(registry)
    following.now()
    registry.lock_campaign(campaigns.NAME)
    locked = following.now()
    registry.unblind_campaign(campaigns.NAME, reason="for the paper", key=tmp_path / "campaign.key")
    unblinded = following.now()

    assert len(unblinded["keep"]["final_scores"]) == len(campaigns.STUDIES)
    assert unblinded["exclude"]["final_scores"] == locked["exclude"]["final_scores"] == locked["keep"]["final_scores"]


def test_a_patient_withdraws_while_a_campaign_goes_on_and_consents_anew_after_it_is_unblinded(
    registry: Registry, following: Following, tmp_path: Path
) -> None:
    campaigns.started(registry, tmp_path)
    campaigns.all_read(registry)
    following.now()
    withdraw(registry)
    registry.lock_campaign(campaigns.NAME)
    following.now()
    registry.unblind_campaign(campaigns.NAME, reason="for the paper", key=tmp_path / "campaign.key")
    without = following.now()
    consent_anew(registry)
    again = following.now()

    assert (patients(without["keep"], "final_scores"), patients(without["exclude"], "final_scores")) == (
        {ONE, OTHER},
        {ONE},
    )
    assert patients(again["exclude"], "final_scores") == {ONE, OTHER}


def test_the_protocol_is_in_a_later_edition_while_a_patient_has_withdrawn(
    registry: Registry, following: Following
) -> None:
    registry.adopt_protocol(REAL_LIFE)
    for patient in (ONE, OTHER):
        registry.record_visit(patient, visited_on="2004-02-03", measures={"smoking": "former"})
    following.now()
    withdraw(registry)
    registry.adopt_protocol(without_code("smoking", "former", "2005-01-01"))
    without = following.now()
    consent_anew(registry)
    again = following.now()

    assert (patients(without["keep"], "measures"), patients(without["exclude"], "measures")) == ({ONE, OTHER}, {ONE})
    assert again["exclude"]["measures"] == again["keep"]["measures"]


def test_a_consent_is_withdrawn_given_anew_and_withdrawn_once_more(registry: Registry, following: Following) -> None:
    seen = []
    for act in (
        lambda: withdraw(registry),
        lambda: consent_anew(registry),
        lambda: registry.resume_follow_up(OTHER, resumed_on="2006-03-01"),
        lambda: registry.end_follow_up(OTHER, ended_on="2007-01-08", reason="withdrawn"),
    ):
        act()
        seen.append(OTHER in patients(following.now()["exclude"], "visits"))

    assert seen == [False, True, True, False]


@pytest.mark.parametrize("withdrawing", [None, ONE, OTHER])
def test_two_patients_are_made_one_and_two_again(
    registry: Registry, following: Following, withdrawing: str | None
) -> None:
    if withdrawing is not None:
        withdraw(registry, withdrawing)
        assert withdrawing not in patients(following.now()["exclude"], "visits")
        consent_anew(registry, withdrawing)
    before = following.now()
    registry.merge_patients(OTHER, into=ONE, reason="one person", keep_enrolment=True)
    merged = following.now()
    registry.unmerge_patients(OTHER, reason="two after all")
    after = following.now()

    assert patients(merged["keep"], "visits") == {ONE}
    assert {policy: state["visits"] for policy, state in after.items()} == {
        policy: state["visits"] for policy, state in before.items()
    }
