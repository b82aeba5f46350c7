"""What the mail says: a page per language to change it, look at it and send it to oneself."""

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_security import current_user

from surveyapp import mail
from surveyapp.access import lead_of_round
from surveyapp.extensions import db, start_writing
from surveyapp.i18n import endonym
from surveyapp.layout import Page
from surveyapp.mailing import texts
from surveyapp.mailing.blueprint import OF_ROUND, bp
from surveyapp.mailing.forms import TextsForm
from surveyapp.mailing.wording import Letter, addressed, paragraphs, text_of, voice, written
from surveyapp.models import Round
from surveyapp.models.audit import record

MODE = "preview"


@bp.get(f"{OF_ROUND}/texts/<language>")
@lead_of_round
def wording(round_: Round, language: str) -> Page:
    _offered(round_, language)
    form = TextsForm(data={kind: text_of(round_, kind, language) for kind in texts.KINDS})
    return _page(round_, language, form)


@bp.post(f"{OF_ROUND}/texts/<language>")
@lead_of_round
def save_wording(round_: Round, language: str) -> Page:
    _offered(round_, language)
    form = TextsForm()
    if not form.validate():
        return _page(round_, language, form), 422
    start_writing()
    round_ = db.session.get_one(Round, round_.id, populate_existing=True)
    round_.texts = _with_own(round_, language, form)
    if request.form.get("do") == MODE:  # shown as it would be, and not kept
        page = _page(round_, language, form, typed=True)
        db.session.rollback()
        return page
    record(round_, current_user.email, "mail.texts", language)
    db.session.commit()
    flash(_("The texts are saved."))
    return redirect(url_for(".wording", round_key=round_.key, language=language), 303)


@bp.post(f"{OF_ROUND}/texts/<language>/reset")
@lead_of_round
def reset_wording(round_: Round, language: str) -> Page:
    """Back to the texts that come with the program."""
    _offered(round_, language)
    start_writing()
    round_ = db.session.get_one(Round, round_.id, populate_existing=True)
    round_.texts = {
        kind: {code: text for code, text in own.items() if kind not in texts.KINDS or code != language}
        for kind, own in round_.texts.items()
    }
    record(round_, current_user.email, "mail.texts", language)
    db.session.commit()
    flash(_("The original texts are back."))
    return redirect(url_for(".wording", round_key=round_.key, language=language), 303)


@bp.post(f"{OF_ROUND}/texts/<language>/test")
@lead_of_round
def test_mail(round_: Round, language: str) -> Page:
    """Both mails, as they are saved, to the person who asks."""
    _offered(round_, language)
    to = current_user.email
    try:
        with mail.connected() as post:
            for purpose in texts.PURPOSES:
                said = voice(round_, purpose, language)
                with force_locale(language):
                    text = f"[{texts.test_note()}]\n\n{written(said, _sample(to))}"
                message = addressed(round_.city.name, to, said.subject, text, language)
                post.take(message, to)
    except mail.MailRefused as refusal:
        flash(_("The mail server did not take the test: %(words)s", words=refusal))
    else:
        flash(_("Both mails are on their way to %(address)s.", address=to))
    return redirect(url_for(".wording", round_key=round_.key, language=language), 303)


def _offered(round_: Round, language: str) -> None:
    if language not in round_.languages or round_.ended:
        abort(404)


def _with_own(round_: Round, language: str, form: TextsForm) -> dict[str, dict[str, str]]:
    """The round's texts with those typed; one that is ours word for word stays ours, and follows our translation."""
    changed = {kind: dict(own) for kind, own in round_.texts.items()}
    for kind in texts.KINDS:
        typed = form[kind].data.replace("\r\n", "\n").strip()
        own = changed.setdefault(kind, {})
        with force_locale(language):
            same = typed == texts.default(kind).strip()
        if same:
            own.pop(language, None)
        else:
            own[language] = typed
    return changed


def _sample(to: str) -> Letter:
    base = current_app.config["BASE_URL"]
    return Letter(to, "Sam Example", f"{base}/i/example", f"{base}/stop/example", "example")


def _page(round_: Round, language: str, form: TextsForm, typed: bool = False) -> str:
    shown = []
    if typed or not form.errors:
        for purpose in texts.PURPOSES:
            said = voice(round_, purpose, language)
            shown.append((purpose, said.subject, paragraphs(written(said, _sample("")))))
    return render_template(
        "mailing/texts.html",
        round=round_,
        city=round_.city,
        language=language,
        name=endonym(language),
        form=form,
        shown=shown,
        typed=typed,
    )
