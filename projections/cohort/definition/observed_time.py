"""How the section `observation` of a cohort file is read: what counts as observed, and who enters late."""

from __future__ import annotations

from typing import Final, get_args

from projections.cohort.definition.definition import LateEntry, ObservedTime
from projections.columns.partial_days import PARTIAL_RULES
from projections.observation.durations import Duration, duration
from projections.observation.observed_spans import OBSERVED, UNTIL, Observation
from registry.errors import FormatError
from registry.toml_keys import Keys

BOUNDS: Final = "bounds"
ENTRIES: Final[tuple[LateEntry, ...]] = get_args(LateEntry)
OF_SILENCE: Final = ("grace", "gap", "lost_after")
SILENT: Final = "says nothing where until = 'as-of': everybody is known until then, seen or not; leave it out"


def read_observed_time(keys: Keys) -> ObservedTime:
    """Return what counts as observed."""
    until = keys.word("until", UNTIL, UNTIL[0])
    if until == "as-of":
        for name in OF_SILENCE:
            if keys.there(name):
                keys.wrong(name, SILENT)
        grace, gap, lost_after = OBSERVED.grace, None, OBSERVED.lost_after
    else:
        grace = _duration(keys, "grace", OBSERVED.grace)
        gap = _gap(keys)
        lost_after = _duration(keys, "lost_after", OBSERVED.lost_after)
    entry = keys.word("entry", ENTRIES, ENTRIES[0])
    partial = keys.word("partial", (*PARTIAL_RULES, BOUNDS), PARTIAL_RULES[0])
    keys.end(OF_SILENCE)
    bounds = partial == BOUNDS
    rule = next((each for each in PARTIAL_RULES if each == partial), OBSERVED.partial)
    return ObservedTime(Observation(until, grace, gap, lost_after, rule), entry, bounds)


def _gap(keys: Keys) -> Duration | None:
    """Return the longest silence of somebody who is still observed, None where any is."""
    if not keys.there("gap"):
        keys.defaults.append(("observation.gap", "none"))
        return None
    gap = _duration(keys, "gap", OBSERVED.lost_after)
    if gap == Duration():
        keys.wrong("gap", "'0 days' leaves nobody under observation; write how long a silence may be, or leave it out")
    return gap


def _duration(keys: Keys, name: str, otherwise: Duration) -> Duration:
    """Return a length of time; the default is told where the file has none."""
    text = keys.text(name, str(otherwise))
    try:
        return duration(name, text)
    except FormatError as refusal:
        keys.wrong(name, str(refusal).removeprefix(f"{name}: "))
        return otherwise
