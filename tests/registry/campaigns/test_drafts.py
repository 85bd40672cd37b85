"""Drafts and tokens beside a campaign's key: for their owner alone, whole or not at all, no more than is needed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest

from registry.campaigns.drafts import Draft, Drafts, Typed
from registry.campaigns.keys import new_key
from registry.campaigns.reader_tokens import ReaderTokens
from registry.errors import CampaignKeyError, UnreadableError

CASE, OTHER = "7K3M-Q9XV", "0A1B-2C3D"
TYPED = {"C2/3": {"A grade": "1", "B grade": "n/a"}}


@pytest.fixture
def key(tmp_path: Path) -> Path:
    file = tmp_path / "berlin.key"
    new_key(file, "berlin")
    return file


@pytest.fixture
def drafts(key: Path) -> Drafts:
    return Drafts(key)


def kept(drafts: Drafts, typed: Typed, *, milliseconds: int = 0, after: int | None = None) -> Draft:
    """What is kept of a case now."""
    draft = drafts.keep(CASE, typed, milliseconds=milliseconds, after=after)
    assert draft is not None
    return draft


def test_a_draft_is_kept_beside_the_key_for_its_owner_alone(drafts: Drafts, key: Path) -> None:
    drafts.keep(CASE, TYPED, milliseconds=1_200)

    file = key.parent / "berlin.key.drafts" / f"{CASE}.json"
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert drafts.of(CASE) == Draft(case=CASE, revision=1, milliseconds=1_200, typed=TYPED)
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_case_without_a_draft_has_an_empty_one(drafts: Drafts) -> None:
    assert drafts.of(CASE) == Draft(case=CASE)
    assert drafts.cases() == []


def test_the_time_that_was_spent_adds_up(drafts: Drafts) -> None:
    for spent in (1_000, 2_500, 0):
        drafts.keep(CASE, TYPED, milliseconds=spent)

    assert drafts.of(CASE).milliseconds == 3_500


def test_who_has_seen_an_older_revision_does_not_write_over_another_one(drafts: Drafts) -> None:
    shown = kept(drafts, TYPED).revision
    kept(drafts, {"C2/3": {"A grade": "3"}}, after=shown)

    assert drafts.keep(CASE, {"C2/3": {"A grade": "0"}}, milliseconds=0, after=shown) is None

    assert drafts.of(CASE).typed == {"C2/3": {"A grade": "3"}}


def test_who_says_the_same_as_is_kept_is_never_too_late(drafts: Drafts) -> None:
    drafts.keep(CASE, TYPED, milliseconds=0)

    assert kept(drafts, TYPED, after=0).revision == 2


def test_of_many_who_save_at_once_each_revision_is_one_s(drafts: Drafts) -> None:
    def save(number: int) -> int:
        return kept(drafts, {"C2/3": {"A grade": str(number)}}, milliseconds=1).revision

    with ThreadPoolExecutor(8) as pool:
        revisions = sorted(pool.map(save, range(40)))

    assert revisions == list(range(1, 41))
    assert drafts.of(CASE).milliseconds == 40


def test_drafts_of_cases_that_are_no_more_go_with_what_a_killed_process_left(drafts: Drafts) -> None:
    for case in (CASE, OTHER):
        drafts.keep(case, TYPED, milliseconds=0)
    (drafts.folder / ".unfinished.0123").write_text("half")

    assert drafts.keep_only({CASE}) == [OTHER]

    assert [path.name for path in drafts.folder.iterdir()] == [f"{CASE}.json"]


@pytest.mark.parametrize(
    "content", ["", "{", '{"format":1}', '{"format":2,"case":"7K3M-Q9XV"}', '{"case":"0A1B-2C3D"}']
)
def test_a_draft_that_is_none_is_told_and_not_taken_for_an_empty_one(drafts: Drafts, content: str) -> None:
    drafts.keep(CASE, TYPED, milliseconds=0)
    (drafts.folder / f"{CASE}.json").write_text(content)

    with pytest.raises(UnreadableError, match=f"the draft of {CASE} is"):
        drafts.of(CASE)


def test_without_the_key_nothing_is_kept(drafts: Drafts, key: Path) -> None:
    key.unlink()

    with pytest.raises(CampaignKeyError, match="cannot be read"):
        drafts.keep(CASE, TYPED, milliseconds=0)


def test_where_no_folder_can_be_made_nothing_is_kept(drafts: Drafts) -> None:
    drafts.folder.write_text("a file")

    with pytest.raises(UnreadableError, match="Not a directory"):
        drafts.keep(CASE, TYPED, milliseconds=0)


def test_of_a_token_only_the_digest_is_kept_for_its_owner_alone(key: Path) -> None:
    tokens = ReaderTokens(key, "berlin")

    token = tokens.renew("R1")

    file = key.parent / "berlin.key.tokens"
    assert file.stat().st_mode & 0o777 == 0o600
    assert token not in file.read_text()
    assert tokens.digests() == {"R1": sha256(token.encode()).hexdigest()}
    assert len(token) >= 43


def test_another_token_of_a_reader_takes_the_place_of_the_first(key: Path) -> None:
    tokens = ReaderTokens(key, "berlin")
    first, other = tokens.renew("R1"), tokens.renew("R2")

    assert tokens.renew("R1") != first

    assert tokens.digests()["R2"] == sha256(other.encode()).hexdigest()
    assert sha256(first.encode()).hexdigest() not in tokens.digests().values()
    assert (tokens.revoke("R1"), tokens.revoke("R1")) == (True, False)
    assert list(tokens.digests()) == ["R2"]


def test_of_many_tokens_that_are_made_at_once_none_is_lost(key: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = dict(zip("ABCDEFGH", pool.map(ReaderTokens(key, "berlin").renew, "ABCDEFGH")))

    assert ReaderTokens(key, "berlin").digests() == {
        reader: sha256(token.encode()).hexdigest() for reader, token in made.items()
    }


@pytest.mark.parametrize(
    "content", ["", "[]", '{"format":1,"campaign":"other","tokens":{}}', '{"format":1,"tokens":[1]}']
)
def test_a_file_that_has_no_tokens_of_this_campaign_is_told(key: Path, content: str) -> None:
    key.with_name("berlin.key.tokens").write_text(content)

    with pytest.raises(UnreadableError, match=r"berlin\.key\.tokens: "):
        ReaderTokens(key, "berlin").digests()
