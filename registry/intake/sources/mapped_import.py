"""An import by a mapping: a foreign source read into a batch, which is recorded as every other."""

from __future__ import annotations

from pathlib import Path

from registry.application import Registry
from registry.errors import BatchRefusedError, UnreadableError
from registry.intake.importing import delivered_by, record, whole
from registry.intake.report import ImportOptions, ImportReport, Progress, silent
from registry.intake.sources.mapped_batch import read_mapped
from registry.intake.sources.mapped_source import MappedSource
from registry.intake.sources.renamed_records import refuse_renamed
from registry.intake.sources.renamed_rows import refuse_other_records
from registry.intake.sources.shifted_dates import refuse_other_dates
from registry.intake.sources.source_words import in_words_of_the_source
from registry.intake.staging import Staging
from registry.places import Place, Problem


def import_mapped(
    registry: Registry,
    mapping: str | Path,
    *,
    options: ImportOptions | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Record what a foreign source says by a mapping file, as one batch; all else is as `import_batch` has it.

    Raises as that, with the source's own places and fields; `DefinitionError` where the mapping is wrong, or does not
    fit its source; `ShiftedDatesError` where dates were shifted after some that were not, or the other way round.
    """
    mapped = _opened(mapping, registry)
    mapped.refuse_undecided()
    return record_mapped(registry, mapped, options=options or ImportOptions(), progress=progress or silent)


def record_mapped(
    registry: Registry, mapped: MappedSource, *, options: ImportOptions, progress: Progress
) -> ImportReport:
    """Record what an open source says by its mapping; all else is as `import_mapped` has it."""
    delivered = delivered_by(registry, options)
    refuse_other_dates(registry.log, shifted=mapped.said.source.shifted_dates)
    with Staging() as staging:
        try:
            batch = whole(read_mapped(mapped, staging, progress), unread=bool(mapped.findings))
            delivery = delivered(batch)
            refuse_renamed(registry.patient_batch, batch, mapped, source=delivery.source)
            refuse_other_records(registry.patient_batch, batch, mapped, source=delivery.source)
            report = record(registry, delivery, options=options, progress=progress)
        except BatchRefusedError as refused:
            raise BatchRefusedError(in_words_of_the_source(refused.problems, mapped)) from None
    report.unmapped = {each.name: mapped.counts.filled[each.name] for each in mapped.undecided}
    return report


def _opened(mapping: str | Path, registry: Registry) -> MappedSource:
    """Return a mapping with its source. Raises `DefinitionError`, and `BatchRefusedError` where that cannot be read."""
    try:
        return MappedSource.open(mapping, registry.catalogue)
    except UnreadableError as error:
        raise BatchRefusedError([Problem(Place(error.file, error.line), str(error))]) from None
