"""The fields that a name in a mapping means, where a part of it repeats."""

from __future__ import annotations


def repeated(name: str, repeat: tuple[str, tuple[str, ...]] | None) -> list[str]:
    """Return the fields that a name means where something repeats; it alone where no part of it does.

    >>> repeated("drug_{n}", ("n", ("1", "2"))), repeated("crp", ("n", ("1", "2"))), repeated("bd{n}", None)
    (['drug_1', 'drug_2'], ['crp'], ['bd{n}'])
    """
    if repeat is None or f"{{{repeat[0]}}}" not in name:
        return [name]
    return [name.replace(f"{{{repeat[0]}}}", value) for value in repeat[1]]
