"""Sheets that came back from readers, recorded as readings: un-blinded by their case codes, all of them or nothing.

A sheet that nobody began is passed over and told; what was recorded before alike is left alone. Of what is stored
nothing says which case it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from registry.application import Registry
from registry.campaigns.blinding import Blinding
from registry.campaigns.read_cases import CaseReader, ReturnedCase
from registry.campaigns.recording import record_cases
from registry.campaigns.sheet_layout import Layouts
from registry.campaigns.states import campaign_at
from registry.campaigns.unblinding import key_of
from registry.errors import BatchRefusedError
from registry.intake.found_tables import names_in_places
from registry.wording import visible


class SheetsReport(msgspec.Struct, frozen=True):
    """What an import of sheets did, or would do in a dry run: the cases in the order of files and sheets.

    `events` is the number of events that were stored, or would be.
    """

    campaign: str
    cases: list[ReturnedCase]
    events: int


def import_sheets(
    registry: Registry,
    campaign: str,
    files: str | Path | Iterable[str | Path],
    *,
    key: Path | str | None = None,
    dry_run: bool = False,
) -> SheetsReport:
    """Record what readers' sheets of a campaign say, all or nothing; `key` is the file of the campaign's key.

    Raises `BatchRefusedError` with every problem, by file, sheet and cell; `UnknownCodeError` for a campaign that there
    is not, `CampaignKeyError`, `CampaignStateError` for a method of another edition, and `ConcurrentChangeError`.
    """
    state = campaign_at(registry.log, campaign)
    secret = key_of(state, None if key is None else Path(key))
    layouts = Layouts(state.begun.campaign, registry.catalogue)
    reader = CaseReader(campaign, Blinding(secret, campaign), layouts, registry.campaign_cases(campaign, key=key))
    paths = [Path(file) for file in ([files] if isinstance(files, str | Path) else files)]
    for path, name in zip(paths, names_in_places([path.resolve() for path in paths])):
        reader.take(path, visible(name))
    if reader.problems:
        raise BatchRefusedError(reader.problems)
    recorded = record_cases(registry, state, reader.read.values(), dry_run=dry_run)
    return SheetsReport(state.name, [*recorded.cases, *reader.found], recorded.events)
