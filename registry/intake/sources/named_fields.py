"""The fields that a name in a mapping means: itself, or where a part of it is in braces all that look like it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import zip_longest
from typing import Final

VARIABLE: Final = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")


def repeated(name: str, repeat: tuple[str, tuple[str, ...]] | None) -> list[str]:
    """Return the fields that a name means where something repeats; it alone where no part of it does.

    >>> repeated("drug_{n}", ("n", ("1", "2"))), repeated("crp", ("n", ("1", "2"))), repeated("bd{n}", None)
    (['drug_1', 'drug_2'], ['crp'], ['bd{n}'])
    """
    if repeat is None or f"{{{repeat[0]}}}" not in name:
        return [name]
    return [with_value(name, repeat[0], value) for value in repeat[1]]


def with_value(name: str, variable: str, value: str) -> str:
    """Return a name with a value in the place of the part that is called so.

    >>> with_value("drug_{n}", "n", "2")
    'drug_2'
    """
    return name.replace(f"{{{variable}}}", value)


def with_values(name: str, values: Mapping[str, str]) -> str:
    """Return a name with values in the place of all parts in braces."""
    for variable, value in values.items():
        name = with_value(name, variable, value)
    return name


def pattern_of(name: str) -> re.Pattern[str]:
    """Return what the fields that a name with `{n}` means look like; a number where it is called n."""
    parts, met = VARIABLE.split(name), set[str]()
    found = ""
    for text, variable in zip_longest(parts[::2], parts[1::2]):
        found += re.escape(text)
        if variable is not None:
            kind = "[0-9]+" if variable == "n" else ".+"
            found += f"(?P={variable})" if variable in met else f"(?P<{variable}>{kind})"
            met.add(variable)
    return re.compile(found)


def variables_of(name: str) -> set[str]:
    """Return what stands in braces in a name: `n` of `bd{n}`."""
    return set(VARIABLE.findall(name))
