"""Printed figures beside recomputed ones: what matches, by which variant, and what explains the rest.

A printed figure matches where every number of it is the recomputed one at the printed precision, rounded half up. Else
the cohort's other statistical choices are tried, one at a time (`choices.varied`), then rounding half to even, then the
slips of `slips`. Nothing is left out: a figure that no table derives is a row with its reason.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from difflib import get_close_matches
from typing import Any, Final

from projections.cohort.members.cohort import Cohort
from projections.reconciliation.consistency import contradictions, remarks
from projections.reconciliation.implied_sample_size import sizes_of_p
from projections.reconciliation.published_figures import SEPARATOR, PrintedFigure, Published
from projections.reconciliation.recomputed_figures import Figures, Found, Variants, found_in
from projections.reconciliation.report import BY_VARIANT, DIFFERS, MATCHES, NOT_DERIVABLE, Reconciled, Reconciliation
from projections.reconciliation.reporting_errors import Case, Explanation, base, slips
from projections.statistics.rounding import fixed, p_text

HALF_EVEN: Final = "rounding = half to even"
SHOWN_VALUES: Final = 8


def reconcile(cohort: Cohort, published: Published) -> Reconciliation:
    """Return every printed figure beside what the cohort gives for it.

    Raises `CohortError` and `UnknownCodeError` as the cohort's tables do.
    """
    tables = {part.place[0] for printed in published.figures for part in printed.parts}
    variants = Variants(cohort, tables)
    plain = [_plain(variants.own, printed) for printed in published.figures]
    sizes = sizes_of_p(
        published.figures, variants.own, [place for place, each in enumerate(plain) if each.verdict == DIFFERS]
    )
    stated = _stated(published)
    found = []
    for place, each in enumerate(plain):
        reconciled = each
        own = found_in(variants.own, each.printed)
        if each.verdict == DIFFERS and not each.explanations and own is not None:
            case = Case(each.printed, own, variants.own, _variants(variants, each.printed), stated)
            reconciled = _by_variant(case, _beside(each, plain)) or _explained(case, sizes.get(place))
        odd = tuple(dict.fromkeys(remarks(cohort, variants.own, each.printed)))
        found.append(reconciled._replace(explanations=(*reconciled.explanations, *odd)))
    return Reconciliation(published.paper, tuple(found), tuple(contradictions(cohort)))


def _stated(published: Published) -> frozenset[tuple[str, Decimal]]:
    """Return what the paper prints as denominators, each with the row that it is of."""
    return frozenset(
        (base(part.place[1]), number.value)
        for printed in published.figures
        for number, part in zip(printed.numbers, printed.parts)
        if part.field == "denominator"
    )


def _variants(variants: Variants, printed: PrintedFigure) -> list[tuple[str, Figures]]:
    """Return the figures that a printed one is made of under every variant, all its tables together."""
    by_name: dict[str, dict[str, Any]] = {}
    for table in dict.fromkeys(part.place[0] for part in printed.parts):
        for name, figures in variants.of(table):
            by_name.setdefault(name, {}).update(figures)
    return list(by_name.items())


def _plain(own: Figures, printed: PrintedFigure) -> Reconciled:
    """Return the verdict under the cohort's own choices."""
    if not printed.parts:
        return Reconciled(printed, None, NOT_DERIVABLE)
    found = found_in(own, printed)
    if found is None:
        missing = next(part.address for part in printed.parts if part.address not in own)
        return Reconciled(printed, None, DIFFERS, explanations=(_no_such(own, missing),))
    undefined = [each for each in found if each.value is None]
    if undefined:
        why = f"{undefined[0].part.address} is undefined: {undefined[0].figure.reason or 'nothing stands there'}"
        return Reconciled(printed, shown(found, printed), DIFFERS, explanations=(Explanation("undefined", why),))
    verdict = MATCHES if _fits(found, printed) else DIFFERS
    return Reconciled(printed, shown(found, printed), verdict)


def _no_such(own: Figures, address: str) -> Explanation:
    table = address.partition(SEPARATOR)[0] + SEPARATOR
    near = get_close_matches(address, [each for each in own if each.startswith(table)], n=1)
    hint = f"; the nearest is '{near[0]}'" if near else ""
    return Explanation("no-such-figure", f"the tables have no '{address}' at this point in time{hint}")


def _fits(found: tuple[Found, ...], printed: PrintedFigure, **rounding: Any) -> bool:
    return all(
        each.value is not None and number.fits(each.value, **rounding) for number, each in zip(printed.numbers, found)
    )


def _beside(one: Reconciled, all_of_them: list[Reconciled]) -> list[PrintedFigure]:
    """Return the printed figures that say other things of the same row and time point, and match as defined."""
    addresses = {part.address for part in one.printed.parts}
    places = {part.place[:3] for part in one.printed.parts}
    return [
        other.printed
        for other in all_of_them
        if other.verdict == MATCHES
        and addresses.isdisjoint(part.address for part in other.printed.parts)
        and not places.isdisjoint(part.place[:3] for part in other.printed.parts)
    ]


def _by_variant(case: Case, beside: list[PrintedFigure]) -> Reconciled | None:
    """Return the first variant under which every number is as printed, None where there is none.

    A variant that would unmake what is printed `beside` it, as rho beside its p, is not what the paper did.
    """
    for name, figures in case.variants:
        found = found_in(figures, case.printed)
        others = [(found_in(figures, other), other) for other in beside]
        if (
            found is not None
            and _fits(found, case.printed)
            and all(also is not None and _fits(also, other) for also, other in others)
        ):
            return Reconciled(case.printed, shown(found, case.printed), BY_VARIANT, name)
    if _fits(case.found, case.printed, rounding=ROUND_HALF_EVEN):
        return Reconciled(case.printed, shown(case.found, case.printed), BY_VARIANT, HALF_EVEN)
    return None


def _explained(case: Case, size: Explanation | None) -> Reconciled:
    explanations = (*((size,) if size else ()), *slips(case)) or (_tried(case),)
    return Reconciled(case.printed, shown(case.found, case.printed), DIFFERS, explanations=explanations)


def _tried(case: Case) -> Explanation:
    """Tell what every variant gives instead."""
    given: dict[str, list[str]] = {}
    for name, figures in [("as defined", case.own), *case.variants]:
        found = found_in(figures, case.printed)
        if found is not None:
            values = ", ".join(_precise(each) for each in found)
            variant = found[0].figure.variant if len(found) == 1 and found[0].figure.p_value is not None else None
            given.setdefault(values, []).append(variant or name)
    told = "; ".join(f"{values} ({names[0]})" for values, names in list(given.items())[:SHOWN_VALUES])
    if len(given) == 1:
        told = f"{next(iter(given))} by all"
    return Explanation("no-choice", f"none of {len(case.variants) + 1} choices gives {case.printed.printed}: {told}")


def _precise(found: Found) -> str:
    """Return a value with a digit more than papers print."""
    if found.value is None:
        return "undefined"
    is_p = found.figure.p_value is not None and found.part.field in (None, "p_value")
    return fixed(float(found.value), 4) if is_p else f"{float(found.value):.6g}"


def shown(found: tuple[Found, ...], printed: PrintedFigure) -> str:
    """Return recomputed figures as the printed ones are written, to a digit more where they differ."""
    texts = []
    for number, each in zip(printed.numbers, found):
        if each.value is None:
            texts.append("·")
        elif number.limit:
            texts.append(p_text(float(each.value)))
        else:
            texts.append(f"{number.rounded(each.value):f}")
    return ", ".join(texts)
