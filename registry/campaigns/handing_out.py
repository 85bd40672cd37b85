"""Handing out: the files of one reader, in a folder, whole or not at all; what stands there is never written over."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final

from registry.atomic_folder import atomic_folder, sync
from registry.campaigns.blinding import Blinding
from registry.campaigns.sheet_layout import Layout, Layouts
from registry.campaigns.sheet_tables import write_table
from registry.campaigns.sheet_workbooks import write_workbook
from registry.campaigns.sheets import SheetFile, sheet_files
from registry.campaigns.states import campaign_at
from registry.campaigns.unblinding import key_of
from registry.campaigns.worklists import cases_of
from registry.domain.campaigns import Campaign
from registry.errors import CampaignStateError, UnknownCodeError, UnwritableError
from registry.new_files import made_folder, writing_at
from registry.private_files import new_bytes
from registry.streams import PatientStreams

Writing = Callable[[IO[bytes], SheetFile, Callable[[int], Layout]], None]
WORKBOOK, TABLE = ".xlsx", ".csv"
WRITING: Final[dict[str, Writing]] = {WORKBOOK: write_workbook, TABLE: write_table}


def hand_out(
    streams: PatientStreams, name: str, reader: str, folder: Path, *, key: Path | None, ending: str = WORKBOOK
) -> list[Path]:
    """Write the blinded files of what a reader of a campaign is to read still; return where they are, in their order.

    `key` is the file of the key, by default where it is made; `ending` is `.xlsx` or `.csv`. Raises `UnknownCodeError`
    for a campaign or a reader that there is not, `CampaignStateError` where the campaign is locked, `CampaignKeyError`,
    and `UnwritableError` where a file of the name stands in the folder: then there is none of the others either.
    """
    state = campaign_at(streams.event_log, name)
    if state.locked is not None:
        raise CampaignStateError(name, "is locked, and nothing is read in it any more")
    campaign, secret = state.begun.campaign, key_of(state, key)
    cases = cases_of(streams, state, secret, reader=reader_of(campaign, reader))
    layouts = Layouts(campaign, streams.catalogue())
    return _written(folder, sheet_files(name, reader, cases, Blinding(secret, name)), layouts, ending)


def reader_of(campaign: Campaign, reader: str) -> str:
    """Return the code of who reads in a campaign, the adjudicator too. Raises `UnknownCodeError` for anybody else."""
    readers = [*campaign.readers, *filter(None, [campaign.adjudicator])]
    if reader not in readers:
        raise UnknownCodeError("reader", reader, readers, what=f"reader of campaign {campaign.campaign}")
    return reader


def _written(folder: Path, files: list[SheetFile], layouts: Layouts, ending: str) -> list[Path]:
    places = [folder / f"{made.name}{ending}" for made in files]
    for place in places:
        _check_vacant(place)
    if not files:
        return []
    with writing_at(made_folder(folder)), atomic_folder(places[0]) as beside:
        for made, place in zip(files, places):
            with new_bytes(beside / place.name) as file:
                WRITING[ending](file, made, layouts.of)
            sync(beside / place.name)
        _put(beside, places)
    return places


def _put(beside: Path, places: list[Path]) -> None:
    """Put files that are whole in their places; where one cannot be put there, none of them stays."""
    put: list[Path] = []
    try:
        for place in places:
            _check_vacant(place)
            try:
                os.link(beside / place.name, place)
            except FileExistsError:
                raise
            except OSError:  # a file system without links
                (beside / place.name).rename(place)
            put.append(place)
    except BaseException:
        for place in put:
            place.unlink(missing_ok=True)
        raise


def _check_vacant(place: Path) -> None:
    if os.path.lexists(place):
        raise UnwritableError(str(place), "a sheet stands there, and is never written over; name another folder")
