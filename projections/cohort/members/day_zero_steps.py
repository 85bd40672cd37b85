"""What the flow calls day 0: a first step of whoever had what may be one, and further steps that narrow it.

Of changes to another drug the further step leaves out who only returned to an earlier one; of changes of the dose with
a direction, whose amounts cannot be compared at all, then who never had one in that direction.
"""

from __future__ import annotations

from datetime import date

from projections.cohort.definition.definition import DAYS_ZERO, OF_SEVERAL, DayZero
from projections.columns.coded import EPOCH
from registry.catalogue.therapy_lines import MAX_GAP_DAYS


def further_steps(zero: DayZero) -> tuple[str, ...]:
    """Return the names of the steps that narrow day 0, in the order in which a candidate passes them."""
    if zero.event == "switch" and not zero.returns:
        return ("day 0: a switch, no return to an earlier agent or product",)
    if zero.event == "dose-change" and zero.direction != "any":
        less = "less" if zero.direction == "down" else "more"
        return ("day 0: doses a day that can be compared", f"day 0: to {less} a day")
    return ()


def day_zero_steps(zero: DayZero) -> tuple[str, ...]:
    """Return the names of all steps of the flow that are about day 0."""
    return (f"day 0: {_in_words(zero)}", *further_steps(zero))


def _in_words(zero: DayZero) -> str:
    of = f" ({', '.join(zero.of)})" if zero.of else ""
    returned = ", or of a return to an earlier one" if zero.event == "switch" else ""
    said = [f"{DAYS_ZERO[zero.event]}{of}{returned}"]
    if zero.lines is not None:
        said.append(f"number {zero.lines}" if zero.event == "line" else f"line {zero.lines}")
    if zero.between is not None:
        first, last = (date.fromordinal(day + EPOCH) for day in zero.between)
        said.append(f"from {first} to {last}")
    if zero.bridge.days != MAX_GAP_DAYS:
        said.append(f"gaps of up to {zero.bridge.days} days bridged")
    if zero.bridge.over == "no-other-agent":
        said.append("no gap in which another targeted agent was begun")
    one_line = zero.event == "line" and zero.lines is not None and zero.lines.first == zero.lines.last
    if zero.event in OF_SEVERAL and not one_line:
        said.append("all of them" if zero.several else f"the {zero.which}")
    return ", ".join(said)
