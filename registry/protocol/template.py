"""A protocol file to begin with: every key with what it means, all but the first three lines switched off.

A line that begins with `# ` explains. One that begins with `#` and no blank is an example: without its `#` it counts.
"""

from __future__ import annotations

import re
from typing import Final

SWITCHED_OFF: Final = re.compile(r"^#(?=\S)", re.MULTILINE)
TEMPLATE: Final = """\
# What this registry collects beside what is built in. `spondyl protocol check FILE` says what adopting it would do,
# `spondyl protocol adopt FILE` does it. Lines that begin with # and no blank are examples: take the # away.
# A line that keeps a # then would end something.
format = 1
protocol = "my-registry"                 # its name, for ever: a-z 0-9 . _ -; the registry counts its editions
title = "My cohort of axial spondyloarthritis"

# A later edition is the same file with more in it. Nothing is taken away: what is collected no more gets
# until = "YYYY-MM-DD", the first day on which it is not. Ranges only widen; a name keeps its unit and its codes.

# Columns of visits. Names: a-z 0-9 _, none that is built in. holds: number (default), count, yes-no, codes,
# partial-day, text (short, never a name).
#[[measures]]
#name = "bmi"
#label = "body mass index"
#unit = "kg/m2"                          # of numbers, required: a unit that docs/protocol.md lists, or of [[units]]
#range = [10, 80]                        # refused outside; inclusive, in this unit; inf is no limit: [0, inf]
#plausible = [14, 60]                    # warned outside
#laboratory = false                      # true: takes <5 and >200

#[[measures]]
#name = "smoking"
#label = "smoking status"
#codes = { never = "never", former = "former, none for 12 months", current = "current" }   # word = label
#ordinal = false                         # true: their order means something
##until = "2030-01-01"                    # the whole measure is taken no more from that day on
##ended_codes = { former = "2030-01-01" } # or one of its codes

#[[measures]]
#name = "employed"
#label = "in paid work"
#holds = "yes-no"

#[[measures]]
#name = "fatigue_today"
#label = "fatigue today"
#unit = "nrs"
#range = [0, 10]

#[[measures]]
#name = "wellbeing_today"
#label = "well-being today, 10 is best"
#unit = "nrs"
#range = [0, 10]

#[[measures]]
#name = "vitamin_d"
#label = "25-hydroxyvitamin D"
#unit = "ng/ml"
#range = [0, inf]
#laboratory = true

# Units that the catalogue lacks. to: what a value is multiplied by to be in the other unit, exactly.
#[[units]]
#name = "ng/ml"
#to = { "ug/l" = "1" }

# Reasons why a value is missing, which any cell of a measure may hold; they are kept, never a value, never 0.
#[missing]
#NASK = "not asked"
#NAVU = "not available"

# Scores computed from measures of one unit, exactly. rule: sum, mean, weighted (with weights, constant), max.
#[[scores]]
#name = "burden_today"
#edition = 1                             # another formula under this name is edition 2
#label = "burden of today"
#source = "who published it, where, when"
#items = ["fatigue_today", "wellbeing_today"]
#rule = "mean"
#unit = "nrs"                            # default: score
#reverse = ["wellbeing_today"]           # counted as high + low - value
#range = [0, 10]
#missing = { at_most = 1, then = "mean-of-others" }   # default: none may be missing

#[[scores]]
#name = "balance_today"
#edition = 1
#label = "balance of today"
#source = "who published it, where, when"
#items = ["fatigue_today", "wellbeing_today"]
#rule = "weighted"
#weights = { fatigue_today = 0.7, wellbeing_today = -0.3 }
#constant = 3                            # is added
#unit = "nrs"
#range = [0, 10]

# Substances that the catalogue lacks; class is one of the catalogue's, or placebo.
#[[agents]]
#name = "study-drug-7"
#class = "IL-17i"
#atc = ""                                # may be empty

# What is written on the box: files may name it as the agent, and both are kept. kind: originator, biosimilar, generic.
#[[products]]
#name = "Newmab"
#agent = "adalimumab"
#kind = "biosimilar"

# Arms of a trial, to which courses can be assigned; other words are refused then.
#[[arms]]
#code = "A"
#title = "active"

# Conditions beside the built-in list. group: manifestation, comorbidity, event.
#[[conditions]]
#name = "sjogren"
#label = "Sjögren's disease"
#icd10 = ["M35.0"]
#group = "comorbidity"

# Centres; if there are any, other codes are refused.
#[[centres]]
#code = "C1"
#title = "Northtown"

# Who is expected when, and what is then to be taken. from: enrolment, course or line (of = classes or agents).
# A visit is due on one day after that, or every so often until the end of follow-up, of the course or the line.
#[[schedule]]
#name = "baseline"
#from = "enrolment"
#day = 0
#window = [-30, 14]                      # first and last day around the due one; windows do not overlap
#requires = ["basdai", "basfi", "crp", "patient_global", "bmi", "smoking"]

#[[schedule]]
#name = "year {n}"                       # {n} counts
#from = "enrolment"
#every = "1 year"                        # or 6 months, 90 days
#since = "2026-01-01"                    # due days for which it asks; default: from the day of adoption on
#window = [-90, 90]
#requires = ["basdai", "crp", "patient_global"]
#imaging = [{ modality = "MRI", regions = ["spine", "sij"], every = "2 years" }]

#[[schedule]]
#name = "week 12"
#from = "line"
#of = ["TNFi", "IL-17i"]
#day = 84
#window = [-14, 14]
#requires = ["basdai", "crp"]

# Without any visit for so long a patient counts as lost at a point in time; it is never written into the log.
#[follow_up]
#lost_after = "18 months"
"""


def example() -> str:
    """Return the template with all its examples switched on."""
    return SWITCHED_OFF.sub("", TEMPLATE)
