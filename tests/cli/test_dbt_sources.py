"""`spondyl dbt-sources`."""

from __future__ import annotations

import stat
from pathlib import Path

from tests.cli.conftest import Spondyl


def test_the_sources_of_a_feed_are_written_for_their_owner_and_never_over_a_file(cohort: Spondyl) -> None:
    cohort("feed", "init", "feed", "--tables", "patients,visits")
    cohort("feed", "run", "feed")

    written = cohort("dbt-sources", "feed", "sources.yml", "--history", "--database", "warehouse")
    again = cohort("dbt-sources", "feed", "sources.yml")
    printed = cohort("dbt-sources", "feed/dictionary.json", "-", "--history", "--database", "warehouse")

    assert (written.out, written.err, written.code) == ("sources.yml\n", "2 tables\n", 0)
    assert stat.S_IMODE(Path("sources.yml").stat().st_mode) == 0o600
    assert (again.code, again.err) == (
        3,
        "spondyl: cannot write sources.yml: something is there, and is never written over\n",
    )
    assert printed.out == Path("sources.yml").read_text(encoding="utf-8")
    assert "visits_history" in printed.out


def test_the_sources_of_an_export_have_no_row_key_and_no_history(cohort: Spondyl) -> None:
    cohort("export", "out", "--tables", "patients,visits")

    printed = cohort("dbt-sources", "out", "-", "--source", "raw")
    refused = cohort("dbt-sources", "out", "-", "--history")

    assert "source('raw', 'patients')" in printed.out
    assert "_row_key" not in printed.out
    assert refused.code == 2
    assert "--history goes with the folder of a feed" in refused.err


def test_a_source_has_a_name_that_dbt_can_call(cohort: Spondyl) -> None:
    refused = cohort("dbt-sources", "feed", "-", "--source", "it's")

    assert (refused.code, refused.out) == (2, "")
    assert "--source takes a name of letters, digits and _" in refused.err
