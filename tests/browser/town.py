"""A town hall with something on every page of its staff: rounds in every state, people, classes, comments, a log."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from surveyapp.accounts.actions import add_member
from surveyapp.assessments.actions import close_round
from surveyapp.classes.actions import add_codes, add_link, add_paper, give_class_page
from surveyapp.database import db
from surveyapp.issuing import class_token
from surveyapp.mailing.contacts import add_people
from surveyapp.mailing.lists import Person
from surveyapp.mailing.reminders import plan_first
from surveyapp.mailing.waves import start_invitations
from surveyapp.models import Batch, Contact, Delivery, Membership, Report, Round, StakeholderGroup, User
from surveyapp.models.audit import record
from tests.builders import draft_round, group, opened_round
from tests.moderation.said import commented_round, say

LEAD = "lead@testville.example"
NARROW = "a.very.long.address.that.does.not.fit.a.telephone@office-of-integration.testville.example"
SAID = "Mrs Miller, Harbour Street 12, told me about it: +49 30 1234567 or miller@school.example."


class Town:
    """The rows that addresses of pages need."""

    def __init__(self) -> None:
        self.draft, self.open = _draft(), _open()
        self.lead = add_member(LEAD, "Testville", "lead")
        colleague = add_member(NARROW, "Testville", "facilitator")
        db.session.flush()
        member = db.session.scalars(select(Membership).where(Membership.user_id == colleague.id)).one()
        self.city_id, self.member_id = member.city_id, member.id
        person = select(Contact.invitation_id).where(Contact.email == NARROW)
        self.person_id = db.session.scalars(person).one()
        self.codes, self.link, self.paper = _classes(self.open)
        self.class_page = class_token(self.link)
        self.closed = opened_round(key="closed", title="Summer 2026")
        self.leftover, *_ = _classes(self.closed)
        close_round(self.closed)
        self.shown = commented_round(key="shown", title="Spring 2026")
        for state in ("pending", "pending", "kept", "shortened"):
            said = say(self.shown, "learners", {"f5": SAID, "x-best": "المعلمة ممتازة."}, state)
        self.comment = said["f5"].key
        self.report = Report(
            round_id=self.shown.id, language="en", snapshot="s", state="failed", error="fault"
        )
        db.session.add(self.report)
        db.session.commit()

    def signed_in_with(self) -> User:
        db.session.rollback()
        return db.session.scalars(select(User).where(User.email == LEAD)).one()


def _draft() -> Round:
    """Half set up: a group and a question of its own, and nobody invited yet."""
    last_day = datetime.now(UTC).date() + timedelta(weeks=4)
    draft = draft_round(key="draft", title="Spring 2027, the second round", closes_on=last_day)
    draft.setup_done = ["name", "factors"]
    draft.guiding_questions = ["Who is left outside?"]
    names = {"en": "Libraries", "de": "Bibliotheken", "ar": "المكتبات"}
    draft.groups.append(
        StakeholderGroup(
            key="own-1",
            based_on="providers",
            kind="organisations",
            position=9,
            short=False,
            expected=4,
            name=names,
        )
    )
    question = {"en": "How far can people borrow books for learning?"}
    draft.own_questions = [
        {"key": "own1", "factor": "f5", "groups": ["learners", "own-1"], "texts": question}
    ]
    record(draft, LEAD, "round.created", "tea & <biscuits>")
    return draft


def _open() -> Round:
    """Mail to most went well, some was refused, and one is still to be sent. German could be offered too."""
    round_ = opened_round(
        title="Autumn 2026", languages=("en", "ar"), closes_on=datetime.now(UTC).date() + timedelta(weeks=4)
    )
    addresses = [NARROW, *(f"person-{number}@courses.example" for number in range(60))]
    add_people(round_, [Person(address, "Dr Éva Köver", "providers", "en") for address in addresses])
    start_invitations(round_)
    plan_first(round_)
    db.session.execute(update(Delivery).values(status="sent"))
    narrow = select(Contact.invitation_id).where(Contact.email.in_((NARROW, addresses[1])))
    refused = {
        "status": "refused",
        "error": "550 5.1.1 The mailbox of this person is not known here any more",
    }
    db.session.execute(update(Delivery).where(Delivery.invitation_id.in_(narrow)).values(refused))
    add_people(round_, [Person("late@courses.example", "", "employers", "ar")])
    return round_


def _classes(round_: Round) -> tuple[Batch, Batch, Batch]:
    learners = group(round_, "learners")
    codes = add_codes(learners, "Evening class of the adult education centre, room 12", "ar", 12)
    link = add_link(learners, "Everybody", "en", 20, (None, None))
    give_class_page(link)
    return codes, link, add_paper(learners, "Café", "en")
