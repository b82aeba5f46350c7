"""Who may do what. Every view carries one of these rules; a test walks the URL map and names the one that does not.

A role is held in one city. Whoever has none of the roles asked for gets 404, not 403, so that nobody learns
which rounds and cities exist.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import abort, g, redirect, request, url_for
from flask_security import current_user
from sqlalchemy import Select
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
    wanted = (
        db.select(Round, Membership.role)
        .join(Assessment)
        .join(Membership, Membership.city_id == Assessment.city_id)
    )
    return _for_members("round", roles, "round_key", lambda key: wanted.where(Round.key == key))


def in_city(*roles: str) -> Decorator:
    """Members of the city with one of these roles. The view gets the City in place of `city_id`."""
    wanted = db.select(City, Membership.role).join(Membership, Membership.city_id == City.id)
    return _for_members("city", roles, "city_id", lambda number: wanted.where(City.id == number))


def _for_members(
    what: str, roles: tuple[str, ...], argument: str, find: Callable[[Any], Select[Any]]
) -> Decorator:
    """Looks up what the address names together with the person's role in its city; 404 where there is none."""
    _known(roles)

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def checked(**arguments: Any) -> Any:
            if not current_user.is_authenticated:
                return _to_sign_in()
            mine = find(arguments.pop(argument)).where(
                Membership.user_id == current_user.id, Membership.role.in_(roles)
            )
            found, g.role = db.session.execute(mine).one_or_none() or abort(404)
            return view(found, **arguments)

        checked.access_rule = f"{what}: {', '.join(roles)}"  # type: ignore[attr-defined]
        checked.access_roles = roles  # type: ignore[attr-defined]
        return checked

    return decorate


def _known(roles: tuple[str, ...]) -> None:
    if not roles or set(roles) - set(ROLES):
        raise ValueError(f"roles are some of {', '.join(ROLES)}, not {roles}")


def _to_sign_in() -> HTTPResponse:
    return redirect(url_for("accounts.sign_in", next=request.path))


lead_of_round = of_round("lead")
