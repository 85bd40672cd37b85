"""`spondyl campaign agreement` and `final`: how far readers agree, and which value counts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

import click

from cli.campaign_options import name_argument
from cli.campaign_states import known_campaign, say_state
from cli.options import at_a_point_in_time, checked, facts_of_today, in_formats
from cli.output import give_arrow, give_table, say
from cli.pairing import PairedCommand

if TYPE_CHECKING:
    from projections.columns.arrow import ArrowTable

SHOWN: Final = {  # the figures of a score that stand side by side on a screen, with their decimals
    "ICC(2,1)": 2,
    "ICC(3,1)": 2,
    "kappa": 2,
    "same answer": 2,
    "bias": 2,
    "sdc/loa-95": 2,
    "sdc/loa-80": 2,
}
OF_A_SCORE: Final = ("score", "source", "readers", "statistic", "k", "n", "value", "low", "high", "reason")
WITH_LIMITS: Final = ("ICC(2,1)", "kappa", "same answer", "bias")


@click.command("agreement", short_help="How far the readers of a campaign agree.", cls=PairedCommand)
@name_argument
@click.option("--score", help="Every figure of this score: total; of one segment total:cervical.")
@click.option("--segments", is_flag=True, help="The scores of each segment too.")
@at_a_point_in_time
@in_formats
@click.pass_context
def agreement(
    ctx: click.Context,
    *,
    name: str,
    score: str | None,
    segments: bool,
    as_of: date | None,
    known_at: str | None,
    form: str | None,
) -> None:
    """Print how far the readers of the campaign NAME agree, in status and in change, before anybody adjudicated.

    ICC with its interval, kappa with quadratic weights, the mean difference, and the smallest detectable change for one
    reader by its two formulas. A row `R1 v R1+repeat` is of what one reader said twice. --json and --csv give every
    figure: the limits of agreement, means of several readers, segments, what was left out and why.

    \b
    Examples: spondyl campaign agreement msasss-2026
              spondyl campaign agreement msasss-2026 --score total
              spondyl campaign agreement msasss-2026 --csv > agreement.csv
    """
    from projections import project
    from projections.columns.tables import only

    facts = facts_of_today(ctx, as_of, known_at)
    state = known_campaign(facts, name)
    found = only(project("agreement", facts), campaign=name)
    if checked("score", score, dict.fromkeys(found["score"].to_pylist())) is not None:
        found = only(found, score=score)
    if form is not None or score is not None:
        columns = found.column_names if form is not None else OF_A_SCORE
        give_arrow(found, form, columns=columns, empty="no two readers have read the same study by then")
        return
    method = facts.catalogue.methods.get(state.begun.campaign.method)
    whole = {score.name for score in method.scores} if method is not None and not segments else None
    rows = _side_by_side(found, whole)
    if not rows:
        say("no two readers have read the same study by then")
        return
    shown = [name for name in SHOWN if any(name in row for row in rows)]
    give_table(
        ("score", "of", "readers", "n", *shown),
        [
            (row["score"], row["source"], row["readers"], row["n"], *(row.get(name, "·") for name in shown))
            for row in rows
        ],
    )
    say_state(state)


def _side_by_side(found: ArrowTable, scores: set[str] | None) -> list[dict[str, Any]]:
    """Return a row for each score, source and readers, with the figures of one reader by name; of some scores alone."""
    rows: dict[tuple[str, str, str], dict[str, Any]] = {}
    for each in found.to_pylist():
        if each["k"] != 1 or (scores is not None and each["score"] not in scores):
            continue
        key = (each["score"], each["source"], each["readers"])
        row = rows.setdefault(key, {"score": key[0], "source": key[1], "readers": key[2], "n": each["n"]})
        if each["statistic"] in SHOWN:
            row[each["statistic"]] = _told(each)
    return list(rows.values())


def _told(figure: dict[str, Any]) -> str:
    """Return a figure as papers print it, with its interval where a screen has room for it."""
    from projections.statistics.rounding import fixed

    decimals = SHOWN[figure["statistic"]]
    if figure["value"] is None:
        return "·"
    value = fixed(figure["value"], decimals)
    if figure["statistic"] not in WITH_LIMITS or figure["low"] is None or figure["high"] is None:
        return value
    return f"{value} ({fixed(figure['low'], decimals)} to {fixed(figure['high'], decimals)})"


@click.command("final", short_help="Which value of each study counts.", cls=PairedCommand)
@name_argument
@at_a_point_in_time
@in_formats
@click.pass_context
def final(ctx: click.Context, *, name: str, as_of: date | None, known_at: str | None, form: str | None) -> None:
    """Print the final score of each study of the campaign NAME by its rule, or why there is none.

    \b
    Examples: spondyl campaign final msasss-2026
              spondyl campaign final msasss-2026 --known-at published
    """
    from projections import project
    from projections.columns.tables import only

    facts = facts_of_today(ctx, as_of, known_at)
    state = known_campaign(facts, name)
    found = only(project("final_scores", facts), campaign=name)
    shown = ("patient", "performed_on", "study", "score", "value", "readers", "adjudicated", "n_imputed", "reason")
    give_arrow(found, form, columns=shown if form is None else found.column_names, empty="nothing is assigned")
    if form is None:
        say_state(state)
        say(f"value: {state.begun.campaign.final}")
