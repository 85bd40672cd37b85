"""A simulated cohort: its size, and all its parts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from registry.catalogue.protocol import Protocol
from registry.errors import RangeError, RefusalError, UnknownCodeError
from registry.protocol.file import written_in
from registry.simulation.clinical_events import adverse_events, flares
from registry.simulation.collected import ALONE, Collected
from registry.simulation.conditions import conditions
from registry.simulation.drawing import Draw
from registry.simulation.drugs import Drugs, drugs
from registry.simulation.imaging import METHODS, lesions, readings, studies
from registry.simulation.people import People, people
from registry.simulation.readers.by_method import READ, Asked, Imaged, readings_by
from registry.simulation.reporting_delay import Reported
from registry.simulation.scheduled import anchors_of, scheduled_days
from registry.simulation.visiting import Own, visits
from registry.toml_keys import DefinitionError

LAST_DAY: Final = (date(2023, 12, 31) - date(1970, 1, 1)).days  # of every cohort: nothing of it may lie in the future
ALL: Final = "all"  # in place of codes of methods
SESSION: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")  # what a campaign is called
LIMITS: Final = {"patients": (1, 1_000_000), "years": (1, 40), "seed": (0, 2**63 - 1)}


class CohortSize(NamedTuple):
    """How many patients, over how many years, and which of all cohorts of that size."""

    patients: int
    years: int
    seed: int = 1


class SimulatedCohort(NamedTuple):
    """All facts of all patients, each part as the registry learns of it."""

    size: CohortSize
    parts: tuple[Reported, ...]
    collected: Collected = ALONE

    @property
    def n_events(self) -> int:
        """The number of events that the cohort has in a log."""
        return sum(len(part.fact) for part in self.parts)


def simulated(
    size: CohortSize,
    protocol: Protocol | Path | str | None = None,
    *,
    methods: Iterable[str] = (),
    campaign: str = "",
) -> SimulatedCohort:
    """Return the cohort of a size and a seed, of a registry that collects what a protocol says, by its file or as data.

    Every cohort is read by three methods. `methods` are read beside them, by their codes or `all` of them: two readers,
    who agree as published, read each study that a method reads; radiographs and CT come with the methods that read
    them. Everything else stays as it is without. `campaign` is the session of these readings, for which the three are
    read anew.

    Raises `RangeError` for a size that no cohort has, `UnknownCodeError` for a method that is none, `RefusalError` for
    methods that every cohort is read by already, a campaign without methods or of another form, `DefinitionError` with
    all that is wrong with the protocol.
    """
    asked = _asked(methods, campaign)
    for name, (low, high) in LIMITS.items():
        if not low <= getattr(size, name) <= high:
            raise RangeError(name, str(getattr(size, name)), f"{low:,} to {high:,}")
    collected = ALONE if protocol is None else Collected.under(_checked(protocol))
    draws = [Draw(size.seed, part) for part in range(7)]
    centres = len(collected.centres)
    enrolled = people(
        draws[0], size.patients, first_day=LAST_DAY - 365 * size.years, last_day=LAST_DAY, centres=centres
    )
    own_drugs = None if protocol is None else Draw(size.seed, 9)
    given = drugs(draws[1], enrolled, last_day=LAST_DAY, given=collected.therapies, own=own_drugs)
    own = None if protocol is None else _own(Draw(size.seed, 10), collected, enrolled, given)
    examined = studies(draws[5], enrolled, last_day=LAST_DAY)
    imaged = Imaged(size.seed, enrolled, examined, LAST_DAY)
    return SimulatedCohort(
        size,
        (
            enrolled.reported,
            visits(draws[2], enrolled, given, last_day=LAST_DAY, own=own),
            given.reported,
            flares(draws[3], enrolled, last_day=LAST_DAY),
            adverse_events(draws[4], enrolled, given, last_day=LAST_DAY),
            examined.reported,
            *readings(Draw(size.seed, 7), examined, last_day=LAST_DAY),
            lesions(draws[6], examined, last_day=LAST_DAY),
            conditions(Draw(size.seed, 8), enrolled, last_day=LAST_DAY, frequent=collected.conditions),
            *readings_by(imaged, asked),
        ),
        collected,
    )


def _asked(methods: Iterable[str], campaign: str) -> Asked:
    """Return which methods are read in which session; refuse what nothing can be read by, or would be called."""
    codes = tuple(methods)
    codes = READ if codes == (ALL,) else codes
    for code in codes:
        if code not in READ:
            raise UnknownCodeError("methods", code, (ALL, *READ), what="method")
    if campaign and not SESSION.fullmatch(campaign):
        raise RefusalError(
            f"campaign: {campaign!r} is not lower-case letters and digits with hyphens, as msasss-2026",
            field="campaign",
            value=campaign,
        )
    if codes and not campaign and set(codes) <= set(METHODS):
        raise RefusalError(
            f"methods: every cohort is read by {' and '.join(codes)}; name a campaign in which it is read anew",
            field="methods",
        )
    if campaign and not codes:
        raise RefusalError(f"campaign: {campaign} has no methods; name those that are read in it", field="campaign")
    return Asked(codes, campaign)


def _checked(protocol: Protocol | Path | str) -> Protocol:
    written = written_in(protocol)
    if problems := written.all_problems():
        raise DefinitionError(written.named, problems)
    return written.protocol


def _own(draw: Draw, collected: Collected, people: People, drugs: Drugs) -> Own:
    """Return what a protocol adds to visits: when they are, and what is then taken."""
    schedule, days = collected.schedule, None
    if schedule:
        anchors = [anchors_of(visit, people, drugs, collected.therapies, collected.catalogue) for visit in schedule]
        days = scheduled_days(draw, people, anchors, schedule, last_day=LAST_DAY)
    asked = [collected.asked(measure.name) for measure in collected.measures]
    return Own(draw, collected.measures, asked, len(collected.reasons), days)
