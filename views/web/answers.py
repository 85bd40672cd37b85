"""What goes out: a page, or its table as CSV or as Parquet, each named after the page and the point in time."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from io import BytesIO, StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from starlette.responses import HTMLResponse, Response

from registry.domain.days import instant
from views.pages.csv_text import write_csv
from views.pages.environment import environment
from views.pages.origin import UNNAMED, Origin
from views.web.moving import moving

if TYPE_CHECKING:
    from projections.columns.arrow import ArrowTable
    from views.web.asked import Asked
    from views.web.pages import Page, Shown

TEMPLATES: Final = Path(__file__).parent / "templates"
SECTIONS: Final = (  # of the registry, in the order in which they are offered
    ("Overview", "/"),
    ("Patients", "/patients"),
    ("Cohorts", "/cohorts"),
    ("Follow-up", "/follow-up"),
    ("Warnings", "/warnings"),
    ("Freezes", "/freezes"),
    ("Log", "/log"),
)
MEDIA: Final = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}


def answer(page: Page, asked: Asked) -> Response:
    """Return the answer to what was asked of a page, in the form that was asked for."""
    shown = page.make(asked)
    if asked.form == "html":
        return HTMLResponse(_html(page, asked, shown))
    content = (_as_csv if asked.form == "csv" else _as_parquet)(shown.table())
    name = f"{page.name}-{asked.point.as_of}-at-{asked.point.position}.{asked.form}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=MEDIA[asked.form], headers=headers)


def _html(page: Page, asked: Asked, shown: Shown) -> str:
    template = environment(TEMPLATES).get_template(f"{page.template}.html")
    return template.render(
        title=shown.title,
        subtitle=shown.subtitle,
        personal=shown.personal,
        csp="",
        origin=origin_of(asked),
        asked=asked,
        ways=shown.ways,
        moving=moving(asked, shown.changes),
        places=[*_places(asked)],
        saved=[("CSV", asked.address(asked.path, **asked.filters, form="csv")), ("Parquet", _parquet(asked))],
        **shown.given,
    )


def _parquet(asked: Asked) -> str:
    return asked.address(asked.path, **asked.filters, form="parquet")


def _places(asked: Asked) -> Iterator[tuple[str, str, bool]]:
    """Yield the name and the address of each section, and whether the page is in it."""
    for name, path in SECTIONS:
        yield name, asked.address(path), asked.path == path or (path != "/" and asked.path.startswith(f"{path}/"))


def origin_of(asked: Asked) -> Origin:
    """Return what a page rests on; the root over all digests is for proofs, and `spondyl freeze` tells it."""
    live, position = asked.live, asked.point.position
    head = live.log.head_at(position)
    protocol = live.catalogue_at(position).protocol
    return Origin(
        UNNAMED if protocol is None else protocol.title,
        asked.point.as_of,
        position,
        None if head.recorded_at is None else instant(head.recorded_at),
        head.digest.hex(),
        "",
        "exclude",
        version("spondyl"),
    )


def _as_csv(table: ArrowTable) -> bytes:
    out = StringIO(newline="")
    write_csv(table, out)
    return out.getvalue().encode("utf-8")


def _as_parquet(table: ArrowTable) -> bytes:
    import pyarrow.parquet as pq

    out = BytesIO()
    pq.write_table(table, out, compression="zstd", version="2.6")
    return out.getvalue()
