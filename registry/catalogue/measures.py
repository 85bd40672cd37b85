"""What can be measured at a visit: each measure with its canonical unit and its range.

A measure is one value of one patient on one day. Ranges are in the canonical unit and inclusive;
no upper limit means that physiology sets none that a registry could refuse by. Values are stored in the
unit they were captured in; `units.py` says which those may be.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final, NamedTuple

from registry.catalogue.units import captured_units, from_unit


class Measure(NamedTuple):
    """One value that can be taken at a visit."""

    name: str
    unit: str
    low: int
    high: int | None
    label: str

    @property
    def units(self) -> tuple[str, ...]:
        """Every unit that it can be captured in, the canonical one first."""
        return captured_units(self.unit)

    @property
    def laboratory(self) -> bool:
        """Whether a value may carry a comparator, as `<5` below the limit of detection."""
        return self.name in LABORATORY

    def limit(self, unit: str | None = None) -> str:
        """Return the range in words, in the canonical unit or in another that it can be captured in.

        >>> MEASURES["patient_global"].limit("nrs"), MEASURES["crp"].limit(), MEASURES["mases"].limit()
        ('0 to 10 nrs', '0 mg/l and above', '0 to 13 score')
        """
        unit = unit or self.unit
        low = f"{from_unit(Decimal(self.low), unit, self.unit):f}"
        high = None if self.high is None else f"{from_unit(Decimal(self.high), unit, self.unit):f}"
        if unit == "count":
            return f"whole numbers from {low} to {high}"
        return f"{low} {unit} and above" if high is None else f"{low} to {high} {unit}"

    def allows(self, value: Decimal) -> bool:
        """Return whether `value`, in the canonical unit, lies in the range; counts are whole."""
        if self.unit == "count" and value != value.to_integral_value():
            return False
        return value >= self.low and (self.high is None or value <= self.high)


LABORATORY: Final = frozenset({"crp", "esr"})

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

MEASURES: Final = {  # unit, low, high in the canonical unit
    measure.name: measure
    for measure in (
        *(Measure(f"basdai_{n}", "nrs", 0, 10, f"BASDAI {n}: {item}") for n, item in enumerate(BASDAI_ITEMS, 1)),
        Measure("basdai", "score", 0, 10, "BASDAI, reported total"),
        *(Measure(f"basfi_{n}", "nrs", 0, 10, f"BASFI {n}: {item}") for n, item in enumerate(BASFI_ITEMS, 1)),
        Measure("basfi", "score", 0, 10, "BASFI, reported total"),
        Measure("tragus_to_wall", "cm", 0, None, "tragus-to-wall distance, mean of both sides"),
        Measure("lateral_lumbar_flexion", "cm", 0, None, "lateral lumbar flexion, mean of both sides"),
        Measure("lumbar_flexion", "cm", 0, None, "lumbar flexion, modified Schober"),
        Measure("intermalleolar_distance", "cm", 0, None, "maximal intermalleolar distance"),
        Measure("cervical_rotation", "deg", 0, 120, "cervical rotation, mean of both sides"),
        Measure("basmi", "score", 0, 10, "BASMI, reported total; its version in basmi_version"),
        Measure("schober", "cm", 0, None, "Schober test as the source calls it"),
        Measure("chest_expansion", "cm", 0, None, "chest expansion at the fourth intercostal space"),
        Measure("crp", "mg/l", 0, None, "C-reactive protein"),
        Measure("esr", "mm/h", 0, None, "erythrocyte sedimentation rate, Westergren, first hour"),
        Measure("patient_global", "mm", 0, 100, "patient's global assessment of disease activity"),
        Measure("physician_global", "mm", 0, 100, "physician's global assessment of disease activity"),
        Measure("total_back_pain", "mm", 0, 100, "total back pain"),
        Measure("night_back_pain", "mm", 0, 100, "nocturnal back pain"),
        Measure("morning_stiffness", "min", 0, None, "duration of early morning stiffness"),
        Measure("asqol", "score", 0, 18, "ASQoL"),
        Measure("asas_hi", "score", 0, 17, "ASAS Health Index"),
        Measure("mases", "score", 0, 13, "Maastricht Ankylosing Spondylitis Enthesitis Score"),
        Measure("swollen_joints_44", "count", 0, 44, "swollen joints of 44"),
        Measure("tender_joints_68", "count", 0, 68, "tender joints of 68"),
        Measure("swollen_joints_66", "count", 0, 66, "swollen joints of 66"),
        Measure("bas_g_week", "nrs", 0, 10, "BAS-G, last week; never added to the other"),
        Measure("bas_g_6months", "nrs", 0, 10, "BAS-G, last six months; never added to the other"),
    )
}
