"""`spondyl scores`."""

from __future__ import annotations

from datetime import date

import click

from cli import completion
from cli.options import at_a_point_in_time, checked, in_formats
from cli.options import facts as facts_of
from cli.output import give, give_arrow, text
from cli.pairing import PairedCommand


@click.command("scores", cls=PairedCommand)
@click.option("--patient", shell_complete=completion.patients, help="Only this patient.")
@click.option("--method", shell_complete=completion.methods, help="Only this method, e.g. vu-lesions.")
@at_a_point_in_time
@in_formats
@click.pass_context
def command(
    ctx: click.Context,
    *,
    patient: str | None,
    method: str | None,
    as_of: date | None,
    known_at: str | None,
    form: str | None,
) -> None:
    """Print the totals and counts of every reading, with how many locations they rest on.

    On a terminal the scores over all locations; --csv and --json give those of each segment as well.
    """
    from projections import project
    from projections.columns.tables import only
    from projections.derived.scores import over_all

    facts = facts_of(ctx, as_of, known_at)
    checked("method", method, facts.catalogue.methods)
    scores = only(project("scores", facts), patient=patient, method=method)
    if form:
        give_arrow(scores, form)
        return
    whole = over_all(facts.catalogue.methods.values())
    rows = [
        {
            "patient": row["patient"],
            "performed on": row["performed_on"],
            "study": row["study"],
            "method": row["method"],
            "reader": row["reader"],
            "session": row["session"],
            "score": row["score"],
            "value": row["value"],
            "assessed": f"{text(row['n_assessed'])}/{text(row['n_expected'])}",
        }
        for row in scores.to_pylist()
        if (row["method"], row["score"]) in whole
    ]
    give(rows, None, empty="no readings at this point in time")
