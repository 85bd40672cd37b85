"""The page that every report is: its head, its sections, its foot, and the styles of all in one file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from views.pages.environment import NO_SCRIPT, environment, style

if TYPE_CHECKING:
    from views.pages.origin import Origin
    from views.pages.sections import Section

TEMPLATES: Final = Path(__file__).parent / "templates"


def page(title: str, sections: Iterable[Section], origin: Origin, *, subtitle: str = "", personal: str = "") -> str:
    """Return a report as one page of HTML; `personal` says of whom it holds personal data, where it does.

    The same sections are the same bytes.
    """
    return (
        environment(TEMPLATES)
        .get_template("report.html")
        .render(
            title=title,
            subtitle=subtitle,
            sections=list(sections),
            origin=origin,
            personal=personal,
            style=style(),
            csp=NO_SCRIPT,
        )
    )
