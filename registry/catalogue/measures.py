"""What can be measured at a visit: each measure with its canonical unit and its range.

A measure is one value of one patient on one day: a number, or a word of a list, a partial day, a short text where a
registry's protocol declares such. Ranges are in the canonical unit and inclusive; no upper limit means that physiology
sets none that a registry could refuse by. Values are stored in the unit they were captured in; `units.py` says which
those may be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, Literal, get_args

from registry.catalogue.plausible_limits import PLAUSIBLE_LIMITS
from registry.catalogue.units import EXACT, conversions_to

Holds = Literal["number", "count", "yes-no", "codes", "partial-day", "text"]
HOLDS: Final[tuple[Holds, ...]] = get_args(Holds)
NUMBERS: Final = ("number", "count")
CODED: Final = ("yes-no", "codes")
SIX_DECIMALS: Final = Decimal("0.000001")
TEXT_AT_MOST: Final = 200  # characters of a measure that holds a short text
LIMITS: Final[dict[Holds, str]] = {  # of what is no number
    "yes-no": "yes or no",
    "partial-day": "YYYY-MM-DD, YYYY-MM or YYYY",
    "text": f"one line of up to {TEXT_AT_MOST} characters, never a name",
}


@dataclass(frozen=True)
class Measure:
    """One value that can be taken at a visit.

    `low` and `high` are the range, `plausible` the limits beyond which a value is doubted and never refused. Of what is
    no number `codes` has the words that it can be, each with its label; they are `ordinal` where their order means
    something. `factors` are the other units in which it can be captured, each with what a value is multiplied by. It is
    taken no more from `until` on, a clinical day, and a code of it no more from its day in `ended_codes` on.
    """

    name: str
    unit: str
    low: Decimal | int | None
    high: Decimal | int | None
    label: str
    holds: Holds = "number"
    laboratory: bool = False
    codes: Mapping[str, str] = field(default_factory=dict)
    ordinal: bool = False
    plausible: tuple[Decimal | int, Decimal | int] | None = None
    factors: Mapping[str, Decimal] = field(default_factory=dict)
    until: date | None = None
    ended_codes: Mapping[str, date] = field(default_factory=dict)

    @property
    def is_number(self) -> bool:
        """Whether its values are numbers."""
        return self.holds in NUMBERS

    @property
    def is_coded(self) -> bool:
        """Whether its values are words of a closed list."""
        return self.holds in CODED

    def ended_on(self, code: str | None) -> date | None:
        """Return the day from which it, or one of its codes, is taken no more; None while it is."""
        ends = (self.until, self.ended_codes.get(code) if code is not None else None)
        return min((day for day in ends if day is not None), default=None)

    @property
    def units(self) -> tuple[str, ...]:
        """Every unit that it can be captured in, the canonical one first."""
        return (self.unit, *self.factors)

    def canonical(self, value: Decimal, unit: str) -> Decimal:
        """Return a value that was captured in one of the units in the canonical one, exactly."""
        return value if unit == self.unit else EXACT.multiply(value, self.factors[unit])

    def limit(self, unit: str | None = None) -> str:
        """Return the range in words, in the canonical unit or in another that it can be captured in.

        Of what is no number, what a cell of it can hold.

        >>> MEASURES["patient_global"].limit("nrs"), MEASURES["crp"].limit(), MEASURES["mases"].limit()
        ('0 to 10 nrs', '0 mg/l and above', '0 to 13 score')
        """
        if not self.is_number:
            return LIMITS.get(self.holds) or f"one of {', '.join(self.codes)}"
        unit = unit or self.unit
        low, high = (self._in_words(limit, unit) for limit in (self.low, self.high))
        if self.holds == "count":
            bounds = (f"from {low}" if low else "", f"{'to' if low else 'up to'} {high}" if high else "")
            return " ".join(filter(None, ("whole numbers", *bounds)))
        if low and high:
            return f"{low} to {high} {unit}"
        if low or high:
            return f"{low} {unit} and above" if low else f"{high} {unit} and below"
        return f"any number of {unit}"

    def _in_words(self, limit: Decimal | int | None, unit: str) -> str | None:
        """Return a limit in a unit; what does not end there is rounded to six decimals, for a reader."""
        if limit is None:
            return None
        factor = self.factors[unit] if unit != self.unit else Decimal(1)
        rounded = EXACT.quantize(EXACT.divide(Decimal(limit), factor), SIX_DECIMALS)
        return f"{rounded.normalize(EXACT):f}"

    def allows(self, value: Decimal) -> bool:
        """Return whether `value`, in the canonical unit, lies in the range; counts are whole."""
        if self.holds == "count" and value != value.to_integral_value():
            return False
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


LABORATORY: Final = frozenset(
    {"crp", "esr"}
)  # whose values may carry a comparator, as `<5` below the limit of detection

BASDAI_ITEMS: Final = (
    "fatigue",
    "neck, back or hip pain",
    "peripheral pain or swelling",
    "discomfort to touch or pressure",
    "severity of morning stiffness",
    "duration of morning stiffness",
)
BASFI_ITEMS: Final = (
    "putting on socks or tights",
    "bending to pick up a pen",
    "reaching a high shelf",
    "rising from an armless chair",
    "getting up off the floor",
    "standing for ten minutes",
    "climbing 12 to 15 steps",
    "looking over the shoulder",
    "physically demanding activities",
    "a full day's activities",
)
BASMI_VERSIONS: Final = ("2-step", "10-step", "linear")


def _measure(name: str, unit: str, low: int, high: int | None, label: str) -> Measure:
    return Measure(
        name,
        unit,
        low,
        high,
        label,
        holds="count" if unit == "count" else "number",
        laboratory=name in LABORATORY,
        plausible=PLAUSIBLE_LIMITS.get(name),
        factors=conversions_to(unit),
    )


MEASURES: Final = {  # unit, low, high in the canonical unit
    measure.name: measure
    for measure in (
        *(_measure(f"basdai_{n}", "nrs", 0, 10, f"BASDAI {n}: {item}") for n, item in enumerate(BASDAI_ITEMS, 1)),
        _measure("basdai", "score", 0, 10, "BASDAI, reported total"),
        *(_measure(f"basfi_{n}", "nrs", 0, 10, f"BASFI {n}: {item}") for n, item in enumerate(BASFI_ITEMS, 1)),
        _measure("basfi", "score", 0, 10, "BASFI, reported total"),
        _measure("tragus_to_wall", "cm", 0, None, "tragus-to-wall distance, mean of both sides"),
        _measure("lateral_lumbar_flexion", "cm", 0, None, "lateral lumbar flexion, mean of both sides"),
        _measure("lumbar_flexion", "cm", 0, None, "lumbar flexion, modified Schober"),
        _measure("intermalleolar_distance", "cm", 0, None, "maximal intermalleolar distance"),
        _measure("cervical_rotation", "deg", 0, 120, "cervical rotation, mean of both sides"),
        _measure("basmi", "score", 0, 10, "BASMI, reported total; its version in basmi_version"),
        _measure("schober", "cm", 0, None, "Schober test as the source calls it"),
        _measure("chest_expansion", "cm", 0, None, "chest expansion at the fourth intercostal space"),
        _measure("crp", "mg/l", 0, None, "C-reactive protein"),
        _measure("esr", "mm/h", 0, None, "erythrocyte sedimentation rate, Westergren, first hour"),
        _measure("patient_global", "mm", 0, 100, "patient's global assessment of disease activity"),
        _measure("physician_global", "mm", 0, 100, "physician's global assessment of disease activity"),
        _measure("total_back_pain", "mm", 0, 100, "total back pain"),
        _measure("night_back_pain", "mm", 0, 100, "nocturnal back pain"),
        _measure("morning_stiffness", "min", 0, None, "duration of early morning stiffness"),
        _measure("asqol", "score", 0, 18, "ASQoL"),
        _measure("asas_hi", "score", 0, 17, "ASAS Health Index"),
        _measure("mases", "score", 0, 13, "Maastricht Ankylosing Spondylitis Enthesitis Score"),
        _measure("swollen_joints_44", "count", 0, 44, "swollen joints of 44"),
        _measure("tender_joints_68", "count", 0, 68, "tender joints of 68"),
        _measure("swollen_joints_66", "count", 0, 66, "swollen joints of 66"),
        _measure("bas_g_week", "nrs", 0, 10, "BAS-G, last week; never added to the other"),
        _measure("bas_g_6months", "nrs", 0, 10, "BAS-G, last six months; never added to the other"),
    )
}
