"""Cities and the staff who work for them. Stakeholders have no account."""

from flask_security.models import fsqla_v3
from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from surveyapp.database import db

fsqla_v3.FsModels.set_db_info(db, user_table_name="users", role_table_name="roles")

ROLES = ("lead", "viewer", "facilitator", "translator")


class City(db.Model):
    __tablename__ = "cities"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    # A sample city: every page says that it and all answers are invented.
    invented: Mapped[bool] = mapped_column(default=False)


class Role(db.Model, fsqla_v3.FsRoleMixin):
    """Flask-Security's own role table, unused: a role is held per city, in Membership."""

    __tablename__ = "roles"


class User(db.Model, fsqla_v3.FsUserMixin):
    __tablename__ = "users"
    memberships: Mapped[list["Membership"]] = relationship(back_populates="user")


class WebAuthn(db.Model, fsqla_v3.FsWebAuthnMixin):
    """A passkey of a user."""

    __tablename__ = "web_authn"


class Membership(db.Model):
    __tablename__ = "memberships"
    __table_args__ = (
        UniqueConstraint("user_id", "city_id"),
        CheckConstraint(f"role IN {ROLES}", name="role"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.id", ondelete="CASCADE"))
    role: Mapped[str]
    user: Mapped[User] = relationship(back_populates="memberships")
    city: Mapped[City] = relationship()
