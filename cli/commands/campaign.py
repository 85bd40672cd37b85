"""`spondyl campaign`: reader studies, from their start to their unblinding."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli import completion
from cli.campaign_options import as_json_option, key_option, name_argument
from cli.campaign_states import campaign_rows, give_retracted, known_campaign, say_state, state_told
from cli.commands import campaign_answers, campaign_pages, campaign_sheets
from cli.options import at_a_point_in_time, checked, facts_of_today, in_formats, opened
from cli.output import counted, give, give_arrow, give_json, give_table, say
from cli.pairing import PairedCommand

if TYPE_CHECKING:
    from registry.campaigns.starting import CampaignStart
    from registry.campaigns.states import CampaignState, Told


@click.group("campaign")
def command() -> None:
    """Run a blinded reader study: start it by a file, hand out sheets, see who is late, lock it, unblind it.

    \b
    Examples: spondyl campaign start msasss.toml --dry-run
              spondyl campaign start msasss.toml
              spondyl campaign worklist msasss-2026 R1 for-R1/
              spondyl campaign import msasss-2026 back/msasss-2026-R1-01.xlsx
              spondyl campaign status msasss-2026
              spondyl campaign lock msasss-2026
              spondyl campaign unblind msasss-2026 --why "readings are complete"
              spondyl campaign agreement msasss-2026
              spondyl campaign final msasss-2026
    """


@command.command("start", short_help="Start the campaign that FILE declares.", cls=PairedCommand, registry="written")
@click.argument("file", type=click.Path(path_type=Path))
@key_option
@click.option("--dry-run", is_flag=True, help="Say who would read how much; make no key, record nothing.")
@as_json_option
@click.pass_context
def start(ctx: click.Context, file: Path, *, key: Path | None, dry_run: bool, as_json: bool) -> None:
    """Start the campaign that FILE declares: make its key, and record who reads which study, all or nothing.

    Whoever loses the key cannot tell what a case was: keep a copy apart from the registry, where no reader comes.

    \b
    Examples: spondyl campaign start msasss.toml --dry-run
              spondyl campaign start msasss.toml --key /secure/msasss-2026.key
    """
    started = _start(ctx, file, key=key, dry_run=dry_run)
    campaign = started.campaign
    if as_json:
        told = {"campaign": campaign.campaign, "studies": started.studies, "units": started.units}
        state = None if started.state is None else state_told(started.state)
        give_json({**told, "per_reader": started.per_reader, "is_new": started.is_new, "state": state})
        return
    if started.state is not None and not started.is_new:
        say(f"nothing changed: {campaign.campaign} was started @{started.state.started.position}")
        return
    give_table(("reader", "cases"), list(started.per_reader.items()))
    of_what = f"{counted(started.studies, 'study', 'studies')} in {counted(started.units, 'unit')}"
    if started.state is None:
        say(f"{campaign.campaign} would read {of_what}; nothing was recorded")
        return
    say(f"started {campaign.campaign}, @{started.state.started.position}: {of_what}")
    say(
        f"the key is in {key or f'{campaign.campaign}.key'}; keep a copy apart from the registry, where no reader comes"
    )


def _start(ctx: click.Context, file: Path, *, key: Path | None, dry_run: bool) -> CampaignStart:
    """Start a campaign, over the studies of its list or those of its cohort as they are known now."""
    from projections import chosen_studies, facts_at
    from registry.campaigns.file import declared_in

    registry = opened(ctx)
    if declared_in(file, registry.catalogue).campaign.chosen_by == "studies":
        return registry.start_campaign(file, key=key, dry_run=dry_run)
    facts = facts_at(registry)
    chosen = chosen_studies(facts, file)
    say(f"{chosen.with_unit:,} of {counted(chosen.members, 'member')} of the cohort have what is to be read")
    return registry.start_campaign(file, studies=chosen.studies, key=key, position=facts.at.position, dry_run=dry_run)


@command.command("status", short_help="Who has read how much, and who is late.", cls=PairedCommand)
@click.argument("name", required=False, shell_complete=completion.campaigns)
@at_a_point_in_time
@in_formats
@click.pass_context
def status(ctx: click.Context, *, name: str | None, as_of: date | None, known_at: str | None, form: str | None) -> None:
    """Print who has read how much in the campaign NAME, and who is late; without NAME, every campaign.

    A case is one unit shown to one reader. Late is what is not read though the due day of the file lies before --as-of,
    by default before today.

    \b
    Examples: spondyl campaign status
              spondyl campaign status msasss-2026
    """
    from projections.campaigns import progress
    from projections.columns.tables import only

    facts = facts_of_today(ctx, as_of, known_at)
    rows = progress.table(facts)
    if name is None:
        give(campaign_rows(facts, rows), form, empty="no campaign was started by then")
        return
    state = known_campaign(facts, name)
    give_arrow(only(rows, campaign=name), form, columns=rows.column_names[1:], empty="nothing is assigned")
    if form is None:
        say_state(state)
        give_retracted(facts, name)


@command.command("cases", short_help="Which study is which case for whom.", cls=PairedCommand)
@name_argument
@key_option
@click.option("--reader", help="Only the cases of this reader.")
@in_formats
@click.pass_context
def cases(ctx: click.Context, name: str, *, key: Path | None, reader: str | None, form: str | None) -> None:
    """Print which study is which case and letter for which reader: for the custodian of the images, and no reader.

    A line a study, in the order in which each reader gets the cases.

    \b
    Example: spondyl campaign cases msasss-2026 --csv > for-the-custodian.csv
    """
    found = opened(ctx).campaign_cases(name, key=key)
    checked("reader", reader, sorted({case.reader for case in found}))
    rows = [
        {
            "reader": case.reader,
            "number": case.number,
            "case": case.code,
            "letter": case.letters[study.study] or None,
            "study": study.study,
            "repeat": case.assigned.key.repeat,
            "retracted": study.is_retracted,
        }
        for case in found
        if reader in (None, case.reader)
        for study in sorted(case.assigned.studies, key=lambda study: (case.letters[study.study], study.study))
    ]
    give(rows, form, empty="nothing is assigned")


@command.command("lock", short_help="End all reading in a campaign.", cls=PairedCommand, registry="written")
@name_argument
@click.option("--why", help="Why it is locked although cases are unread.")
@as_json_option
@click.pass_context
def lock(ctx: click.Context, name: str, *, why: str | None, as_json: bool) -> None:
    """Lock the campaign NAME: nothing is read in it any more, nor amended, nor retracted.

    With unread cases that wants a reason. What is read anew afterwards is another session.

    \b
    Examples: spondyl campaign lock msasss-2026
              spondyl campaign lock msasss-2026 --why "R2 has left"
    """
    registry = opened(ctx)
    before = registry.head.position
    state = registry.lock_campaign(name, reason=why)
    _give_done(state, state.locked, "locked", is_new=state.locked is not None and state.locked.position > before)
    if as_json:
        give_json(state_told(state))


@command.command("unblind", short_help="Publish the key of a locked campaign.", cls=PairedCommand, registry="written")
@name_argument
@click.option("--why", required=True, help="Why it is unblinded now; it stays in the log.")
@key_option
@as_json_option
@click.pass_context
def unblind(ctx: click.Context, name: str, *, why: str, key: Path | None, as_json: bool) -> None:
    """Publish the key of the locked campaign NAME in the log: from then on everybody can tell what a case was.

    \b
    Example: spondyl campaign unblind msasss-2026 --why "readings are complete"
    """
    registry = opened(ctx)
    before = registry.head.position
    state = registry.unblind_campaign(name, reason=why, key=key)
    is_new = state.unblinded is not None and state.unblinded.position > before
    _give_done(state, state.unblinded, "unblinded", is_new=is_new)
    if as_json:
        give_json(state_told(state))


def _give_done(state: CampaignState, told: Told | None, what: str, *, is_new: bool) -> None:
    assert told is not None, "what was asked for was done"
    done = f"{what} {state.name}, @{told.position}"
    say(done if is_new else f"nothing changed: {state.name} was {what} @{told.position}")


for each in (
    campaign_sheets.worklist,
    campaign_sheets.import_returned,
    campaign_sheets.adjudicate,
    campaign_pages.token,
    campaign_pages.drafts,
    campaign_answers.agreement,
    campaign_answers.final,
):
    command.add_command(each)
