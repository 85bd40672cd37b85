"""What happened to reading campaigns, in a stream of the registry's own: each was started, locked and unblinded.

A campaign is a reader study by one edition of one method. Its name is the session of its readings, with `+repeat` that
of a reader's second readings. Who reads which study stands with the patients (`Assignment`), and is erased with them:
nothing here names a patient or a study. Case codes, letters and orders follow from a key that the registry does not
have, of which it knows the SHA-256.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

import msgspec

from registry.domain.batches import DeliveredFile

REPEAT: Final = "+repeat"
PAIRED_LESIONS: Final = "paired-lesions"  # the campaigns of which the verdicts on lesions of paired studies come
PAIRED_LESIONS_EDITION: Final = 1


class Adjudication(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """When a case is read by a further reader `to`: where two differ by more than so many units of the score.

    `status` is of one study, `change` between two; None where that decides nothing. A difference in what is yes or no
    always decides.
    """

    to: str
    status: Decimal | None = None
    change: Decimal | None = None


class Campaign(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """What a campaign's file says, whole, with the edition of the method that was current when it was read.

    `chosen_by` is the key of the file that says which studies, `studies` or `cohort`, `chosen_in` the file it names.
    `readers_per_unit` is how many of the readers read each unit, `repeats` the share of a reader's units that come to
    that reader twice, from 0 to 1, and `due` the day by which all should be read (clinical clock).
    """

    campaign: str
    method: str
    method_version: int
    chosen_by: str
    chosen_in: DeliveredFile | None
    readers: tuple[str, ...]
    unit: str
    order: str
    readers_per_unit: int
    design: str = "random"
    repeats: Decimal = Decimal(0)
    adjudicate: Adjudication | None = None
    final: str = "mean"
    due: date | None = None

    @property
    def adjudicator(self) -> str | None:
        """Who reads where readers differ; None where nobody does."""
        return None if self.adjudicate is None else self.adjudicate.to


class CampaignStarted(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A campaign was started: the assignments from position `first` on, to the one before this, came with it.

    The studies were chosen by what was known at `position`. `key_sha256` is the SHA-256 of the key, 64 hexadecimal
    digits; `code_length` the number of characters of a case code. `studies`, `units` and `cases` are how many there
    were, a case being one unit shown to one reader.
    """

    campaign: Campaign
    position: int
    first: int
    key_sha256: str
    code_length: int
    studies: int
    units: int
    cases: int
    actor: str
    source: str


class CampaignLocked(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Nothing is read in a campaign any more; `unread` cases had not been, and `reason` says why it was locked then."""

    campaign: str
    unread: int
    actor: str
    source: str
    reason: str | None


class CampaignUnblinded(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The key of a locked campaign was published, 64 hexadecimal digits: whoever has it knows which case was what."""

    campaign: str
    key: str
    actor: str
    source: str
    reason: str


class Running(NamedTuple):
    """A campaign as its readings are judged by it: what it is, and whether it is locked."""

    campaign: Campaign
    is_locked: bool = False


class Session(NamedTuple):
    """A session that belongs to a campaign: which one, and whether its readings are a reader's second ones."""

    running: Running
    is_repeat: bool


class Campaigns(NamedTuple):
    """The campaigns that were started, by name; `version` is that of their stream, 0 where there is none."""

    version: int
    started: Mapping[str, Running]

    def session(self, name: str) -> Session | None:
        """Return to which campaign a session belongs, None where it is none of them."""
        running = self.started.get(name.removesuffix(REPEAT))
        return None if running is None else Session(running, name.endswith(REPEAT))


NO_CAMPAIGNS: Final = Campaigns(0, {})


def session_of(campaign: str, *, repeat: bool) -> str:
    """Return the session of the readings of a campaign.

    >>> session_of("msasss-2026", repeat=False), session_of("msasss-2026", repeat=True)
    ('msasss-2026', 'msasss-2026+repeat')
    """
    return f"{campaign}{REPEAT}" if repeat else campaign
