"""Records as Markdown: one section a benchmark, on the terminal and in `docs/benchmarks.md`; all of it from records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from benchmarks.records import FORMAT, Compared, Record, Runs, Target

MARK: Final = f"<!-- benchmarks, format {FORMAT}: written by `python -m benchmarks`, not by hand -->"
INTRODUCTION: Final = """\
`make bench` measures everything anew and writes this page; `python -m benchmarks NAME…` measures some of it and keeps
the rest, `python -m benchmarks --quick` measures a tenth of the events and leaves this page alone. Every contender of a
comparison runs in the same run, in turn with the others, after their answers were found to be the same. Times are wall
clock: the median of the runs, with the least and the most. "× as fast" is how many times as long the other takes for an
item: the median of the runs side by side, with the least and the most; below 1, spondyl is the slower one. Memory is
the most that the process had which did this and nothing else."""
MEASURED: Final = ("what", "median", "least to most", "a second", "peak memory", "spondyl is × as fast")
HEADINGS: Final = ("target", "wanted", "found", "")
SIDES: Final = {True: "≥", False: "≤"}


def page(records: Sequence[Record]) -> str:
    """Return the whole page."""
    parts = [MARK, "# Benchmarks", INTRODUCTION, "## Where we lose", "\n".join(losses(records)) or "Nowhere."]
    return "\n\n".join([*parts, *(section(record) for record in records)]) + "\n"


def section(record: Record) -> str:
    """Return what a benchmark found: method, machine, table of runs, targets."""
    parts = [f"## {record.title}", f"{record.method} Command: `python -m benchmarks.{record.name}`."]
    parts.append(_table(MEASURED, _measured(record)))
    if record.targets:
        parts.append(_table(HEADINGS, map(_judged, record.targets)))
    named = ", ".join(f"{name} {number}" for name, number in record.versions.items())
    scale = f"at the scale of {record.events:,} events"
    return "\n\n".join([*parts, f"Measured on {record.measured_on}, {scale}: {record.machine}; {named}."])


def losses(records: Iterable[Record]) -> list[str]:
    """Return a line for each comparison in which another was faster, and for each target that was missed."""
    lines = []
    for record in records:
        for compared in record.compared:
            for other in compared.others:
                if (ratio := compared.ratio(other)[0]) < 1:
                    against = f"{compared.ours.what} against {other.what}: {_significant(ratio)} × as fast"
                    lines.append(f"- {record.title}: {against}.")
        lines += [f"- {record.title}: {_missed(target)}." for target in record.targets if not target.is_met]
    return lines


def _missed(target: Target) -> str:
    what, limit, measured, _ = _judged(target)
    return f"{what}: {measured}, wanted {limit}"


def _measured(record: Record) -> Iterable[Sequence[str]]:
    for compared in record.compared:
        yield _row(compared.ours, "")
        for other in compared.others:
            yield _row(other, _ratio(compared, other))


def _row(runs: Runs, ratio: str) -> Sequence[str]:
    rate = f"{_significant(runs.rate)} {runs.of}" if runs.of else ""
    memory = "" if runs.peak is None else f"{runs.peak / 2**20:,.0f} MiB"
    spread = f"{_time(min(runs.seconds))} to {_time(max(runs.seconds))}" if len(runs.seconds) > 1 else "one run"
    return runs.what, _time(runs.median), spread, rate, memory, ratio


def _ratio(compared: Compared, other: Runs) -> str:
    median, least, most = map(_significant, compared.ratio(other))
    return f"**{median}**" + (f" ({least} to {most})" if len(other.seconds) > 1 else "")


def _judged(target: Target) -> Sequence[str]:
    limit, measured = (f"{_significant(number)} {target.unit}" for number in (target.limit, target.measured))
    return target.what, f"{SIDES[target.at_least]} {limit}", measured, "met" if target.is_met else "**missed**"


def _time(seconds: float) -> str:
    return f"{_significant(seconds)} s" if seconds >= 1 else f"{_significant(seconds * 1000)} ms"


def _significant(number: float) -> str:
    """Return a number to three digits, from a thousand on to four."""
    rounded = float(f"{number:.3g}" if abs(number) < 1000 else f"{number:.4g}")
    return f"{rounded:,.0f}" if abs(rounded) >= 100 else f"{rounded:.3g}"


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table without the columns that are empty in every row."""
    columns = [column for column in zip(header, *rows) if any(column[1:])]
    padded = [[cell.ljust(max(map(len, column))) for cell in column] for column in columns]
    lines = [" | ".join(cells) for cells in zip(*padded)]
    rule = "|".join("-" * (len(column[0]) + 2) for column in padded)
    return "\n".join([f"| {lines[0]} |", f"|{rule}|", *(f"| {line} |" for line in lines[1:])])
