"""What an administrator wants to know before the first invitation goes out."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError

from surveyapp import mail
from surveyapp.app import create_app
from surveyapp.cli.main import migration_fault, queue_fault
from surveyapp.config import SettingError, Settings, data_folder
from surveyapp.i18n import catalogues_of
from surveyapp.pdf import missing_glyphs, missing_libraries


def examine() -> list[str]:
    """One line per fault, in the order in which to mend them; empty when all is well."""
    try:
        settings = Settings.from_environment()
    except SettingError as error:
        return [f"settings: {error}"]
    checks: tuple[Callable[[Settings], Iterator[str]], ...] = (
        _keys,
        _database,
        _queue,
        _mail,
        _languages,
        _pdf,
    )
    return [fault for check in checks for fault in check(settings)]


def _keys(settings: Settings) -> Iterator[str]:
    for name in settings.missing_for_production():
        yield f"settings: {name} is not set: a long random value is needed"
    if settings.base_url.startswith("http://") and urlsplit(settings.base_url).hostname not in (
        "127.0.0.1",
        "localhost",
    ):
        yield f"settings: SURVEYAPP_BASE_URL is {settings.base_url}: invitations need https"


def _database(settings: Settings) -> Iterator[str]:
    app = create_app(settings)
    with app.app_context():
        try:
            fault = migration_fault()
        except (SQLAlchemyError, OSError) as error:
            fault = f"database: {str(getattr(error, 'orig', error)).splitlines()[0]}"
    if fault:
        yield fault


def _queue(settings: Settings) -> Iterator[str]:
    if fault := queue_fault(create_app(settings)):
        yield fault


def _mail(settings: Settings) -> Iterator[str]:
    url = urlsplit(settings.mail_url)
    if url.scheme == "log":
        yield "mail: SURVEYAPP_MAIL_URL is not set: messages go to the log, not to people"
        return
    with create_app(settings).app_context():
        try:
            with mail.connected():
                pass
        except mail.MailRefused as error:
            yield f"mail: {url.hostname}: {error}"


def _languages(settings: Settings) -> Iterator[str]:
    for language in settings.languages:
        if language != "en":
            for domain in catalogues_of(language):
                path = data_folder("translations") / language / "LC_MESSAGES" / f"{domain}.mo"
                if not path.exists():
                    yield f"languages: {language}: {path.name} is missing: run `surveyapp translations compile`"


def _pdf(settings: Settings) -> Iterator[str]:
    if fault := missing_libraries():
        yield f"pdf: {fault}"
        return
    for language in settings.languages:
        if letters := missing_glyphs(language):
            yield f"pdf: {language}: no installed font has {letters}: apt-get install fonts-noto-core"
