"""What became of campaigns, in words: for a screen and for machines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cli.output import give_table, say, text
from registry.domain.days import instant

if TYPE_CHECKING:
    from projections.columns.arrow import ArrowTable
    from projections.point_in_time import Facts
    from registry.campaigns.states import CampaignState, Told


def known_campaign(facts: Facts, name: str) -> CampaignState:
    """Return a campaign as it was at a point in time. Raises `UnknownCodeError`."""
    from registry.errors import UnknownCodeError

    if name not in facts.campaigns:
        raise UnknownCodeError("campaign", name, facts.campaigns)
    return facts.campaigns[name]


def campaign_rows(facts: Facts, progress: ArrowTable) -> list[dict[str, Any]]:
    """Return every campaign with what became of it, and its cases added up over its readers."""
    numbers = ("cases", "read", "unread", "overdue", "retracted")
    rows = progress.to_pylist()
    return [
        {
            "campaign": name,
            "method": state.begun.campaign.method,
            "due": state.begun.campaign.due,
            **{number: sum(row[number] for row in rows if row["campaign"] == name) for number in numbers},
            "started_at": _at(state.started),
            "locked_at": _at(state.locked),
            "unblinded_at": _at(state.unblinded),
        }
        for name, state in facts.campaigns.items()
    ]


def _at(told: Told | None) -> Any:
    return None if told is None else instant(told.recorded_at)


def say_state(state: CampaignState) -> None:
    campaign = state.begun.campaign
    due = "" if campaign.due is None else f", due {campaign.due}"
    say(f"{campaign.method}, edition {campaign.method_version}, by {campaign.unit}, {campaign.order} order{due}")
    happened = (("started", state.started), ("locked", state.locked), ("unblinded", state.unblinded))
    said = [f"{what} @{told.position}, {text(_at(told))}, by {told.event.actor}" for what, told in happened if told]
    for line in said:
        say(line)


def give_retracted(facts: Facts, name: str) -> None:
    """Show which studies of a campaign were retracted since, and who had read them."""
    import pyarrow.compute as pc

    from projections.campaigns import assignments
    from projections.columns.tables import only

    assigned = only(assignments.table(facts), campaign=name)
    gone = assigned.filter(pc.field("study_retracted")).select(["study", "reader", "repeat", "is_read"])
    if gone.num_rows:
        rows = [[row["study"], row["reader"], row["repeat"], row["is_read"]] for row in gone.to_pylist()]
        give_table(("study", "reader", "repeat", "read"), rows, title="Retracted since they were assigned")


def state_told(state: CampaignState) -> dict[str, Any]:
    """Return a campaign in words, for machines: where and when what happened to it, by whom and why."""
    happened: Sequence[tuple[str, Told | None]] = (
        ("started", state.started),
        ("locked", state.locked),
        ("unblinded", state.unblinded),
    )
    return {"campaign": state.name, **{what: None if told is None else _event_told(told) for what, told in happened}}


def _event_told(told: Told) -> dict[str, Any]:
    return {
        "position": told.position,
        "recorded_at": instant(told.recorded_at),
        "actor": told.event.actor,
        "source": told.event.source,
        "reason": getattr(told.event, "reason", None),
    }
