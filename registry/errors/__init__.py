"""What a person can be told and can mend: one tree, whose classes stand beside what they are about.

    RegistryError
    ├── StoreError                       the registry itself cannot be used as asked
    │   ├── NoRegistryError              nothing there
    │   ├── NotARegistryError            something there, but not a registry
    │   ├── OldSchemaError               made by an earlier spondyl, wants an upgrade
    │   ├── NewSchemaError               made by a later spondyl
    │   ├── UnreachableError             the database does not answer, or not to us
    │   │   └── BrokenDatabaseError      its file is damaged
    │   │       └── UnusableDatabaseError  its disk is full, its server gone
    │   │           └── LockedDatabaseError  its lock is held by somebody else, who is named
    │   ├── DamagedEventError            an event that cannot be read, at which position
    │   ├── DamagedFreezeError           a freeze whose row cannot be read
    │   ├── NoRoomError                  no room for temporary files
    │   ├── CopyError                    a copy that cannot be made, or would not be whole
    │   │   ├── ExistingCopyError        something stands in its place already
    │   │   └── ServerCopyError          a registry on a server, which has its own tools
    │   ├── UnwritableError              a file that cannot be written there
    │   ├── ConcurrentChangeError        somebody else recorded in between
    │   ├── FreezeExistsError            a freeze keeps its name for ever
    │   ├── UnknownPointError            no such freeze, position or instant
    │   ├── NewerLogError                the log holds what this version cannot read
    │   │   └── UnusualPayloadError      in words that no registry's encoder writes
    │   ├── TemporaryFilesError          no room for what is put aside while something is computed
    │   ├── OutputError                  an export cannot be written there
    │   │   └── ExistingOutputError      something stands there already
    │   ├── SchedulerError               the workers of a scheduler cannot be used, or gave up
    │   ├── ProfileError                 an export cannot be made into what was asked for
    │   │   └── SmallGroupsError         patients would stand in smaller groups than was asked for
    │   ├── ReleaseKeyError              a file that is no key of a release, or not the one that it was made with
    │   ├── ManifestError                a manifest that cannot be read, or not by this version
    │   │   └── OtherRegistryError       a manifest of another registry
    │   ├── FeedError                    a feed that cannot be read, continued or trusted
    │   └── TargetError                  what a feed is applied to cannot be used, or is not as the feed left it
    ├── RefusalError                     what was asked may not be recorded
    │   ├── MissingValueError            a required value is empty
    │   ├── FormatError                  a value that cannot be read
    │   ├── UnknownCodeError             a word that no list contains
    │   ├── UnitError                    a unit that cannot be converted exactly
    │   ├── RangeError                   a number outside its limits
    │   ├── ConflictingOptionsError      an option that cannot be had without, or together with, another
    │   ├── GradeError                   a grade that the method does not allow
    │   ├── ClinicalDayError             a day on which it cannot have happened
    │   ├── NotEnrolledError             a fact of a patient who is not in the registry
    │   ├── UnknownFactError             nothing is recorded under this reference
    │   ├── RetractedFactError           it was recorded, and withdrawn as an error
    │   ├── ConsentWithdrawnError        nothing more is recorded about this patient
    │   ├── ErasedPatientError           the patient was erased, and nothing of it is kept
    │   ├── MergedPatientError           another name of a patient, under whose name all is recorded
    │   ├── MergeRefusedError            two pseudonyms that cannot become one patient, or two again
    │   ├── ProofError                   a proof that does not hold
    │   ├── AlreadyRecordedError         something else is recorded under this key
    │   ├── AlreadyEndedError            a second stop or end
    │   ├── UnknownStudyError            a reading or verdict without its study
    │   ├── StudyMisfitError             a study that the method or verdict cannot rest on
    │   ├── HeldFactError                other facts rest on it
    │   ├── CampaignLockedError          a reading of a campaign in which nothing is read any more
    │   ├── NotAssignedError             a reading of a study that its campaign gave somebody else
    │   ├── CampaignStateError           a campaign that was started already, or is not locked yet
    │   ├── CampaignKeyError             a file that is no key of a campaign, or not of this one
    │   ├── DeclarationError             a method whose readings could not be read back
    │   ├── ShiftedDatesError            dates that were shifted among dates that were not
    │   ├── UnreadableError              a file that cannot be read on; its batch tells it as a problem
    │   └── BatchRefusedError            everything that is wrong with one import, at once
    ├── DefinitionError                  a file of a cohort or of printed figures, with all that is wrong with it
    ├── CohortError                      a cohort that cannot be made of what is known
    └── SeveralSessionsError             a reader who judged the same two studies in several sessions

A message names the field, the value, the limit and the mend; never a person. The tree is the user's to act on; every
other exception is a defect of spondyl. Here are the classes of `registry` itself; those of the store's drivers stand in
`registry.store.database`, those of the read side in `projections`, and a test holds the drawing against all of them.
"""

from __future__ import annotations

from registry.errors.batch import BatchRefusedError, ShiftedDatesError, UnreadableError
from registry.errors.campaigns import CampaignKeyError, CampaignLockedError, CampaignStateError, NotAssignedError
from registry.errors.facts import (
    AlreadyEndedError,
    AlreadyRecordedError,
    ConsentWithdrawnError,
    ErasedPatientError,
    HeldFactError,
    MergedPatientError,
    MergeRefusedError,
    NotEnrolledError,
    ProofError,
    RetractedFactError,
    StudyMisfitError,
    UnknownFactError,
    UnknownStudyError,
)
from registry.errors.root import RegistryError
from registry.errors.store import (
    ConcurrentChangeError,
    CopyError,
    DamagedEventError,
    DamagedFreezeError,
    ExistingCopyError,
    FreezeExistsError,
    NewSchemaError,
    NoRegistryError,
    NoRoomError,
    NotARegistryError,
    OldSchemaError,
    ServerCopyError,
    StoreError,
    UnknownPointError,
    UnreachableError,
    UnwritableError,
)
from registry.errors.values import (
    ClinicalDayError,
    ConflictingOptionsError,
    DeclarationError,
    FormatError,
    GradeError,
    MissingValueError,
    RangeError,
    RefusalError,
    UnitError,
    UnknownCodeError,
)

__all__ = [
    "AlreadyEndedError",
    "AlreadyRecordedError",
    "BatchRefusedError",
    "CampaignKeyError",
    "CampaignLockedError",
    "CampaignStateError",
    "ClinicalDayError",
    "ConcurrentChangeError",
    "ConflictingOptionsError",
    "ConsentWithdrawnError",
    "CopyError",
    "DamagedEventError",
    "DamagedFreezeError",
    "DeclarationError",
    "ErasedPatientError",
    "ExistingCopyError",
    "FormatError",
    "FreezeExistsError",
    "GradeError",
    "HeldFactError",
    "MergeRefusedError",
    "MergedPatientError",
    "MissingValueError",
    "NewSchemaError",
    "NoRegistryError",
    "NoRoomError",
    "NotARegistryError",
    "NotAssignedError",
    "NotEnrolledError",
    "OldSchemaError",
    "ProofError",
    "RangeError",
    "RefusalError",
    "RegistryError",
    "RetractedFactError",
    "ServerCopyError",
    "ShiftedDatesError",
    "StoreError",
    "StudyMisfitError",
    "UnitError",
    "UnknownCodeError",
    "UnknownFactError",
    "UnknownPointError",
    "UnknownStudyError",
    "UnreachableError",
    "UnreadableError",
    "UnwritableError",
]
