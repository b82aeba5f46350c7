"""People on a round's list, and what they do, for the tests of privacy."""

from flask import Flask

from surveyapp.assessments.actions import close_round, sweep_remains
from surveyapp.database import db
from surveyapp.issuing import issue_links
from surveyapp.models import Batch, Contact, Delivery, Invitation, Mailing, Round
from tests.builders import group


def invite(round_: Round, *emails: str, key: str = "learners", name: str = "Ada") -> dict[str, str]:
    """Personal invitations by mail; returns the path of each address's link."""
    batch = Batch(group=group(round_, key), channel="personal")
    issued = issue_links(batch, len(emails), "de")
    mailing = Mailing(round_id=round_.id, kind="invitation", state="sending")
    db.session.add(mailing)
    db.session.flush()
    for email, (invitation, _) in zip(emails, issued, strict=True):
        db.session.add(Contact(invitation_id=invitation.id, email=email, name=name))
        error = f"550 <{email}>: no such user"
        db.session.add(
            Delivery(mailing_id=mailing.id, invitation_id=invitation.id, status="refused", error=error)
        )
    db.session.commit()
    return {email: f"/i/{token}" for email, (_, token) in zip(emails, issued, strict=True)}


def answer(app: Flask, path: str, words: str = "", send: bool = True) -> None:
    browser = app.test_client()
    browser.post(path)
    browser.post("/answer/f7", data={"f7": "2", "f7:comment": words})
    if send:
        browser.post("/answer/send")


def closed(round_: Round) -> Round:
    round_ = db.session.get_one(Round, round_.id)
    close_round(round_)
    db.session.commit()
    sweep_remains()
    return round_


def statuses() -> list[str]:
    return list(db.session.scalars(db.select(Invitation.status).order_by(Invitation.id)))
