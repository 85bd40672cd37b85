"""Nothing that a reader sees depends on a day: with all days exchanged, codes, letters and orders are the same."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given as law
from hypothesis import settings
from hypothesis import strategies as st

from registry import Registry
from registry.campaigns.worklists import Case
from tests.registry.campaigns.given import KEY
from tests.spec import given
from tests.spec.campaigns import NAME, declared

FIRST = date(2002, 6, 3)
PATIENTS = ("P-1", "P-2", "P-3")


def seen(days: dict[str, int], *, arms: list[str], folder: Path) -> list[tuple[object, ...]]:
    """What readers would see of a campaign over pairs whose studies have these days after the first, and arms."""
    with Registry.create(f"sqlite:///{folder / 'registry.db'}", actor="lindner") as registry:
        for patient, agent in zip(PATIENTS, arms):
            given.enrolled(registry, patient)
            registry.start_treatment(patient, agent=agent, started_on="2002-02-01")
        for study, after in days.items():
            given.mri(registry, study, str(FIRST + timedelta(days=after)), patient=f"P-{study[0]}")
        file = declared(folder, listed="\n".join(["study", *sorted(days)]), repeats="0.5")
        registry.start_campaign(file, key=folder / "campaign.key")
        return [_shown(case) for case in registry.campaign_cases(NAME, key=folder / "campaign.key")]


def _shown(case: Case) -> tuple[object, ...]:
    return (case.reader, case.number, case.code, sorted(case.letters.items(), key=lambda pair: pair[1]))


@contextmanager
def one_key() -> Iterator[None]:
    """Draw the same key for every campaign, as nobody can outside of a test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secrets, "token_bytes", lambda length: KEY[:length])
        yield


@settings(max_examples=15)
@law(
    days=st.lists(st.integers(0, 3_000), min_size=6, max_size=6, unique=True),
    arms=st.lists(st.sampled_from(["infliximab", "adalimumab"]), min_size=3, max_size=3),
    order=st.permutations(range(6)),
)
def test_days_orders_and_arms_change_nothing_that_a_reader_sees(
    days: list[int], arms: list[str], order: list[int]
) -> None:
    studies = [f"{patient}-{letter}" for patient in "123" for letter in "xy"]
    exchanged = [days[place] for place in order]
    with TemporaryDirectory() as one, TemporaryDirectory() as other, one_key():
        before = seen(dict(zip(studies, days)), arms=arms, folder=Path(one))
        after = seen(dict(zip(studies, exchanged)), arms=arms[::-1], folder=Path(other))

    assert after == before
    assert len(before) == 2 * (3 + 2)
