"""Mail: one way out. `smtp://`, `smtps://` (user:password@host:port) or `log:`, for development."""

import logging
import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as ON_THE_WIRE
from email.utils import parseaddr
from typing import Protocol
from urllib.parse import unquote, urlsplit

from email_validator import EmailNotValidError, validate_email
from flask import current_app

log = logging.getLogger(__name__)

PATIENCE = 20  # seconds a server may take to answer
LOCAL = ("localhost", "127.0.0.1", "::1")


class MailRefused(Exception):
    """The message was not taken; the text says why."""

    temporary = False

    @property
    def for_a_log(self) -> str:
        """The text without the address that servers like to repeat."""
        return re.sub(r"\S*@\S*", "…", str(self))


class TryLater(MailRefused):
    """Not taken now: the server is away, or said itself that a later try may do."""

    temporary = True


class PerhapsTaken(MailRefused):
    """The connection broke after the message was handed over and before the server said what became of it."""


class Post(Protocol):
    """An open way to the server; takes any number of messages while it is alive."""

    @property
    def alive(self) -> bool: ...

    def take(self, message: EmailMessage, to: str) -> None:
        """Returns once the server has taken the message for `to`; raises MailRefused, TryLater, PerhapsTaken."""


def send(to: str, subject: str, text: str) -> None:
    """Sends one plain-text message; raises MailRefused when the server does not take it."""
    message = EmailMessage()
    message["From"] = sender()
    message["To"] = to
    message["Subject"] = subject
    message.set_content(text)
    with connected() as post:
        post.take(message, to)


def address_of(text: str) -> str | None:
    """An address as it is kept: small letters, the domain as mail servers write it. None where it is none."""
    given = parseaddr(text)[1] if "<" in text else text.removeprefix("mailto:")
    try:
        valid = validate_email(
            given.strip(), check_deliverability=False, test_environment=True, allow_smtputf8=False
        )
    except EmailNotValidError:
        return None
    return (valid.ascii_email or valid.normalized).lower()


def sender(name: str = "") -> Address:
    """Who mail is from: the installation's address, under a name of its own where one is given."""
    own_name, address = parseaddr(current_app.config["MAIL_FROM"])
    return Address(name or own_name, addr_spec=address)


@contextmanager
def connected() -> Iterator[Post]:
    """A connection for several messages. Raises TryLater where the server cannot be reached."""
    url = urlsplit(current_app.config["MAIL_URL"])
    if url.scheme == "log":
        yield _Log()
        return
    host = url.hostname or "localhost"
    smtp: smtplib.SMTP
    try:
        if url.scheme == "smtps":
            smtp = smtplib.SMTP_SSL(host, url.port or 0, timeout=PATIENCE, context=_tls(host))
        else:
            smtp = smtplib.SMTP(host, url.port or 0, timeout=PATIENCE)
    except (OSError, smtplib.SMTPException) as error:
        raise TryLater(_words(error)) from error
    try:
        try:
            smtp.ehlo()
            if url.scheme == "smtp" and smtp.has_extn("starttls"):
                smtp.starttls(context=_tls(host))
            elif url.scheme == "smtp" and url.username and host not in LOCAL:
                raise TryLater(f"{host} offers no encryption: the password is not sent")
            if url.username:
                smtp.login(unquote(url.username), unquote(url.password or ""))
        except (OSError, smtplib.SMTPException) as error:
            raise TryLater(_words(error)) from error  # our own account is at fault, never an address
        yield _Smtp(smtp)
    finally:
        with suppress(OSError, smtplib.SMTPException):
            smtp.quit()
        smtp.close()


def _tls(host: str) -> ssl.SSLContext:
    """Links and a password go this way: the server must prove who it is, unless it is on this very machine."""
    context = ssl.create_default_context()
    if host in LOCAL:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


class _Log:
    alive = True

    def take(self, message: EmailMessage, to: str) -> None:
        text = message.get_body(("plain",))
        log.warning("mail to %s: %s\n%s", to, message["Subject"], text.get_content() if text else "")


class _Smtp:
    """One step of the protocol at a time, so that it is known how far a message came when something breaks."""

    def __init__(self, smtp: smtplib.SMTP) -> None:
        self._smtp = smtp

    @property
    def alive(self) -> bool:
        return self._smtp.sock is not None

    def take(self, message: EmailMessage, to: str) -> None:
        sender_ = parseaddr(str(message["From"]))[1]
        smtp = self._smtp
        try:
            smtp.ehlo_or_helo_if_needed()
            _taken(smtp.mail(sender_))
            _taken(smtp.rcpt(to))
            _taken(smtp.docmd("DATA"))
        except MailRefused:
            with suppress(OSError, smtplib.SMTPException):
                smtp.rset()
            raise
        except (OSError, smtplib.SMTPException) as error:
            smtp.close()
            raise TryLater(_words(error)) from error
        try:
            smtp.send(_on_the_wire(message))
            answer = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            smtp.close()
            raise PerhapsTaken(_words(error)) from error
        _taken(answer)


def _on_the_wire(message: EmailMessage) -> bytes:
    """The message as SMTP wants it: a line of one dot ends it, so a dot that begins a line is doubled."""
    lines = re.sub(rb"(?m)^\.", b"..", message.as_bytes(policy=ON_THE_WIRE))
    return lines.removesuffix(b"\r\n") + b"\r\n.\r\n"


def _taken(answer: tuple[int, bytes]) -> None:
    """Raises unless the server agrees (2xx) or asks for the rest (354)."""
    code, words = answer
    if 200 <= code < 400:
        return
    text = f"{code} {words.decode('utf-8', 'replace')}"[:300]
    raise (TryLater if 400 <= code < 500 or code < 0 else MailRefused)(text)


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        return f"{error.smtp_code} {text.decode('utf-8', 'replace') if isinstance(text, bytes) else text}"[
            :300
        ]
    return (str(error) or type(error).__name__)[:300]
