"""Who may do what. Every view carries one of these rules; a test walks the URL map and names the one that does not."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import abort, redirect, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response as HTTPResponse

from surveyapp.extensions import db
from surveyapp.models import Assessment, Membership, Round

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Anyone may: what this is, sign-in, health, an invitation link (its token is the check)."""
    view.access_rule = "public"  # type: ignore[attr-defined]
    return view


def lead_of_round(view: Callable[..., Any]) -> Callable[..., Any]:
    """Leads of the round's city. The view gets the Round in place of its key; others get 404, not 403,
    so that nobody learns which rounds exist."""

    @wraps(view)
    def checked(round_key: str, **arguments: Any) -> Any:
        if not current_user.is_authenticated:
            return _to_sign_in()
        round_ = db.session.scalar(
            db.select(Round)
            .join(Assessment)
            .join(Membership, Membership.city_id == Assessment.city_id)
            .where(Round.key == round_key, Membership.user_id == current_user.id, Membership.role == "lead")
        )
        return view(round_ or abort(404), **arguments)

    checked.access_rule = "lead of the round's city"  # type: ignore[attr-defined]
    return checked


def signed_in(view: Callable[..., Any]) -> Callable[..., Any]:
    """Any member of staff; the view asks only for what is theirs."""

    @wraps(view)
    def checked(**arguments: Any) -> Any:
        return view(**arguments) if current_user.is_authenticated else _to_sign_in()

    checked.access_rule = "signed in"  # type: ignore[attr-defined]
    return checked


def _to_sign_in() -> HTTPResponse:
    return redirect(url_for("accounts.sign_in", next=request.path))
