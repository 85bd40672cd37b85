"""Options by which an export is made into something else by a profile, and what is told of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from cli import completion
from cli.output import counted

if TYPE_CHECKING:
    from projections.export.manifest import StatedProfile
    from projections.export.profiles.profile import Profile

OF_PROFILES: Final = "--key-file --minimum --band --without --available-at"
SHOWN: Final = 5  # words without a standard concept, of one column
Command = TypeVar("Command", bound=Callable[..., Any])


def by_a_profile(command: Command) -> Command:
    """Give a command `--profile` and what can be chosen of one; `asked_profile` makes it of them."""
    named = click.option(
        "--profile",
        metavar="NAME",
        shell_complete=completion.profiles,
        help="What to make of the export: deidentified, for a partner who tells nobody by it; meds; omop.",
    )
    minimum = click.option(
        "--minimum", type=click.IntRange(1), metavar="N", help="Refuse where a group of patients has fewer than N."
    )
    band = click.option(
        "--band",
        type=click.IntRange(1, 100),
        metavar="YEARS",
        help="Width of a band of years of birth, 5 by default.",
    )
    without = click.option("--without", metavar="NAME,NAME…", help="Leave out columns, but those of keys, or measures.")
    available = click.option(
        "--available-at",
        type=click.Choice(("study", "reading")),
        help="When a score is there: on the day of its study, by default, or when this was read; of meds.",
    )
    return named(with_a_key(minimum(band(without(available(command))))))


def with_a_key(command: Command) -> Command:
    """Give a command `--key-file`."""
    return click.option(
        "--key-file",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="The key of the release: 0600, 64 hex digits.",
    )(command)


def asked_profile(given: Mapping[str, Any]) -> Profile | None:
    """Return the profile that is asked for, None for none. Raises as it refuses."""
    from projections.export.manifest import Choices
    from projections.export.profiles.known import profile

    if given["profile"] is None:
        return None
    without = tuple(name.strip() for name in (given["without"] or "").split(",") if name.strip())
    chosen = {name: given[name] for name in ("minimum", "band", "available_at")} | {"without": without}
    choices = Choices(**{name: choice for name, choice in chosen.items() if choice is not None})
    return profile(given["profile"], choices, key_file=given["key_file"])


def told(stated: StatedProfile) -> list[str]:
    """Return what came of a profile, in lines."""
    said = OF_REPORTS[stated.name](stated.report) if stated.name in OF_REPORTS else ()
    return [line for line in said if line]


def _of_groups(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield how small the groups of patients are, and which words few of them have."""
    by = ", ".join(found["quasi_identifiers"]) or "nothing"
    patients, groups = counted(found["patients"], "patient"), counted(found["groups"], "group")
    yield f"{patients} in {groups} by {by}; the smallest has {found['smallest_group']}"
    yield _listed("patients in small groups", (f"{n} below {limit}" for limit, n in found["in_groups_below"].items()))
    yield _listed("the smallest would have", (f"{n} without {name}" for name, n in found["smallest_without"].items()))
    rare = f"words that fewer than {found['words_of_at_least']} patients have"
    yield _listed(f"{rare}, hidden", (f"{name} {n}" for name, n in found["hidden_words"].items()))
    yield _listed(f"{rare}, left as they are", (f"{name} {n}" for name, n in found["rare_codes"].items()))


def _of_meds(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield how many subjects and codes a data set of MEDS has."""
    codes, known = counted(found["codes"], "code"), found["codes_with_parents"]
    yield f"{counted(found['subjects'], 'subject')}, {codes}, {known} with a code of a terminology"


def _of_omop(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield how many rows of a data set of OMOP have a standard concept, what has none, and what is not there."""
    for column, words in found["without_standard_concept"].items():
        known, without = found["with_standard_concept"][column], sum(words.values())
        most = sorted(words, key=lambda word: (-words[word], word))[:SHOWN]
        told = ", ".join(f"{word} {words[word]}" for word in most)
        more = f", and {len(words) - SHOWN} more" if len(words) > SHOWN else ""
        yield f"{column}: {known:,} standard" + (f", {without:,} without: {told}{more}" if words else "")
    yield _listed("left out", (f"{what} {n}" for what, n in found["left_out"].items()))
    yield _listed("cut to the length that the model allows", (f"{name} {n}" for name, n in found["shortened"].items()))


def _listed(what: str, each: Iterable[str]) -> str:
    said = ", ".join(each)
    return f"{what}: {said}" if said else ""


OF_REPORTS: Final[Mapping[str, Callable[[Mapping[str, Any]], Iterator[str]]]] = {
    "deidentified": _of_groups,
    "meds": _of_meds,
    "omop": _of_omop,
}
