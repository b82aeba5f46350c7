"""Opens a round of five groups and issues the links that people will follow."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice

from flask import Flask

from surveyapp.app import create_app
from surveyapp.config import Settings
from surveyapp.database import db
from surveyapp.issuing import issue_links
from surveyapp.models import Batch, Round
from tests import builders
from tests.load.respondent import Person

# As in a city: most of those asked are learners
GROUPS = ("learners", "city", "learners", "providers", "learners", "migrant_orgs", "learners", "employers")
LANGUAGES = ("en", "de", "ar")


@contextmanager
def application(settings: dict[str, str]) -> Iterator[Flask]:
    """The application in this process, beside the service, on the database that it set up."""
    app = create_app(Settings(**settings))  # type: ignore[arg-type]
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def invite(round_key: str, number: int) -> tuple[Round, list[Person]]:
    """An open round and its people: groups and languages take turns, so that every pair of them comes up."""
    round_ = builders.opened_round(key=round_key)
    batches = {key: Batch(group=builders.group(round_, key), channel="personal") for key in set(GROUPS)}
    people = []
    for place, (group, language) in enumerate(islice(zip(cycle(GROUPS), cycle(LANGUAGES)), number)):
        [(_, token)] = issue_links(batches[group], 1, language)
        people.append(Person(place, group, language, f"/i/{token}"))
    db.session.commit()
    return round_, people
