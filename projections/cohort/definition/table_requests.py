"""Which tables a cohort file wants, and what each of them asks: one small record a table.

The records say what; the modules of the same names in `projections.cohort.tables` say how.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from projections.cohort.definition.keys import Keys
from registry.catalogue.codes import STOP_REASONS
from registry.catalogue.criteria import criteria
from registry.catalogue.criteria.criterion import BASELINE, NOTHING
from registry.catalogue.instruments import instruments
from registry.catalogue.measures import MEASURES
from registry.catalogue.methods import methods

LESION_METHOD: Final = "vu-lesions"
DAYS_OF_CHARACTERISTICS: Final = ("day-0", "enrolment")
STOPS_THAT_CENSOR: Final = ("protocol-end", "remission")
Pairs = tuple[tuple[str, str], ...]


class Characteristics(NamedTuple):
    """Baseline characteristics: age, sex, durations, HLA-B27, criteria, and `measures` at the time point `at`.

    Age and durations are those of the day `on`: day 0, or the enrolment.
    """

    at: str
    measures: tuple[str, ...]
    on: str = "day-0"
    name: str = "characteristics"


class Lesions(NamedTuple):
    """Counts of locations by state, of `method`, at every time point; `compare` pairs of time points."""

    method: str
    compare: Pairs
    name: str = "lesions"


class Scores(NamedTuple):
    """Totals of `methods`, their changes, the methods against each other, and with `correlate` measures."""

    methods: tuple[str, ...]
    correlate: tuple[str, ...]
    compare: Pairs
    name: str = "scores"


class Clinical(NamedTuple):
    """`measures` (empty: all that anybody has) at every time point, with paired tests between `compare`."""

    measures: tuple[str, ...]
    compare: Pairs
    name: str = "clinical"


class Responders(NamedTuple):
    """Who met which of the `criteria` at each time point but `baseline`, against the values there."""

    criteria: tuple[str, ...]
    baseline: str
    name: str = "responders"


class Verdicts(NamedTuple):
    """What the paired verdicts of one reader say, by region and kind of lesion."""

    reader: str
    session: str | None
    name: str = "verdicts"


class Survival(NamedTuple):
    """How long the course or line of day 0 was kept, at days after it; stops for reasons in `censor` are no failure.

    `criterion`: whose responders LUNDEX counts, at the time points that `lundex` names.
    """

    days: tuple[int, ...]
    censor: tuple[str, ...]
    death: str
    criterion: str | None
    name: str = "survival"


class Rates(NamedTuple):
    """Flares and adverse events per 100 patient-years of follow-up from day 0."""

    name: str = "rates"


class Medication(NamedTuple):
    """What was given before day 0 and is taken on it, by class and agent."""

    name: str = "medication"


class Safety(NamedTuple):
    """Adverse events by term: patients, days of onset and end, and who had none left by the days in `ended_by`."""

    ended_by: tuple[int, ...]
    name: str = "safety"


class Agreement(NamedTuple):
    """How far readers agree: totals of `methods`, and single grades."""

    methods: tuple[str, ...]
    compare: Pairs
    name: str = "agreement"


Wanted = (
    Characteristics
    | Lesions
    | Scores
    | Clinical
    | Responders
    | Verdicts
    | Survival
    | Rates
    | Medication
    | Safety
    | Agreement
)


def measure_names() -> tuple[str, ...]:
    """Return every measure, and every instrument that is computed, by name."""
    return tuple(dict.fromkeys((*MEASURES, *instruments())))


def scored_methods() -> tuple[str, ...]:
    """Return the methods that have a total."""
    return tuple(code for code, method in methods().items() if any(score.name == "total" for score in method.scores))


def criterion_names() -> tuple[str, ...]:
    """Return the criteria that compare a visit with a baseline, or look at it alone."""
    return tuple(name for name, criterion in criteria().items() if criterion.against in (BASELINE, NOTHING))


def _compare(keys: Keys, names: list[str]) -> Pairs:
    found = keys.pairs("compare", names, otherwise="the first time point with each later one")
    return found or tuple((names[0], later) for later in names[1:])


def _characteristics(keys: Keys, names: list[str]) -> Wanted:
    return Characteristics(
        keys.word("at", names, names[0] if names else ""),
        keys.words("measures", measure_names()),
        keys.word("on", DAYS_OF_CHARACTERISTICS, DAYS_OF_CHARACTERISTICS[0]),
    )


def _lesions(keys: Keys, names: list[str]) -> Wanted:
    counted = tuple(code for code in methods() if code not in scored_methods())
    return Lesions(keys.word("method", counted, LESION_METHOD), _compare(keys, names))


def _scores(keys: Keys, names: list[str]) -> Wanted:
    wanted = keys.words("methods", scored_methods(), scored_methods())
    return Scores(wanted, keys.words("correlate", measure_names()), _compare(keys, names))


def _clinical(keys: Keys, names: list[str]) -> Wanted:
    return Clinical(keys.words("measures", measure_names()), _compare(keys, names))


def _responders(keys: Keys, names: list[str]) -> Wanted:
    wanted = keys.words("criteria", criterion_names(), criterion_names())
    return Responders(wanted, keys.word("baseline", names, names[0] if names else ""))


def _verdicts(keys: Keys, names: list[str]) -> Wanted:
    return Verdicts(keys.text("reader", "consensus"), keys.text("session") if keys.there("session") else None)


def _survival(keys: Keys, names: list[str]) -> Wanted:
    return Survival(
        keys.numbers("days", (182, 365, 730, 1826), low=1, high=36_525),
        keys.words("censor", STOP_REASONS, STOPS_THAT_CENSOR),
        keys.word("death", ("event", "censor"), "event"),
        keys.word("lundex", criterion_names()) if keys.there("lundex") else None,
    )


def _rates(keys: Keys, names: list[str]) -> Wanted:
    return Rates()


def _medication(keys: Keys, names: list[str]) -> Wanted:
    return Medication()


def _safety(keys: Keys, names: list[str]) -> Wanted:
    return Safety(keys.numbers("ended_by", (), low=0, high=36_525))


def _agreement(keys: Keys, names: list[str]) -> Wanted:
    return Agreement(keys.words("methods", methods(), tuple(methods())), _compare(keys, names))


READERS: Final[dict[str, Callable[[Keys, list[str]], Wanted]]] = {
    "characteristics": _characteristics,
    "lesions": _lesions,
    "scores": _scores,
    "clinical": _clinical,
    "responders": _responders,
    "verdicts": _verdicts,
    "survival": _survival,
    "rates": _rates,
    "medication": _medication,
    "safety": _safety,
    "agreement": _agreement,
}


def _ended(read: Callable[[Keys, list[str]], Wanted]) -> Callable[[Keys, list[str]], Wanted]:
    def whole(keys: Keys, names: list[str]) -> Wanted:
        found = read(keys, names)
        keys.end()
        return found

    return whole


TABLES: Final = {name: _ended(read) for name, read in READERS.items()}
