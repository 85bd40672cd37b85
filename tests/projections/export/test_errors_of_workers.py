"""Errors between processes: what a worker refuses is told here in the words in which it was refused there."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path

import pytest

from projections import errors as of_tables
from projections.cohort.members.reader_selection import CohortError
from projections.lesions.paired_verdicts import SeveralSessionsError
from projections.log.json_lines import UnusualPayloadError
from registry import errors
from registry.errors import RegistryError
from registry.places import Place, Problem
from registry.store.database import BrokenDatabaseError, LockedDatabaseError, UnusableDatabaseError
from registry.toml_keys import DefinitionError

PROBLEMS = [Problem(Place("visits.csv", 3, "visited_on"), "visited_on: '2004-02-30' is not a day", "2004-02-30")]
SAMPLES: tuple[RegistryError, ...] = (
    errors.NoRegistryError("spondyl.db"),
    errors.NotARegistryError("notes.db", "it has tables of its own"),
    errors.OldSchemaError("spondyl.db", held="0001", needed="0002"),
    errors.NewSchemaError("spondyl.db", held="0003", needed="0002"),
    errors.UnreachableError("spondyl.db", "database is locked"),
    errors.NoRoomError("database or disk is full"),
    errors.CopyError("copy.db", "the disk is full"),
    errors.DamagedEventError(7, "the payload is none of VisitRecorded"),
    errors.ShiftedDatesError(position=86, were_shifted=True),
    errors.DamagedFreezeError("paper", "Expected `int`, got `str` - at `$.position`"),
    errors.UnwritableError("out", "something is there"),
    errors.ExistingCopyError("copy.db"),
    errors.CampaignStateError("msasss-2026", "was started @7 already"),
    errors.CampaignLockedError("msasss-2026", "reading/MR-1/R1/msasss"),
    errors.NotAssignedError("msasss-2026", reader="R1", study="MR-1", repeat=True),
    errors.CampaignKeyError("msasss-2026.key", "is no key"),
    errors.ServerCopyError("postgresql://server/spondyl"),
    errors.ConcurrentChangeError(),
    errors.FreezeExistsError("published", position=592),
    errors.UnknownPointError("publishd", "there is no such freeze", ["published"], field="at"),
    errors.MissingValueError("sex", "female or male"),
    errors.FormatError("birth_year", "19x4", "a year"),
    errors.UnknownCodeError("measure", "crpp", ["crp", "esr"], what="measure of the catalogue"),
    errors.UnitError("unit", "g/l", ["mg/l", "mg/dl"]),
    errors.RangeError("value", 11, "0 to 10"),
    errors.ConflictingOptionsError("until", "as-of", "an as_of"),
    errors.GradeError(7, method="asspimri", where="C2/3", allowed=[0, 1, 2, 3]),
    errors.ClinicalDayError("visited_on", "2031-01-01", "is in the future"),
    errors.NotEnrolledError("BAR1-01"),
    errors.UnknownFactError("visit/BAR1-01/1", ["visit/BAR1-01/2"]),
    errors.RetractedFactError("visit/BAR1-01/1"),
    errors.ConsentWithdrawnError("2004-06-07"),
    errors.ErasedPatientError(" on 2014-06-30, at @593"),
    errors.ProofError("the path does not end in the root"),
    errors.AlreadyRecordedError("visit/BAR1-01/1", mend="give it another label"),
    errors.AlreadyEndedError("treatment/BAR1-01/1", "stopped_on", "2004-06-07"),
    errors.UnknownStudyError("study", "MR1", ["MR2"], whose=" of this patient"),
    errors.StudyMisfitError("study", "MR1", "is no MRI"),
    errors.MergedPatientError("P-102", "P-041", when=" at @9", fact="visit/P-041/2020-01-01"),
    errors.MergeRefusedError("P-102 was not merged into P-041", ["patient/P-102 and patient/P-041: sex differs"]),
    errors.HeldFactError("study/MR1", ["reading/MR1/R1", "reading/MR1/R2"]),
    errors.UnreadableError(7, "a NUL byte; this is no text, save it as UTF-8"),
    errors.BatchRefusedError(PROBLEMS),
    errors.DeclarationError("sparcc", "fat-lesion", "grade 10 is outside the whole numbers 0 to 9", grade=10),
    of_tables.NewerLogError("readings by the method 'sparcc'"),
    of_tables.OutputError(Path("out"), "the disk is full"),
    of_tables.ExistingOutputError(Path("out"), "something is there"),
    of_tables.TemporaryFilesError("No space left on device"),
    of_tables.SchedulerError("tcp://127.0.0.1:9", "no scheduler answers there"),
    of_tables.FeedError(Path("feed"), "is no feed"),
    of_tables.TargetError("duckdb:warehouse.duckdb", "is of contract 2"),
    of_tables.ProfileError("deidentified", "needs a key"),
    of_tables.SmallGroupsError("deidentified", 5, {"smallest_group": 1, "smallest_without": {"sex": 1, "centre": 2}}),
    of_tables.ReleaseKeyError(Path("release.key"), "is no key"),
    of_tables.ManifestError(Path("out/manifest.json"), "is no manifest"),
    of_tables.OtherRegistryError(Path("out/manifest.json"), "0" * 64, "1" * 64),
    UnusualPayloadError("grades before their method"),
    SeveralSessionsError("R1", {"first", "second"}),
    DefinitionError("cohort.toml", ["who: is empty", "imaging: is empty"]),
    CohortError("imaging.reader: readings by berlin are of R1, R2; name one"),
    BrokenDatabaseError("spondyl.db", "database disk image is malformed"),
    UnusableDatabaseError("spondyl.db", "database or disk is full"),
    LockedDatabaseError("spondyl.db", "ines holds the lock"),
)


def kinds(of: type[RegistryError]) -> set[type[RegistryError]]:
    return {each for sub in of.__subclasses__() for each in (sub, *kinds(sub))}


def test_every_error_has_a_sample_here() -> None:
    of_both = {kind for kind in kinds(RegistryError) if kind.__module__.partition(".")[0] != "cli"}

    assert of_both - {errors.StoreError, errors.RefusalError} == {type(sample) for sample in SAMPLES}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: type(sample).__name__)
def test_an_error_says_the_same_in_another_process(sample: RegistryError) -> None:
    arrived = pickle.loads(pickle.dumps(sample))

    for each in (arrived, copy.copy(sample)):
        assert (type(each), str(each), each.args, vars(each)) == (type(sample), str(sample), sample.args, vars(sample))
