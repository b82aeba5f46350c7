"""Who may do what. Every view carries one of these rules; a test walks the URL map and names the one that does not.

A role is held in one city. Whoever has none of the roles asked for gets 404, not 403, so that nobody learns
which rounds and cities exist.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import abort, g, redirect, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response as HTTPResponse

from surveyapp.extensions import db
from surveyapp.models import Assessment, City, Membership, Round
from surveyapp.models.people import ROLES

View = TypeVar("View", bound=Callable[..., Any])
Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def public(view: View) -> View:
    """Anyone may: what this is, sign-in, health, an invitation link (its token is the check)."""
    view.access_rule = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: Callable[..., Any]) -> Callable[..., Any]:
    """Any member of staff; the view asks only for what is theirs."""

    @wraps(view)
    def checked(**arguments: Any) -> Any:
        return view(**arguments) if current_user.is_authenticated else _to_sign_in()

    checked.access_rule = "signed in"  # type: ignore[attr-defined]
    return checked


def of_round(*roles: str) -> Decorator:
    """Members of the round's city with one of these roles. The view gets the Round in place of `round_key`;
    templates read the person's role as `g.role`."""
    _known(roles)

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def checked(round_key: str, **arguments: Any) -> Any:
            if not current_user.is_authenticated:
                return _to_sign_in()
            found = db.session.execute(
                db.select(Round, Membership.role)
                .join(Assessment)
                .join(Membership, Membership.city_id == Assessment.city_id)
                .where(
                    Round.key == round_key, Membership.user_id == current_user.id, Membership.role.in_(roles)
                )
            ).one_or_none()
            round_, g.role = found or abort(404)
            return view(round_, **arguments)

        checked.access_rule = f"round: {', '.join(roles)}"  # type: ignore[attr-defined]
        checked.access_roles = roles  # type: ignore[attr-defined]
        return checked

    return decorate


def in_city(*roles: str) -> Decorator:
    """Members of the city with one of these roles. The view gets the City in place of `city_id`."""
    _known(roles)

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def checked(city_id: int, **arguments: Any) -> Any:
            if not current_user.is_authenticated:
                return _to_sign_in()
            found = db.session.execute(
                db.select(City, Membership.role)
                .join(Membership, Membership.city_id == City.id)
                .where(City.id == city_id, Membership.user_id == current_user.id, Membership.role.in_(roles))
            ).one_or_none()
            city, g.role = found or abort(404)
            return view(city, **arguments)

        checked.access_rule = f"city: {', '.join(roles)}"  # type: ignore[attr-defined]
        checked.access_roles = roles  # type: ignore[attr-defined]
        return checked

    return decorate


def _known(roles: tuple[str, ...]) -> None:
    if not roles or set(roles) - set(ROLES):
        raise ValueError(f"roles are some of {', '.join(ROLES)}, not {roles}")


def _to_sign_in() -> HTTPResponse:
    return redirect(url_for("accounts.sign_in", next=request.path))


lead_of_round = of_round("lead")
