"""What went wrong, said kindly and in the page's language. What was saved before is kept."""

import logging
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from surveyapp.database import db
from surveyapp.layout import message

log = logging.getLogger(__name__)


def register_error_pages(app: Flask) -> None:
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(Exception, _fault)


def _stale_form(_error: CSRFError) -> tuple[str, int]:
    text = _(
        "This can happen when a page was open for very long. Go back, load the page again "
        "and press the button once more: what you saved before is kept."
    )
    return message(_("This page is out of date"), text, status=400)


def _http(error: HTTPException) -> Any:
    if error.response is not None:
        return error.response
    if error.code == 404:
        return message(
            _("This page does not exist"), _("Perhaps a part of the address is missing."), status=404
        )
    if error.code == 413:
        return message(
            _("That was too much"), _("What you sent is larger than this page can take."), status=413
        )
    if error.code == 405:
        return message(
            _("This page cannot do that"), _("Go back and use the buttons of the page."), status=405
        )
    return message(_("Something is not right"), str(error.description or ""), status=error.code or 500)


def _database(error: OperationalError) -> tuple[str, int]:
    db.session.rollback()
    log.error("database: %s", error.orig)
    return _try_again(503)


def _fault(error: Exception) -> tuple[str, int]:
    db.session.rollback()
    log.exception("unexpected", exc_info=error)
    return _try_again(500)


def _try_again(status: int) -> tuple[str, int]:
    text = _(
        "The fault is ours. What you saved before is kept. "
        "Please wait a minute, go back and press the button again."
    )
    return message(_("Something went wrong"), text, status=status)
