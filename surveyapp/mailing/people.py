"""Adding people from a list, and what can be done about one of them."""

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from flask_security import current_user

from surveyapp.access import lead_of_round
from surveyapp.charts.words import Words
from surveyapp.extensions import db, queue, start_writing
from surveyapp.i18n import endonym, page_language
from surveyapp.layout import Page
from surveyapp.layout.forms import options
from surveyapp.mail import address_of
from surveyapp.mailing import contacts
from surveyapp.mailing.blueprint import OF_ROUND, bp
from surveyapp.mailing.forms import BouncedForm, CameBackForm, ListForm
from surveyapp.mailing.jobs import send_mail
from surveyapp.mailing.listing import PeopleList
from surveyapp.mailing.lists import names_of, read_list
from surveyapp.mailing.parcel import packed, unpacked
from surveyapp.mailing.tables import Unreadable, rows_of
from surveyapp.models import Contact, Round
from surveyapp.models.audit import record
from surveyapp.models.drafting import planned_content

MOST_FAULTS_SHOWN = 500

# What staff may do about one person: the action, its key in the log, and what they are told. It is the same
# whether or not that person has answered.
ACTIONS: dict[str, tuple[Callable[[Contact], None], str, object]] = {
    "renew": (
        contacts.renew_link,
        "mail.new_link",
        lazy_gettext(
            "The old link no longer works. A mail with a new one goes out, if mail was sent before."
        ),
    ),
    "again": (
        contacts.send_again,
        "mail.sent_again",
        lazy_gettext("The invitation goes out once more."),
    ),
    "take-back": (
        contacts.take_back,
        "mail.revoked",
        lazy_gettext("The invitation is taken back. An answer that has arrived stays."),
    ),
    "invite": (
        contacts.invite_again,
        "mail.reinvited",
        lazy_gettext("This person is invited again."),
    ),
}


@bp.get(f"{OF_ROUND}/add")
@lead_of_round
def add(round_: Round) -> Page:
    _not_over(round_)
    return _list_page(round_, _list_form(round_))


@bp.post(f"{OF_ROUND}/add")
@lead_of_round
def check_list(round_: Round) -> Page:
    """Reads the list and says, row by row, what cannot be used. Nothing is saved."""
    _not_over(round_)
    form = _list_form(round_)
    if not form.validate():
        return _list_page(round_, form), 422
    try:
        names = names_of(round_)
        report = read_list(_uploaded(form), names, form.group.data, form.language.data)
    except Unreadable as error:
        form.pasted.errors = [str(error)]
        return _list_page(round_, form), 422
    contacts.screen(round_, report)
    return render_template(
        "mailing/report.html",
        round=round_,
        city=round_.city,
        words=Words(planned_content(round_), page_language()),
        report=report,
        faults=report.faults[:MOST_FAULTS_SHOWN],
        parcel=packed(round_, report.good) if report.good else "",
    )


@bp.post(f"{OF_ROUND}/add/save")
@lead_of_round
def add_list(round_: Round) -> Page:
    _not_over(round_)
    people = unpacked(round_, request.form.get("parcel", ""))
    if people is None:
        flash(_("This list is too old or was changed on the way. Please check it once more."))
        return redirect(url_for(".add", round_key=round_.key), 303)
    start_writing()
    round_ = db.session.get_one(Round, round_.id, populate_existing=True)
    number = contacts.add_people(round_, people)
    if number:
        record(round_, current_user.email, "mail.imported", str(number))
    db.session.commit()
    flash(ngettext("%(num)d person was added to the list.", "%(num)d people were added to the list.", number))
    return redirect(url_for(".overview", round_key=round_.key), 303)


@bp.get(f"{OF_ROUND}/people/<int:invitation_id>")
@lead_of_round
def person(round_: Round, invitation_id: int) -> Page:
    found = contacts.person_of(round_, invitation_id) or abort(404)
    return _person_page(round_, found, CameBackForm())


@bp.post(f"{OF_ROUND}/people/<int:invitation_id>")
@lead_of_round
def act(round_: Round, invitation_id: int) -> Page:
    _not_over(round_)
    start_writing()
    found = contacts.person_of(round_, invitation_id) or abort(404)
    action, key, told = ACTIONS.get(request.form.get("do", "")) or abort(400)
    action(found)
    record(round_, current_user.email, key, found.invitation.batch.group.key)
    db.session.commit()
    queue.nudge(send_mail)
    flash(str(told))
    return redirect(url_for(".person", round_key=round_.key, invitation_id=invitation_id), 303)


@bp.post(f"{OF_ROUND}/people/<int:invitation_id>/came-back")
@lead_of_round
def came_back(round_: Round, invitation_id: int) -> Page:
    start_writing()
    found = contacts.person_of(round_, invitation_id) or abort(404)
    form = CameBackForm()
    if not form.validate():
        return _person_page(round_, found, form), 422
    contacts.came_back(found, form.why.data or _("noted by hand"))
    record(round_, current_user.email, "mail.bounced", "1")
    db.session.commit()
    flash(_("No more mail goes to this address."))
    return redirect(url_for(".person", round_key=round_.key, invitation_id=invitation_id), 303)


@bp.get(f"{OF_ROUND}/came-back")
@lead_of_round
def bounced(round_: Round) -> Page:
    form = BouncedForm()
    return render_template("mailing/bounced.html", round=round_, city=round_.city, form=form)


@bp.post(f"{OF_ROUND}/came-back")
@lead_of_round
def note_bounced(round_: Round) -> Page:
    form = BouncedForm()
    form.validate()
    try:
        rows = rows_of(_uploaded(form))
    except Unreadable as error:
        form.pasted.errors = [str(error)]
        return render_template("mailing/bounced.html", round=round_, city=round_.city, form=form), 422
    addresses = {address for _, cells in rows for cell in cells if (address := address_of(cell))}
    start_writing()
    number = contacts.came_back_many(round_, addresses, _("from a list of returned mail"))
    if number:
        record(round_, current_user.email, "mail.bounced", str(number))
    db.session.commit()
    flash(
        ngettext(
            "%(num)d address of this round is marked. Nothing more goes there.",
            "%(num)d addresses of this round are marked. Nothing more goes there.",
            number,
        )
    )
    return redirect(url_for(".overview", round_key=round_.key), 303)


def _not_over(round_: Round) -> None:
    if round_.ended:
        abort(404)


def _uploaded(form: ListForm | BouncedForm) -> bytes:
    """The file where one was chosen, else what was typed."""
    file = request.files.get(form.file.name)
    data = file.read() if file and file.filename else b""
    return data or (form.pasted.data or "").encode()


def _list_form(round_: Round) -> ListForm:
    form = ListForm()
    words = Words(planned_content(round_), page_language())
    form.group.choices = options(
        [("", _("It stands in the list")), *((group.key, words.group(group.key)) for group in round_.groups)]
    )
    form.language.choices = options(
        [("", _("It stands in the list")), *((code, endonym(code)) for code in round_.languages)]
    )
    return form


def _list_page(round_: Round, form: ListForm) -> str:
    return render_template("mailing/add.html", round=round_, city=round_.city, form=form)


def _person_page(round_: Round, found: Contact, form: CameBackForm) -> str:
    return render_template(
        "mailing/person.html",
        round=round_,
        city=round_.city,
        words=Words(planned_content(round_), page_language()),
        line=PeopleList(round_).line(found.invitation_id),
        form=form,
    )
