"""What may not be done in a reading campaign, and what a key is not good for."""

from __future__ import annotations

from registry.errors.values import RefusalError
from registry.wording import shown


class CampaignLockedError(RefusalError):
    """A reading of a campaign that is locked: none can be recorded, amended or retracted any more."""

    def __init__(self, campaign: str, fact: str) -> None:
        super().__init__(
            f"session: campaign {campaign} is locked, and {fact} stays as it is; read anew in another session",
            field="session",
            value=campaign,
        )
        self.campaign, self.fact = campaign, fact


class NotAssignedError(RefusalError):
    """A reading whose session is a campaign in which nobody gave that reader that study."""

    def __init__(self, campaign: str, *, reader: str, study: str, repeat: bool, field: str = "study") -> None:
        again = " a second time" if repeat else ""
        super().__init__(
            f"{field}: campaign {campaign} gave {shown(reader)} no study {shown(study)}{again}; correct study, reader "
            "or session",
            field=field,
            value=study,
        )
        self.campaign, self.reader, self.study = campaign, reader, study


class CampaignStateError(RefusalError):
    """What a campaign is not ready for: to be started twice, or unblinded before it is locked."""

    def __init__(self, campaign: str, why: str) -> None:
        super().__init__(f"campaign: {campaign} {why}", field="campaign", value=campaign)
        self.campaign = campaign


class CampaignKeyError(RefusalError):
    """A file that is no key of a campaign, or not of this one, or cannot be read or made."""

    def __init__(self, file: str, why: str) -> None:
        super().__init__(f"{file}: {why}", field="key")
        self.file = file
