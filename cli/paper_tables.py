"""The tables of the two example papers, as the demo shows them: some panels, and what does not match the print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli.examples import example

if TYPE_CHECKING:
    from projections.cohort.members.cohort import Cohort
    from projections.point_in_time import Facts
    from projections.reconciliation.report import Reconciliation
    from views.manuscript.panels import Lines, Sheet

MRI: Final = "baraliakos2013"
ANAKINRA: Final = "anakinra2004"
PAPER_TABLES: Final = (  # title, cohort, table, panels
    ("The two-year MRI cohort, from a definition in one small file: its Table 1", MRI, "lesions", 2),
    ("The same study's scores", MRI, "scores", 2),
    ("The anakinra study: its Table 1", ANAKINRA, "clinical", 1),
    ("Its responders, of those of whom all domains are known", ANAKINRA, "responders", 1),
    ("What became of its lesions, by the consensus of two readers", ANAKINRA, "verdicts", 1),
)


def give_panels(facts: Facts, cohort: str, table: str, panels: int) -> None:
    """Print the first panels of a table of an example cohort, with their footnotes."""
    from cli.manuscript.on_terminal import give_lines, give_panel
    from projections.cohort.all_tables import figures
    from views.manuscript.document import document

    members = _cohort(facts, cohort)
    (sheet,) = document(members, list(figures(members, only=(table,)))).sheets
    for panel in sheet.panels[:panels]:
        give_panel(panel)
    for letter, note in _footnotes(sheet, sheet.panels[:panels]):
        give_lines(note, first=f"   {letter} ")


def reconciled(facts: Facts, cohort: str) -> Reconciliation:
    """Return the printed figures of an example's paper beside those of its cohort."""
    from projections.reconciliation.published_figures import read_published
    from projections.reconciliation.reconcile import reconcile

    return reconcile(_cohort(facts, cohort), read_published(example(f"{cohort}.published.toml")))


def differing(reconciliation: Reconciliation) -> list[str]:
    """Return a line for each figure that the definition does not give, and for what is odd about those that it does."""
    figures = [
        f"{each.printed.where}, {each.printed.what}: {each.printed.printed} {each.printed.unit}".rstrip()
        + f" printed, {each.recomputed} recomputed; {each.in_words.removeprefix('differs: ')}"
        for each in reconciliation.figures
        if each.in_words != "matches" and each.verdict != "not derivable"
    ]
    return [*figures, *dict.fromkeys(f"remark: {remark}" for each in reconciliation.figures for remark in each.remarks)]


def _cohort(facts: Facts, cohort: str) -> Cohort:
    from projections.cohort.definition_file import read_definition
    from projections.cohort.members.cohort import Cohort

    return Cohort.of(read_definition(example(f"{cohort}.toml"), catalogue=facts.catalogue), facts)


def _footnotes(sheet: Sheet, panels: list[Lines]) -> list[tuple[str, str]]:
    from cli.manuscript.on_terminal import RAISED

    cells = [cell for panel in panels for line in (panel.headings, *panel.rows) for cell in line]
    used = {mark for cell in cells for mark in cell.marks}
    return [(letter.translate(RAISED), note) for letter, note in sheet.footnotes if letter in used]
