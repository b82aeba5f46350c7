"""create_app(): the table of contents."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface
from flask_security import SQLAlchemyUserDatastore
from itsdangerous import URLSafeTimedSerializer
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from surveyapp import clock, i18n, site, tokens
from surveyapp.accounts import factors, log, members, passkeys
from surveyapp.accounts import views as accounts
from surveyapp.answering import preview, receipt_views, shared
from surveyapp.answering import views as answering
from surveyapp.assessments import running
from surveyapp.assessments import views as assessments
from surveyapp.classes import page as class_page
from surveyapp.classes import paper
from surveyapp.classes import views as classes
from surveyapp.comparison import views as comparison
from surveyapp.config import PACKAGE, Settings, data_folder, sqlalchemy_url
from surveyapp.demo import stage
from surveyapp.errors import register_error_pages
from surveyapp.extensions import csrf, db, migrate, security
from surveyapp.figures import views as figures
from surveyapp.finishing import views as finishing
from surveyapp.invitations import views as invitations
from surveyapp.listening import views as listening
from surveyapp.mailing import views as mailing
from surveyapp.models import Role, User, WebAuthn
from surveyapp.models.recording import text_hash
from surveyapp.moderation import views as moderation
from surveyapp.privacy import views as privacy
from surveyapp.reports import views as reports
from surveyapp.translating import views as translating

# In the order of a city's journey
FEATURES = (
    site,
    accounts,
    factors,
    passkeys,
    members,
    log,
    translating,
    assessments,
    running,
    preview,
    listening,
    mailing,
    classes,
    class_page,
    paper,
    invitations,
    answering,
    receipt_views,
    shared,
    moderation,
    comparison,
    figures,
    finishing,
    reports,
    privacy,
)


class Sessions(SecureCookieSessionInterface):
    """Flask's own, with the signer made once and not twice a request."""

    @lru_cache(maxsize=8)  # noqa: B019  (by application; tests make several)
    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        return super().get_signing_serializer(app)


class Surveyapp(Flask):
    session_interface = Sessions()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Nothing here is a coroutine: Flask looks ten times a request."""
        return func


def create_app(settings: Settings | None = None) -> Flask:
    """The application, bound to its settings (the environment's by default)."""
    settings = settings or Settings.from_environment()
    app = Surveyapp(
        "surveyapp", template_folder=".", static_folder=None, instance_path=str(Path("instance").resolve())
    )
    configure(app, settings)

    db.init_app(app)
    migrate.init_app(app, db, directory=str(data_folder("migrations")), render_as_batch=True)
    csrf.init_app(app)
    security.init_app(app, SQLAlchemyUserDatastore(db, User, Role, WebAuthn), register_blueprint=False)
    security.principal.identity_loaders.clear()  # roles are looked up in access.py, not on every page
    app.login_manager.request_loader(None)  # type: ignore[attr-defined]  # nobody signs in by a token in an address
    i18n.init_app(app)

    if settings.demo:
        app.register_blueprint(stage.bp)  # before the others: its `/` stands in for the home page
    for feature in FEATURES:
        app.register_blueprint(feature.bp)

    app.jinja_env.globals["static_file"] = static_file
    app.jinja_env.filters.update(here=clock.said, in_fours=tokens.in_fours, text_hash=text_hash)
    app.after_request(site.protect)
    register_error_pages(app)
    return app


def configure(app: Flask, settings: Settings) -> None:
    secure = urlsplit(settings.base_url).scheme == "https"
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TOKEN_KEY=settings.token_key,
        BASE_URL=settings.base_url.rstrip("/"),
        QUEUE_URL=settings.queue_url,
        MAIL_URL=settings.mail_url,
        MAIL_FROM=settings.mail_from,
        METRICS_TOKEN=settings.metrics_token,
        OPERATOR=settings.operator,
        CONTACT=settings.contact or settings.mail_from,
        ENFORCEMENT=settings.enforcement,
        LANGUAGES=settings.languages,
        TIMEZONE=settings.timezone,
        DEMO=settings.demo,
        SQLALCHEMY_DATABASE_URI=sqlalchemy_url(settings.database_url),
        SQLALCHEMY_ENGINE_OPTIONS={
            "hide_parameters": True
        },  # a traceback in a log holds no answer and no address
        # With the prefix a browser takes the cookie from this very host and with TLS only (RFC 6265bis): no neighbour
        # under the city's domain can plant another
        SESSION_COOKIE_NAME="__Host-session" if secure else "session",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,  # a page that changes nothing sets no cookie
        SESSION_COOKIE_SECURE=secure,
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        MAX_CONTENT_LENGTH=1_000_000,
        WTF_CSRF_SSL_STRICT=False,  # it asks for a Referer, which our pages tell browsers not to send
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a slow reader must lose nothing
        SECURITY_PASSWORD_SALT=settings.token_key,  # as lasting as the passwords; the other key may be changed
        SECURITY_SEND_REGISTER_EMAIL=False,
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False},
    )
    # Before the application: a stylesheet needs no session, no language and no form
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        PACKAGE / "static",
        prefix="static",
        max_age=31_536_000,  # addresses carry a hash of the content: see static_file()
        allow_all_origins=False,
        add_headers_function=lambda headers, _path, _url: site.guard(headers),
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    for url in (settings.database_url, settings.queue_url):
        if url.startswith("sqlite:///"):
            folder = Path(url.removeprefix("sqlite:///")).parent
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError:
                continue  # the first query says it; `surveyapp doctor` names it


def static_file(name: str) -> str:
    """Address of a static file that changes with its content, so that it can be cached for good."""
    return _static_file(name, request.script_root)


@lru_cache
def _static_file(name: str, root: str) -> str:
    fingerprint = hashlib.sha256((PACKAGE / "static" / name).read_bytes()).hexdigest()[:10]
    return f"{root}/static/{name}?v={fingerprint}"
