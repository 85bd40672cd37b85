"""Whether the dates of a registry are those of its patients, or were shifted for each by whoever exported them.

Both at once would put a patient's visits beside each other that lie months apart; so the first import by a mapping
says it for all that follow.
"""

from __future__ import annotations

from typing import Final

import msgspec
from sqlalchemy import select

from registry.domain.batches import BatchRecorded
from registry.domain.registry_streams import BATCHES
from registry.errors import RefusalError
from registry.store.log import EventLog
from registry.store.schema import events

DECODER: Final = msgspec.json.Decoder(BatchRecorded)


class ShiftedDatesError(RefusalError):
    """Dates that were shifted among dates that were not, or the other way round."""

    def __init__(self, *, position: int, were_shifted: bool) -> None:
        self.position, self.were_shifted = position, were_shifted
        before, now = ("shifted", "not") if were_shifted else ("not shifted", "now they are")
        super().__init__(
            f"shifted_dates: the dates of the import at @{position} were {before}, and {now}; "
            "it is the same for all imports of a registry"
        )


def refuse_other_dates(log: EventLog, *, shifted: bool) -> None:
    """Refuse dates that are shifted where those of an earlier import are not, or the other way round.

    Raises `ShiftedDatesError`.
    """
    database = log.database
    statement = select(events.c.position, database.payload_bytes).where(database.in_streams([BATCHES.id.bytes]))
    with database.reading() as connection:
        for position, payload in connection.execute(statement.order_by(events.c.version)):
            earlier = DECODER.decode(payload).shifted_dates
            if earlier is not None and earlier != shifted:
                raise ShiftedDatesError(position=position, were_shifted=earlier)
