"""Payloads of the log, read as the events that their topics name."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from registry.domain.stream_events import ABOUT_NO_FACT
from registry.domain.topics import TOPICS

DECODERS: Final[dict[str, msgspec.json.Decoder[Any]]] = {  # of events in all their versions
    topic: msgspec.json.Decoder(event) for topic, event in (TOPICS | ABOUT_NO_FACT).items()
}
