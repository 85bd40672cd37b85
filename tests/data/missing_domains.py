"""Responders under simulated missingness, as CSV beside this script; no test runs it.

`python -m tests.data.missing_domains`, from the root. ASAS20 is judged here for one patient at a time, straight from
Anderson et al. 2001, and where values are missing by trying every way in which they may have turned out.

`missing_domains.csv`: one row a percentage of values that are missing; means over 400 seeds of the percentage of
responders: in truth, of those all of whose domains are known, and of those whose answer is known.
"""

from __future__ import annotations

import csv
from functools import cache
from itertools import product
from pathlib import Path
from statistics import fmean

from tests.spec.criteria.simulated_domains import simulated_domains

GAINED, STAYED, LOST, MISSING = "gained", "stayed", "lost", "missing"


@cache
def fate(before: int, after: int) -> str:
    """Return what became of a domain, by 20% and 10 of 100."""
    if before - after >= 10 and 5 * (before - after) >= before:
        return GAINED
    if after - before >= 10 and 5 * (after - before) >= before:
        return LOST
    return STAYED


@cache
def responded(fates: tuple[str, ...]) -> bool | None:
    """Return whether at least three of four domains gained and none lost; None where it depends on what is missing."""
    ways = product(*([GAINED, STAYED, LOST] if one == MISSING else [one] for one in fates))
    answers = {way.count(GAINED) >= 3 and LOST not in way for way in ways}
    return answers.pop() if len(answers) == 1 else None


def percent(answers: list[bool]) -> float:
    """Return the percentage of answers that are yes."""
    return 100 * sum(answers) / len(answers)


def main() -> None:
    """Write the CSV."""
    domains = simulated_domains()
    fates = [
        [[fate(*pair) for pair in zip(*patient)] for patient in zip(*seed)]
        for seed in zip(domains.before.tolist(), domains.after.tolist())
    ]
    truth = fmean(percent([responded(tuple(patient)) is True for patient in seed]) for seed in fates)
    with Path(__file__).with_suffix(".csv").open("w", newline="") as file:
        written = csv.writer(file, lineterminator="\n")
        written.writerow(["missing", "truth", "complete", "known"])
        for missing in (0, 5, 10, 20):
            before, after = domains.known(missing)
            complete, known = [], []
            for seed, there in zip(fates, (before & after).tolist()):
                seen = [
                    tuple(one if is_there else MISSING for one, is_there in zip(patient, which))
                    for patient, which in zip(seed, there)
                ]
                complete.append(percent([responded(one) is True for one in seen if MISSING not in one]))
                known.append(percent([answer for one in seen if (answer := responded(one)) is not None]))
            written.writerow([missing, truth, fmean(complete), fmean(known)])


if __name__ == "__main__":
    main()
