"""How patients went from line to line of targeted therapy: bars for the classes of each line, bands between them.

No bar and no band stands for fewer patients than the minimum: what is hidden is told in the numbers as fewer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from projections.cohort.line_flow import NO_FURTHER
from views.drawing.axes import WIDTH, Area
from views.drawing.figure import Figure, Numbers
from views.drawing.marks import box, pattern_of, small, text
from views.drawing.palette import LABEL, series
from views.drawing.patterns import patterned
from views.drawing.svg import Element, element, group
from views.drawing.text_widths import fitted

if TYPE_CHECKING:
    from projections.cohort.line_flow import FlowLink, FlowNode, LineFlow

HEIGHT: Final = 300.0
BAR: Final = 14.0
GAP: Final = 16.0
COLUMNS: Final = ("line", "class", "next", "patients")

Foot = tuple[float, float]  # the top and the height of a bar


def treatment_flow(flow: LineFlow, *, width: float = WIDTH) -> Figure:
    """Return the drawing of a flow, `projections.cohort.line_flow`."""
    of = "treatment-flow"
    lines = sorted({node.line for node in flow.nodes})
    sentence = f"Lines of targeted therapy of {flow.n_patients} patients: the class of each line, and of the next."
    caption = f"Classes and ways of fewer than {flow.minimum} patients are put together or not drawn." * (
        flow.minimum > 1
    )
    if lines and flow.n_lines > lines[-1]:
        caption = f"{caption} Later lines than {lines[-1]} are not shown.".strip()
    numbers = Numbers(COLUMNS, list(_numbers(flow)))
    if not lines:
        why = f"fewer than {flow.minimum} patients had a line of targeted therapy"
        return Figure(of, "Lines of therapy", sentence, (width, 0), (), numbers, caption).saying(why)
    area = Area(24, 40, width - 150, 40 + HEIGHT)
    xs = {line: area.left + place * area.width / max(len(lines) - 1, 1) for place, line in enumerate(lines)}
    bars, looks = _bars(flow, area), _looks(flow)
    marks = [text((xs[line], 18), f"line {line}", "strong") for line in lines]
    marks += [small((xs[line], 32), f"n {sum(node.n for node in flow.nodes if node.line == line)}") for line in lines]
    marks += _bands(flow, bars, xs, looks)
    for node in flow.nodes:
        top, high = bars[node.line, node.name]
        look, place = looks[node.name], (xs[node.line], top, BAR, high)
        bar = (box(place[:2], place[2:], f"bar {series(look)}"), *patterned(pattern_of(look), of, place))
        marks.append(group(*bar, class_="node", data_line=node.line, data_class=node.name, data_n=node.n))
    for node in flow.nodes:
        top, high = bars[node.line, node.name]
        room = (area.width / max(len(lines) - 1, 1) if node.line < lines[-1] else 150) - BAR - 8
        said = fitted(f"{node.name} {node.n}", room, LABEL)
        marks.append(text((xs[node.line] + BAR + 5, top + high / 2 + 4), said, "node-name"))
    return Figure(of, "Lines of therapy", sentence, (width, area.bottom + 12), tuple(marks), numbers, caption)


def _bars(flow: LineFlow, area: Area) -> dict[tuple[int, str], Foot]:
    """Return the top and the height of each bar, on one scale for all lines."""
    by_line: dict[int, list[FlowNode]] = {}
    for node in flow.nodes:
        by_line.setdefault(node.line, []).append(node)
    most = max(len(nodes) for nodes in by_line.values())
    unit = (area.height - GAP * (most - 1)) / max(sum(node.n for node in nodes) for nodes in by_line.values())
    found = {}
    for line, nodes in by_line.items():
        y = area.top
        for node in nodes:
            found[line, node.name] = y, node.n * unit
            y += node.n * unit + GAP
    return found


def _bands(
    flow: LineFlow, bars: Mapping[tuple[int, str], Foot], xs: Mapping[int, float], looks: Mapping[str, int]
) -> Iterator[Element]:
    """Yield a band for each number that is shown, from the foot of one bar to that of the next."""
    out = {key: top for key, (top, _) in bars.items()}
    into = dict(out)
    unit = {key: high / next(n.n for n in flow.nodes if (n.line, n.name) == key) for key, (_, high) in bars.items()}
    order = {key: place for place, key in enumerate(bars)}
    shown = [link for link in flow.links if link.n is not None and link.target != NO_FURTHER]
    for link in sorted(shown, key=lambda each: (order[each.line, each.source], order[each.line + 1, each.target])):
        source, target = (link.line, link.source), (link.line + 1, link.target)
        high = (link.n or 0) * unit[source]
        left, right = xs[link.line] + BAR, xs[link.line + 1]
        band = _band((left, out[source]), (right, into[target]), high, f"flow {series(looks[link.source])}")
        out[source] += high
        into[target] += high
        yield group(
            band, told=f"{link.source} → {link.target}: {link.n}", class_="link", data_line=link.line, data_n=link.n
        )


def _band(start: tuple[float, float], end: tuple[float, float], high: float, class_: str) -> Element:
    (x1, y1), (x2, y2), middle = start, end, (start[0] + end[0]) / 2
    d = (
        f"M{x1:.1f} {y1:.1f}C{middle:.1f} {y1:.1f} {middle:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
        f"L{x2:.1f} {y2 + high:.1f}C{middle:.1f} {y2 + high:.1f} {middle:.1f} {y1 + high:.1f} {x1:.1f} {y1 + high:.1f}Z"
    )
    return element("path", d=d, class_=class_)


def _looks(flow: LineFlow) -> dict[str, int]:
    return {name: place for place, name in enumerate(dict.fromkeys(node.name for node in flow.nodes))}


def _numbers(flow: LineFlow) -> Iterator[tuple[object, ...]]:
    for node in flow.nodes:
        yield node.line, node.name, None, node.n
    for link in flow.links:
        yield link.line, link.source, link.target, _shown(link, flow.minimum)


def _shown(link: FlowLink, minimum: int) -> object:
    return f"not shown, may be fewer than {minimum}" if link.n is None else link.n
