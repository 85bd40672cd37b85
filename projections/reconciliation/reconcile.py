"""Printed figures beside recomputed ones: what matches, by which variant, and what explains the rest.

A printed figure matches where every number of it is the recomputed one at the printed precision, rounded half up. Else
the cohort's other statistical options are tried, one at a time (`statistical_options.varied`), then rounding half to
even, then the `reporting_errors`. Nothing is left out: a figure that no table derives is a row with its reason.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from difflib import get_close_matches
from typing import Any, Final

from projections.cohort.figures.address import Address
from projections.cohort.figures.figures import Figure
from projections.cohort.members.cohort import Cohort
from projections.reconciliation.consistency import contradictions, inconsistencies
from projections.reconciliation.implied_sample_size import implied_sample_sizes
from projections.reconciliation.published_figures import PrintedFigure, Published
from projections.reconciliation.recomputed_figures import Figures, RecomputedValue, Variants, recomputed_values
from projections.reconciliation.report import (
    BY_VARIANT,
    DIFFERS,
    MATCHES,
    NOT_DERIVABLE,
    Reconciled,
    Reconciliation,
    Verdict,
)
from projections.reconciliation.reporting_errors import Case, Explanation, base, reporting_errors
from projections.statistics.rounding import fixed, p_text

HALF_EVEN: Final = "rounding = half to even"
SHOWN_VALUES: Final = 8


def reconcile(cohort: Cohort, published: Published) -> Reconciliation:
    """Return every printed figure beside what the cohort gives for it.

    Raises `CohortError` and `UnknownCodeError` as the cohort's tables do.
    """
    tables = {part.address.table for printed in published.figures for part in printed.parts}
    variants = Variants(cohort, tables)
    plain = [_plain(variants.own, printed) for printed in published.figures]
    sizes = implied_sample_sizes(
        published.figures, variants.own, [place for place, each in enumerate(plain) if each.verdict == DIFFERS]
    )
    stated = _stated(published)
    figures = []
    for place, each in enumerate(plain):
        reconciled = each
        own = recomputed_values(variants.own, each.printed)
        if each.verdict == DIFFERS and not each.explanations and own is not None:
            case = Case(each.printed, own, variants.own, _variants(variants, each.printed), stated)
            reconciled = _by_variant(case, _beside(each, plain)) or _explained(case, sizes.get(place))
        odd = tuple(dict.fromkeys(inconsistencies(cohort, variants.own, each.printed)))
        figures.append(reconciled._replace(explanations=(*reconciled.explanations, *odd)))
    return Reconciliation(published.paper, tuple(figures), tuple(contradictions(cohort)))


def _stated(published: Published) -> frozenset[tuple[str, Decimal]]:
    """Return what the paper prints as denominators, each with the row that it is of."""
    return frozenset(
        (base(part.address.row), number.value)
        for printed in published.figures
        for number, part in zip(printed.numbers, printed.parts)
        if part.field == "denominator"
    )


def _variants(variants: Variants, printed: PrintedFigure) -> list[tuple[str, Figures]]:
    """Return the figures that a printed one is made of under every variant, all its tables together."""
    by_name: dict[str, dict[Address, Figure]] = {}
    for table in dict.fromkeys(part.address.table for part in printed.parts):
        for name, figures in variants.of(table):
            by_name.setdefault(name, {}).update(figures)
    return list(by_name.items())


def _plain(own: Figures, printed: PrintedFigure) -> Reconciled:
    """Return the verdict under the cohort's own options."""
    if not printed.parts:
        return Reconciled(printed, None, NOT_DERIVABLE)
    values = recomputed_values(own, printed)
    if values is None:
        missing = next(part.address for part in printed.parts if part.address not in own)
        return Reconciled(printed, None, DIFFERS, explanations=(_no_such(own, missing),))
    undefined = [each for each in values if each.value is None]
    if undefined:
        why = f"{undefined[0].part.address} is undefined: {undefined[0].figure.reason or 'nothing stands there'}"
        return Reconciled(printed, shown(values, printed), DIFFERS, explanations=(Explanation("undefined", why),))
    verdict: Verdict = MATCHES if _fits(values, printed) else DIFFERS
    return Reconciled(printed, shown(values, printed), verdict)


def _no_such(own: Figures, address: Address) -> Explanation:
    near = get_close_matches(str(address), [str(each) for each in own if each.table == address.table], n=1)
    hint = f"; the nearest is '{near[0]}'" if near else ""
    return Explanation("no-such-figure", f"the tables have no '{address}' at this point in time{hint}")


def _fits(values: tuple[RecomputedValue, ...], printed: PrintedFigure, **rounding: Any) -> bool:
    return all(
        each.value is not None and number.fits(each.value, **rounding) for number, each in zip(printed.numbers, values)
    )


def _beside(one: Reconciled, all_of_them: list[Reconciled]) -> list[PrintedFigure]:
    """Return the printed figures that say other things of the same row and time point, and match as defined."""
    addresses = {part.address for part in one.printed.parts}
    places = {part.address[:3] for part in one.printed.parts}
    return [
        other.printed
        for other in all_of_them
        if other.verdict == MATCHES
        and addresses.isdisjoint(part.address for part in other.printed.parts)
        and not places.isdisjoint(part.address[:3] for part in other.printed.parts)
    ]


def _by_variant(case: Case, beside: list[PrintedFigure]) -> Reconciled | None:
    """Return the first variant under which every number is as printed, None where there is none.

    A variant that would unmake what is printed `beside` it, as rho beside its p, is not what the paper did.
    """
    for name, figures in case.variants:
        values = recomputed_values(figures, case.printed)
        others = [(recomputed_values(figures, other), other) for other in beside]
        if (
            values is not None
            and _fits(values, case.printed)
            and all(also is not None and _fits(also, other) for also, other in others)
        ):
            return Reconciled(case.printed, shown(values, case.printed), BY_VARIANT, name)
    if _fits(case.recomputed, case.printed, rounding=ROUND_HALF_EVEN):
        return Reconciled(case.printed, shown(case.recomputed, case.printed), BY_VARIANT, HALF_EVEN)
    return None


def _explained(case: Case, size: Explanation | None) -> Reconciled:
    explanations = (*((size,) if size else ()), *reporting_errors(case)) or (_tried(case),)
    return Reconciled(case.printed, shown(case.recomputed, case.printed), DIFFERS, explanations=explanations)


def _tried(case: Case) -> Explanation:
    """Tell what every variant gives instead."""
    given: dict[str, list[str]] = {}
    for name, figures in [("as defined", case.own), *case.variants]:
        values = recomputed_values(figures, case.printed)
        if values is not None:
            figure = values[0].figure
            variant = figure.variant if len(values) == 1 and figure.p_value is not None else None
            given.setdefault(", ".join(map(_precise, values)), []).append(variant or name)
    told = "; ".join(f"{values} ({names[0]})" for values, names in list(given.items())[:SHOWN_VALUES])
    if len(given) == 1:
        told = f"{next(iter(given))} by all"
    return Explanation("no-choice", f"none of {len(case.variants) + 1} choices gives {case.printed.printed}: {told}")


def _precise(recomputed: RecomputedValue) -> str:
    """Return a value with a digit more than papers print."""
    if recomputed.value is None:
        return "undefined"
    is_p = recomputed.figure.p_value is not None and recomputed.part.field in (None, "p_value")
    return fixed(float(recomputed.value), 4) if is_p else f"{float(recomputed.value):.6g}"


def shown(values: tuple[RecomputedValue, ...], printed: PrintedFigure) -> str:
    """Return recomputed figures as the printed ones are written, to a digit more where they differ."""
    texts = []
    for number, each in zip(printed.numbers, values):
        if each.value is None:
            texts.append("·")
        elif number.limit:
            texts.append(p_text(float(each.value)))
        else:
            texts.append(f"{number.rounded(each.value):f}")
    return ", ".join(texts)
