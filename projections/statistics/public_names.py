"""The statistics that `spondyl` offers; each is imported when it is first asked for, as SciPy takes its time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.lazy_names import lazily

if TYPE_CHECKING:
    from projections.statistics.binary_regression import logistic, robust_poisson
    from projections.statistics.bland_altman import LimitsOfAgreement, limits_of_agreement
    from projections.statistics.category_squares import kappa_of_grades, square_of_grades
    from projections.statistics.cluster_bootstrap import bootstrap_between, cluster_bootstrap
    from projections.statistics.contingency import chi_squared, least_expected
    from projections.statistics.cox import Episodes, cox
    from projections.statistics.cumulative_incidence import CumulativeIncidence, cumulative_incidence
    from projections.statistics.cumulative_probability import ProbabilityPlot, changes_at_least, probability_plot
    from projections.statistics.design import Observations
    from projections.statistics.detectable_change import sdc_from_change, sdc_from_status, sdc_with_limits
    from projections.statistics.fisher import fisher_exact
    from projections.statistics.gee import gee
    from projections.statistics.goodness_of_fit import goodness_of_fit, smallest_expected
    from projections.statistics.gray import gray
    from projections.statistics.groups_at_risk import Grouping
    from projections.statistics.intraclass import MeanSquares, icc, mean_squares
    from projections.statistics.kaplan_meier import SurvivalCurve, kaplan_meier
    from projections.statistics.kappa import Kappa, kappa, square_of_words
    from projections.statistics.kappa_of_values import kappa_of_values
    from projections.statistics.kruskal_wallis import kruskal_wallis
    from projections.statistics.late_entry import Entry
    from projections.statistics.log_rank import LogRank, log_rank
    from projections.statistics.lundex import lundex
    from projections.statistics.mann_whitney import mann_whitney
    from projections.statistics.mcnemar import PairedAnswers, mcnemar, paired_answers
    from projections.statistics.mixed_model import mixed_model
    from projections.statistics.proportion_intervals import proportion
    from projections.statistics.proportional_hazards import ProportionalHazards, proportional_hazards
    from projections.statistics.proportions import Interval, Proportion, clopper_pearson
    from projections.statistics.rate_ratio import EventsInTime, rate_ratio, rate_ratio_of_patients, rate_ratio_test
    from projections.statistics.rates import Rate, rate
    from projections.statistics.regression import Coefficient, Regression, contrast, wald_test
    from projections.statistics.responsiveness import effect_size, guyatt_responsiveness, standardised_response_mean
    from projections.statistics.results import Estimate, Outcome
    from projections.statistics.risk_table import RiskTable, risk_table
    from projections.statistics.signed_rank import signed_rank
    from projections.statistics.spearman import p_of_correlation, spearman, spearman_interval
    from projections.statistics.standardised_difference import (
        standardised_difference,
        standardised_difference_of_counts,
    )
    from projections.statistics.t_intervals import one_sample_t, paired_t, paired_t_interval, t_interval
    from projections.statistics.welch import welch_anova, welch_interval, welch_t

__all__ = [
    "Coefficient",
    "CumulativeIncidence",
    "Entry",
    "Episodes",
    "Estimate",
    "EventsInTime",
    "Grouping",
    "Interval",
    "Kappa",
    "LimitsOfAgreement",
    "LogRank",
    "MeanSquares",
    "Observations",
    "Outcome",
    "PairedAnswers",
    "ProbabilityPlot",
    "Proportion",
    "ProportionalHazards",
    "Rate",
    "Regression",
    "RiskTable",
    "SurvivalCurve",
    "bootstrap_between",
    "changes_at_least",
    "chi_squared",
    "clopper_pearson",
    "cluster_bootstrap",
    "contrast",
    "cox",
    "cumulative_incidence",
    "effect_size",
    "fisher_exact",
    "gee",
    "goodness_of_fit",
    "gray",
    "guyatt_responsiveness",
    "icc",
    "kaplan_meier",
    "kappa",
    "kappa_of_grades",
    "kappa_of_values",
    "kruskal_wallis",
    "least_expected",
    "limits_of_agreement",
    "log_rank",
    "logistic",
    "lundex",
    "mann_whitney",
    "mcnemar",
    "mean_squares",
    "mixed_model",
    "one_sample_t",
    "p_of_correlation",
    "paired_answers",
    "paired_t",
    "paired_t_interval",
    "probability_plot",
    "proportion",
    "proportional_hazards",
    "rate",
    "rate_ratio",
    "rate_ratio_of_patients",
    "rate_ratio_test",
    "risk_table",
    "robust_poisson",
    "sdc_from_change",
    "sdc_from_status",
    "sdc_with_limits",
    "signed_rank",
    "smallest_expected",
    "spearman",
    "spearman_interval",
    "square_of_grades",
    "square_of_words",
    "standardised_difference",
    "standardised_difference_of_counts",
    "standardised_response_mean",
    "t_interval",
    "wald_test",
    "welch_anova",
    "welch_interval",
    "welch_t",
]

MODULES: Final = {
    "projections.statistics.binary_regression": ("logistic", "robust_poisson"),
    "projections.statistics.bland_altman": ("LimitsOfAgreement", "limits_of_agreement"),
    "projections.statistics.category_squares": ("kappa_of_grades", "square_of_grades"),
    "projections.statistics.cluster_bootstrap": ("bootstrap_between", "cluster_bootstrap"),
    "projections.statistics.contingency": ("chi_squared", "least_expected"),
    "projections.statistics.cox": ("Episodes", "cox"),
    "projections.statistics.cumulative_incidence": ("CumulativeIncidence", "cumulative_incidence"),
    "projections.statistics.cumulative_probability": ("ProbabilityPlot", "changes_at_least", "probability_plot"),
    "projections.statistics.design": ("Observations",),
    "projections.statistics.detectable_change": ("sdc_from_change", "sdc_from_status", "sdc_with_limits"),
    "projections.statistics.fisher": ("fisher_exact",),
    "projections.statistics.gee": ("gee",),
    "projections.statistics.goodness_of_fit": ("goodness_of_fit", "smallest_expected"),
    "projections.statistics.gray": ("gray",),
    "projections.statistics.groups_at_risk": ("Grouping",),
    "projections.statistics.intraclass": ("MeanSquares", "icc", "mean_squares"),
    "projections.statistics.kaplan_meier": ("SurvivalCurve", "kaplan_meier"),
    "projections.statistics.kappa": ("Kappa", "kappa", "square_of_words"),
    "projections.statistics.kappa_of_values": ("kappa_of_values",),
    "projections.statistics.kruskal_wallis": ("kruskal_wallis",),
    "projections.statistics.late_entry": ("Entry",),
    "projections.statistics.log_rank": ("LogRank", "log_rank"),
    "projections.statistics.lundex": ("lundex",),
    "projections.statistics.mann_whitney": ("mann_whitney",),
    "projections.statistics.mcnemar": ("PairedAnswers", "mcnemar", "paired_answers"),
    "projections.statistics.mixed_model": ("mixed_model",),
    "projections.statistics.proportion_intervals": ("proportion",),
    "projections.statistics.proportional_hazards": ("ProportionalHazards", "proportional_hazards"),
    "projections.statistics.proportions": ("Interval", "Proportion", "clopper_pearson"),
    "projections.statistics.rate_ratio": ("EventsInTime", "rate_ratio", "rate_ratio_of_patients", "rate_ratio_test"),
    "projections.statistics.rates": ("Rate", "rate"),
    "projections.statistics.regression": ("Coefficient", "Regression", "contrast", "wald_test"),
    "projections.statistics.responsiveness": ("effect_size", "guyatt_responsiveness", "standardised_response_mean"),
    "projections.statistics.results": ("Estimate", "Outcome"),
    "projections.statistics.risk_table": ("RiskTable", "risk_table"),
    "projections.statistics.signed_rank": ("signed_rank",),
    "projections.statistics.spearman": ("p_of_correlation", "spearman", "spearman_interval"),
    "projections.statistics.standardised_difference": ("standardised_difference", "standardised_difference_of_counts"),
    "projections.statistics.t_intervals": ("one_sample_t", "paired_t", "paired_t_interval", "t_interval"),
    "projections.statistics.welch": ("welch_anova", "welch_interval", "welch_t"),
}

if not TYPE_CHECKING:  # or mypy would take any name
    __getattr__, __dir__ = lazily(__name__, MODULES)
