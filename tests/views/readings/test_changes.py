"""What happens to the registry, and to files beside the key, while readers read: told on a page; nothing is lost."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from registry import Registry
from registry.campaigns.reader_tokens import ReaderTokens
from registry.errors import CampaignKeyError, UnknownCodeError
from tests.spec.campaigns import NAME
from tests.views.readings.conftest import Running
from tests.views.readings.page_readers import Reader, zeros
from views.readings.desk import Desk


@pytest.fixture
def reading(campaign: Running) -> tuple[Running, Reader, str, dict[str, str]]:
    """A reader with a case that is filled in, and saved as a draft."""
    reader = campaign.reader()
    code = reader.codes()[0]
    form = reader.form(code, zeros)
    reader.send(code, form, "save")
    return campaign, reader, code, form


At = tuple[Running, Reader, str, dict[str, str]]


def answers(reading: At) -> list[str]:
    """What pages say, and a draft in the background: all the same."""
    _, reader, code, form = reading
    found = [reader.client.get("/"), reader.send(code, form), reader.send(code, form, "save", to="/draft")]
    assert {answer.status_code for answer in found} == {503}
    return [answer.text for answer in found]


def test_a_registry_that_was_migrated_is_not_written(reading: At) -> None:
    with closing(sqlite3.connect(reading[0].folder / "cohort.db")) as connection:
        connection.execute("UPDATE spondyl_schema SET version_num = '0005'")
        connection.commit()

    for said in answers(reading):
        assert "The registry changed" in said
        assert "serve-readings" in said
    assert reading[0].desk.drafts.cases() == [reading[2]]


def test_a_registry_in_whose_place_another_stands_is_not_written(reading: At) -> None:
    before, other = reading[0].registry.head, reading[0].folder / "other.db"
    Registry.create(str(other), actor="ines").close()
    other.replace(reading[0].folder / "cohort.db")

    assert all("The registry changed" in said for said in answers(reading))
    assert reading[0].registry.head == before


def test_where_drafts_cannot_be_kept_the_page_says_so(reading: At) -> None:
    campaign, reader, code, form = reading
    campaign.key.rename(campaign.folder / "moved.key")

    answer = reader.send(code, {**form, "r0c0": "1"}, "save")

    assert (answer.status_code, "Not saved" in answer.text) == (503, True)
    assert str(campaign.folder) not in answer.text


def test_a_damaged_draft_is_told_and_not_taken_for_an_empty_one(reading: At) -> None:
    campaign, reader, code, _ = reading
    (campaign.desk.drafts.folder / f"{code}.json").write_text("half")

    assert reader.client.get(f"/cases/{code}").status_code == 503


def test_of_two_servers_the_first_to_record_wins(reading: At) -> None:
    campaign, reader, code, form = reading
    place = str(campaign.folder / "cohort.db")
    desk = Desk(place, NAME, key=campaign.key)
    other = Reader(Running(campaign.folder, campaign.registry, desk, campaign.sessions, [0.0]).client())
    other.open(ReaderTokens(campaign.key, NAME).renew("R1"))
    theirs = {**other.page(code).hidden, **{name: "1" for name in form if name.startswith("r") and name != "revision"}}
    other.send(code, theirs)
    reader.client.cookies = other.client.cookies
    mine = {**form, "form": theirs["form"]}

    late = reader.send(code, mine)

    assert (late.status_code, "This case was submitted before" in late.text) == (409, True)
    desk.close()


def test_a_defect_is_told_without_its_words(reading: At, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign, reader, code, form = reading

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("BAR1-01")

    monkeypatch.setattr(campaign.desk, "record", broken)
    answer = reader.send(code, form)

    assert (answer.status_code, "A defect" in answer.text, "BAR1-01" in answer.text) == (500, True, False)


def test_what_the_server_may_write_of_the_registry_is_a_reading_and_nothing_else(reading: At) -> None:
    campaign, reader, code, form = reading
    before = campaign.registry.head.position

    reader.send(code, form)

    topics = {topic for chunk in campaign.registry.log.columns(after=before) for topic in chunk.topic}
    assert len(topics) == 1
    assert "ReadingRecorded" in topics.pop()


def test_without_the_key_or_the_campaign_nothing_is_served(campaign: Running, tmp_path: Path) -> None:
    place = str(campaign.folder / "cohort.db")

    with pytest.raises(CampaignKeyError, match="is not there"):
        Desk(place, NAME, key=tmp_path / "none.key")
    with pytest.raises(UnknownCodeError, match="campaign: 'other'"):
        Desk(place, "other", key=campaign.key)
