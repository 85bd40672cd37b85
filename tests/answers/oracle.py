"""The oracle: every answer of the contract on observed time and values, the obvious slow way.

    spans = observed_spans(facts, "P-1", Observation(as_of=date(2021, 6, 30)))

It reads plain facts (`facts`), and nothing of the code that it judges. RULES.md lists each rule with its sentence.
"""

from __future__ import annotations

from tests.answers.choosing import TimePoint, chosen_value, chosen_visit
from tests.answers.facts import AdverseEvent, Course, Enrolment, Facts, Flare, FollowUp, Study, Taken, Visit
from tests.answers.members import Who, data_cut, members, present
from tests.answers.observation import Observation, Span, counts, observed_spans, person_days, person_years
from tests.answers.partial_days import course_days
from tests.answers.rates import Rate, flare_rates, rate_since
from tests.answers.responders import Member, ResponderChoice, answered, response_rate
from tests.answers.responses import responses
from tests.answers.retention import at_risk_on, cumulative_incidence, kaplan_meier, lundex, retention, stretches
from tests.answers.therapy import dated_courses, ends_retention, episodes, has_failed, lines
from tests.answers.values import ValueChoice, value_at

__all__ = [
    "AdverseEvent",
    "Course",
    "Enrolment",
    "Facts",
    "Flare",
    "FollowUp",
    "Member",
    "Observation",
    "Rate",
    "ResponderChoice",
    "Span",
    "Study",
    "Taken",
    "TimePoint",
    "ValueChoice",
    "Visit",
    "Who",
    "answered",
    "at_risk_on",
    "chosen_value",
    "chosen_visit",
    "counts",
    "course_days",
    "cumulative_incidence",
    "data_cut",
    "dated_courses",
    "ends_retention",
    "episodes",
    "flare_rates",
    "has_failed",
    "kaplan_meier",
    "lines",
    "lundex",
    "members",
    "observed_spans",
    "person_days",
    "person_years",
    "present",
    "rate_since",
    "response_rate",
    "responses",
    "retention",
    "stretches",
    "value_at",
]
