"""`spondyl reconcile`."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from cli.options import at_a_point_in_time, in_formats
from cli.options import facts as facts_of
from cli.output import counted, give_csv, give_json, give_table, put, say
from cli.pairing import PairedCommand, never_with

if TYPE_CHECKING:
    from projections.reconciliation.report import Reconciled, Reconciliation

COLUMNS: Final = (
    *("where", "what", "printed", "unit", "recomputed", "verdict", "variant", "kinds", "explanation", "remarks"),
    *("note", "is", "reason", "counted_as"),
)
A_FILE: Final = click.Path(path_type=Path, dir_okay=False)


@click.command(
    "reconcile",
    cls=PairedCommand,
    pairings=(never_with("--all", "--json --csv", "they give every figure"),),
)
@click.argument("definition", type=A_FILE)
@click.argument("published", type=A_FILE)
@click.option("--all", "everything", is_flag=True, help="On a terminal also the figures that simply match.")
@at_a_point_in_time
@in_formats
@click.pass_context
def command(
    ctx: click.Context,
    definition: Path,
    published: Path,
    *,
    everything: bool,
    as_of: date | None,
    known_at: str | None,
    form: str | None,
) -> None:
    """Lay printed figures beside recomputed ones, and say of each whether it matches, and if not, why.

    DEFINITION is a cohort file, PUBLISHED a file of printed figures. A figure matches at the printed precision, or by
    another statistical choice than the definition's, which is named; else the slips that papers make are tried.
    """
    reconciled = reconciliation(ctx, definition, published, as_of=as_of, known_at=known_at)
    if form == "json":
        give_json(
            {
                "paper": reconciled.paper,
                "summary": summary(reconciled),
                "figures": rows(reconciled),
                "notes": reconciled.notes,
            }
        )
    elif form == "csv":
        give_csv(rows(reconciled), COLUMNS)
    else:
        _give(reconciled, everything)


def reconciliation(
    ctx: click.Context, definition: Path, published: Path, *, as_of: date | None, known_at: str | None
) -> Reconciliation:
    """Return the printed figures beside those of the cohort at a point in time."""
    from projections.cohort.definition_file import read_definition
    from projections.cohort.members.cohort import Cohort
    from projections.reconciliation.published_figures import read_published
    from projections.reconciliation.reconcile import reconcile

    facts = facts_of(ctx, as_of, known_at)
    cohort_file, printed = read_definition(definition, catalogue=facts.catalogue), read_published(published)
    return reconcile(Cohort.of(cohort_file, facts), printed)


def summary(reconciled: Reconciliation) -> dict[str, Any]:
    """Return how many figures match, differ and cannot be derived."""
    summed = reconciled.summary
    return {**summed._asdict(), "derivable": summed.derivable, "percent": summed.share}


def rows(reconciled: Reconciliation) -> list[dict[str, Any]]:
    """Return one row a printed figure."""
    return [_row(each) for each in reconciled.figures]


def _row(each: Reconciled) -> dict[str, Any]:
    printed = each.printed
    sentences = [explanation.sentence for explanation in each.explanations]
    differs = each.verdict == "differs"
    return {
        "where": printed.where,
        "what": printed.what,
        "printed": printed.printed,
        "unit": printed.unit,
        "recomputed": each.recomputed,
        "verdict": each.verdict,
        "variant": each.variant,
        "kinds": [explanation.kind for explanation in each.explanations],
        "explanation": "; ".join(sentences) if differs else "",
        "remarks": "" if differs else "; ".join(sentences),
        "note": printed.note,
        "is": [f"{part.address}:{part.field}" if part.field else str(part.address) for part in printed.parts],
        "reason": printed.reason,
        "counted_as": each.counted_as,
    }


def _give(reconciled: Reconciliation, everything: bool) -> None:
    shown = [each for each in reconciled.figures if everything or each.in_words != "matches"]
    if shown:
        columns = ("where", "what", "printed", "recomputed", "verdict")
        lines = [
            (each.printed.where, each.printed.what, _printed(each), each.recomputed, each.in_words) for each in shown
        ]
        give_table(columns, lines)
    rest = len(reconciled.figures) - len(shown)
    if rest:
        say(f"{counted(rest, 'figure matches', 'figures match')} as defined; --all shows them")
    put(reconciled.summary.sentence())
    for sentence, n in Counter(sentence for each in reconciled.figures for sentence in each.remarks).items():
        put(f"remark{f' on {n} figures' if n > 1 else ''}: {sentence}")
    for note in reconciled.notes:
        put(f"readings that contradict each other: {note}")


def _printed(each: Reconciled) -> str:
    return f"{each.printed.printed} {each.printed.unit}".strip()
