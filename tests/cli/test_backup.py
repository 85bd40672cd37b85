"""`spondyl backup` and `spondyl restore`, as a person calls them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.cli.conftest import Spondyl


def test_a_copy_is_made_and_put_in_a_new_place(cohort: Spondyl, tmp_path: Path) -> None:
    made = cohort("backup", "copy.db")
    head = cohort("verify", "--json").json["head"]["digest"]

    assert (made.out, made.err) == ("copy.db\n", f"copied 6 events, whole, head {head}\n")
    restored = cohort("--db", "new.db", "restore", "copy.db")
    assert (restored.out, restored.err) == ("new.db\n", f"restored 6 events, whole, head {head}\n")
    assert cohort("--db", "new.db", "status", "--json").json == cohort("status", "--json").json


def test_a_registry_is_replaced_only_where_asked_for(cohort: Spondyl) -> None:
    cohort("backup", "copy.db")
    cohort("record", "patient", "patient=P-2", "enrolled_on=2020-01-01")

    refused = cohort("restore", "copy.db")
    assert refused.code == 3
    assert refused.err.startswith("spondyl: cannot copy a registry to spondyl.db: something is there; choose another")
    assert cohort("restore", "copy.db", "--overwrite").err.endswith(
        "the registry that stood there, up to @7, is gone\n"
    )
    assert cohort("status", "--json").json["position"] == 6


def test_a_registry_that_everybody_can_read_is_told_of(cohort: Spondyl) -> None:
    with tempfile.TemporaryDirectory() as folder:  # the folders of tests are closed to others
        Path(folder).chmod(0o755)
        cohort("backup", f"{folder}/open.db")
        told = "note: everybody on this machine can read {}/open.db; chmod o= takes that away (docs/trust.md)\n"
        for command in ("status", "verify"):
            assert "note: " not in cohort("--db", f"{folder}/open.db", command).err
            Path(folder, "open.db").chmod(0o644)
            assert cohort("--db", f"{folder}/open.db", command).err.startswith(told.format(folder))
            Path(folder, "open.db").chmod(0o600)


def test_an_unknown_group_is_refused_before_anything_is_written(cohort: Spondyl, tmp_path: Path) -> None:
    refused = cohort("export", "out", "--group", "no-such-group")

    assert (refused.code, refused.out) == (3, "")
    assert refused.err.startswith("spondyl: group: 'no-such-group' is not a known group")
    assert [path.name for path in tmp_path.iterdir()] == ["spondyl.db"]
