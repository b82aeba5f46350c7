"""Sending mail: the row says how far it has come, so that a crash at any point loses nothing and repeats nothing.

Three steps for each mail: the claim (committed), the server, the result (committed). A row that stays claimed was
with the server when the worker died. It becomes "perhaps" and is never sent again by itself.
"""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from sqlalchemy import delete, select, update

from surveyapp import mail
from surveyapp.database import db, start_writing
from surveyapp.mailing.optout import stop_token, wants_none
from surveyapp.mailing.waves import finish, now
from surveyapp.mailing.wording import Letter, Voice, composed, voice
from surveyapp.models import Contact, Delivery, Invitation, Mailing, Round
from surveyapp.tokens import link_token

# After a failure that may pass: minutes until the next try; after the last the address counts as refused
BACK_OFF = (1, 5, 30, 2 * 60, 12 * 60)
# Longer than any server may take over one mail
LEASE = timedelta(minutes=10)
AT_ONCE = 100


@dataclass(frozen=True)
class Claim:
    """One mail that is this worker's to send."""

    mailing_id: int
    invitation_id: int
    version: int
    language: str
    email: str
    name: str
    tries: int


def send_some(seconds: float, clock: Callable[[], float] = time.monotonic) -> bool:
    """Sends what is due, for about so long; waves that are on their way take turns. Commits after every step.

    True where the time ended it, so that more may wait.
    """
    waves = list(
        db.session.execute(
            select(Mailing.id, Mailing.round_id)
            .join(Round, Round.id == Mailing.round_id)
            .where(Mailing.state == "sending", Round.state == "open", ~Round.mail_paused)
            .order_by(Mailing.id)
        )
    )
    db.session.rollback()
    more = False
    for mailing_id, round_id in waves:
        until = clock() + seconds / len(waves)
        _Wave(mailing_id, round_id).run(until, clock)
        more |= clock() >= until
        start_writing()
        finish(mailing_id)
        db.session.commit()
    return more


class _Wave:
    """One mailing on its way: the connection that is open, the texts already made, who comes next."""

    def __init__(self, mailing_id: int, round_id: int) -> None:
        self.mailing_id = mailing_id
        round_ = db.session.get(Round, round_id)
        kind = db.session.scalar(select(Mailing.kind).where(Mailing.id == mailing_id))
        assert round_ is not None
        assert kind is not None
        self.round, self.kind = round_, kind
        self.voices: dict[str, Voice] = {}
        self.next: deque[int] = deque()
        db.session.rollback()

    def run(self, until: float, clock: Callable[[], float]) -> None:
        """One connection for many mails; a new one where it broke. Ends where the server cannot be reached."""
        reached = True
        while reached and clock() < until:
            claim = self.claim()
            if claim is None:
                return
            reached = self.over_one_connection(claim, until, clock)

    def over_one_connection(self, claim: Claim | None, until: float, clock: Callable[[], float]) -> bool:
        try:
            with mail.connected() as post:
                while claim is not None:
                    outcome = self.hand_over(post, claim)
                    self.settle(claim, outcome)
                    claim = None
                    if not post.alive:
                        return not isinstance(outcome, mail.TryLater)
                    if clock() < until:
                        claim = self.claim()
                return False
        except mail.TryLater as away:  # no connection: the mail that waited for it comes later
            if claim is not None:
                self.settle(claim, away)
            return False

    def hand_over(self, post: mail.Post, claim: Claim) -> mail.MailRefused | None:
        """None once the server has taken it."""
        if claim.language not in self.voices:
            self.voices[claim.language] = voice(self.round, self.kind, claim.language)
        try:
            message = composed(self.voices[claim.language], letter(claim))
        except (ValueError, UnicodeError) as error:  # an address that no header can hold
            return mail.MailRefused(str(error))
        try:
            post.take(message, claim.email)
        except mail.MailRefused as refusal:
            return refusal
        return None

    def claim(self) -> Claim | None:
        """The next mail, marked as being sent; None when there is none just now, or the round has stopped."""
        while True:
            start_writing()
            open_ = db.session.execute(
                select(Round.state, Round.mail_paused).where(Round.id == self.round.id)
            ).one()
            if tuple(open_) != ("open", False):
                db.session.rollback()
                return None
            if not self.next:
                self.next.extend(_waiting(self.mailing_id))
            if not self.next:
                db.session.rollback()
                return None
            claimed = claim_one(self.mailing_id, self.kind, self.next.popleft(), self.round)
            db.session.commit()
            if claimed is not None:
                return claimed

    def settle(self, claim: Claim, outcome: mail.MailRefused | None) -> None:
        start_writing()
        settle(claim, outcome)
        db.session.commit()


def _waiting(mailing_id: int) -> list[int]:
    return list(
        db.session.scalars(
            select(Delivery.invitation_id)
            .where(
                Delivery.mailing_id == mailing_id, Delivery.status == "waiting", Delivery.not_before <= now()
            )
            .order_by(Delivery.not_before, Delivery.invitation_id)
            .limit(AT_ONCE)
        )
    )


def claim_one(mailing_id: int, kind: str, invitation_id: int, round_: Round) -> Claim | None:
    """Takes one mail, if nobody else has and it may still go: looked at right before it goes out."""
    row = (Delivery.mailing_id == mailing_id) & (Delivery.invitation_id == invitation_id)
    taken = db.session.execute(
        update(Delivery)
        .where(row, Delivery.status == "waiting")
        .values(status="sending", tries=Delivery.tries + 1, not_before=now() + LEASE)
        .returning(Delivery.tries),
        execution_options={"synchronize_session": False},
    ).scalar()
    if taken is None:
        return None
    found = db.session.execute(
        select(
            Contact.email, Contact.name, Contact.bounced,
            Invitation.status, Invitation.version, Invitation.language,
        )
        .select_from(Invitation)
        .outerjoin(Contact)
        .where(Invitation.id == invitation_id)
    ).one()  # fmt: skip
    allowed = ("invited", "started") if kind == "reminder" else ("invited", "started", "answered")
    if (
        found.email is None
        or found.bounced is not None
        or found.status not in allowed
        or wants_none(round_.assessment.city_id, found.email)
    ):
        db.session.execute(delete(Delivery).where(row), execution_options={"synchronize_session": False})
        return None
    language = found.language if found.language in round_.languages else round_.languages[0]
    return Claim(mailing_id, invitation_id, found.version, language, found.email, found.name, taken)


def letter(claim: Claim) -> Letter:
    base = current_app.config["BASE_URL"]
    return Letter(
        to=claim.email,
        name=claim.name,
        link=f"{base}/i/{link_token('personal', claim.invitation_id, claim.version)}",
        stop=f"{base}/stop/{stop_token(claim.invitation_id)}",
        reference=f"{claim.mailing_id}:{claim.invitation_id}:{claim.version}",
    )


def settle(claim: Claim, outcome: mail.MailRefused | None) -> None:
    """Writes down what became of a mail."""
    values: dict[str, object] = {"status": "sent", "error": None}
    if isinstance(outcome, mail.PerhapsTaken):
        values = {"status": "perhaps", "error": str(outcome)}
    elif isinstance(outcome, mail.TryLater) and claim.tries <= len(BACK_OFF):
        later = now() + timedelta(minutes=BACK_OFF[claim.tries - 1])
        values = {"status": "waiting", "error": str(outcome), "not_before": later}
    elif outcome is not None:
        values = {"status": "refused", "error": str(outcome)}
    # "perhaps" too: another worker may have thought that this one had died
    db.session.execute(
        update(Delivery)
        .where(
            Delivery.mailing_id == claim.mailing_id,
            Delivery.invitation_id == claim.invitation_id,
            Delivery.status.in_(("sending", "perhaps")),
        )
        .values(**values),
        execution_options={"synchronize_session": False},
    )


def give_up_interrupted(all_: bool) -> None:
    """Mails that were with the server when a worker died. At the start of a worker all of them, else those past
    their time."""
    sending = Delivery.status == "sending"
    db.session.execute(
        update(Delivery)
        .where(sending if all_ else sending & (Delivery.not_before < now()))
        .values(status="perhaps"),
        execution_options={"synchronize_session": False},
    )
