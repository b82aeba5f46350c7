"""Members of a city."""

import secrets

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select

from surveyapp.database import db
from surveyapp.models import City, Membership, User


class NoAddress(ValueError):
    """Not an e-mail address; the text says why."""


def add_member(email: str, city_name: str, role: str) -> User:
    """Gives somebody a role in a city; city and user are made when they are new, an old role is replaced.

    Raises NoAddress.
    """
    try:
        address = validate_email(email, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError as error:
        raise NoAddress(str(error)) from error
    city = db.session.scalar(select(City).where(City.name == city_name)) or City(name=city_name)
    user = db.session.scalar(select(User).where(User.email == address))
    if user is None:
        user = User(email=address, active=True, fs_uniquifier=secrets.token_hex(32))
    db.session.add_all([city, user])
    db.session.flush()
    membership = db.session.scalar(
        select(Membership).where(Membership.user_id == user.id, Membership.city_id == city.id)
    )
    if membership is None:
        db.session.add(Membership(user=user, city=city, role=role))
    else:
        membership.role = role
    db.session.flush()
    return user
