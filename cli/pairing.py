"""Which options go together: an option that would have no effect is refused, for passed over it would mislead.

Each command declares it beside its options. Options that write one value, as two views or `--json` and `--csv`, are
apart by themselves. A dry run takes all options of the run that it tries. `--over=recorded` means the option with that
value; a word without dashes is an argument. `--db` and `--actor` may be typed before a command or after it, where it
opens a registry, or records in one; from the environment they may come to any.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any, Final, Literal, NamedTuple

import click
from click.core import ParameterSource

Use = Literal["none", "read", "written"]
SHARED: Final[dict[Use, tuple[str, ...]]] = {"none": (), "read": ("db",), "written": ("db", "actor")}
HELP: Final = {"db": "The registry; also before the command.", "actor": "Who records; also before the command."}
METAVARS: Final = {"db": "PATH|URL", "actor": "NAME"}
WHY_NOT: Final = {"db": "it opens no registry", "actor": "it records nothing"}


class Pairing(NamedTuple):
    """What makes some `options` have no effect: that none of `needed` is given, or that one of `without` is.

    `why` says what would be right, as it stands in the message. `unless` is what lifts the pairing.
    """

    options: tuple[str, ...]
    why: str
    needed: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    unless: str | None = None

    def refusal(self, given: Sequence[str]) -> str | None:
        """Return what is wrong with the options that are given, None where nothing is."""
        if self.unless in given:
            return None
        for option in self.options:
            if option not in given:
                continue
            if self.needed and not set(self.needed) & set(given):
                return f"{option} has no effect without {' or '.join(self.needed)}: {self.why}"
            for other in self.without:
                if other in given and other != option:
                    return f"{option} has no effect with {other}: {self.why}"
        return None


def only_with(options: str, needed: str, why: str) -> Pairing:
    """Declare that options have an effect with one of some others only; all are separated by blanks."""
    return Pairing(tuple(options.split()), why, needed=tuple(needed.split()))


def never_with(options: str, without: str, why: str, *, unless: str | None = None) -> Pairing:
    """Declare that options have no effect with any of some others; all are separated by blanks."""
    return Pairing(tuple(options.split()), why, without=tuple(without.split()), unless=unless)


class PairedCommand(click.Command):
    """A command that refuses options which have no effect beside the others, as a usage error that names both.

    It says what it does with the `registry`; so it takes `--db`, and where it records `--actor`, after its name too.
    """

    def __init__(self, *args: Any, pairings: Sequence[Pairing] = (), registry: Use = "read", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shared = SHARED[registry]
        self.params += [_shared(name) for name in self.shared]
        self.pairings = (*self._apart(), *pairings)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        given = self._given(ctx, list(args))
        if "--help" not in given and not ctx.resilient_parsing:
            given += self._typed_before(ctx, given)
            for refusal in (pairing.refusal(given) for pairing in self.pairings):
                if refusal:
                    raise click.UsageError(refusal, ctx)
        return super().parse_args(ctx, args)

    def _apart(self) -> Iterator[Pairing]:
        """Yield the pairings of options that write one value: the last would win, and the others be passed over."""
        for one, other in combinations([each for each in self.params if isinstance(each, click.Option)], 2):
            if one.name == other.name:
                yield never_with(named(one), named(other), "give one of them")

    def _typed_before(self, ctx: click.Context, given: Sequence[str]) -> list[str]:
        """Return the shared options that were typed before the command; one that it does not take is refused."""
        root = ctx.find_root()
        names = [name for name in HELP if root.get_parameter_source(name) is ParameterSource.COMMANDLINE]
        for name in names:
            if name not in self.shared:
                command = ctx.command_path.removeprefix(root.command_path).strip()
                raise click.UsageError(f"--{name} has no effect with {command}: {WHY_NOT[name]}", ctx)
            if f"--{name}" in given:
                raise click.UsageError(f"--{name} stands before the command and after it: give one of them", ctx)
        return [f"--{name}" for name in names]

    def _given(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Return the options and arguments that are given, by name, and where they have a value with it too."""
        values, _, order = self.make_parser(ctx).parse_args(args=args)
        given = []
        for each in order:
            value = values.get(each.name or "")
            if isinstance(each, click.Option) or isinstance(value, Sequence):
                given += [named(each), f"{named(each)}={value}"]
        return given


def _shared(name: str) -> click.Option:
    return click.Option(
        [f"--{name}"], metavar=METAVARS[name], help=HELP[name], expose_value=False, callback=_kept_for_all
    )


def _kept_for_all(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    """Keep what was typed after the command where it stands that was typed before it."""
    if value is not None:
        ctx.meta[param.name or ""] = value  # while a shell completes there is no `obj`
        ctx.obj[param.name] = value


def named(param: click.Parameter) -> str:
    """Return a parameter as it is written: the long name of an option, the word that help has for an argument."""
    return max(param.opts, key=len) if isinstance(param, click.Option) else param.human_readable_name
