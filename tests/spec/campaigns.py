"""What a specification of campaigns starts from: patients with examinations, and a campaign's file and list."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from registry import Registry
from registry.campaigns.starting import CampaignStart
from tests.spec import given

NAME: Final = "berlin-2014"
STUDIES: Final = {  # of two patients, by code: whose and when
    "MR-0001": ("BAR1-01", "2002-06-03"),
    "MR-0002": ("BAR1-01", "2004-06-07"),
    "MR-0011": ("BAR1-02", "2003-01-13"),
    "MR-0012": ("BAR1-02", "2005-01-10"),
}


def examined(registry: Registry) -> None:
    """Two patients, each with two MRIs of the spine."""
    for patient in ("BAR1-01", "BAR1-02"):
        given.enrolled(registry, patient)
    for study, (patient, performed_on) in STUDIES.items():
        given.mri(registry, study, performed_on, patient=patient)


def declared(folder: Path, *lines: str, listed: str = "\n".join(("study", *STUDIES)), **keys: str) -> Path:
    """A campaign's file and its list beside it; keys as in TOML, one that is empty is left out, lines at the end."""
    said = {
        "format": "1",
        "campaign": f'"{NAME}"',
        "method": '"berlin"',
        "studies": '"studies.csv"',
        "readers": '["R1", "R2"]',
        "unit": '"pair"',
        **keys,
    }
    (folder / "studies.csv").write_text(f"{listed}\n", "utf-8")
    file = folder / "campaign.toml"
    file.write_text("\n".join([*(f"{key} = {value}" for key, value in said.items() if value), *lines, ""]), "utf-8")
    return file


def started(registry: Registry, folder: Path, *lines: str, **keys: str) -> CampaignStart:
    """The campaign of `declared`, started; its key is `campaign.key` in the folder."""
    return registry.start_campaign(declared(folder, *lines, **keys), key=folder / "campaign.key")


def read(registry: Registry, study: str, *, reader: str = "R1", session: str = NAME, grade: int = 1) -> str:
    """A reading of a study in a session, by the Berlin score."""
    return registry.record_reading(study, reader=reader, method="berlin", grades={"C2/3": grade}, session=session)


def all_read(registry: Registry) -> None:
    """All that the campaign of `started` asks for, without repeats."""
    for study in STUDIES:
        for reader in ("R1", "R2"):
            read(registry, study, reader=reader)
