"""What commands take that listen for browsers: where, under which names, and until when."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar, cast

import click

from cli.pairing import only_with

if TYPE_CHECKING:
    from views.served.listening import Listening

Command = TypeVar("Command", bound=Callable[..., Any])
WORKING_DAY: Final = 36_000  # s
DAY: Final = 86_400  # s
NOT_INSTALLED: Final = "pages are served by Starlette and uvicorn; install them as spondyl[serve]"
PAIRINGS: Final = (
    only_with("--tls-certificate", "--tls-key", "a certificate goes with its key"),
    only_with("--tls-key", "--tls-certificate", "a key goes with its certificate"),
    only_with("--behind-proxy", "--name", "it says by which name browsers reach the proxy"),
)
WHERE: Final = (
    click.option(
        "--bind", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="The IP address to listen on."
    ),
    click.option("--name", "names", multiple=True, help="A name by which browsers reach it; repeatable."),
    click.option("--tls-certificate", type=click.Path(path_type=Path), help="The file of its certificate, PEM."),
    click.option("--tls-key", type=click.Path(path_type=Path), help="The file of the certificate's key, PEM."),
    click.option("--behind-proxy", "proxy", metavar="ADDRESS", help="The proxy that speaks TLS: nobody else may ask."),
)
idle_option = click.option(
    "--until-idle",
    "idle",
    type=click.FloatRange(0, DAY),
    default=WORKING_DAY,
    show_default=True,
    metavar="SECONDS",
    help="End when nobody has asked for so long.",
)


class Where(NamedTuple):
    """Where a command listens, as its options say; `tls` is a certificate and its key."""

    port: int
    bind: str
    names: tuple[str, ...]
    tls: tuple[Path | None, Path | None]
    proxy: str | None

    def listening(self) -> Listening:
        """Return the same as a server is told it; not checked yet."""
        from views.served.listening import Listening

        return Listening(self.bind, self.port, self.names, *self.tls, self.proxy)


def listening_options(port: int) -> Callable[[Command], Command]:
    """Return what adds the options of where a command listens, by default at a port of this machine, as `where`."""
    of_port = click.option(
        "--port",
        type=click.IntRange(0, 65_535),
        default=port,
        show_default=True,
        help="The port; 0 for any that is free.",
    )

    def added(command: Command) -> Command:
        @wraps(command)
        def told(*args: Any, **options: Any) -> Any:
            port, bind, names = (options.pop(each) for each in ("port", "bind", "names"))
            tls = options.pop("tls_certificate"), options.pop("tls_key")
            where = Where(port, bind, names, tls, options.pop("proxy"))
            return command(*args, where=where, **options)

        for option in (*reversed(WHERE), of_port):
            told = option(told)
        return cast("Command", told)

    return added


@contextmanager
def installed() -> Iterator[None]:
    """Refuse where what serves pages is not installed."""
    try:
        yield
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in ("starlette", "uvicorn", "h11"):
            raise
        from registry.errors import RefusalError

        raise RefusalError(NOT_INSTALLED) from None
