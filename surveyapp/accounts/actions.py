"""Members of a city: let in, given another role, taken out again. A city always keeps a lead."""

import secrets

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import delete, func, select

from surveyapp.accounts.codes import forget_codes
from surveyapp.database import db
from surveyapp.models import City, Membership, User, WebAuthn


class NoAddress(ValueError):
    """Not an e-mail address; the text says why."""


class MemberAlready(ValueError):
    """This person works for the city already."""


class LastLead(ValueError):
    """Nobody would be left who may invite and decide."""


def add_member(email: str, city_name: str, role: str) -> User:
    """Gives somebody a role in a city; city and user are made when they are new, an old role is replaced.

    Raises NoAddress.
    """
    address = plain_address(email)
    city = db.session.scalar(select(City).where(City.name == city_name)) or City(name=city_name)
    user = _user_with(address)
    db.session.add_all([city, user])
    db.session.flush()
    membership = _membership(user, city)
    if membership is None:
        db.session.add(Membership(user=user, city=city, role=role))
    else:
        membership.role = role
    db.session.flush()
    return user


def invite_member(city: City, email: str, role: str) -> Membership:
    """Adds a colleague; whether the address works for another city, too, is told to nobody.

    Raises NoAddress, MemberAlready.
    """
    user = _user_with(plain_address(email))
    db.session.add(user)
    db.session.flush()
    if _membership(user, city) is not None:
        raise MemberAlready
    membership = Membership(user=user, city=city, role=role)
    db.session.add(membership)
    db.session.flush()
    return membership


def change_role(membership: Membership, role: str) -> None:
    """Raises LastLead."""
    if membership.role == "lead" and role != "lead":
        _another_lead(membership)
    membership.role = role


def remove_member(membership: Membership) -> None:
    """Ends somebody's work for a city; their account and their other cities stay. Raises LastLead."""
    if membership.role == "lead":
        _another_lead(membership)
    db.session.delete(membership)


def reset(email: str) -> User:
    """Somebody who has lost telephone and password signs in by link alone again; whoever held either is out.

    Raises NoAddress where nobody has this address.
    """
    user = db.session.scalar(select(User).where(User.email == plain_address(email)))
    if user is None:
        raise NoAddress("nobody works here under this address")
    user.password = None
    forget_codes(user)
    db.session.execute(delete(WebAuthn).where(WebAuthn.user_id == user.id))
    user.fs_uniquifier = secrets.token_hex(32)
    db.session.flush()
    return user


def plain_address(email: str) -> str:
    """The address as it is kept; raises NoAddress."""
    try:
        return validate_email(email, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError as error:
        raise NoAddress(str(error)) from error


def _another_lead(membership: Membership) -> None:
    """Holds the city's row, so that two leads who remove each other at once cannot both succeed."""
    db.session.execute(select(City.id).where(City.id == membership.city_id).with_for_update())
    others = db.session.scalar(
        select(func.count())
        .select_from(Membership)
        .where(
            Membership.city_id == membership.city_id,
            Membership.role == "lead",
            Membership.id != membership.id,
        )
    )
    if not others:
        raise LastLead


def _user_with(address: str) -> User:
    found = db.session.scalar(select(User).where(User.email == address))
    return found or User(email=address, active=True, fs_uniquifier=secrets.token_hex(32))


def _membership(user: User, city: City) -> Membership | None:
    return db.session.scalar(
        select(Membership).where(Membership.user_id == user.id, Membership.city_id == city.id)
    )
