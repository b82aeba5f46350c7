"""Mail: one way out. `smtp://`, `smtps://` (user:password@host:port) or `log:`, for development."""

import logging
import smtplib
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from flask import current_app

log = logging.getLogger(__name__)


class MailRefused(Exception):
    """The message was not taken; the text says why."""


def send(to: str, subject: str, text: str) -> None:
    """Sends one plain-text message; raises MailRefused when the server does not take it."""
    message = EmailMessage()
    message["From"] = current_app.config["MAIL_FROM"]
    message["To"] = to
    message["Subject"] = subject
    message.set_content(text)
    url = urlsplit(current_app.config["MAIL_URL"])
    if url.scheme == "log":
        log.warning("mail to %s: %s\n%s", to, subject, text)
        return
    server = smtplib.SMTP_SSL if url.scheme == "smtps" else smtplib.SMTP
    try:
        with server(url.hostname or "localhost", url.port or 0, timeout=20) as smtp:
            smtp.ehlo()
            if url.scheme == "smtp" and smtp.has_extn("starttls"):
                smtp.starttls()
            if url.username:
                smtp.login(unquote(url.username), unquote(url.password or ""))
            smtp.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        raise MailRefused(str(error)) from error
