"""A closed round with something of everything: clear difference, split, early sign, don't knows, hidden group."""

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlsplit

from flask.testing import FlaskClient

from surveyapp.accounts.links import sign_in_link
from surveyapp.database import db
from surveyapp.models import Batch, Invitation, Round, User
from surveyapp.models.content import content
from surveyapp.models.counts import TOOK_PART, raise_tally
from tests.builders import group, opened_round

PEOPLE = {"city": 8, "providers": 15, "migrant_orgs": 6, "employers": 9, "learners": 300}

# factor -> group -> counts from "not at all" to "fully", then don't knows
STATEMENTS: dict[str, dict[str, tuple[int, ...]]] = {
    "f1": {"city": (0, 1, 3, 4, 0), "providers": (1, 4, 7, 2, 1), "migrant_orgs": (0, 2, 3, 1, 0),
           "employers": (0, 2, 5, 1, 1), "learners": (20, 60, 130, 70, 20)},
    "f2": {"city": (0, 0, 2, 6, 0), "providers": (4, 7, 3, 0, 1), "migrant_orgs": (2, 3, 1, 0, 0),
           "employers": (0, 1, 1, 0, 7)},
    "f3": {"city": (0, 3, 4, 1, 0), "providers": (1, 6, 6, 1, 1), "migrant_orgs": (1, 3, 1, 1, 0),
           "employers": (1, 4, 2, 0, 2), "learners": (30, 100, 120, 40, 10)},
    "f4": {"city": (0, 2, 5, 1, 0), "providers": (0, 3, 9, 3, 0), "migrant_orgs": (2, 1, 3, 0, 0),
           "employers": (4, 2, 2, 0, 1), "learners": (25, 90, 120, 45, 20)},
    "f5": {"city": (0, 1, 4, 3, 0), "providers": (1, 4, 8, 2, 0), "migrant_orgs": (2, 3, 1, 0, 0),
           "employers": (0, 3, 3, 1, 2), "learners": (90, 120, 60, 20, 10)},
    "f6": {"city": (0, 2, 4, 1, 1), "providers": (0, 4, 7, 4, 0), "migrant_orgs": (0, 3, 2, 1, 0),
           "employers": (0, 3, 3, 1, 2), "learners": (120, 25, 25, 125, 5)},
    "f7": {"city": (0, 0, 6, 2, 0), "providers": (0, 1, 10, 4, 0), "migrant_orgs": (0, 1, 4, 1, 0),
           "learners": (5, 30, 180, 80, 5)},
    "f8": {"city": (0, 3, 3, 1, 1), "providers": (1, 4, 6, 3, 1), "migrant_orgs": (0, 3, 2, 0, 1),
           "employers": (0, 2, 1, 0, 1), "learners": (30, 60, 60, 25, 125)},
    "f9": {"city": (0, 2, 5, 1, 0), "providers": (1, 4, 8, 2, 0), "migrant_orgs": (1, 3, 1, 0, 1),
           "employers": (1, 3, 3, 0, 2), "learners": (25, 70, 130, 60, 15)},
}  # fmt: skip


def closed_round(
    statements: Mapping[str, Mapping[str, tuple[int, ...]]] = STATEMENTS,
    people: Mapping[str, int] = PEOPLE,
    **changes: object,
) -> Round:
    """The round of tests.builders, answered as told."""
    return answered(opened_round(**changes), statements, people)


def answered(
    round_: Round, statements: Mapping[str, Mapping[str, tuple[int, ...]]], people: Mapping[str, int]
) -> Round:
    """An open round, closed with these answers: concrete questions follow the group's overall statement."""
    for key, number in people.items():
        batch = Batch(group=group(round_, key), channel="codes")
        db.session.add(batch)
        db.session.add_all(Invitation(batch=batch, status="answered") for _ in range(number))
        db.session.add_all(Invitation(batch=batch) for _ in range(number // 2))
        db.session.flush()
        raised = {cell: n for cell, n in answers_of(round_, key, statements).items() if n}
        raise_tally(round_.id, batch.group_id, batch.id, raised | {TOOK_PART: number})
    round_.state, round_.closed_on, round_.shown_on = "closed", date(2026, 10, 30), date(2026, 10, 31)
    db.session.commit()
    return round_


def answers_of(
    round_: Round, key: str, statements: Mapping[str, Mapping[str, tuple[int, ...]]]
) -> dict[tuple[str, str], int]:
    counted: dict[tuple[str, str], int] = {}
    short = group(round_, key).short
    for factor, groups in statements.items():
        *rated, dont_know = groups.get(key, (0,))
        asked = [question.key for question in content(round_).benchmark.asked(factor, key, short)]
        for question in [factor, *asked] if rated else []:
            counted |= {(question, str(code)): n for code, n in enumerate(rated)}
            counted[question, "dk"] = dont_know
    return counted


def sign_in(client: FlaskClient, user: User) -> None:
    """As a person does: the link from the mail, then its button."""
    assert client.post(urlsplit(sign_in_link(user)).path).status_code == 303
