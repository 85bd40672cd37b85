"""What became of each printed figure of a paper, and the summary of all of them."""

from __future__ import annotations

from collections import Counter
from typing import Final, Literal, NamedTuple

from projections.reconciliation.published_figures import PrintedFigure
from projections.reconciliation.reporting_errors import KINDS, Explanation
from projections.statistics.rounding import fixed

Verdict = Literal["matches", "matches by variant", "differs", "not derivable"]

MATCHES: Final = "matches"
BY_VARIANT: Final = "matches by variant"
DIFFERS: Final = "differs"
NOT_DERIVABLE: Final = "not derivable"
INCONSISTENCIES: Final = frozenset({"mixed-patients", "impossible-total"})
WITHOUT_AN_ERROR: Final = frozenset({"no-choice", "undefined", "no-such-figure"})
REPORTING_ERRORS: Final = frozenset(KINDS) - INCONSISTENCIES - WITHOUT_AN_ERROR


class Reconciled(NamedTuple):
    """A printed figure beside the recomputed one, with a verdict.

    `recomputed` is under the variant where one gives what is printed. `explanations` say why it differs; those of a
    figure that matches are remarks on it.
    """

    printed: PrintedFigure
    recomputed: str | None
    verdict: Verdict
    variant: str | None = None
    explanations: tuple[Explanation, ...] = ()

    @property
    def is_reporting_error(self) -> bool:
        """Whether it differs by an error of the print, so that no table can give it."""
        return self.verdict == DIFFERS and any(each.kind in REPORTING_ERRORS for each in self.explanations)

    @property
    def counted_as(self) -> str:
        """Where the summary counts it, a field of `Summary`."""
        if self.verdict == DIFFERS:
            return "slips" if self.is_reporting_error else "unexplained"
        return self.verdict.replace(" ", "_").replace("matches", "match")

    @property
    def remarks(self) -> list[str]:
        """What is odd about it, whether it matches or not."""
        return [each.sentence for each in self.explanations if each.kind in INCONSISTENCIES]

    @property
    def in_words(self) -> str:
        """The verdict in words: by which variant, or the first explanation, or the reason."""
        if self.verdict == BY_VARIANT:
            return f"matches by {self.variant}"
        if self.verdict == NOT_DERIVABLE:
            return f"{NOT_DERIVABLE}: {self.printed.reason}"
        if self.verdict == DIFFERS:
            return f"{DIFFERS}: {self.explanations[0].sentence}"
        return self.verdict


class Summary(NamedTuple):
    """How many printed figures there are, and what became of them."""

    printed: int
    match: int
    match_by_variant: int
    slips: int
    unexplained: int
    not_derivable: int

    @property
    def derivable(self) -> int:
        """Figures that a table derives and that no slip of the print keeps from being given by any data."""
        return self.match + self.match_by_variant + self.unexplained

    @property
    def share(self) -> float | None:
        """How many percent of the derivable figures match, None of none."""
        return 100 * (self.match + self.match_by_variant) / self.derivable if self.derivable else None

    def sentence(self) -> str:
        """Return the summary in words, with everything that is not among the derivable figures."""
        matching = self.match + self.match_by_variant
        share = "" if self.share is None else f" ({fixed(self.share, 1)}%)"
        tabled = self.derivable + self.slips
        of_all = "" if not tabled else f" ({fixed(100 * matching / tabled, 1)}% of all {tabled} that tables have)"
        return (
            f"{matching} of {self.derivable} derivable figures match{share}, {self.match_by_variant} of them by "
            f"another choice; {self.slips} differ by a slip of the print{of_all}; {self.not_derivable} no table derives"
        )


class Reconciliation(NamedTuple):
    """Every printed figure of a paper beside what a cohort gives, and notes on the cohort's readings."""

    paper: str
    figures: tuple[Reconciled, ...]
    notes: tuple[str, ...]

    @property
    def summary(self) -> Summary:
        """How many figures match, differ and cannot be derived."""
        n = Counter(each.counted_as for each in self.figures)
        return Summary(len(self.figures), *(n[name] for name in Summary._fields[1:]))
