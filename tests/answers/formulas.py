"""The indices, from the published formulas, in exact fractions; logarithm and root to the nearest 1e-9."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Final

Inputs = Mapping[str, Fraction]

BASDAI_ITEMS: Final = tuple(f"basdai_{n}" for n in range(1, 7))
BASFI_ITEMS: Final = tuple(f"basfi_{n}" for n in range(1, 11))
MOBILITY: Final = (
    "lateral_lumbar_flexion",
    "tragus_to_wall",
    "lumbar_flexion",
    "intermalleolar_distance",
    "cervical_rotation",
)
ASDAS_ITEMS: Final = ("basdai_2", "basdai_6", "patient_global", "basdai_3")
INPUTS: Final = {
    "basdai": BASDAI_ITEMS,
    "basdai_inflammation": ("basdai_5", "basdai_6"),
    "basfi": BASFI_ITEMS,
    "basmi_2step": MOBILITY,
    "basmi_10step": MOBILITY,
    "basmi_linear": MOBILITY,
    "asdas_crp": (*ASDAS_ITEMS, "crp"),
    "asdas_esr": (*ASDAS_ITEMS, "esr"),
}
LINEAR: Final = {  # score = (a - value) / b, or (value - a) / b where the distance is worse when long
    "lateral_lumbar_flexion": ("21.1", "2.1", False),
    "tragus_to_wall": ("8", "3", True),
    "lumbar_flexion": ("7.4", "0.7", False),
    "intermalleolar_distance": ("124.5", "10", False),
    "cervical_rotation": ("89.3", "8.5", False),
}
TEN_STEP: Final = {  # from here on the score is 0, 1, … 9, else 10; of tragus to wall: below here, and up to 10 it is 0
    "lateral_lumbar_flexion": "20 18 15.9 13.8 11.7 9.6 7.5 5.4 3.3 1.2",
    "tragus_to_wall": "10 13 16 19 22 25 28 31 34 37",
    "lumbar_flexion": "7 6.4 5.7 5 4.3 3.6 2.9 2.2 1.5 0.8",
    "intermalleolar_distance": "120 110 100 90 80 70 60 50 40 30",
    "cervical_rotation": "85 76.6 68.1 59.6 51.1 42.6 34.1 25.6 17.1 8.6",
}
TWO_STEP: Final = {  # score 1 from here, score 2 beyond there; both limits of 1 included
    "lateral_lumbar_flexion": ("5", "10"),
    "tragus_to_wall": ("15", "30"),
    "lumbar_flexion": ("2", "4"),
    "intermalleolar_distance": ("70", "100"),
    "cervical_rotation": ("20", "70"),
}


def mean(values: Sequence[Fraction]) -> Fraction:
    """Return the mean."""
    return sum(values, Fraction(0)) / len(values)


def basdai(at: Inputs) -> Fraction:
    """Return the BASDAI: four items and the mean of the two on stiffness, a fifth each."""
    return (sum((at[item] for item in BASDAI_ITEMS[:4]), Fraction(0)) + basdai_inflammation(at)) / 5


def basdai_inflammation(at: Inputs) -> Fraction:
    """Return the mean of the two items on stiffness."""
    return mean([at["basdai_5"], at["basdai_6"]])


def basfi(at: Inputs) -> Fraction:
    """Return the BASFI, the mean of its ten items."""
    return mean([at[item] for item in BASFI_ITEMS])


def basmi_linear(at: Inputs) -> Fraction:
    """Return the linear BASMI, the mean of five scores within 0 and 10."""
    scores = []
    for name, (limit, width, longer_is_worse) in LINEAR.items():
        difference = at[name] - Fraction(limit) if longer_is_worse else Fraction(limit) - at[name]
        scores.append(min(max(difference / Fraction(width), Fraction(0)), Fraction(10)))
    return mean(scores)


def basmi_10step(at: Inputs) -> Fraction:
    """Return the 10-step BASMI, the mean of five scores of 0 to 10."""
    scores = []
    for name, limits in TEN_STEP.items():
        bands = [Fraction(limit) for limit in limits.split()]
        if name == "tragus_to_wall":
            scores.append(Fraction((at[name] > bands[0]) + sum(at[name] >= limit for limit in bands[1:])))
        else:
            scores.append(Fraction(sum(at[name] < limit for limit in bands)))
    return mean(scores)


def basmi_2step(at: Inputs) -> Fraction:
    """Return the 2-step BASMI, the sum of five scores of 0 to 2."""
    total = Fraction(0)
    for name, (low, high) in TWO_STEP.items():
        below, above = at[name] < Fraction(low), at[name] > Fraction(high)
        worse, better = (above, below) if name == "tragus_to_wall" else (below, above)
        total += 2 if worse else 0 if better else 1
    return total


def weighted(at: Inputs, weights: Sequence[str]) -> Fraction:
    """Return what the patient's four answers add to an ASDAS, each on 0 to 10."""
    rated = (at["basdai_2"], at["basdai_6"], at["patient_global"] / 10, at["basdai_3"])
    return sum((value * Fraction(weight) for value, weight in zip(rated, weights)), Fraction(0))


def nano(weight: str, of: Callable[[Decimal], Decimal], value: Fraction) -> Fraction:
    """Return a weight times a function of a value, to the nearest 1e-9."""
    with localcontext(prec=60):
        exact = Decimal(weight) * of(Decimal(value.numerator) / Decimal(value.denominator))
        return Fraction(int((exact * 10**9).to_integral_value()), 10**9)


def asdas_crp(at: Inputs) -> Fraction:
    """Return the ASDAS-CRP; `crp` in mg/l, below 2 as 2."""
    crp = max(at["crp"], Fraction(2))
    return weighted(at, ("0.121", "0.058", "0.110", "0.073")) + nano("0.579", lambda value: value.ln(), crp + 1)


def asdas_esr(at: Inputs) -> Fraction:
    """Return the ASDAS-ESR; `esr` in mm/h."""
    return weighted(at, ("0.079", "0.069", "0.113", "0.086")) + nano("0.293", lambda value: value.sqrt(), at["esr"])


FORMULAS: Final[dict[str, Callable[[Inputs], Fraction]]] = {
    "basdai": basdai,
    "basdai_inflammation": basdai_inflammation,
    "basfi": basfi,
    "basmi_2step": basmi_2step,
    "basmi_10step": basmi_10step,
    "basmi_linear": basmi_linear,
    "asdas_crp": asdas_crp,
    "asdas_esr": asdas_esr,
}


def prorated_basdai(at: Inputs) -> Fraction | None:
    """Return the BASDAI of five components, one of which may be missing; one item on stiffness stands for both."""
    stiffness = [at[item] for item in BASDAI_ITEMS[4:] if item in at]
    parts = [at[item] for item in BASDAI_ITEMS[:4] if item in at] + ([mean(stiffness)] if stiffness else [])
    return mean(parts) if len(parts) >= 4 else None


def prorated_basfi(at: Inputs) -> Fraction | None:
    """Return the mean of the items answered, two of which may be missing."""
    answered = [at[item] for item in BASFI_ITEMS if item in at]
    return mean(answered) if len(answered) >= 8 else None


def prorated_inflammation(at: Inputs) -> Fraction | None:
    """Return the mean of what was answered of the two items on stiffness."""
    answered = [at[item] for item in BASDAI_ITEMS[4:] if item in at]
    return mean(answered) if answered else None


PRORATED: Final[dict[str, Callable[[Inputs], Fraction | None]]] = {
    "basdai": prorated_basdai,
    "basfi": prorated_basfi,
    "basdai_inflammation": prorated_inflammation,
}
