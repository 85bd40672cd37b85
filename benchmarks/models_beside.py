"""Cox's model as lifelines and statsmodels fit it, in the environment of theirs that `models_by_hand` makes."""

from __future__ import annotations

import time
from typing import Any


def in_lifelines(file: str) -> tuple[float, list[float]]:
    """Fit by lifelines; the seconds are of the fit alone."""
    import pandas as pd
    from lifelines import CoxPHFitter

    rows: Any = pd.read_csv(file)
    begun = time.perf_counter()
    found = CoxPHFitter().fit(rows, "time", "event")
    return time.perf_counter() - begun, [float(each) for each in found.params_]


def in_statsmodels(file: str) -> tuple[float, list[float]]:
    """Fit by statsmodels; the seconds are of the fit alone."""
    import pandas as pd
    from statsmodels.duration.hazard_regression import PHReg

    rows: Any = pd.read_csv(file)
    columns = rows.filter(regex="^x").to_numpy()
    begun = time.perf_counter()
    found = PHReg(rows["time"].to_numpy(), columns, status=rows["event"].to_numpy(), ties="efron").fit()
    return time.perf_counter() - begun, [float(each) for each in found.params]
