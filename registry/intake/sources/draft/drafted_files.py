"""The source that a draft is asked for: its kind by its ending, how it is laid out by looking, and its draft."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec
from msgspec.structs import replace

from registry.catalogue.catalogue import BUILT_IN, Catalogue
from registry.errors import RefusalError, UnknownCodeError, UnreadableError
from registry.intake.sources.draft.drafting import draft_of
from registry.intake.sources.draft.layouts import sheet_layout, text_layout
from registry.intake.sources.mapping import KINDS, Kind, SourceRule
from registry.intake.sources.numbers_written import NOT_FINITE
from registry.intake.sources.opening import open_source
from registry.wording import listed, suggestion

ENDINGS: Final[Mapping[str, Kind]] = {
    ".xml": "redcap", ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".xlsx": "xlsx", ".xlsm": "xlsx",
    ".parquet": "parquet", ".sav": "sav", ".zsav": "sav", ".dta": "dta", ".xpt": "xpt",
}  # fmt: skip
REDCAP_ROWS: Final = ("redcap_event_name", "redcap_repeat_instrument", "redcap_data_access_group")


class DraftOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of a source that is to be drafted, beside the name of its file.

    A `kind` is that of the file's ending unless it is said. `dictionary` and `events` go with a REDCap project in CSV,
    `sheet` with a workbook. A database is named by a variable of the environment that has its URL, `url_env`, and
    asked a `query`.
    """

    kind: str | None = None
    dictionary: str | None = None
    events: str | None = None
    sheet: str | None = None
    url_env: str | None = None
    query: str | None = None


def draft_mapping(
    source: str | Path = "", *, catalogue: Catalogue = BUILT_IN, options: DraftOptions | None = None
) -> str:
    """Return the draft of a mapping for a file, or for a query to a database, as the text of a TOML file.

    The columns are those of a `catalogue`, of a registry's own by `Registry.catalogue`. Raises `RefusalError` where
    nothing can be drafted, with the place where the source cannot be read.
    """
    said = options or DraftOptions()
    rule = _rule(str(source), said)
    try:
        rule = _laid_out(rule, Path())
        opened = open_source(_as_it_stands(rule), Path())
        if rule.kind == "csv" and any(name in opened.fields for name in REDCAP_ROWS):
            raise RefusalError(
                f"{source}: rows of a REDCap project; give its dictionary: --kind redcap --dictionary FILE"
            )
        return draft_of(opened, rule, catalogue)
    except UnreadableError as error:
        raise RefusalError(f"{source or said.url_env}:{error.line}: {error}") from None
    except OSError as error:
        raise RefusalError(f"{source or said.url_env}: {error.strerror or error}") from None


def _as_it_stands(rule: SourceRule) -> SourceRule:
    """Return the rule by which a query is looked at: numbers that are none are there to be seen, and decided."""
    return replace(rule, missing=dict.fromkeys(NOT_FINITE, "")) if rule.kind == "sql" else rule


def _rule(source: str, said: DraftOptions) -> SourceRule:
    """Return the rule for a source as it is named."""
    if "://" in source:
        how = "put the URL into a variable of the environment and name that: --url-env SOURCE_URL --query 'select …'"
        raise RefusalError(f"a database is not named here, for its URL may have a password in it; {how}")
    if said.url_env is not None or said.query is not None:
        if said.url_env is None or said.query is None or source:
            raise RefusalError("a database needs --url-env and --query, and no file")
        if not os.environ.get(said.url_env):
            raise RefusalError(f"{said.url_env}: no such variable in the environment; it holds the URL of the database")
        return SourceRule(kind="sql", url_env=said.url_env, query=said.query)
    kind = _kind(source, said.kind)
    return SourceRule(kind=kind, files=(source,), dictionary=said.dictionary, events=said.events, sheet=said.sheet)


def _kind(source: str, kind: str | None) -> Kind:
    named = kind or ENDINGS.get(Path(source).suffix.lower())
    for known in KINDS:
        if known == named and known != "sql":
            return known
    if kind is not None:
        raise UnknownCodeError("kind", kind, KINDS, mend=suggestion(kind, KINDS))
    raise RefusalError(f"{source}: its ending says no kind of source; say it by --kind: {listed(KINDS)}")


def _laid_out(rule: SourceRule, folder: Path) -> SourceRule:
    """Return a rule with what looking at its file finds."""
    if rule.kind == "csv":
        found = text_layout(folder / rule.files[0])
        return replace(rule, delimiter=found.delimiter, encoding=found.encoding, decimal=found.decimal,
                       header_row=found.header_row)  # fmt: skip
    if rule.kind == "xlsx":
        found = sheet_layout(folder / rule.files[0], rule.sheet)
        return replace(rule, header_row=found.header_row, decimal=found.decimal)
    return rule
