"""What those who get the mail can do: ask for no more of it, or for a link they have lost."""

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from surveyapp.access import public
from surveyapp.extensions import csrf, db, queue, start_writing
from surveyapp.i18n import offer
from surveyapp.layout import Page, message
from surveyapp.mail import address_of
from surveyapp.mailing import lost, optout
from surveyapp.mailing.blueprint import bp
from surveyapp.mailing.jobs import send_lost_links
from surveyapp.models import Contact, Invitation, Round


@bp.get("/stop/<token>")
@public
def stop(token: str) -> Page:
    """Only buttons: programs that look into mail open links, and must not act for anybody."""
    invitation = optout.find_by_stop_token(token)
    return _stop_page(invitation) if invitation else _unknown()


@bp.post("/stop/<token>")
@public
@csrf.exempt
def stop_now(token: str) -> Page:
    """Pressed on the page, or by the mail program itself (RFC 8058), which knows no cookie and follows no redirect."""
    start_writing()
    invitation = optout.find_by_stop_token(token)
    if invitation is None:
        return _unknown()
    contact = db.session.get(Contact, invitation.id)
    if contact is not None:
        city_id = _round(invitation).assessment.city_id
        change = optout.resume if request.form.get("do") == "resume" else optout.stop
        change(city_id, contact.email)
        db.session.commit()
    return _stop_page(invitation)


@bp.get("/lost-link")
@public
def lost_link() -> Page:
    return render_template("mailing/lost.html")


@bp.post("/lost-link")
@public
def send_lost_link() -> Page:
    """The same answer, in the same time, whether or not the address is known: the worker does the rest."""
    start_writing()
    typed = request.form.get("email", "").strip()[:254]
    email = address_of(typed)
    if email is None:
        return render_template("mailing/lost.html", wrong=typed), 422
    found = lost.invitations_of(email)
    allowed = lost.allowed(email, request.remote_addr or "")
    db.session.commit()
    queue.nudge(send_lost_links, found if allowed else [])
    return redirect(url_for(".lost_link_sent"), 303)


@bp.get("/lost-link/sent")
@public
def lost_link_sent() -> Page:
    text = _(
        "If this address was invited to a survey that is open, and no answer has come yet, the link is on its way. "
        "Look into the spam folder too. If nothing comes, ask the people who invited you."
    )
    return message(_("Look into your mailbox"), text)


def _round(invitation: Invitation) -> Round:
    return invitation.batch.group.round


def _stop_page(invitation: Invitation) -> Page:
    round_ = _round(invitation)
    offer(round_.languages, invitation.language)
    contact = db.session.get(Contact, invitation.id)
    if contact is None:
        text = _("We no longer have your address. Nothing more will be sent to you because of this survey.")
        return message(_("There is nothing to stop"), text, city=round_.city)
    stopped = optout.wants_none(round_.assessment.city_id, contact.email)
    return render_template(
        "mailing/stop.html",
        city=round_.city,
        stopped=stopped,
        usable=round_.state == "open" and invitation.status in ("invited", "started"),
    )


def _unknown() -> Page:
    text = _(
        "Perhaps a part of it is missing. Open the link in the message again, or ask the people who sent it."
    )
    return message(_("We do not know this link"), text, status=404)
