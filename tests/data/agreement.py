"""Expected values of agreement from independent packages, as CSV beside this script; no test runs it.

Made by Python 3.11, pingouin 0.7.0 and statsmodels 0.15.0, neither of which spondyl needs:
`cd tests/data && python agreement.py`. Invented ratings come first, so that both sides calculate from the same file.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pingouin
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.proportion import proportion_confint

FORMS = {"ICC(A,1)": "2,1", "ICC(C,1)": "3,1", "ICC(A,k)": "2,k", "ICC(C,k)": "3,k"}
SHROUT_FLEISS = [(9, 2, 5, 8), (6, 1, 3, 2), (8, 4, 6, 8), (7, 1, 2, 6), (10, 5, 6, 9), (6, 2, 4, 7)]
TWO_READERS = [(10, 12), (4, 5), (22, 20), (0, 1), (15, 15), (7, 10), (30, 27), (3, 3)]
SQUARE = [[50, 4, 1, 0], [6, 20, 5, 0], [1, 3, 15, 2], [0, 0, 2, 11]]


def samples() -> dict[str, np.ndarray]:
    """Return ratings by sample, patients × readers."""
    random = np.random.default_rng(1979)
    true = random.gamma(2, 8, 120)
    return {
        "shrout-fleiss": np.array(SHROUT_FLEISS),
        "two-readers": np.array(TWO_READERS),
        "biased": np.rint(true[:, None] + random.normal(0, 2, (120, 3)) + [0, 3, -1]),
        "unrelated": np.rint(random.normal(20, 5, (25, 2))),
        "halves": np.rint(2 * true[:40, None] + random.normal(0, 1, (40, 2))) / 2,
    }


def intraclass(sample: str, ratings: np.ndarray) -> list[tuple[object, ...]]:
    """Return pingouin's ICC of a sample, with 95% limits, unrounded."""
    rows = [(patient, reader, ratings[patient, reader]) for patient, reader in np.ndindex(ratings.shape)]
    pingouin.options["round"] = None
    pingouin.options["round.column.CI95"] = None
    found = pingouin.intraclass_corr(pd.DataFrame(rows, columns=["patient", "reader", "y"]), "patient", "reader", "y")
    return [("icc", sample, FORMS[row.Type], row.ICC, *row.CI95) for row in found.itertuples() if row.Type in FORMS]


def main() -> None:
    """Write ratings.csv and agreement.csv."""
    ratings = samples()
    with open("ratings.csv", "w") as file:  # noqa: PTH123
        file.write("sample,ratings\n")
        for sample, table in ratings.items():
            file.writelines(f"{sample},{' '.join(f'{value:g}' for value in row)}\n" for row in table)
    rows = [row for sample, table in ratings.items() for row in intraclass(sample, table)]
    for weights, name in ((None, "unweighted"), ("linear", "linear"), ("quadratic", "quadratic")):
        rows.append(("kappa", "square", name, cohens_kappa(np.array(SQUARE), wt=weights).kappa, None, None))
    for (b, c), exact in product([(9, 0), (10, 3), (5, 5), (41, 22)], (True, False)):
        found = mcnemar([[20, b], [c, 30]], exact=exact, correction=False)
        rows.append(("mcnemar", f"{b} {c}", "exact" if exact else "uncorrected", found.pvalue, None, None))
    for (n, of), method in product([(50, 107), (0, 9), (9, 9), (7, 22)], ("beta", "wilson")):
        name = {"beta": "clopper-pearson", "wilson": "wilson"}[method]
        rows.append(("proportion", f"{n} {of}", name, n / of, *proportion_confint(n, of, method=method)))
    table = pd.DataFrame(rows, columns=["figure", "sample", "variant", "value", "low", "high"])
    table.to_csv("agreement.csv", index=False, float_format="%.17g")


if __name__ == "__main__":
    main()
