"""Adjudication: what readers differ about is given to one reader more, blinded as they were."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from openpyxl import load_workbook

from registry import Registry
from registry.campaigns.adjudicating import Adjudicating
from registry.campaigns.returned import import_sheets
from registry.errors import CampaignStateError, UnknownCodeError
from tests.spec import given
from tests.spec.campaigns import NAME, STUDIES, all_read, examined, started
from tests.spec.given import refused
from tests.spec.readers import case_sheets, fill, handed_out

FIRST, SECOND = "MR-0001+MR-0002", "MR-0011+MR-0012"  # units
ADJUDICATE: Final = ("[adjudicate]", 'to = "R3"', "status = { differ = 5 }")


@pytest.fixture
def registry(registry: Registry) -> Registry:
    examined(registry)
    return registry


def test_the_adjudicator_gets_all_studies_of_the_units_in_one_transaction(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path, *ADJUDICATE)
    before = registry.head.position

    given_to = registry.adjudicate_campaign(NAME, [FIRST])

    assert given_to == Adjudicating("R3", assigned=[FIRST], known=[], retracted=[])
    [chunk] = registry.log.columns(after=before)
    assert chunk.topic == ["StudyAssigned"] * 2
    [version] = registry.history(f"assignment/MR-0002/{NAME}/R3")
    assert version.statement is not None
    assert (version.statement["role"], version.statement["unit"]) == ("adjudicator", FIRST)


def test_what_was_given_before_is_left_alone(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path, *ADJUDICATE)
    registry.adjudicate_campaign(NAME, [FIRST])

    with given.nothing_recorded(registry):
        assert registry.adjudicate_campaign(NAME, [FIRST]).known == [FIRST]
    assert registry.adjudicate_campaign(NAME, [FIRST, SECOND]).assigned == [SECOND]


def test_a_unit_of_which_a_study_was_retracted_is_told_and_given_to_nobody(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path, *ADJUDICATE)
    registry.retract("imaging/MR-0002", reason="of another patient")

    given_to = registry.adjudicate_campaign(NAME, [FIRST, SECOND])

    assert (given_to.assigned, given_to.retracted) == ([SECOND], [FIRST])


def test_the_adjudicator_s_sheets_are_blinded_and_say_nothing_of_what_others_read(
    registry: Registry, tmp_path: Path
) -> None:
    started(registry, tmp_path, *ADJUDICATE)
    before = handed_out(registry, NAME, "R1", tmp_path / "R1", key=tmp_path / "campaign.key")
    all_read(registry)
    registry.adjudicate_campaign(NAME, [FIRST])

    file = handed_out(registry, NAME, "R3", tmp_path / "R3", key=tmp_path / "campaign.key")

    [sheet] = case_sheets(load_workbook(file))
    assert sheet.title not in load_workbook(before).sheetnames
    like = case_sheets(load_workbook(before))[0]
    for ours, theirs in zip(sheet.iter_rows(min_row=3), like.iter_rows(min_row=3), strict=True):
        assert [cell.value for cell in ours] == [cell.value for cell in theirs]


def test_what_the_adjudicator_reads_comes_back_as_of_any_reader(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path, *ADJUDICATE)
    registry.adjudicate_campaign(NAME, [FIRST])
    file = fill(handed_out(registry, NAME, "R3", tmp_path / "R3", key=tmp_path / "campaign.key"), lambda asked: 1)

    assert import_sheets(registry, NAME, file, key=tmp_path / "campaign.key").events == 2
    assert registry.history(f"reading/MR-0001/R3/berlin/{NAME}")[-1].event == "ReadingRecorded"


def test_nothing_is_adjudicated_without_an_adjudicator_after_the_lock_or_of_an_unknown_unit(
    registry: Registry, tmp_path: Path
) -> None:
    started(registry, tmp_path)
    with refused(registry, CampaignStateError, "has no adjudicator; its file says nothing of"):
        registry.adjudicate_campaign(NAME, [FIRST])
    (tmp_path / "second").mkdir()
    started(registry, tmp_path / "second", *ADJUDICATE, campaign='"second"')
    with refused(registry, UnknownCodeError, "'MR-0001' is not a known unit"):
        registry.adjudicate_campaign("second", ["MR-0001", FIRST])
    registry.lock_campaign("second", reason="for the paper")
    with refused(registry, CampaignStateError, "is locked, and nothing is read in it any more"):
        registry.adjudicate_campaign("second", [FIRST])


def test_whose_consent_was_withdrawn_is_given_to_nobody_and_nothing_is_stored(
    registry: Registry, tmp_path: Path
) -> None:
    started(registry, tmp_path, *ADJUDICATE)
    registry.end_follow_up("BAR1-02", ended_on="2014-05-05", reason="withdrawn")
    before = registry.head

    with pytest.raises(Exception, match="consent"):
        registry.adjudicate_campaign(NAME, [FIRST, SECOND])
    assert registry.head == before


def test_every_study_of_the_campaign_can_be_adjudicated(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path, *ADJUDICATE, unit='"study"')

    assert registry.adjudicate_campaign(NAME, STUDIES).assigned == sorted(STUDIES)
