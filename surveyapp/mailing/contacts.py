"""People on a round's list: added many at once, and what can be done about one of them.

Nothing here may show whether somebody has answered. So each action does and says the same for all: a taken-back
invitation is marked on its contact, and the invitation itself is only revoked where no answer came.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from flask_babel import gettext as _
from sqlalchemy import bindparam, exists, insert, select, update

from surveyapp.database import db
from surveyapp.mailing.lists import Fault, Person, Report
from surveyapp.mailing.optout import address_hash, hashes_of, on_list_of
from surveyapp.models import Batch, Contact, Delivery, Draft, Invitation, Mailing, Round, StakeholderGroup
from surveyapp.tokens import link_token, token_hash

AT_ONCE = 1000

# In place of a reason why mail comes back: staff have taken the invitation back. The status of the invitation
# cannot be shown instead, since that of an answered one never changes.
TAKEN_BACK = "taken back"


def screen(round_: Round, report: Report) -> None:
    """Moves good rows that this round cannot take to the faults: on the list already, or wants no mail."""
    there = _addresses(round_)
    hashes = hashes_of(round_.assessment.city_id)
    good = []
    for person in report.good:
        if person.email in there:
            what = _("This address is on the list of this round already.")
        elif hashes and address_hash(round_.assessment.city_id, person.email) in hashes:
            what = _("This person wants no mail from the city.")
        else:
            good.append(person)
            continue
        report.faults.append(Fault(report.lines[person.email], person.email, what))
    report.good = good
    report.faults.sort(key=lambda fault: fault.line)


def add_people(round_: Round, people: Sequence[Person]) -> int:
    """Puts people on the list, each with an invitation of their own; returns how many are new.

    Whoever is there meanwhile, or has opted out, is passed over. In bulk: 20 000 take seconds.
    """
    there, hashes = _addresses(round_), hashes_of(round_.assessment.city_id)
    wanted: dict[tuple[str, str], list[Person]] = {}
    for person in people:
        if person.email in there or address_hash(round_.assessment.city_id, person.email) in hashes:
            continue
        there.add(person.email)
        wanted.setdefault((person.group, person.language), []).append(person)
    groups = {group.key: group for group in round_.groups}
    for (group, language), some in wanted.items():
        batch = _batch(groups[group])
        for start in range(0, len(some), AT_ONCE):
            _add(batch.id, language, some[start : start + AT_ONCE])
    return sum(map(len, wanted.values()))


def _add(batch_id: int, language: str, people: Sequence[Person]) -> None:
    """The rows of one statement are alike, so it does not matter which number goes to whom."""
    row = {"batch_id": batch_id, "status": "invited", "language": language, "version": 1}
    numbers = list(
        db.session.scalars(insert(Invitation.__table__).returning(Invitation.id), [row] * len(people))
    )
    db.session.execute(
        update(Invitation.__table__)
        .where(Invitation.__table__.c.id == bindparam("number"))
        .values(token_hash=bindparam("hashed")),
        [{"number": n, "hashed": token_hash(link_token("personal", n, 1))} for n in numbers],
    )
    db.session.execute(
        insert(Contact.__table__),
        [
            {"invitation_id": n, "email": person.email, "name": person.name}
            for n, person in zip(numbers, people, strict=True)
        ],
    )


def _batch(group: StakeholderGroup) -> Batch:
    """The one channel of personal links into a group."""
    found = db.session.scalar(
        select(Batch).where(Batch.group_id == group.id, Batch.channel == "personal", Batch.label == "")
    )
    if found is None:
        found = Batch(group=group, channel="personal")
        db.session.add(found)
        db.session.flush()
    return found


def _addresses(round_: Round) -> set[str]:
    return set(db.session.scalars(select(Contact.email).join(Invitation).where(on_list_of(round_))))


def person_of(round_: Round, invitation_id: int) -> Contact | None:
    """Somebody on the list of this round."""
    return db.session.scalar(
        select(Contact)
        .join(Invitation)
        .join(Batch)
        .join(StakeholderGroup)
        .where(Contact.invitation_id == invitation_id, StakeholderGroup.round_id == round_.id)
    )


def renew_link(person: Contact) -> None:
    """The old link dies and the mail goes out again. Somebody who has answered gets a link that thanks them."""
    invitation = _held(person)
    invitation.version += 1
    invitation.token_hash = token_hash(link_token("personal", invitation.id, invitation.version))
    send_again(person)


def send_again(person: Contact) -> None:
    """Lets the invitation go out once more, after a refusal, a return or an end that is not known."""
    person.bounced = None
    delivery = db.session.scalar(
        select(Delivery)
        .join(Mailing, Mailing.id == Delivery.mailing_id)
        .where(Delivery.invitation_id == person.invitation_id, Mailing.kind == "invitation")
        .with_for_update(of=Delivery)
    )
    if delivery is None or delivery.status == "sending":
        return
    delivery.status, delivery.tries, delivery.error = "waiting", 0, None
    delivery.not_before = datetime.now(UTC).replace(tzinfo=None)
    db.session.execute(
        update(Mailing).where(Mailing.id == delivery.mailing_id).values(state="sending"),
        execution_options={"synchronize_session": False},
    )


def take_back(person: Contact) -> None:
    """No more mail, and the link no longer opens the questions. An answer that came stays."""
    invitation = _held(person)
    person.bounced = TAKEN_BACK
    if invitation.status in ("invited", "started"):
        invitation.status = "revoked"


def invite_again(person: Contact) -> None:
    """Undoes taking back."""
    invitation = _held(person)
    if invitation.status == "revoked":
        begun = db.session.scalar(select(exists().where(Draft.invitation_id == invitation.id)))
        invitation.status = "started" if begun else "invited"
    send_again(person)


def came_back(person: Contact, why: str) -> None:
    """Mail to this address came back: nothing more goes there."""
    if person.bounced != TAKEN_BACK:
        person.bounced = why


def came_back_many(round_: Round, addresses: set[str], why: str) -> int:
    """The same for many; returns how many of them are on the list."""
    found = 0
    listed = sorted(addresses & _addresses(round_))
    for start in range(0, len(listed), AT_ONCE):
        some = db.session.scalars(
            select(Contact)
            .join(Invitation)
            .where(on_list_of(round_), Contact.email.in_(listed[start : start + AT_ONCE]))
        )
        for person in some:
            came_back(person, why)
            found += 1
    return found


def _held(person: Contact) -> Invitation:
    """Takes the invitation for this transaction: somebody may be sending an answer just now."""
    db.session.execute(
        select(Invitation.id).where(Invitation.id == person.invitation_id).with_for_update()
    ).one()
    db.session.refresh(person.invitation)
    return person.invitation
