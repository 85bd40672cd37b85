"""`spondyl report`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from cli import completion
from cli.found_figures import found_figures
from cli.late_pandas import put_off_pandas
from cli.options import at_a_point_in_time, checked, facts_of_today, opened
from cli.output import put
from cli.pairing import PairedCommand, never_with, only_with

if TYPE_CHECKING:
    from projections.point_in_time import Facts

KINDS: Final = "--patient --cohort --centre --completeness"
OF_ONE: Final = "a report is of one of them; write one after the other"
MINIMUM: Final = 5


@click.command(
    "report",
    cls=PairedCommand,
    pairings=(
        never_with("--cohort --centre --completeness", "--patient", OF_ONE),
        never_with("--centre --completeness", "--cohort", OF_ONE),
        never_with("--completeness", "--centre", OF_ONE),
        only_with("--minimum", "--cohort", "numbers of patients are hidden in reports of cohorts"),
    ),
)
@click.argument("out", type=click.Path(path_type=Path), metavar="OUT.html")
@click.option("--patient", metavar="P", shell_complete=completion.patients, help="One patient's course, values, maps.")
@click.option("--cohort", "file", type=click.Path(path_type=Path), metavar="FILE", help="The cohort that FILE defines.")
@click.option("--centre", metavar="C", help="What one centre sees of its own patients.")
@click.option("--completeness", is_flag=True, help="How complete all centres are, beside each other.")
@click.option(
    "--minimum",
    type=click.IntRange(min=1),
    default=MINIMUM,
    show_default=True,
    help="Numbers of fewer patients are hidden, with what would give them away; 1 hides none.",
)
@at_a_point_in_time
@click.option("--overwrite", is_flag=True, help="Replace a report that stands there already.")
@click.pass_context
def command(ctx: click.Context, /, *, out: Path, overwrite: bool, **asked: Any) -> None:
    """Write what there is to see of a patient, a cohort, a centre or completeness into one file, OUT.html.

    Any browser shows it, without a network and without a script, and prints it. The same question gives the same bytes.
    Reports of a patient and of a centre hold personal data.

    \b
    Examples: spondyl report p.html --patient BAR1-01
              spondyl report paper.html --cohort paper.toml --known-at paper-2013
              spondyl report berlin.html --centre berlin --as-of 2026-01-01
              spondyl report all.html --completeness --overwrite
    """
    from views.report.writing import write_report

    write_report(_report(ctx, asked), out, overwrite=overwrite)
    put(str(out))


def _report(ctx: click.Context, asked: dict[str, Any]) -> str:
    if asked["patient"] is not None:
        return _of_patient(ctx, asked["patient"], asked["as_of"], asked["known_at"])
    if asked["file"] is not None:
        return _of_cohort(ctx, asked)
    if asked["centre"] is None and not asked["completeness"]:
        raise click.UsageError(f"say of what it is: one of {KINDS.replace(' ', ', ')}", ctx)
    facts = facts_of_today(ctx, asked["as_of"], asked["known_at"])
    if asked["completeness"]:
        from views.report.completeness import completeness_report

        return completeness_report(facts)
    from views.report.centre import centre_report

    checked("centre", asked["centre"], sorted(set(facts.of("patients")["centre"].to_pylist()) - {None}))
    return centre_report(facts, asked["centre"])


def _of_patient(ctx: click.Context, patient: str, as_of: date | None, known_at: str | None) -> str:
    put_off_pandas()
    from projections import facts_of
    from registry.errors import UnknownFactError
    from views.report.patient import patient_report

    registry = opened(ctx)
    facts = facts_of(registry, patient, as_of=as_of, known_at=known_at, withdrawn=ctx.obj["withdrawn"])
    if not facts.count("patients"):
        registry.check_not_erased(patient)
        registry.check_not_merged(patient)
        left_out = ", whose consent was withdrawn, with --withdrawn exclude" if _is_left_out(facts) else ""
        raise UnknownFactError(f"patient {patient!r}{left_out} at this point in time")
    return patient_report(facts, patient)


def _is_left_out(facts: Facts) -> bool:
    return facts.withdrawn != "keep" and len(facts.without_consent) > 0


def _of_cohort(ctx: click.Context, asked: dict[str, Any]) -> str:
    from hashlib import sha256

    from projections import facts_at
    from projections.cohort.definition_file import parsed
    from registry.toml_keys import content_of
    from views.report.cohort import cohort_report

    registry = opened(ctx)
    facts = facts_at(registry, as_of=asked["as_of"], known_at=asked["known_at"], withdrawn=ctx.obj["withdrawn"])
    content = content_of(asked["file"])
    cohort, placed = found_figures(parsed(content, str(asked["file"]), facts.catalogue), facts)
    return cohort_report(cohort, placed, minimum=asked["minimum"], definition=sha256(content).hexdigest())
