"""Files to facts: the tables of `docs/intake.md`, read, checked and recorded, a batch at a time.

`import_batch` is the door, and `import_mapped` that for foreign sources; what may stand in a file is declared in
`registry.schema.tables`.
"""

from __future__ import annotations

from registry.intake.importing import import_batch
from registry.intake.reading_template import reading_template
from registry.intake.report import Change, Counts, ImportOptions, ImportReport, Missing, Progress, Retracted
from registry.intake.sources.mapped_import import import_mapped
from registry.intake.template import write_templates

__all__ = [
    "Change",
    "Counts",
    "ImportOptions",
    "ImportReport",
    "Missing",
    "Progress",
    "Retracted",
    "import_batch",
    "import_mapped",
    "reading_template",
    "write_templates",
]
