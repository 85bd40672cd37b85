"""What an agent is, in columns beside it: its code and its class, by the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from projections.columns.arrow import ArrowArray
from projections.columns.coded import Coded

if TYPE_CHECKING:
    from registry.catalogue.catalogue import Catalogue


def agent_columns(agent: Coded, catalogue: Catalogue) -> dict[str, ArrowArray]:
    """Return the columns that say what an agent is: agent, atc (of today, null where it has none) and drug_class."""
    known = [catalogue.agents[name] for name in agent.words.to_pylist()]
    atc = pa.array([each.atc or None for each in known], pa.string())
    drug_class = pa.array([each.drug_class for each in known], pa.string())
    rows = pa.array(agent.codes)
    return {"agent": agent.array(), "atc": atc.take(rows), "drug_class": drug_class.take(rows)}
