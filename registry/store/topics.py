"""Topics as the library carries them, and as the log keeps them.

The library knows one text a topic: `VisitRecorded` is the first version of that event, `VisitRecorded/2` the second.
The log keeps name and version in two columns, so that one can ask for an event in all its versions.
"""

from __future__ import annotations

from functools import lru_cache


@lru_cache
def split_topic(topic: str) -> tuple[str, int]:
    """Return the name and the event version that a topic stands for.

    >>> split_topic("VisitRecorded"), split_topic("VisitRecorded/2")
    (('VisitRecorded', 1), ('VisitRecorded', 2))
    """
    name, slash, number = topic.rpartition("/")
    if slash and number.isascii() and number.isdigit() and number[0] != "0" and int(number) > 1:
        return name, int(number)
    return topic, 1


def joined_topic(name: str, event_version: int) -> str:
    """Return the topic of an event in one of its versions; the reverse of `split_topic`.

    >>> joined_topic("VisitRecorded", 1), joined_topic("VisitRecorded", 2)
    ('VisitRecorded', 'VisitRecorded/2')
    """
    return name if event_version == 1 else f"{name}/{event_version}"
