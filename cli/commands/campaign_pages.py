"""`spondyl campaign token` and `drafts`: who may read in a browser, and what was begun there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from cli.campaign_options import key_option, name_argument
from cli.options import in_formats, opened
from cli.output import give, put, say
from cli.pairing import PairedCommand, never_with

if TYPE_CHECKING:
    from registry.campaigns.drafts import Drafts
    from registry.campaigns.states import CampaignState
    from registry.campaigns.worklists import Case

ADDRESS: Final = "http://127.0.0.1:8766"
ADDRESSES: Final = re.compile(r"https?://[A-Za-z0-9.:\[\]-]{1,200}/?")


@click.command(
    "token",
    short_help="Make the link by which a reader reads in a browser.",
    cls=PairedCommand,
    pairings=(never_with("--address", "--revoke", "no link is made"),),
)
@name_argument
@click.argument("reader")
@key_option
@click.option("--address", default=ADDRESS, show_default=True, help="Where browsers reach `spondyl serve-readings`.")
@click.option("--revoke", is_flag=True, help="Take the reader's token away, and make none.")
@click.pass_context
def token(ctx: click.Context, name: str, reader: str, *, key: Path | None, address: str, revoke: bool) -> None:
    """Make the personal link by which READER reads in the campaign NAME; it is printed once, and kept nowhere.

    The link of before opens nothing any more. Of the token in it only the SHA-256 is kept, beside the campaign's key.
    No link opens anything once the campaign is locked.

    \b
    Examples: spondyl campaign token msasss-2026 R1
              spondyl campaign token msasss-2026 R1 --address https://readings.example.org
              spondyl campaign token msasss-2026 R1 --revoke
    """
    from registry.campaigns.handing_out import reader_of
    from registry.campaigns.keys import key_file
    from registry.campaigns.reader_tokens import ReaderTokens

    _check_address(address)
    known = reader_of(_running(ctx, name, key).begun.campaign, reader)
    tokens = ReaderTokens(key or key_file(name), name)
    if revoke:
        say(f"the link of {known} opens nothing any more" if tokens.revoke(known) else f"{known} had no link")
        return
    made = tokens.renew(known)
    say(f"give this link to {known} alone; it is not shown again, and the one of before opens nothing any more")
    put(f"{address.rstrip('/')}/open?token={made}")


def _check_address(address: str) -> None:
    from registry.errors import RefusalError
    from registry.wording import shown

    if not ADDRESSES.fullmatch(address):
        raise RefusalError(
            f"--address: {shown(address)} is no address, as https://readings.example.org", field="--address"
        )


def _running(ctx: click.Context, name: str, key: Path | None) -> CampaignState:
    """Return a campaign in which is read still, and of which the key is at hand."""
    from registry.campaigns.states import campaign_at
    from registry.campaigns.unblinding import key_of
    from registry.errors import CampaignStateError

    state = campaign_at(opened(ctx).log, name)
    if state.locked is not None:
        raise CampaignStateError(name, "is locked, and nothing is read in it any more")
    key_of(state, key)
    return state


@click.command(
    "drafts",
    short_help="What readers have begun in a browser.",
    cls=PairedCommand,
    pairings=(never_with("--csv --json", "--discard", "nothing is listed"),),
)
@name_argument
@key_option
@click.option("--discard", "discarded", metavar="CASE", help="Remove the draft of this case for good.")
@in_formats
@click.pass_context
def drafts(ctx: click.Context, name: str, *, key: Path | None, discarded: str | None, form: str | None) -> None:
    """Print which cases of the campaign NAME readers have begun in a browser, how far, and the seconds they took.

    What was entered is not printed: it is not submitted. Drafts of cases that are no more are removed first.

    \b
    Examples: spondyl campaign drafts msasss-2026
              spondyl campaign drafts msasss-2026 --discard 7K3M-Q9XD
    """
    from registry.campaigns.drafts import Drafts
    from registry.campaigns.keys import key_file

    cases = {case.code: case for case in opened(ctx).campaign_cases(name, key=key)}
    kept = Drafts(key or key_file(name))
    kept.keep_only(cases)
    if discarded is None:
        give([_told(cases[code], kept) for code in kept.cases()], form, empty="no draft is kept")
    else:
        _discard(kept, discarded)


def _told(case: Case, kept: Drafts) -> dict[str, object]:
    draft = kept.of(case.code)
    return {
        "reader": case.reader,
        "number": case.number,
        "case": case.code,
        "cells": sum(map(len, draft.typed.values())),
        "seconds": round(draft.milliseconds / 1000),
        "recorded": case.assigned.is_read,
    }


def _discard(kept: Drafts, typed: str) -> None:
    from registry.campaigns.blinding import read_code
    from registry.errors import UnknownCodeError

    code = read_code(typed)
    if code is None or code not in kept.cases():
        raise UnknownCodeError("case", typed, kept.cases(), what="case with a draft")
    kept.drop(code)
    say(f"the draft of {code} is removed")
