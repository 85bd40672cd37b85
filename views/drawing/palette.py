"""Colours, shapes and patterns of all charts, and the one sheet of styles that says which mark has which.

Every colour has two values, on light and on dark paper, each with a contrast of 4.5:1 to it at least, but for rules,
bands and shades, which nobody has to read. No two things are told apart by colour alone: series have a shape and a
pattern beside it, grades stand in their cell as text.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Colour(NamedTuple):
    """A colour on light paper and on dark paper."""

    light: str
    dark: str


COLOURS: Final = {
    "paper": Colour("#ffffff", "#14181d"),
    "ink": Colour("#1b2026", "#e9edf2"),
    "muted": Colour("#59626d", "#a3adb9"),
    "rule": Colour("#d9dee4", "#343c46"),
    "band": Colour("#eff2f5", "#1e242c"),
    "series-1": Colour("#1f5fa8", "#7db7f7"),
    "series-2": Colour("#b3470a", "#f39a63"),
    "series-3": Colour("#0b7458", "#4fc7a4"),
    "series-4": Colour("#7d479e", "#cda2ec"),
    "series-5": Colour("#866000", "#e3bb52"),
    "series-6": Colour("#4a5260", "#bcc5d0"),
    "warm": Colour("#b3260f", "#ff9583"),
    "shade-0": Colour("#f3f6fa", "#1b222a"),
    "shade-1": Colour("#d8e5f3", "#20364d"),
    "shade-2": Colour("#b3cfea", "#285078"),
    "shade-3": Colour("#86b2dc", "#33699c"),
    "shade-4": Colour("#5b97cf", "#5f9fda"),
    "shade-5": Colour("#25619e", "#97c5ef"),
    "shade-6": Colour("#123d6c", "#d3e7fb"),
}
SERIES: Final = 6
SHADES: Final = 7
PAPER_ON: Final = Colour("shade-5", "shade-4")  # from which shade on text has the colour of the paper
SHAPES: Final = ("circle", "diamond", "square", "triangle", "cross", "ring")
PATTERNS: Final = ("plain", "stripes", "dots", "bars", "grid", "counter-stripes")
DASHES: Final = ("none", "7 3", "2 3", "9 3 2 3", "12 4", "1 2")
FONT: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', 'DejaVu Sans', sans-serif"
SMALL: Final = 11  # the four sizes of text, in the drawing's units
LABEL: Final = 12
STRONG: Final = 13
HEADING: Final = 15

FIGURE_RULES: Final = """\
.chart-figure{margin:0 0 2rem}
.chart-frame{overflow-x:auto;background:var(--chart-paper)}
.chart-frame:focus-visible{outline:2px solid var(--chart-series-1);outline-offset:2px}
.chart{display:block}
.chart-figure figcaption{color:var(--chart-muted);max-width:70ch;margin:.5rem 0}
.chart-figure figcaption b{color:var(--chart-ink)}
.chart-figure details{overflow-x:auto}
.chart-figure table{border-collapse:collapse;font-variant-numeric:tabular-nums}
.chart-figure caption{text-align:left;font-weight:600;padding:.25rem 0}
.chart-figure th,.chart-figure td{padding:.15rem .75rem .15rem 0;text-align:left;vertical-align:top}
.chart-figure th,.chart-figure td{border-bottom:1px solid var(--chart-rule)}
.chart-figure th[scope=row]{font-weight:400}
.chart-figure td.number{text-align:right}
.chart-figure td.number::after{content:attr(data-p);visibility:hidden;white-space:pre}
@media print{.chart-frame{overflow:visible}.chart{max-width:100%;height:auto}}
"""

Style = dict[str, str]
STYLES: Final[dict[str, Style]] = {  # by class, the later before the earlier; `@` is before the name of a colour
    "paper": {"fill": "@paper"},
    "band": {"fill": "@band"},
    "rule": {"stroke": "@rule", "stroke-width": "1", "fill": "none"},
    "axis": {"stroke": "@muted", "stroke-width": "1", "fill": "none"},
    "limit": {"stroke": "@muted", "stroke-width": "1", "stroke-dasharray": "2 3", "fill": "none"},
    "text": {"fill": "@ink", "font-size": f"{LABEL}px"},
    "small": {"font-size": f"{SMALL}px"},
    "strong": {"font-size": f"{STRONG}px", "font-weight": "600"},
    "heading": {"font-size": f"{HEADING}px", "font-weight": "600"},
    "grade": {"font-size": f"{SMALL}px", "text-anchor": "middle"},
    "halo": {"stroke": "@paper", "stroke-width": "4", "paint-order": "stroke", "stroke-linejoin": "round"},
    "muted": {"fill": "@muted"},
    "warm": {"fill": "@warm"},
    "start": {"text-anchor": "start"},
    "middle": {"text-anchor": "middle"},
    "end": {"text-anchor": "end"},
    "ink": {"fill": "@ink", "stroke": "@ink"},
    "series-1": {"fill": "@series-1", "stroke": "@series-1"},
    "series-2": {"fill": "@series-2", "stroke": "@series-2"},
    "series-3": {"fill": "@series-3", "stroke": "@series-3"},
    "series-4": {"fill": "@series-4", "stroke": "@series-4"},
    "series-5": {"fill": "@series-5", "stroke": "@series-5"},
    "series-6": {"fill": "@series-6", "stroke": "@series-6"},
    "dot": {"stroke": "@paper", "stroke-width": "1"},
    "cross": {"fill": "none", "stroke-width": "2"},
    "ring": {"fill": "@paper", "stroke-width": "2"},
    "line": {"fill": "none", "stroke-width": "1.8", "stroke-linejoin": "round"},
    "thin": {"fill": "none", "stroke-width": "0.9", "stroke-opacity": "0.5"},
    "area": {"stroke": "none", "fill-opacity": "0.16"},
    "bar": {"stroke": "none"},
    "uncertain": {"stroke": "none", "fill-opacity": "0.35"},
    "flow": {"stroke": "none", "fill-opacity": "0.3"},
    "whisker": {"stroke": "@ink", "stroke-width": "1.4", "fill": "none"},
    "edge": {"stroke": "@ink", "stroke-width": "1.6", "fill": "none"},
    "frame": {"stroke": "@muted", "stroke-width": "1", "stroke-dasharray": "3 2", "fill": "none"},
    "shade-0": {"fill": "@shade-0"},
    "shade-1": {"fill": "@shade-1"},
    "shade-2": {"fill": "@shade-2"},
    "shade-3": {"fill": "@shade-3"},
    "shade-4": {"fill": "@shade-4"},
    "shade-5": {"fill": "@shade-5"},
    "shade-6": {"fill": "@shade-6"},
    "on-shade-0": {"fill": "@on-shade-0"},
    "on-shade-1": {"fill": "@on-shade-1"},
    "on-shade-2": {"fill": "@on-shade-2"},
    "on-shade-3": {"fill": "@on-shade-3"},
    "on-shade-4": {"fill": "@on-shade-4"},
    "on-shade-5": {"fill": "@on-shade-5"},
    "on-shade-6": {"fill": "@on-shade-6"},
    "cut": {"fill": "@paper", "fill-opacity": "0.55", "stroke": "none"},
    "cut-line": {"stroke": "@paper", "stroke-width": "1.6", "stroke-opacity": "0.7", "fill": "none"},
    "hatch-line": {"stroke": "@muted", "stroke-width": "1.2", "fill": "none"},
}


def _on_shades() -> dict[str, Colour]:
    """Return the colour of text on each shade: of the ink on those near the paper, of the paper on the others."""
    paper, ink = COLOURS["paper"], COLOURS["ink"]
    names = [f"shade-{place}" for place in range(SHADES)]
    return {
        f"on-{name}": Colour(
            ink.light if name < PAPER_ON.light else paper.light, ink.dark if name < PAPER_ON.dark else paper.dark
        )
        for name in names
    }


ALL_COLOURS: Final = {**COLOURS, **_on_shades()}


def series(place: int) -> str:
    """Return the class of a series, from 0; after the last come the first again, in another shape and pattern."""
    return f"series-{place % SERIES + 1}"


def variant(place: int) -> int:
    """Return the place of the shape, the pattern and the dashes of a series: 36 series are no two alike.

    >>> [variant(place) for place in (0, 5, 6, 11, 12)]
    [0, 5, 1, 0, 2]
    """
    return (place + place // SERIES) % SERIES


def dashes_of(place: int) -> str:
    """Return the dashes of the line of a series, from 0."""
    return DASHES[variant(place)]


def shade(grade: int, highest: int) -> str:
    """Return the class of a grade among 0 to the highest: 0 the lightest on light paper, the highest the darkest.

    >>> [shade(grade, 3) for grade in range(4)], shade(1, 1)
    (['shade-0', 'shade-2', 'shade-4', 'shade-6'], 'shade-6')
    """
    return f"shade-{round(grade / max(highest, 1) * (SHADES - 1))}"


def properties() -> str:
    """Return the custom properties of the colours, on light paper and, where that is preferred, on dark paper."""
    light = "".join(f"--chart-{name}:{colour.light};" for name, colour in ALL_COLOURS.items())
    dark = "".join(f"--chart-{name}:{colour.dark};" for name, colour in ALL_COLOURS.items())
    return f":root{{color-scheme:light dark;{light}}}\n@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"


def rules(*, on_light_paper: bool = False) -> str:
    """Return the rules of the marks: by custom properties or, for programs that know none, as on light paper."""
    lines = [f".chart text{{font-family:{FONT};font-variant-numeric:tabular-nums}}"]
    for name, style in STYLES.items():
        said = ";".join(f"{key}:{_css(value, on_light_paper)}" for key, value in style.items())
        lines.append(f".chart .{name}{{{said}}}")
    return "\n".join(lines) + "\n"


def page_rules() -> str:
    """Return the rules of a page with figures: properties, marks, and how figures and their numbers are laid out.

    A drawing keeps its size, for its texts to be read; where a screen is narrower, it alone scrolls sideways.
    """
    return properties() + rules() + FIGURE_RULES


def _css(value: str, on_light_paper: bool) -> str:
    if not value.startswith("@"):
        return value
    return ALL_COLOURS[value[1:]].light if on_light_paper else f"var(--chart-{value[1:]})"


def style_of(classes: tuple[str, ...]) -> Style:
    """Return what some classes say together, as on light paper: for who draws without a sheet of styles."""
    said: Style = {}
    for name, style in STYLES.items():
        if name in classes:
            said |= {key: _css(value, True) for key, value in style.items()}
    return said
