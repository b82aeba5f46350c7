"""A new round: fresh with sensible defaults, or as an earlier one was set up."""

from collections.abc import Sequence
from datetime import timedelta

from surveyapp.assessments.actions import add_round, find_round
from surveyapp.assessments.changing import today
from surveyapp.assessments.drafts import drafted_texts
from surveyapp.assessments.plan import SERIES, GroupPlan, RoundPlan, readable_key
from surveyapp.benchmark import load
from surveyapp.database import db
from surveyapp.models import City, Round, StakeholderGroup
from surveyapp.models.drafting import pack_folder

WEEKS_OPEN = 4
EXPECTED = {"city": 5, "learners": 60}
EXPECTED_ELSE = 10


def start_round(city: City, title: str, pack: str, languages: Sequence[str], email: str) -> Round:
    """A draft that asks everything of everybody; `email` is the contact until somebody writes a better one."""
    benchmark = load(pack_folder(pack))
    round_ = add_round(
        RoundPlan(
            key=free_key(city, title),
            city=city.name,
            invented=city.invented,
            assessment=SERIES,
            title=title,
            pack=pack,
            factors=tuple(factor.key for factor in benchmark.factors),
            groups=tuple(
                GroupPlan(group.key, group.kind, False, expected(group.key)) for group in benchmark.groups
            ),
            languages=tuple(languages),
            self_group=benchmark.self_group,
            threshold=5,
            closes_on=today() + timedelta(weeks=WEEKS_OPEN),
            texts={},
            answers_export=False,
        )
    )
    round_.texts = drafted_texts(round_, list(languages), f"{city.name}, {email}")
    return round_


def expected(group: str) -> int:
    """How many people a city can usually reach in a group."""
    return EXPECTED.get(group, EXPECTED_ELSE)


def copy_round(earlier: Round, title: str, languages: Sequence[str], done: Sequence[str]) -> Round:
    """A draft set up like an earlier round, without its invitations, mail plans and answers.

    `languages` are those of this installation, `done` the steps that a copy has behind it.
    """
    round_ = Round(
        key=free_key(earlier.city, title),
        assessment=earlier.assessment,
        title=title,
        pack=earlier.pack,
        factors=list(earlier.factors),
        languages=[language for language in earlier.languages if language in languages] or [languages[0]],
        self_group=earlier.self_group,
        threshold=earlier.threshold,
        closes_on=today() + timedelta(weeks=WEEKS_OPEN),
        texts={kind: dict(words) for kind, words in earlier.texts.items()},
        guiding_questions=list(earlier.guiding_questions),
        own_questions=[dict(question) for question in earlier.own_questions],
        draft_languages=[language for language in earlier.draft_languages if language in languages],
        contacts_keep_days=earlier.contacts_keep_days,
        comments_keep_months=earlier.comments_keep_months,
        answers_export=earlier.answers_export,
        setup_done=[step for step in done if earlier.state != "draft" or step in earlier.setup_done],
        groups=[_copied(group) for group in earlier.groups],
    )
    db.session.add(round_)
    db.session.flush()
    return round_


def _copied(group: StakeholderGroup) -> StakeholderGroup:
    return StakeholderGroup(
        key=group.key,
        kind=group.kind,
        position=group.position,
        short=group.short,
        expected=group.expected,
        based_on=group.based_on,
        name=dict(group.name) if group.name else None,
    )


def free_key(city: City, title: str) -> str:
    """A readable id that no round has yet."""
    wish = readable_key(city.name, title) or "round"
    key, number = wish, 1
    while find_round(key) is not None:
        number += 1
        key = f"{wish}-{number}"
    return key
