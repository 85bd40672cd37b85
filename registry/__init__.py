"""The write side of spondyl: what may be recorded, and the log of what was.

`Registry` is the public door. The names below are those of `spondyl`; everything is imported when it is first asked
for: the catalogue and the domain are used without a database, and must not pay for importing one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.lazy_names import lazily
from registry.library_apart import import_apart

import_apart()

if TYPE_CHECKING:
    from registry.application import Registry
    from registry.audit.batches import ImportedBatch
    from registry.audit.begun_references import KnownFact
    from registry.audit.history import FactVersion
    from registry.audit.proof import Proof, check_proof, read_proof
    from registry.campaigns.adjudicating import Adjudicating
    from registry.campaigns.read_cases import ReturnedCase
    from registry.campaigns.returned import SheetsReport, import_sheets
    from registry.campaigns.starting import CampaignStart
    from registry.campaigns.states import CampaignState
    from registry.campaigns.units import ListedStudy
    from registry.campaigns.worklists import Case
    from registry.catalogue.agents import AGENTS, Agent, agent_of_atc
    from registry.catalogue.catalogue import Catalogue
    from registry.catalogue.criteria import classifications, criteria
    from registry.catalogue.criteria.classification import Classification
    from registry.catalogue.criteria.criterion import Criterion
    from registry.catalogue.imaging.method import Method
    from registry.catalogue.imaging_criteria import imaging_criteria
    from registry.catalogue.imaging_criteria.criterion import ImagingCriterion
    from registry.catalogue.instruments import instruments
    from registry.catalogue.instruments.asdas import ACTIVITY_STATES, activity_states
    from registry.catalogue.instruments.instrument import Instrument
    from registry.catalogue.instruments.nsaid_score import NsaidIntakes, nsaid_scores
    from registry.catalogue.instruments.truths import Truths
    from registry.catalogue.instruments.values import Values
    from registry.catalogue.measures import MEASURES, Measure
    from registry.catalogue.methods import methods
    from registry.erasure import Erasure
    from registry.errors import (
        AlreadyEndedError,
        AlreadyRecordedError,
        BatchRefusedError,
        CampaignKeyError,
        CampaignLockedError,
        CampaignStateError,
        ClinicalDayError,
        ConcurrentChangeError,
        ConflictingOptionsError,
        ConsentWithdrawnError,
        CopyError,
        DamagedEventError,
        DamagedFreezeError,
        DeclarationError,
        ErasedPatientError,
        ExistingCopyError,
        FormatError,
        FreezeExistsError,
        GradeError,
        HeldFactError,
        MergedPatientError,
        MergeRefusedError,
        MissingValueError,
        NewSchemaError,
        NoRegistryError,
        NoRoomError,
        NotARegistryError,
        NotAssignedError,
        NotEnrolledError,
        OldSchemaError,
        ProofError,
        RangeError,
        RefusalError,
        RegistryError,
        RetractedFactError,
        ServerCopyError,
        ShiftedDatesError,
        StoreError,
        StudyMisfitError,
        UnitError,
        UnknownCodeError,
        UnknownFactError,
        UnknownPointError,
        UnknownStudyError,
        UnreachableError,
        UnwritableError,
    )
    from registry.intake import ImportOptions, ImportReport, import_batch, import_mapped, write_templates
    from registry.intake.sources.checking import FieldFate, MappingCheck, check_mapping
    from registry.intake.sources.draft.drafted_files import DraftOptions, draft_mapping
    from registry.intake.sources.findings import Finding
    from registry.intake.sources.shown_tables import ShownTables, show_tables
    from registry.merging.joined import Merge
    from registry.simulation import CohortSize, SimulatedCohort, record_simulated, simulated, write_simulated
    from registry.store.freezes import Freeze
    from registry.store.head import Head
    from registry.store.verify import Verification, Witness

__all__ = [
    "ACTIVITY_STATES",
    "AGENTS",
    "MEASURES",
    "Adjudicating",
    "Agent",
    "AlreadyEndedError",
    "AlreadyRecordedError",
    "BatchRefusedError",
    "CampaignKeyError",
    "CampaignLockedError",
    "CampaignStart",
    "CampaignState",
    "CampaignStateError",
    "Case",
    "Catalogue",
    "Classification",
    "ClinicalDayError",
    "CohortSize",
    "ConcurrentChangeError",
    "ConflictingOptionsError",
    "ConsentWithdrawnError",
    "CopyError",
    "Criterion",
    "DamagedEventError",
    "DamagedFreezeError",
    "DeclarationError",
    "DraftOptions",
    "ErasedPatientError",
    "Erasure",
    "ExistingCopyError",
    "FactVersion",
    "FieldFate",
    "Finding",
    "FormatError",
    "Freeze",
    "FreezeExistsError",
    "GradeError",
    "Head",
    "HeldFactError",
    "ImagingCriterion",
    "ImportOptions",
    "ImportReport",
    "ImportedBatch",
    "Instrument",
    "KnownFact",
    "ListedStudy",
    "MappingCheck",
    "Measure",
    "Merge",
    "MergeRefusedError",
    "MergedPatientError",
    "Method",
    "MissingValueError",
    "NewSchemaError",
    "NoRegistryError",
    "NoRoomError",
    "NotARegistryError",
    "NotAssignedError",
    "NotEnrolledError",
    "NsaidIntakes",
    "OldSchemaError",
    "Proof",
    "ProofError",
    "RangeError",
    "RefusalError",
    "Registry",
    "RegistryError",
    "RetractedFactError",
    "ReturnedCase",
    "ServerCopyError",
    "SheetsReport",
    "ShiftedDatesError",
    "ShownTables",
    "SimulatedCohort",
    "StoreError",
    "StudyMisfitError",
    "Truths",
    "UnitError",
    "UnknownCodeError",
    "UnknownFactError",
    "UnknownPointError",
    "UnknownStudyError",
    "UnreachableError",
    "UnwritableError",
    "Values",
    "Verification",
    "Witness",
    "activity_states",
    "agent_of_atc",
    "check_mapping",
    "check_proof",
    "classifications",
    "criteria",
    "draft_mapping",
    "imaging_criteria",
    "import_batch",
    "import_mapped",
    "import_sheets",
    "instruments",
    "methods",
    "nsaid_scores",
    "read_proof",
    "record_simulated",
    "show_tables",
    "simulated",
    "write_simulated",
    "write_templates",
]
MODULES: Final = {  # and the names that each makes
    "registry.application": ("Registry",),
    "registry.audit.batches": ("ImportedBatch",),
    "registry.audit.begun_references": ("KnownFact",),
    "registry.audit.history": ("FactVersion",),
    "registry.audit.proof": ("Proof", "check_proof", "read_proof"),
    "registry.campaigns.adjudicating": ("Adjudicating",),
    "registry.campaigns.read_cases": ("ReturnedCase",),
    "registry.campaigns.returned": ("SheetsReport", "import_sheets"),
    "registry.campaigns.starting": ("CampaignStart",),
    "registry.campaigns.states": ("CampaignState",),
    "registry.campaigns.units": ("ListedStudy",),
    "registry.campaigns.worklists": ("Case",),
    "registry.catalogue.catalogue": ("Catalogue",),
    "registry.catalogue.agents": ("AGENTS", "Agent", "agent_of_atc"),
    "registry.catalogue.criteria": ("classifications", "criteria"),
    "registry.catalogue.criteria.classification": ("Classification",),
    "registry.catalogue.criteria.criterion": ("Criterion",),
    "registry.catalogue.imaging_criteria": ("imaging_criteria",),
    "registry.catalogue.imaging_criteria.criterion": ("ImagingCriterion",),
    "registry.catalogue.instruments": ("instruments",),
    "registry.catalogue.instruments.asdas": ("ACTIVITY_STATES", "activity_states"),
    "registry.catalogue.instruments.instrument": ("Instrument",),
    "registry.catalogue.instruments.nsaid_score": ("NsaidIntakes", "nsaid_scores"),
    "registry.catalogue.instruments.truths": ("Truths",),
    "registry.catalogue.instruments.values": ("Values",),
    "registry.catalogue.measures": ("MEASURES", "Measure"),
    "registry.catalogue.imaging.method": ("Method",),
    "registry.catalogue.methods": ("methods",),
    "registry.erasure": ("Erasure",),
    "registry.errors": tuple(name for name in __all__ if name.endswith("Error")),  # not imported for its list: it costs
    "registry.intake": ("ImportOptions", "ImportReport", "import_batch", "import_mapped", "write_templates"),
    "registry.intake.sources.checking": ("FieldFate", "MappingCheck", "check_mapping"),
    "registry.intake.sources.draft.drafted_files": ("DraftOptions", "draft_mapping"),
    "registry.intake.sources.findings": ("Finding",),
    "registry.intake.sources.shown_tables": ("ShownTables", "show_tables"),
    "registry.merging.joined": ("Merge",),
    "registry.simulation": ("CohortSize", "SimulatedCohort", "record_simulated", "simulated", "write_simulated"),
    "registry.store.freezes": ("Freeze",),
    "registry.store.head": ("Head",),
    "registry.store.verify": ("Verification", "Witness"),
}

if not TYPE_CHECKING:  # or mypy would take any name
    __getattr__, __dir__ = lazily(__name__, MODULES)
