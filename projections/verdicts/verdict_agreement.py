"""One row per two readers: how far they agreed on lesions before there was a consensus.

Lesions are the same where their pair of studies and their code are. Agreement is the same verdict of five; its
interval is exact (Clopper–Pearson, 95%) and takes lesions as independent. Unweighted kappa is over the five verdicts.
Weighted kappa is over the ordered scale resolution < improvement < unchanged < deterioration: a lesion that either
reader calls new is outside it, and counted in `n_new`. Where a kappa is undefined it is null, and the reason stands
beside it.

A lesion that only one of the two recorded, in a pair that both read, counts in `n_only_a` or `n_only_b` and nowhere
else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from itertools import combinations
from typing import TYPE_CHECKING, Final

from projections.columns.arrow import ArrowTable
from projections.columns.tables import Table, declared, frame, number, tabled, text, word
from projections.lesions.paired_verdicts import PAIR, readers_verdicts
from projections.statistics.kappa import REASONS, kappa, square_of_words
from projections.statistics.proportions import CLOPPER_PEARSON, Proportion
from registry.catalogue.codes import VERDICTS
from registry.catalogue.verdicts import NEW, SCALE

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

Pair = tuple[str, ...]  # patient, baseline study, follow-up study
Judged = dict[tuple[Pair, str], str]  # pair and lesion: verdict

VERDICT_AGREEMENT: Final[Table] = declared(
    "verdict_agreement",
    "two readers",
    order="reader_a reader_b",
    columns=(
        word("reader_a", "the first of the two readers in alphabetical order"),
        word("reader_b", "the second"),
        number("n_patients", "number of patients with a pair of studies that both read", type_="int32"),
        number("n_pairs", "number of pairs of studies that both read", type_="int32"),
        number("n_lesions", "number of lesions that both judged", type_="int64"),
        number("n_only_a", "number of lesions in these pairs that only the first recorded", type_="int64"),
        number("n_only_b", "number of lesions in these pairs that only the second recorded", type_="int64"),
        number("n_agreed", "number of n_lesions with the same verdict", type_="int64"),
        number("percent", "n_agreed of n_lesions, not rounded", type_="double", unit="%"),
        text("text", "n_agreed/n_lesions, and the percentage rounded half up in brackets"),
        number("ci_low", "lower limit of the percentage", type_="double", unit="%"),
        number("ci_high", "upper limit of the percentage", type_="double", unit="%"),
        word("ci_method", "how the limits were found", CLOPPER_PEARSON),
        number("kappa", "Cohen's kappa over the five verdicts", type_="double"),
        word("kappa_undefined", "why there is no kappa", *REASONS),
        number("n_weighted", "number of lesions that both judged on the ordered scale", type_="int64"),
        number("n_new", "number of lesions that either called new; outside the ordered scale", type_="int64"),
        number("kappa_linear", "linearly weighted kappa over the ordered scale", type_="double"),
        number("kappa_quadratic", "quadratically weighted kappa over the ordered scale", type_="double"),
        word("weighted_undefined", "why there is no weighted kappa", *REASONS),
        word("session", "the reading session that was named, null where none was"),
    ),
)


def verdict_agreement(
    facts: Facts, *, session: str | None = None, patients: Collection[str] | None = None
) -> pd.DataFrame:
    """Return the agreement as a frame, one row two readers; columns as declared in `VERDICT_AGREEMENT`."""
    return frame(table(facts, session=session, patients=patients))


def table(facts: Facts, *, session: str | None = None, patients: Collection[str] | None = None) -> ArrowTable:
    """Return the agreement as an Arrow table by readers; of every session and patient where none is named.

    Raises `UnknownCodeError` for a session without verdicts, `SeveralSessionsError` where a reader judged
    the same two studies in several.
    """
    lesions = readers_verdicts(facts, session=session, patients=patients)
    judged: defaultdict[str, Judged] = defaultdict(dict)
    for reader, lesion, verdict, *pair in zip(
        *(lesions[name].to_pylist() for name in ("reader", "lesion", "verdict", *PAIR))
    ):
        judged[reader][tuple(pair), lesion] = verdict
    return tabled(
        VERDICT_AGREEMENT,
        (
            {"reader_a": a, "reader_b": b, "session": session, **agreement(judged[a], judged[b])}
            for a, b in combinations(sorted(judged), 2)
        ),
    )


def agreement(a: Judged, b: Judged) -> dict[str, object]:
    """Return how far two readers agree, by the columns of the table."""
    pairs = {pair for pair, _ in a} & {pair for pair, _ in b}
    both = [(verdict, b[lesion]) for lesion, verdict in a.items() if lesion in b]
    agreed = Proportion(sum(first == second for first, second in both), len(both))
    limits = agreed.interval()
    scaled = [said for said in both if NEW not in said]
    unweighted = kappa(square_of_words(both, VERDICTS))
    on_scale = square_of_words(scaled, SCALE)
    linear, quadratic = (kappa(on_scale, weighting=weighting) for weighting in ("linear", "quadratic"))
    return {
        "n_patients": len({pair[0] for pair in pairs}),
        "n_pairs": len(pairs),
        "n_lesions": len(both),
        "n_only_a": sum(lesion[0] in pairs and lesion not in b for lesion in a),
        "n_only_b": sum(lesion[0] in pairs and lesion not in a for lesion in b),
        "n_agreed": agreed.n,
        "percent": agreed.percent,
        "text": f"{agreed.n}/{agreed.of}" + (f" ({agreed.whole_percent}%)" if agreed.of else ""),
        "ci_low": 100 * limits.low if limits else None,
        "ci_high": 100 * limits.high if limits else None,
        "ci_method": CLOPPER_PEARSON if limits else None,
        "kappa": unweighted.value,
        "kappa_undefined": unweighted.reason,
        "n_weighted": len(scaled),
        "n_new": len(both) - len(scaled),
        "kappa_linear": linear.value,
        "kappa_quadratic": quadratic.value,
        "weighted_undefined": linear.reason,
    }
