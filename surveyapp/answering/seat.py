"""Who answers what: an invitation with all that the pages of the questionnaire need, read in one query.

Every respondent asks for two dozen pages, so it is one row and not five objects.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app, session
from sqlalchemy import Select, bindparam, select, text

from surveyapp.benchmark.frozen import Frozen
from surveyapp.benchmark.sheets import Sheet, sheet, steps
from surveyapp.database import connection
from surveyapp.layout import CityName
from surveyapp.models import Assessment, Batch, City, Invitation, Round, StakeholderGroup
from surveyapp.models.assessment import PROMISES, WHILE_OPEN
from surveyapp.models.content import content_of


@dataclass(frozen=True)
class Place:
    """What somebody answers: one group of one round, through one channel."""

    batch_id: int
    batch_language: str | None
    channel: str
    group_id: int
    group: str
    short: bool
    round_id: int
    round_key: str
    state: str
    content_hash: str
    languages: Sequence[str]
    closes_on: date | None
    city_id: int
    city_name: str
    invented: bool

    @property
    def keys(self) -> dict[str, int]:
        """What a sent answer is filed under."""
        return {"round_id": self.round_id, "group_id": self.group_id, "batch_id": self.batch_id}

    @property
    def trial(self) -> bool:
        """Staff trying a draft."""
        return self.channel == "trial"

    @property
    def open(self) -> bool:
        return self.state == ("draft" if self.trial else "open")

    @property
    def anonymous(self) -> bool:
        return PROMISES[self.channel] == "anonymous"

    @property
    def city(self) -> CityName:
        return CityName(self.city_name, self.invented)

    @property
    def content(self) -> Frozen:
        return content_of(self.content_hash)

    @property
    def order(self) -> tuple[str, ...]:
        """Keys of the pages, as this group meets them."""
        return steps(self.content, self.group, self.short)

    @property
    def for_anybody(self) -> "Place":
        """What everybody has in common who sees the same pages."""
        return Place(
            0, None, self.channel, 0, self.group, self.short, 0, self.round_key, self.state, self.content_hash,
            tuple(self.languages), self.closes_on, 0, self.city_name, self.invented,
        )  # fmt: skip

    def sheet(self, key: str) -> Sheet:
        """Raises KeyError for a page the group does not have."""
        return sheet(self.content, key, self.group, self.short)


@dataclass(frozen=True)
class Seat(Place):
    """An invitation that is being answered. `wish` is the language it was meant for."""

    invitation_id: int
    version: int
    status: str
    wish: str | None

    @property
    def draft_name(self) -> str:
        """What a device calls this draft while answers wait on it: the same after the link was opened again, and
        nothing that leads to the invitation without our key."""
        key = current_app.config["SECRET_KEY"].encode()
        named = f"draft:{self.invitation_id}:{self.version}".encode()
        return hmac.new(key, named, hashlib.sha256).hexdigest()[:16]


PLACE = (
    Batch.id,
    Batch.language,
    Batch.channel,
    StakeholderGroup.id,
    StakeholderGroup.key,
    StakeholderGroup.short,
    Round.id,
    Round.key,
    Round.state,
    Round.content_hash,
    Round.languages,
    Round.closes_on,
    City.id,
    City.name,
    City.invented,
)
# A request that writes holds the round: closing waits for it, or is waited for and then seen (models/assessment.py)
HOLD: dict[str, Any] = {"of": Round, **WHILE_OPEN}


def placed(query: Any) -> Select[Any]:
    """Joins what a Place is made of to a query that has the batch."""
    return (
        query.join(StakeholderGroup, StakeholderGroup.id == Batch.group_id)
        .join(Round, Round.id == StakeholderGroup.round_id)
        .join(Assessment, Assessment.id == Round.assessment_id)
        .join(City, City.id == Assessment.city_id)
    )


_SEAT = placed(
    select(*PLACE, Invitation.id, Invitation.version, Invitation.status, Invitation.language)
    .select_from(Invitation)
    .join(Batch, Batch.id == Invitation.batch_id)
    .where(Invitation.id == bindparam("id"), Invitation.version == bindparam("version"))
)
# The invitation's own row comes last: two browsers of one person take turns at it
_SEAT_HELD = _SEAT.with_for_update(**HOLD).suffix_with(
    text("FOR UPDATE OF invitations"), dialect="postgresql"
)


def find_seat(writing: bool = False) -> Seat | None:
    """The seat of this session; None where it has none, or the invitation has changed since."""
    return seat_of(session.get("invitation"), session.get("version"), writing)


def seat_of(invitation_id: int | None, version: int | None, writing: bool = False) -> Seat | None:
    """The seat of an invitation; while `writing`, its round cannot close and no other window can write."""
    if invitation_id is None:
        return None
    query = _SEAT_HELD if writing else _SEAT
    row = connection().execute(query, {"id": invitation_id, "version": version}).one_or_none()
    return None if row is None else Seat(*row)
