"""Who works for a city: the lead invites, changes roles, and takes people out again."""

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from surveyapp import mail
from surveyapp.access import in_city
from surveyapp.accounts.actions import (
    LastLead,
    MemberAlready,
    NoAddress,
    change_role,
    invite_member,
    remove_member,
)
from surveyapp.accounts.forms import Invite, Role
from surveyapp.accounts.links import invitation_link
from surveyapp.accounts.roles import ROLE_NAMES, ROLE_SENTENCES
from surveyapp.extensions import db, start_writing
from surveyapp.layout import Page
from surveyapp.models import City, Membership, User
from surveyapp.models.audit import record

bp = Blueprint("members", __name__, url_prefix="/cities/<int:city_id>/people")


@bp.get("")
@in_city("lead")
def overview(city: City) -> Page:
    wanted = (
        select(Membership)
        .join(User)
        .options(joinedload(Membership.user))
        .where(Membership.city_id == city.id)
        .order_by(User.email)
    )
    looked_for = request.args.get("q", "").strip()[:100]
    if looked_for:
        wanted = wanted.where(func.lower(User.email).contains(looked_for.lower(), autoescape=True))
    pages = db.paginate(wanted, per_page=50, max_per_page=50)
    return render_template("accounts/members.html", city=city, pages=pages, names=ROLE_NAMES, q=looked_for)


@bp.get("/invite")
@in_city("lead")
def invite(city: City) -> Page:
    return _page("invite", city, form=Invite())


@bp.post("/invite")
@in_city("lead")
def send_invitation(city: City) -> Page:
    start_writing()
    form = Invite()
    if not form.validate():
        return _page("invite", city, form=form), 422
    try:
        member = invite_member(city, form.email.data, form.role.data)
    except NoAddress:
        form.email.errors = [_("This is not an e-mail address.")]
        return _page("invite", city, form=form), 422
    except MemberAlready:
        form.email.errors = [_("This person works here already. You can change the role in the list.")]
        return _page("invite", city, form=form), 422
    record(city, current_user.email, "people.invited", _about(member))
    db.session.commit()
    _send(member)
    return redirect(url_for(".overview", city_id=city.id), 303)


@bp.post("/<int:member_id>/invite-again")
@in_city("lead")
def invite_again(city: City, member_id: int) -> Page:
    start_writing()
    member = _member(city, member_id)
    record(city, current_user.email, "people.invited_again", member.user.email)
    db.session.commit()
    _send(member)
    return redirect(url_for(".overview", city_id=city.id), 303)


@bp.get("/<int:member_id>")
@in_city("lead")
def role(city: City, member_id: int) -> Page:
    member = _member(city, member_id)
    return _page("role", city, member=member, form=Role(role=member.role))


@bp.post("/<int:member_id>")
@in_city("lead")
def set_role(city: City, member_id: int) -> Page:
    start_writing()
    member = _member(city, member_id)
    form = Role()
    if not form.validate():
        return _page("role", city, member=member, form=form), 422
    before = member.role
    try:
        change_role(member, form.role.data)
    except LastLead:
        form.role.errors = [_("This is the only lead. Make somebody else a lead first.")]
        return _page("role", city, member=member, form=form), 422
    if member.role != before:
        record(city, current_user.email, "people.role", _about(member))
    db.session.commit()
    flash(_("The role was saved."))
    return redirect(
        url_for(".overview", city_id=city.id) if _still_lead(member) else url_for("accounts.people"), 303
    )


@bp.get("/<int:member_id>/remove")
@in_city("lead")
def ask_to_remove(city: City, member_id: int) -> Page:
    return _page("leave", city, member=_member(city, member_id))


@bp.post("/<int:member_id>/remove")
@in_city("lead")
def remove(city: City, member_id: int) -> Page:
    start_writing()
    member = _member(city, member_id)
    address, oneself = member.user.email, member.user_id == current_user.id
    try:
        remove_member(member)
    except LastLead:
        return _page("leave", city, member=member, last=True), 422
    record(city, current_user.email, "people.removed", address)
    db.session.commit()
    if oneself:
        flash(_("You no longer work for %(city)s.", city=city.name))
        return redirect(url_for("accounts.people"), 303)
    flash(_("%(address)s no longer works here.", address=address))
    return redirect(url_for(".overview", city_id=city.id), 303)


def _member(city: City, member_id: int) -> Membership:
    wanted = (
        select(Membership)
        .options(joinedload(Membership.user))
        .where(Membership.id == member_id, Membership.city_id == city.id)
    )
    return db.session.scalar(wanted) or abort(404)


def _about(member: Membership) -> str:
    return f"{member.user.email}: {member.role}"


def _still_lead(member: Membership) -> bool:
    return member.user_id != current_user.id or member.role == "lead"


def _page(name: str, city: City, **context: object) -> str:
    return render_template(
        f"accounts/{name}.html", city=city, names=ROLE_NAMES, sentences=ROLE_SENTENCES, **context
    )


def _send(member: Membership) -> None:
    """Mails the invitation and says on the next page whether it went out."""
    address, city = member.user.email, member.city.name
    text = _(
        "%(who)s invites you to work on the survey about language courses in %(city)s. Your role: %(role)s. "
        "%(sentence)s\n\nOpen this link and press the button. It works once, for seven days:\n\n%(link)s\n\n"
        "Afterwards you get a link to sign in whenever you type your address here:\n\n%(sign_in)s",
        who=current_user.email,
        city=city,
        role=ROLE_NAMES[member.role],
        sentence=ROLE_SENTENCES[member.role],
        link=invitation_link(member),
        sign_in=current_app.config["BASE_URL"] + "/sign-in",
    )
    try:
        mail.send(address, _("Invitation to %(city)s", city=city), text)
    except mail.MailRefused as refusal:
        current_app.logger.error("invitation of staff not sent: %s", refusal.for_a_log)
        flash(
            _(
                "%(address)s is in the list, but the mail could not be sent. Send it again later.",
                address=address,
            )
        )
    else:
        flash(_("An invitation is on its way to %(address)s.", address=address))
