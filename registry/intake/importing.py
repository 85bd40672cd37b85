"""One import: read all files, let every patient decide, store all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Final

import msgspec

from registry.application import Registry
from registry.domain.batches import BatchRecorded
from registry.domain.notes import who
from registry.domain.rules import Standards
from registry.domain.texts import one_line, source_name
from registry.errors import (
    AlreadyRecordedError,
    BatchRefusedError,
    ConcurrentChangeError,
    RefusalError,
)
from registry.intake.batch import Batch
from registry.intake.delivered_files import without_pseudonyms
from registry.intake.delivery import Delivery
from registry.intake.merged_names import MergedNames
from registry.intake.problem_list import ProblemList
from registry.intake.reading_files import read_batch
from registry.intake.reconcile_patient import PatientReconciliation, Retracting
from registry.intake.record_linkage import RecordLinkage
from registry.intake.report import Counts, ImportOptions, ImportReport, Missing, Progress, silent
from registry.intake.staging import Staging
from registry.schema.fact_tables import TABLE_OF_KIND
from registry.schema.tables import tables_of
from registry.streams import encoded

DECIDED_AT_MOST: Final = 3  # times, when somebody else records about the same patients in between
PATIENTS_A_STEP: Final = 100  # of progress


def import_batch(
    registry: Registry,
    paths: str | Path | Iterable[str | Path],
    *,
    options: ImportOptions | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Record what files and folders say, as one batch; return what was recorded, amended, ended and retracted.

    What is known already is not recorded again. `progress` is told the stage (`reading`, `deciding`, `storing`), how
    much is done and of how much: bytes of the files, patients, batches. Raises `BatchRefusedError` with every problem
    of the batch, and then nothing is stored; `RefusalError` where a retraction was not confirmed;
    `ConcurrentChangeError` where others kept recording about the same patients.
    """
    options, progress = options or ImportOptions(), progress or silent
    delivered = delivered_by(registry, options)
    with Staging() as staging:
        files = [paths] if isinstance(paths, str | Path) else paths
        batch = whole(read_batch(files, tables_of(registry.catalogue), staging, progress))
        return record(registry, delivered(batch), options=options, progress=progress)


def whole(batch: Batch, *, unread: bool = False) -> Batch:
    """Return a batch of which all could be read."""
    if batch.unread or unread:
        raise BatchRefusedError(batch.problems)
    return batch


def delivered_by(registry: Registry, options: ImportOptions) -> Callable[[Batch], Delivery]:
    """Return what makes a batch a delivery; what cannot be said of it is refused before anything is read."""
    return partial(
        Delivery,
        source=source_name(options.source),
        actor=who(registry.actor if options.actor is None else options.actor),
        reason=one_line("reason", options.reason, wanted="why changed facts are amended"),
    )


def record(registry: Registry, delivery: Delivery, *, options: ImportOptions, progress: Progress) -> ImportReport:
    """Decide what the batch means and store it; decide again where somebody was faster."""
    same_fact = None if options.dry_run or options.same_fact is None else cache(options.same_fact)
    batch, confirmed = delivery.batch, None
    for _ in range(DECIDED_AT_MOST):
        linkage = RecordLinkage(registry.patient_batch, batch, source=delivery.source)
        retracting = Retracting(same_fact) if options.retract_missing else None
        standards = registry.patient_batch.standards()
        report, missing = _reconcile(linkage, delivery, standards=standards, retracting=retracting, progress=progress)
        if options.dry_run:
            return report
        confirmed = _confirmed(missing, options, before=confirmed)
        progress("storing", 0, 1)
        try:
            registry.patient_batch.save(
                batch.staging,
                standards=standards,
                guard=linkage.check_rows,
                closing=partial(_recorded, delivery, report),
            )
        except (ConcurrentChangeError, AlreadyRecordedError):  # a study may have found another patient in between
            continue
        progress("storing", 1, 1)
        return report
    raise ConcurrentChangeError


def _reconcile(
    linkage: RecordLinkage,
    delivery: Delivery,
    *,
    standards: Standards,
    retracting: Retracting | None,
    progress: Progress,
) -> tuple[ImportReport, Missing]:
    """Return what the batch means now, and what is missing from it; the events are in its staging.

    Raises `BatchRefusedError`.
    """
    batch, n_patients = delivery.batch, linkage.n_patients
    problems = ProblemList(batch.problems + linkage.problems)
    report = _blank_report(batch, linkage)
    missing: list[tuple[str, str]] = []
    batch.staging.forget_events()
    for number, (patient, rows) in enumerate(linkage.by_patient(), 1):
        others = linkage.other_names(patient)
        names = MergedNames(patient, rows, others, delivery)
        reconciliation = PatientReconciliation(patient, names.rows, delivery, linkage.moves)
        if retracting is not None and not problems:
            reconciliation.retract_missing(retracting, spared=names.spared)
            names.forget_missing()
        reconciliation.update()
        names.update(reconciliation.changes)
        reconciliation.judge(standards)
        for each in (names, reconciliation):
            problems += each.problems
            missing += ((table, patient.pseudonym) for table in _count(each, report))
        report.kept += reconciliation.kept
        report.alike += reconciliation.alike
        for decided in (*others.values(), patient):
            batch.staging.add_events([*map(encoded, decided.collect_events())])
        if number % PATIENTS_A_STEP == 0 or number == n_patients:
            progress("deciding", number, n_patients)
    if problems:
        raise BatchRefusedError(problems)
    report.events = len(batch.staging)
    return report, Missing.of(missing)


def _blank_report(batch: Batch, linkage: RecordLinkage) -> ImportReport:
    return ImportReport(
        tables={name: Counts() for name in batch.files},
        changes=[],
        events=0,
        rows=batch.rows,
        ignored=batch.ignored,
        left_out=batch.left_out,
        kept=[],
        alike=[],
        renamed=linkage.renamed,
    )


def _recorded(delivery: Delivery, report: ImportReport, first: int) -> BatchRecorded:
    """Return what is told of a batch whose first event has a position."""
    counts = {
        name: {what: number for what, number in msgspec.structs.asdict(counted).items() if number}
        for name, counted in report.tables.items()
    }
    return BatchRecorded(
        first=first,
        actor=delivery.actor,
        delivered_by=delivery.source,
        files=without_pseudonyms(delivery.batch.delivered, delivery.batch.staging.pseudonyms()),
        mapping=delivery.batch.mapping,
        shifted_dates=delivery.batch.shifted_dates,
        counts=counts,
    )


def _count(reconciliation: PatientReconciliation | MergedNames, report: ImportReport) -> Iterator[str]:
    """Count what becomes of a patient's facts; yield the table of each that is retracted."""
    report.changes += reconciliation.changes
    for table in reconciliation.unchanged:
        report.tables[table].add("unchanged")
    for table in reconciliation.confirmed:
        report.tables[table].add("confirmed")
    for change in reconciliation.changes:
        table = TABLE_OF_KIND[change.reference.partition("/")[0]].name
        report.tables.setdefault(table, Counts()).add(change.what)  # what rests on a study moves with it
        if change.what == "retracted":
            yield table


def _confirmed(missing: Missing, options: ImportOptions, *, before: Missing | None) -> Missing:
    """Return the retractions that were agreed to; asks once, and again only where they have changed since."""
    total = missing.total
    if total.facts and missing != before and options.confirm is not None and not options.confirm(missing):
        raise RefusalError(f"nothing was stored: the retraction of {total.in_words} was not confirmed")
    return missing
