"""The list of people as staff see it: what became of the mail to each, and never whether they answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from surveyapp.database import db
from surveyapp.mailing.contacts import TAKEN_BACK
from surveyapp.mailing.optout import none_of, opted_out
from surveyapp.models import Batch, Contact, Delivery, Invitation, Mailing, Round, StakeholderGroup

# In the order of what needs doing; the words are in overview.html
STATES = ("to_send", "on_its_way", "sent", "perhaps", "refused", "came_back", "no_mail", "taken_back")


@dataclass(frozen=True)
class Line:
    """Somebody on the list."""

    invitation_id: int
    email: str
    name: str
    group: str
    language: str
    state: str
    why: str
    """The server's words, or why mail comes back."""


@dataclass(frozen=True)
class Search:
    words: str = ""
    group: str = ""
    state: str = ""


class PeopleList:
    """The list of one round. Who opted out is kept as hashes: all are compared only where a count or filter asks."""

    def __init__(self, round_: Round) -> None:
        self.round = round_
        self.waves = list(
            db.session.scalars(
                select(Mailing.id).where(Mailing.round_id == round_.id, Mailing.kind == "invitation")
            )
        )
        self.batches = dict(
            db.session.execute(
                select(Batch.id, StakeholderGroup.key)
                .join(StakeholderGroup, StakeholderGroup.id == Batch.group_id)
                .where(StakeholderGroup.round_id == round_.id, Batch.channel == "personal")
            ).all()
        )

    @cached_property
    def none(self) -> list[int]:
        return opted_out(self.round)

    def counts(self) -> Mapping[str, int]:
        """How many are in each state; states in which nobody is are left out."""
        state = self._state().label("state")
        found: dict[str, int] = dict(
            db.session.execute(self._select(state, func.count()).group_by(state)).all()
        )
        return {name: found[name] for name in STATES if name in found}

    def page(self, search: Search, page: int, per_page: int = 50) -> tuple[Pagination, Sequence[Line]]:
        """One page of those who fit, in the order in which they were added."""
        wanted = self._found(search).order_by(Contact.invitation_id)
        pages = db.paginate(wanted, page=page, per_page=per_page, error_out=False)
        return pages, self._lines(pages.items)

    def line(self, invitation_id: int) -> Line | None:
        return next(iter(self._lines([invitation_id])), None)

    def _found(self, search: Search) -> Select[Any]:
        found = self._select(Contact.invitation_id)
        if search.words:
            words = search.words.lower()
            found = found.where(
                or_(
                    Contact.email.contains(words, autoescape=True),
                    func.lower(Contact.name).contains(words, autoescape=True),
                )
            )
        if search.group:
            inside = [batch for batch, group in self.batches.items() if group == search.group]
            found = found.where(Invitation.batch_id.in_(inside))
        if search.state:
            found = found.where(self._state() == search.state)
        return found

    def _lines(self, keys: Sequence[int]) -> list[Line]:
        rows = db.session.execute(
            self._select(
                Contact.invitation_id, Contact.email, Contact.name, Contact.bounced, Invitation.batch_id,
                Invitation.language, Delivery.error, self._state_of_mail().label("state"),
            )
            .where(Contact.invitation_id.in_(keys))
            .order_by(Contact.invitation_id)
        ).all()  # fmt: skip
        none = none_of(self.round.assessment.city_id, [row.email for row in rows])
        return [
            Line(
                invitation_id=row.invitation_id,
                email=row.email,
                name=row.name,
                group=self.batches[row.batch_id],
                language=row.language or self.round.languages[0],
                state="no_mail" if row.email in none and row.state != "taken_back" else row.state,
                why=(row.bounced if row.state == "came_back" else row.error) or "",
            )
            for row in rows
        ]

    def _select(self, *columns: Any) -> Select[Any]:
        joined = and_(Delivery.invitation_id == Contact.invitation_id, Delivery.mailing_id.in_(self.waves))
        return (
            select(*columns)
            .select_from(Contact)
            .join(Invitation, Invitation.id == Contact.invitation_id)
            .outerjoin(Delivery, joined)
            .where(Invitation.batch_id.in_(list(self.batches)))
        )

    def _state(self) -> ColumnElement[str]:
        if not self.none:
            return self._state_of_mail()
        stopped = Contact.invitation_id.in_(self.none) & (func.coalesce(Contact.bounced, "") != TAKEN_BACK)
        return case((stopped, "no_mail"), else_=self._state_of_mail())

    def _state_of_mail(self) -> ColumnElement[str]:
        """What became of the mail, not looking at who opted out."""
        return case(
            (Contact.bounced == TAKEN_BACK, "taken_back"),
            (Contact.bounced.is_not(None), "came_back"),
            (Delivery.status.is_(None), "to_send"),
            (Delivery.status.in_(("waiting", "sending")), "on_its_way"),
            else_=Delivery.status,
        )
