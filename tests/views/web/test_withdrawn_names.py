"""Who has withdrawn consent is shown under no pseudonym that ever was theirs, at no point in time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from registry import Registry
from tests.views.web.conftest import HOST
from views.web.application import application
from views.web.live import Live
from views.web.tokens import Sessions

REASON = "one and the same"
SECRETS = ("P-2", "MR-2", "Kniegelenk", "grau", REASON)
PAGES = (
    "/",
    "/patients",
    "/patients/P-2",
    "/patients/P-1",
    "/studies/MR-2",
    "/facts/patient/P-2",
    "/facts/flare/P-2/2020-03-01",
    "/facts/flare/P-1/2020-03-01",
    "/facts/flare/P-1",
    "/facts/visit/P-2",
    "/facts/imaging/MR-2",
    "/warnings",
    "/log",
)


class Scene:
    """A registry with the patients P-1, P-2 (of whom the secrets are) and P-3, and a browser that looks at it."""

    def __init__(self, place: str) -> None:
        self.place = place
        with Registry.create(place, actor="ines") as registry:
            for patient in ("P-1", "P-3"):
                registry.enrol_patient(patient, enrolled_on="2020-01-01")
        with self.by("grau") as registry:
            registry.enrol_patient("P-2", enrolled_on="2020-01-01")
            registry.record_visit("P-2", visited_on="2020-02-01", visit="baseline", measures={"crp": 12})
            registry.start_flare("P-2", started_on="2020-03-01", note="Kniegelenk rechts")
            registry.record_study("MR-2", patient="P-2", performed_on="2020-03-02", modality="MRI", regions="spine")
            self.alone = registry.head.position
        self.live = Live(place, patience=60)
        sessions = Sessions()
        self.client = TestClient(application(self.live, sessions, [HOST]))
        self.client.get(f"/open?token={sessions.token}")

    def by(self, actor: str) -> Registry:
        return Registry.open(self.place, actor=actor)

    def merge(self) -> int:
        with self.by("grau") as registry:
            registry.merge_patients("P-2", into="P-1", reason=REASON)
            return registry.head.position

    def unmerge(self) -> None:
        with self.by("grau") as registry:
            registry.amend("flare/P-1/2020-03-01", {"note": "Kniegelenk links"}, reason="read again")
            registry.unmerge_patients("P-2", reason=f"not {REASON}")

    def withdraw(self, patient: str) -> None:
        with self.by("ines") as registry:
            registry.end_follow_up(patient, ended_on="2020-12-01", reason="withdrawn")

    def get(self, page: str, position: int | None, form: str = "html") -> tuple[int, str]:
        where = "" if position is None else f"&as_of=2021-01-01&known_at=@{position}"
        answer = self.client.get(f"{page}?form={form}{where}")
        return answer.status_code, answer.text

    def found(self, position: int | None, pages: tuple[str, ...] = PAGES) -> list[tuple[str, str, str]]:
        """Which secrets are told, by page and form."""
        return [
            (page, form, secret)
            for page in pages
            for form in ("html", "csv")
            for text in [self.get(page, position, form)[1]]
            for secret in SECRETS
            if secret in text
        ]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(str(tmp_path / "cohort.db"))
    yield made
    made.live.close()


def test_of_who_withdrew_nothing_is_shown_under_a_name_that_was_merged(scene: Scene) -> None:
    merged = scene.merge()
    assert {secret for _, _, secret in scene.found(scene.alone)} == {*SECRETS} - {REASON}
    assert REASON in scene.get("/log", merged)[1]

    scene.withdraw("P-1")

    for position in (scene.alone, merged, None):
        assert scene.found(position) == []
        assert "P-3" in scene.get("/patients", position)[1]
    for page in ("/patients/P-2", "/studies/MR-2", "/facts/patient/P-2", "/facts/visit/P-2"):
        assert scene.get(page, scene.alone)[0] == 410
    assert scene.get("/", scene.alone, "csv")[1].splitlines()[1] == "patients,1"


def test_of_who_was_taken_for_somebody_else_and_withdrew_nothing_is_shown_under_that_name(scene: Scene) -> None:
    merged = scene.merge()
    scene.unmerge()
    assert "Kniegelenk" in scene.get("/facts/flare/P-1/2020-03-01", None)[1]

    scene.withdraw("P-2")

    for position in (scene.alone, merged, merged + 1, None):
        assert scene.found(position) == []
    assert [scene.get("/patients/P-1", position)[0] for position in (scene.alone, merged, None)] == [200, 410, 200]


def test_who_was_taken_for_somebody_who_withdrew_is_shown_but_for_the_time_of_the_merge(scene: Scene) -> None:
    merged = scene.merge()
    scene.unmerge()

    scene.withdraw("P-1")

    assert [scene.get("/patients/P-2", position)[0] for position in (scene.alone, merged, None)] == [200, 410, 200]
    for page in ("/patients", "/patients/P-2", "/facts/flare/P-2/2020-03-01", "/log"):
        status, told = scene.get(page, None)
        assert (status, "P-2" in told) == (200, True)
        assert [each for each in ("P-1", REASON) if each in told] == []
