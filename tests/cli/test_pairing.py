"""Options that would have no effect are usage errors: what each command declares, gone through one by one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click
import pytest
from click.testing import CliRunner

from cli.main import COMMANDS
from cli.main import spondyl as group
from cli.pairing import PairedCommand, Pairing, named
from tests.cli.conftest import Spondyl


class Declared(NamedTuple):
    """A pairing, and the command that declares it."""

    path: tuple[str, ...]
    command: PairedCommand
    pairing: Pairing


def leaves(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield the commands that do something, each by its words."""
    if isinstance(command, click.Group):
        for name, each in command.commands.items():
            yield from leaves(each, (*path, name))
    else:
        yield path, command


def all_commands() -> list[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    return [leaf for name in COMMANDS if (found := group.get_command(context, name)) for leaf in leaves(found, (name,))]


COMPARED = "recorded flares are compared with nothing"
OBSERVED = "they say what counts as observed time"
BRIDGED = "gaps are bridged to episodes, and so to lines, only"
LAST = "both are the last clinical day; give one of them"
DECLARED = [
    Declared(path, command, pairing)
    for path, command in all_commands()
    if isinstance(command, PairedCommand)
    for pairing in command.pairings
]
WRONG = [
    (each, option, other)
    for each in DECLARED
    for option in each.pairing.options
    for other in (each.pairing.without or each.pairing.needed)
]


def written(command: click.Command, name: str) -> list[str]:
    """Return an option or an argument as it is typed, with its value, or some value where it takes one."""
    name, _, value = name.partition("=")
    if value:
        return [name, value]
    (param,) = (each for each in command.params if named(each) == name)
    if isinstance(param, click.Argument):
        return ["word"]
    assert isinstance(param, click.Option)
    if param.is_flag or param.flag_value is True:
        return [name]
    return [name, next(iter(param.type.choices)) if isinstance(param.type, click.Choice) else "word"]


def needed_beside(declared: Declared, option: str) -> list[str]:
    """Return what an option needs by other declarations, so that it is one pair alone that is wrong."""
    name = option.partition("=")[0]
    return [each.needed[0] for each in declared.command.pairings if each.needed and name in each.options]


@pytest.mark.parametrize(("path", "command"), all_commands(), ids=[" ".join(path) for path, _ in all_commands()])
def test_every_command_refuses_what_would_have_no_effect(path: tuple[str, ...], command: click.Command) -> None:
    assert isinstance(command, PairedCommand)


@pytest.mark.parametrize(
    ("declared", "option", "other"), WRONG, ids=[" ".join((*each.path, *rest)) for each, *rest in WRONG]
)
def test_each_declared_pair_is_a_usage_error_that_names_both(declared: Declared, option: str, other: str) -> None:
    options = [option] if declared.pairing.needed else [option, other, *needed_beside(declared, other)]
    typed = [word for name in options for word in written(declared.command, name)]

    result = CliRunner().invoke(group, [*declared.path, *typed])

    assert result.exit_code == 2
    mistake = result.output.splitlines()[-1]
    assert mistake.startswith(f"Error: {option} has no effect ")
    assert other in mistake


@pytest.mark.parametrize("declared", [each for each in DECLARED if each.pairing.needed], ids=str)
def test_what_is_needed_lifts_the_refusal(declared: Declared) -> None:
    for option in declared.pairing.options:
        for needed in declared.pairing.needed:
            assert declared.pairing.refusal([option, needed]) is None


@pytest.mark.parametrize(
    ("typed", "mistake"),
    [
        ("flares --computed --rates", "--computed has no effect with --rates: give one of them"),
        ("flares --rates --computed", "--computed has no effect with --rates: give one of them"),
        ("flares --reference baseline", f"--reference has no effect without --computed: {COMPARED}"),
        (
            "flares --computed --definition flare-withdrawal --reference baseline",
            "--reference has no effect with --definition=flare-withdrawal: it compares a visit with the one before",
        ),
        ("--db there.db demo", "--db has no effect with demo: it opens no registry"),
        ("--actor ana status", "--actor has no effect with status: it records nothing"),
        ("--db one.db status --db other.db", "--db stands before the command and after it: give one of them"),
        ("--db there.db simulate out", "--db has no effect without --into-log: files are written without a registry"),
        ("--actor ana freeze", "--actor has no effect without NAME: they are kept with the name"),
        ("flares --gap word", f"--gap has no effect without --rates or --after-stop: {OBSERVED}"),
        ("treatments --lines --years", "--lines has no effect with --years: give one of them"),
        ("treatments --lines --courses", "--courses has no effect with --lines: give one of them"),
        ("treatments --years --max-gap-days 90", f"--max-gap-days has no effect with --years: {BRIDGED}"),
        ("treatments --json --csv", "--json has no effect with --csv: give one of them"),
        ("cohort x --every year --as-of 2020-01-01 --to 2021-01-01", f"--as-of has no effect with --to: {LAST}"),
    ],
)
def test_what_is_said(typed: str, mistake: str) -> None:
    result = CliRunner().invoke(group, typed.split())

    assert (result.exit_code, result.output.splitlines()[-1]) == (2, f"Error: {mistake}")


def test_on_the_recorded_clock_the_day_as_of_and_the_last_day_are_two_things(cohort: Spondyl) -> None:
    dated = ("--every", "year", "--as-of", "2020-01-01", "--to", "2021-01-01")

    assert "has no effect" not in cohort("cohort", "none.toml", "--over", "recorded", *dated).err
    assert "has no effect" in cohort("cohort", "none.toml", "--over", "clinical", *dated).err


def test_help_is_given_whatever_stands_beside_it(cohort: Spondyl) -> None:
    assert cohort("flares", "--computed", "--rates", "--help").code == 0


def test_a_default_that_is_not_typed_is_no_option_given(cohort: Spondyl) -> None:
    assert cohort("flares").code == cohort("treatments", "--courses").code == cohort("lesions", "--agreement").code == 0


@pytest.mark.parametrize("typed", ["--db there.db {}", "{} --db there.db"])
def test_the_registry_is_named_before_the_command_or_after_it(spondyl: Spondyl, typed: str) -> None:
    for command in ("init", "record patient patient=P-1 enrolled_on=2020-01-01", "table patients --json"):
        answer = spondyl(*typed.format(command).split())
        assert answer.code == 0

    assert [row["patient"] for row in answer.json] == ["P-1"]
    assert not Path("spondyl.db").exists()


@pytest.mark.parametrize("typed", ["--actor ana {}", "{} --actor ana"])
def test_who_records_is_named_before_the_command_or_after_it(cohort: Spondyl, typed: str) -> None:
    cohort(*typed.format("record flare patient=P-1 started_on=2020-05-01").split())

    assert cohort("history", "flare/P-1/2020-05-01", "--json").json[0]["actor"] == "ana"


def test_the_environment_names_registry_and_actor_for_commands_that_take_neither(
    spondyl: Spondyl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPONDYL_DB", "there.db")
    monkeypatch.setenv("SPONDYL_ACTOR", "ana")

    assert (spondyl("template", "files").code, spondyl("init").code, spondyl("status").code) == (0, 0, 0)


@pytest.mark.parametrize(("path", "command"), all_commands(), ids=[" ".join(path) for path, _ in all_commands()])
def test_a_command_says_in_its_help_that_it_takes_the_registry_exactly_where_it_does(
    path: tuple[str, ...], command: click.Command
) -> None:
    assert isinstance(command, PairedCommand)
    usage = CliRunner().invoke(group, [*path, "--help"]).output

    assert ("--db PATH|URL" in usage) == ("db" in command.shared)
    assert ("--actor NAME" in usage) == ("actor" in command.shared)
