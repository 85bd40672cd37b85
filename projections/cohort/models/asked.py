"""What a definition asks of a model, `[[tables.models]]`: its outcome, its covariates, how it is fitted.

An outcome is `retention` (Cox), a response criterion (a yes or no at a time point: logistic, Poisson, or estimating
equations over several), or a measure over time points (linear mixed, or estimating equations). Nothing is chosen by
what the data say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple, get_args

from projections.cohort.figures.as_asked import responder_rule
from projections.cohort.models.covariates import Covariate
from projections.statistics.cox import Ties
from projections.statistics.gee import Correlation

if TYPE_CHECKING:
    from projections.cohort.definition.definition import Definition
    from registry.catalogue.criteria.criterion import Criterion

OutcomeKind = Literal["retention", "criterion", "measure"]
ModelKind = Literal["cox", "logistic", "poisson", "mixed", "gee"]
Clusters = Literal["patient", "centre"]

RETENTION: Final = "retention"
MODELS: Final[dict[OutcomeKind, tuple[ModelKind, ...]]] = {
    "retention": ("cox",),
    "criterion": ("logistic", "poisson", "gee"),
    "measure": ("mixed", "gee"),
}
CLUSTERS: Final[tuple[Clusters, ...]] = get_args(Clusters)
SEVERAL: Final[tuple[ModelKind, ...]] = ("mixed", "gee")  # take several time points
TERM: Final = ": "  # between the name of a model and what a row of it is about
ONLY: Final[dict[str, tuple[ModelKind, ...]]] = {  # keys that say something of some models only
    "ties": ("cox",),
    "strata": ("cox",),
    "clusters": ("cox", "logistic", "poisson"),
    "correlation": ("gee",),
    "interaction": ("mixed", "gee"),
    "at": ("logistic", "poisson", "mixed", "gee"),
}


class Model(NamedTuple):
    """A model that is asked for; `at` are the time points of its outcome, none of retention.

    `clusters` None: by patient where patients have several rows. `interaction`: of the exposure with time, so that
    there is a difference at each time point. `points`: a row for each point of a forest plot. `criterion` is the
    outcome where that is one of the catalogue.
    """

    name: str
    outcome: str
    of: OutcomeKind
    kind: ModelKind
    exposure: Covariate
    adjust: tuple[Covariate, ...] = ()
    strata: tuple[Covariate, ...] = ()
    at: tuple[str, ...] = ()
    ties: Ties = "efron"
    clusters: Clusters | None = None
    correlation: Correlation = "exchangeable"
    interaction: bool = False
    points: bool = False
    criterion: Criterion | None = None

    @property
    def covariates(self) -> tuple[Covariate, ...]:
        """The covariates that have coefficients: the exposure, then what is adjusted for."""
        return (self.exposure, *self.adjust)

    @property
    def all_covariates(self) -> tuple[Covariate, ...]:
        """The covariates and the strata."""
        return (*self.covariates, *self.strata)

    def time_points(self, definition: Definition) -> tuple[str, ...]:
        """Return at which time points the outcome stands, none of retention.

        By default those that do not stand for day 0 and, of a criterion, are not its baseline.
        """
        if self.at or self.of == "retention":
            return self.at
        baseline = responder_rule(definition).baseline if self.of == "criterion" else None
        return tuple(point.name for point in definition.time_points if not point.is_baseline and point.name != baseline)


class Models(NamedTuple):
    """The models that a definition asks for, in its order."""

    models: tuple[Model, ...]

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures and indices that outcomes and covariates are."""
        outcomes = [each.outcome for each in self.models if each.of == "measure"]
        covariates = [each for model in self.models for each in model.all_covariates]
        measured = [each.what for each in covariates if each.kind == "number" or _is_word(each)]
        return tuple(dict.fromkeys((*outcomes, *measured)))

    @property
    def criteria(self) -> tuple[str, ...]:
        """The criteria that outcomes are."""
        return tuple(dict.fromkeys(each.outcome for each in self.models if each.of == "criterion"))


def _is_word(covariate: Covariate) -> bool:
    return covariate.by is not None and covariate.by.kind == "word"
