"""A plausible cohort that nobody belongs to: to try an analysis before there are data, and to measure spondyl on.

| module | what it does |
|---|---|
| `drawing` | numbers at random that are the same on every machine |
| `reporting_delay` | facts as a registry learns of them: late, corrected, withdrawn |
| `people`, `drugs`, `visiting`, `clinical_events`, `conditions`, `imaging` | one module a part of the cohort |
| `readers/` | readings by every imaging method, where they are asked for |
| `collected`, `own_measures`, `scheduled` | what a protocol adds: words, values at visits, visits after its schedule |
| `cohort` | the parts together |
| `event_builder` | rows to statements and events |
| `files`, `recording` | a cohort as files of the intake, or straight into an empty log |

The same size and seed give the same content everywhere. The courses are invented: figures computed from them say
nothing about the disease.
"""

from registry.simulation.cohort import CohortSize, SimulatedCohort, simulated
from registry.simulation.files import write_simulated
from registry.simulation.recording import record_simulated

__all__ = ["CohortSize", "SimulatedCohort", "record_simulated", "simulated", "write_simulated"]
