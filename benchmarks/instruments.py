"""Instruments and response criteria over 100,000 visits as columns, beside the same formulas visit by visit.

The side by side is a plain loop over `Fraction`s and `Decimal`s, as exact as the columns are, on a sample of the same
visits; both give the same answers, and this is checked before anything is timed. Values come as whole numbers of
their smallest unit, as a projection has them; reading them from texts is not part of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import partial
from typing import Final

import numpy as np

from benchmarks.measuring import Contender, in_turn, repeated
from benchmarks.records import Benchmark, Compared, Found, Scale
from benchmarks.running import main
from registry.catalogue.criteria import criteria
from registry.catalogue.instruments import instruments
from registry.catalogue.instruments.instrument import Columns
from registry.catalogue.instruments.truths import Truths
from registry.catalogue.instruments.values import Values
from registry.catalogue.measures import MEASURES

VISITS: Final = 100_000
SAMPLE: Final = 2_000
MISSING: Final = 0.02  # of all values
NAMES: Final = ("basdai", "basdai_inflammation", "basfi", "basmi_linear", "asdas_crp")
DOMAINS: Final = ("patient_global", "total_back_pain", "basfi", "basdai_inflammation")

Visit = dict[str, Fraction | None]


def measure(scale: Scale) -> Found:
    """Measure each rule, as columns and in a loop."""
    before, now = visits(seed=1), visits(seed=2)
    compared = []
    for name in NAMES:
        sample = _sample(now, instruments()[name].inputs)
        compared.append(_compared(scale, name, partial(_scored, name, now), partial(_looped, LOOPS[name], sample)))
    scored = [{**cells, **{name: _scored(name, cells) for name in NAMES}} for cells in (before, now)]
    sample_before, sample_now = (_sample(cells, DOMAINS) for cells in scored)
    loop = partial(lambda first, second: list(map(_asas20, first, second)), sample_before, sample_now)
    compared.append(_compared(scale, "asas20", partial(_responses, *scored), loop))
    return Found(tuple(compared))


def visits(*, seed: int) -> dict[str, Values]:
    """Return visits at random: every input within its range, to a tenth of its unit."""
    random = np.random.default_rng(seed)
    inputs = {name for instrument in NAMES for name in instruments()[instrument].inputs} | {"total_back_pain"}
    return {
        name: Values.counted(
            random.integers(0, (MEASURES[name].high or 150) * 10 + 1, VISITS),
            denominator=10,
            known=random.random(VISITS) >= MISSING,
        )
        for name in sorted(inputs)
    }


def _compared(
    scale: Scale, name: str, columns: Callable[[], Values | Truths], loop: Callable[[], Sequence[object]]
) -> Compared:
    values = columns()
    listed = values.fractions() if isinstance(values, Values) else values.answers()
    assert listed[:SAMPLE] == loop(), f"{name}: the loop disagrees"
    ours, theirs = in_turn(
        scale.runs,
        Contender(f"{name}, columns", lambda: repeated(columns), VISITS, "visits"),
        Contender(f"{name}, loop", lambda: repeated(loop), SAMPLE, "visits"),
    )
    return Compared(ours, (theirs,))


def _scored(name: str, cells: Columns) -> Values:
    return instruments()[name].over(cells).values


def _responses(before: Columns, now: Columns) -> Truths:
    return criteria()["asas20"].over(now, before=before).met


def _sample(cells: Columns, names: tuple[str, ...]) -> list[Visit]:
    first = np.arange(SAMPLE)
    listed = {name: cells[name].take(first).fractions() for name in names}
    return [{name: listed[name][row] for name in names} for row in range(SAMPLE)]


def _looped(rule: Callable[..., Fraction], sample: list[Visit]) -> list[Fraction | None]:
    return [None if None in visit.values() else rule(*visit.values()) for visit in sample]


def _basdai(*answers: Fraction) -> Fraction:
    first, second, third, fourth, fifth, sixth = answers
    return (first + second + third + fourth + (fifth + sixth) / 2) / 5


def _mean(*answers: Fraction) -> Fraction:
    return sum(answers, Fraction(0)) / len(answers)


def _basmi_linear(*movements: Fraction) -> Fraction:
    lines = (("21.1", "-2.1"), ("8", "3"), ("7.4", "-0.7"), ("124.5", "-10"), ("89.3", "-8.5"))
    scores = ((value - Fraction(zero)) / Fraction(step) for value, (zero, step) in zip(movements, lines))
    return _mean(*(min(max(score, Fraction(0)), Fraction(10)) for score in scores))


def _asdas_crp(*inputs: Fraction) -> Fraction:
    back_pain, stiffness, patient_global, peripheral, crp = inputs
    raised = max(crp, Fraction(2)) + 1
    with localcontext(prec=30):
        logarithm = Decimal("0.579") * (Decimal(raised.numerator) / Decimal(raised.denominator)).ln()
    rated = Fraction(121 * back_pain + 58 * stiffness + 11 * patient_global + 73 * peripheral) / 1000
    return rated + Fraction(round(logarithm * 10**9), 10**9)


LOOPS: Final[dict[str, Callable[..., Fraction]]] = {
    "basdai": _basdai,
    "basdai_inflammation": _mean,
    "basfi": _mean,
    "basmi_linear": _basmi_linear,
    "asdas_crp": _asdas_crp,
}


def _asas20(before: Visit, now: Visit) -> bool | None:
    improved = deteriorated = unknown = 0
    for name in DOMAINS:
        first, second = before[name], now[name]
        if first is None or second is None:
            unknown += 1
            continue
        change = (second - first) * (1 if name in DOMAINS[:2] else 10)
        relative = first * (20 if name in DOMAINS[:2] else 200)
        improved += first > 0 and -100 * change >= relative and change <= -10
        deteriorated += 100 * change >= relative and change >= 10
    if deteriorated or improved + unknown < 3:
        return False
    return None if unknown else True


BENCHMARK: Final = Benchmark(
    name="instruments",
    title="Instruments and response criteria",
    method=f"Rules over {VISITS:,} visits as columns, beside the same formulas as exact fractions in a loop over "
    f"{SAMPLE:,} of the same visits. Both give the same scores and answers for these.",
    packages=("numpy",),
    measure=measure,
)

if __name__ == "__main__":
    main(BENCHMARK)
