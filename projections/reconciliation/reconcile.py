"""Printed figures beside recomputed ones: what matches, by which variant, and what explains the rest.

A printed figure matches where every number of it is the recomputed one at the printed precision, rounded half up. Else
the cohort's other statistical options are tried, one at a time (`statistical_options.varied`), then rounding half to
even, then the `reporting_errors`. Figures that stand together are tried together (`joint_choices`). Nothing is left
out: a figure that no table derives is a row with its reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from projections.cohort.figures.address import Address
from projections.cohort.figures.figures import Figure
from projections.cohort.members.cohort import Cohort
from projections.reconciliation.consistency import contradictions, inconsistencies
from projections.reconciliation.implied_sample_size import implied_sample_sizes
from projections.reconciliation.joint_choices import choices, fits, joint_choice, standing_together, without_ground
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
from registry.spelling import nearest

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
    cases = _cases(variants, published, plain)
    errors = {place: (*filter(None, [sizes.get(place)]), *reporting_errors(case)) for place, case in cases.items()}
    chosen = dict(_jointly_chosen(variants, plain, errors))
    left = [place for place, each in enumerate(plain) if each.verdict == DIFFERS and place not in chosen]
    slips = [place for place in left if errors.get(place)]
    groundless = without_ground(slips, [place for place in left if place not in slips], published.figures, variants.own)
    figures = []
    for place, each in enumerate(plain):
        reconciled = chosen.get(place, each)
        if place in cases and place not in chosen:
            reconciled = _explained(cases[place], () if place in groundless else errors[place])
        odd = tuple(dict.fromkeys(inconsistencies(cohort, variants.own, each.printed)))
        figures.append(reconciled._replace(explanations=(*reconciled.explanations, *odd)))
    return Reconciliation(published.paper, tuple(figures), tuple(contradictions(cohort)))


def _cases(variants: Variants, published: Published, plain: list[Reconciled]) -> dict[int, Case]:
    """Return the figures that differ as defined, by their place, with what every variant gives."""
    stated, cases = _stated(published), {}
    for place, each in enumerate(plain):
        own = recomputed_values(variants.own, each.printed)
        if each.verdict == DIFFERS and not each.explanations and own is not None:
            cases[place] = Case(each.printed, own, variants.own, _variants(variants, [each.printed]), stated)
    return cases


def _jointly_chosen(
    variants: Variants, plain: list[Reconciled], errors: Mapping[int, Sequence[Explanation]]
) -> Iterator[tuple[int, Reconciled]]:
    """Yield the figures that a choice gives together with all that stand beside them, slips of the print excepted."""
    for together in standing_together([each.printed for each in plain]):
        differing = [place for place in together if place in errors]
        if not differing:
            continue
        tried = choices(variants.own, _variants(variants, [plain[place].printed for place in together]))
        matching = [other for place in together for other in _matching(plain[place], plain)]
        choice = joint_choice([(plain[place].printed, bool(errors[place])) for place in differing], matching, tried)
        for place in differing if choice is not None else ():
            assert choice is not None
            printed = plain[place].printed
            values = recomputed_values(choice.figures, printed)
            if values is not None and choice.gives(printed):
                yield place, Reconciled(printed, shown(values, printed), BY_VARIANT, choice.name)


def _stated(published: Published) -> frozenset[tuple[str, Decimal]]:
    """Return what the paper prints as denominators, each with the row that it is of."""
    return frozenset(
        (base(part.address.row), number.value)
        for printed in published.figures
        for number, part in zip(printed.numbers, printed.parts)
        if part.field == "denominator"
    )


def _variants(variants: Variants, printed: Sequence[PrintedFigure]) -> list[tuple[str, Figures]]:
    """Return the figures that printed ones are made of under every variant, all their tables together."""
    by_name: dict[str, dict[Address, Figure]] = {}
    for table in dict.fromkeys(part.address.table for each in printed for part in each.parts):
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
    verdict: Verdict = MATCHES if fits(values, printed) else DIFFERS
    return Reconciled(printed, shown(values, printed), verdict)


def _no_such(own: Figures, address: Address) -> Explanation:
    near = nearest(str(address), [str(each) for each in own if each.table == address.table])
    hint = f"; the nearest is '{near}'" if near else ""
    return Explanation("no-such-figure", f"the tables have no '{address}' at this point in time{hint}")


def _matching(one: Reconciled, all_of_them: list[Reconciled]) -> list[PrintedFigure]:
    """Return what matches as defined of a figure and of those that say other things of its row and time point.

    A choice that would unmake one of them, as rho beside its p, is not what the paper did.
    """
    addresses = {part.address for part in one.printed.parts}
    places = {part.address.place for part in one.printed.parts}
    return [
        other.printed
        for other in all_of_them
        if other.verdict == MATCHES
        and (other is one or addresses.isdisjoint(part.address for part in other.printed.parts))
        and not places.isdisjoint(part.address.place for part in other.printed.parts)
    ]


def _explained(case: Case, errors: tuple[Explanation, ...]) -> Reconciled:
    return Reconciled(
        case.printed, shown(case.recomputed, case.printed), DIFFERS, explanations=errors or (_tried(case),)
    )


def _tried(case: Case) -> Explanation:
    """Tell what every variant gives instead."""
    given: dict[str, list[str]] = {}
    for name, figures in [("as defined", case.own), *case.variants]:
        values = recomputed_values(figures, case.printed)
        if values is not None:
            figure = values[0].figure
            variant = figure.variant if len(values) == 1 and figure.p_value is not None else None
            given.setdefault(", ".join(map(_precise, values)), []).append(variant or name)
    alone = next((each.name for each in choices(case.own, case.variants) if each.gives(case.printed)), None)
    if alone is not None:
        return Explanation("no-choice", f"{alone} gives {case.printed.printed} alone, none with the figures beside it")
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
