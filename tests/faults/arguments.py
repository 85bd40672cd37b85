"""Every parameter of every command, and what nobody should type into it: found by walking the commands themselves."""

from __future__ import annotations

import io
import os
import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, Final, NamedTuple

import click

from cli.main import COMMANDS, main
from cli.main import spondyl as root
from cli.options import Day
from cli.pairing import PairedCommand, named

SECONDS: Final = 120  # that a command may take: a hang is told from a busy machine by a wide margin
MESSAGE_AT_MOST: Final = 5_000  # characters that a person is told
NUMBERS: Final = (
    "-1",
    "0",
    "1",
    "-0",
    "½",
    "٣",
    "NaN",
    "1e400",
    "1.5",
    *(str(2**n) for n in (31, 63, 64)),
    "1" + "0" * 5_000,
)
TEXTS: Final = (
    "",
    " ",
    "\t",
    "\n",
    "\0",
    "a\0b",
    "x" * 100_000,
    "é" * 3_000,
    "[/b]",
    "\x1b[2J",
    "\u202e",
    "\u2028",
    "💊",
    "\\",
)
NO_UTF8: Final = tuple(map(os.fsdecode, (b"caf\xe9", b"\xff\xfe")))
PATHS: Final = (
    *(".", "..", "../..", "~", "*", "folder", "folder/", "file.txt", "file.txt/below", "no/such/place", "new"),
    *("pipe", "zero", "null", "broken-link", "link-to-folder", "loop", "unreadable", "ö" * 200, "a/" * 2_000),
)
DAYS: Final = (
    *("0000-01-01", "0001-01-01", "2020-02-30", "9999-12-31", "10000-01-01", "15.01.2022", "2020-01-01T25:00"),
    *("0001-01-01T00:00+23:59", "9999-12-31T23:59-23:59", "2020-01-01T00:00+99:99"),
)
PLACES: Final = (
    "@",
    "@0",
    "@1",
    "@-1",
    "@1.5",
    "@999999",
    f"@{2**63}",
    f"@{2**64}",
    "@1" + "0" * 3_000,
    "P-1",
    "visit/",
)
LENGTHS: Final = ("1 days", "-1 days", "0 years", f"{2**64} days", "∞ days")
URLS: Final = (
    *("://", "sqlite://", "sqlite:///", "postgresql://", "postgresql://[::1", "postgresql:x", "http://x", "tcp://"),
    *("host=x password=y", "%00", "%"),
)
PAIRS: Final = ("=", "=1", "a=b", "crp=", "crp=" + "9" * 3_000, "a" + "=" * 2_000, "visit/P-1/2020-01-02/baseline")
SWITCHES: Final = ("-", "--", "--help", "'; DROP TABLE events; --", "{}", "$(true)")
HOSTILE: Final = (*NUMBERS, *TEXTS, *NO_UTF8, *PATHS, *DAYS, *PLACES, *LENGTHS, *URLS, *PAIRS, *SWITCHES)
AIMED: Final = {  # by what help calls a value
    "PLACE": (*PLACES, *DAYS),
    "PATH|URL": (*URLS, *PATHS),
    "COLUMN=VALUE...": PAIRS,
    "TIME": LENGTHS,
    "MANIFEST|@N=DIGEST": (*PLACES, *PATHS),
    "REFERENCE": PLACES,
}
PLAUSIBLE: Final = {  # where something else than a patient is asked for
    "FILE": "cohort.toml",
    "FOLDER": "new",
    "OUT": "new",
    "MANIFEST": "exported",
    "DEFINITION": "cohort.toml",
    "PUBLISHED": "published.toml",
    "PATH...": "visits.csv",
    "REFERENCE": "visit/P-1/2020-01-02/baseline",
    "COLUMN=VALUE...": "crp=5",
    "--reason": "read again",
    "--into": "P-2",
    "--scheduler": "tls://127.0.0.1:9",
}


ENDING: Final = {"serve": ("--port", "0", "--until-idle", "0")}  # by which a command that waits ends; the last counts


class Parameter(NamedTuple):
    """A parameter of a command, with the words that lead to the command; none for the root."""

    path: tuple[str, ...]
    command: click.Command
    param: click.Parameter

    def __str__(self) -> str:
        return " ".join((*self.path, named(self.param)))

    def typed(self, value: str) -> list[str]:
        """Return what is typed to give it a value, with plausible ones wherever the command needs others."""
        options, arguments = [*ENDING.get(" ".join(self.path), ())], []
        for each in self.command.params:
            if each is not self.param and not each.required and each not in self._needed():
                continue
            words = [value if each is self.param else plausible(each)]
            if isinstance(each, click.Argument):
                arguments += words
            else:
                options += [named(each), *([] if isinstance(each, click.Option) and each.is_flag else words)]
        return [*options, "status"] if not self.path else [*self.path, *options, "--", *arguments]

    @property
    def aimed(self) -> tuple[str, ...]:
        """The hostile values that are of its kind: what it reads further than others."""
        if isinstance(self.param.type, click.Path):
            return PATHS
        if isinstance(self.param.type, click.types.IntParamType):
            return NUMBERS
        if isinstance(self.param.type, Day):
            return DAYS
        return AIMED.get(self.param.metavar or "", TEXTS)

    def _needed(self) -> list[click.Parameter]:
        """Return the options without which this one has no effect: the first of each choice."""
        pairings = self.command.pairings if isinstance(self.command, PairedCommand) else ()
        words = {
            each.needed[0].partition("=")[0] for each in pairings if each.needed and named(self.param) in each.options
        }
        return [each for each in self.command.params if named(each) in words]


def plausible(param: click.Parameter) -> str:
    """Return a value that a parameter may well have."""
    return str(param.type.choices[0]) if isinstance(param.type, click.Choice) else PLAUSIBLE.get(named(param), "P-1")


def parameters(name: str | None) -> list[Parameter]:
    """Return the parameters of a command, and of those below it, that take a value; of the root where none is named."""
    command = root if name is None else root.get_command(click.Context(root), name)
    assert command is not None
    return [*_below(() if name is None else (name,), command)]


def _below(path: tuple[str, ...], command: click.Command) -> Iterator[Parameter]:
    for param in command.params:
        if not (isinstance(param, click.Option) and (param.is_flag or param.count)):
            yield Parameter(path, command, param)
    if path and isinstance(command, click.Group):
        for name, each in command.commands.items():
            yield from _below((*path, name), each)


NAMES: Final = (None, *COMMANDS)


class Answer(NamedTuple):
    """What a command said, and its exit code; 1 with the traceback where it failed."""

    out: str
    err: str
    code: int


def answer(arguments: list[str]) -> Answer:
    """Call the command line in this process, as its script does."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    before = sys.argv, sys.stdin
    sys.argv, sys.stdin = ["spondyl", *arguments], io.StringIO("y\n" * 20)
    try:
        with redirect_stdout(out), redirect_stderr(err), _stopped_after(SECONDS):
            code = _ended()
    except BaseException:  # noqa: BLE001 – whatever it is, a person would have seen it
        code = 1
        err.write(traceback.format_exc())
    finally:
        sys.argv, sys.stdin = before
    return Answer(_written(out), _written(err), code)


def fault(answer: Answer) -> str | None:
    """Return what is wrong with an answer, None for one that a person can act on."""
    if answer.code not in (0, 2, 3):
        return f"ended with {answer.code}: {answer.err[-2_000:]}"
    if "Traceback" in answer.err + answer.out:
        return f"a traceback: {answer.err[-2_000:]}"
    if answer.code and not (answer.err.strip() or answer.out.strip()):
        return "refused without a word"
    if len(answer.err) > MESSAGE_AT_MOST:
        return f"a message of {len(answer.err):,} characters: {answer.err[:300]}"
    return None


def furnish(folder: Path) -> None:
    """Put into a folder what hostile values name: devices of its own, a pipe, links, a file without rights."""
    (folder / "folder").mkdir()
    (folder / "file.txt").write_text("a text\n")
    (folder / "unreadable").write_text("a text\n")
    (folder / "unreadable").chmod(0)
    os.mkfifo(folder / "pipe")
    for name, minor in (("zero", 5), ("null", 3)):
        try:  # of our own: whoever may replace a device would replace that of the machine
            os.mknod(folder / name, 0o20666, os.makedev(1, minor))
        except OSError:
            (folder / name).symlink_to(f"/dev/{name}")
    (folder / "broken-link").symlink_to("nowhere")
    (folder / "link-to-folder").symlink_to("folder")
    (folder / "loop").symlink_to("loop")


def _ended() -> int:
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer: Any = stream.buffer
    return bytes(buffer.getvalue()).decode("utf-8")


@contextmanager
def _stopped_after(seconds: float) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TimeoutError(f"still at it after {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
