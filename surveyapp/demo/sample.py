"""Example City: invented, and said to be so on every page. The same answers each time."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, insert, select

from surveyapp.accounts.actions import add_member
from surveyapp.assessments.actions import add_round, close_round, open_round, sweep_remains
from surveyapp.assessments.plan import GroupPlan, RoundPlan
from surveyapp.benchmark.frozen import DONT_KNOW, NOT_FOR_ME, Frozen
from surveyapp.config import FOR_RESPONDENTS
from surveyapp.database import db, start_writing
from surveyapp.demo.finished import finish_report
from surveyapp.issuing import issue_codes, open_group_link
from surveyapp.models import (
    Answer,
    Batch,
    City,
    Comment,
    Contact,
    Invitation,
    Moderation,
    Response,
    Round,
    StakeholderGroup,
)
from surveyapp.models.content import content
from surveyapp.models.counts import Cell, cells, raise_language, raise_tally
from surveyapp.models.response import random_key

CITY = "Example City"
LEAD = "lead@example.org"
CLOSED, OPEN = "example-spring", "example-autumn"
PEOPLE = {"city": 8, "providers": 15, "migrant_orgs": 6, "employers": 9, "learners": 300}

# How the groups of the closed round rate each factor: not at all, partly, mostly, fully; don't know; the rest skipped.
RATINGS: Mapping[str, Mapping[str, Sequence[int]]] = {
    "f1": {
        "city": (0, 2, 5, 1, 0),
        "providers": (1, 5, 7, 2, 0),
        "migrant_orgs": (1, 3, 2, 0, 0),
        "employers": (0, 3, 3, 0, 3),
        "learners": (30, 90, 120, 50, 10),
    },
    "f2": {  # the city sees a plan that others do not; most employers cannot tell
        "city": (0, 0, 3, 5, 0),
        "providers": (3, 7, 4, 1, 0),
        "migrant_orgs": (2, 3, 1, 0, 0),
        "employers": (0, 1, 1, 0, 6),
    },
    "f3": {
        "city": (0, 3, 4, 1, 0),
        "providers": (1, 6, 6, 2, 0),
        "migrant_orgs": (1, 3, 2, 0, 0),
        "employers": (1, 4, 2, 0, 2),
        "learners": (40, 110, 105, 35, 10),
    },
    "f4": {  # an early sign: employers feel less asked than providers believe
        "city": (0, 2, 5, 1, 0),
        "providers": (0, 3, 9, 3, 0),
        "migrant_orgs": (2, 1, 3, 0, 0),
        "employers": (4, 2, 2, 0, 1),
        "learners": (35, 95, 120, 40, 5),
    },
    "f5": {  # getting in looks easier from the town hall
        "city": (0, 0, 4, 4, 0),
        "providers": (1, 4, 8, 2, 0),
        "migrant_orgs": (1, 3, 2, 0, 0),
        "employers": (1, 3, 3, 0, 2),
        "learners": (75, 135, 65, 20, 5),
    },
    "f6": {  # learners are in two camps
        "city": (0, 2, 5, 1, 0),
        "providers": (0, 3, 9, 3, 0),
        "migrant_orgs": (1, 2, 3, 0, 0),
        "employers": (0, 3, 4, 1, 1),
        "learners": (105, 42, 40, 108, 5),
    },
    "f7": {
        "city": (0, 1, 5, 2, 0),
        "providers": (0, 2, 9, 4, 0),
        "migrant_orgs": (0, 1, 4, 1, 0),
        "learners": (8, 55, 165, 65, 7),
    },
    "f8": {  # many learners do not know what comes next
        "city": (0, 3, 4, 1, 0),
        "providers": (1, 5, 7, 2, 0),
        "migrant_orgs": (1, 3, 2, 0, 0),
        "employers": (1, 4, 3, 0, 1),
        "learners": (25, 60, 65, 25, 120),
    },
    "f9": {  # too few employers to show
        "city": (0, 2, 5, 1, 0),
        "providers": (1, 4, 8, 2, 0),
        "migrant_orgs": (1, 2, 3, 0, 0),
        "employers": (0, 2, 1, 0, 0),
        "learners": (25, 95, 130, 40, 10),
    },
}
ANSWERED_SO_FAR = {"city": 4, "providers": 7, "migrant_orgs": 3, "employers": 2, "learners": 41}
CONTACT = {
    "en": "Integration office of Example City (invented), 0100 555 010",
    "de": "Integrationsbüro von Example City (erfunden), 0100 555 010",
    "fr": "Service intégration d’Example City (ville inventée), 0100 555 010",
    "es": "Oficina de integración de Example City (ciudad inventada), 0100 555 010",
    "ca": "Oficina d’integració d’Example City (ciutat inventada), 0100 555 010",
    "it": "Ufficio integrazione di Example City (città inventata), 0100 555 010",
    "nl": "Integratiebureau van Example City (verzonnen stad), 0100 555 010",
    "sv": "Integrationskontoret i Example City (påhittad stad), 0100 555 010",
    "fi": "Kotoutumispalvelut, Example City (keksitty kaupunki), 0100 555 010",
    "pl": "Biuro integracji, Example City (zmyślone miasto), 0100 555 010",
    "uk": "Відділ інтеграції, Example City (вигадане місто), 0100 555 010",
    "tr": "Uyum bürosu, Example City (hayali şehir), 0100 555 010",
    "ar": "مكتب الاندماج في Example City (مدينة خيالية)، 0100 555 010",
    "fa": "دفتر ادغام Example City (شهر خیالی)، 0100 555 010",
    "so": "Xafiiska isdhexgalka ee Example City (magaalo la mala-awaalay), 0100 555 010",
    "ti": "ቤት ጽሕፈት ውህደት Example City (ብልብወለድ ዝተፈጥረት ከተማ)፣ 0100 555 010",
}
NEXT_STEPS = {
    "en": "All five groups meet and talk about the biggest differences. The city then publishes what it will do.",
    "de": "Alle fünf Gruppen sprechen über die größten Unterschiede. Danach sagt die Stadt, was sie tun wird.",
    "ar": "تلتقي المجموعات الخمس وتتحدث عن أكبر الاختلافات، ثم تعلن البلدية ما ستفعله.",
}


# What people wrote, and what the lead has decided about it; the rest still waits.
COMMENTS: Mapping[str, Sequence[tuple[str, str, str]]] = {
    "city": (("f2", "The plan is there, but few people outside the town hall have read it.", "pending"),),
    "providers": (
        (
            "f3",
            "We hear about new arrivals by chance. A short monthly call with the city would be enough.",
            "kept",
        ),
        ("f5", "Learners wait ten weeks for a place, and some do not come any more after that.", "kept"),
        ("f8", "After the course nobody is responsible. Ask Ms Winter from the job office.", "pending"),
    ),
    "learners": (
        ("f5", "The evening course is good. More places are needed.", "kept"),
        ("f5", "انتظرت ثلاثة أشهر حتى بدأت الدورة.", "kept"),
        ("f6", "My course is too fast. I work at night.", "kept"),
        ("f6", "Die Kursleitung erklärt alles sehr gut.", "kept"),
        ("f7", "The woman at the counter helped me with every paper.", "kept"),
        ("f8", "I do not know what I can do after this course.", "kept"),
        ("f8", "My number is 0100 555 098, please call me.", "hidden"),
    ),
}


class NotEmpty(Exception):
    """There is somebody's data here already."""


def load_sample() -> None:
    """Fills an empty database: a lead, a closed round with answers of 338 people, an open one half way."""
    start_writing()
    if db.session.scalar(select(func.count()).select_from(City)):
        raise NotEmpty("the database is not empty: the sample city goes into an empty one only")
    chance = random.Random(2026)  # noqa: S311  (answers are invented, not secret)
    closed = _round(CLOSED, "Spring 2026", date(2026, 6, 30))
    for group in closed.groups:
        ratings = {factor: rated[group.key] for factor, rated in RATINGS.items() if group.key in rated}
        _answer(closed, group, PEOPLE[group.key], ratings, chance)
    _count_languages(closed, {"en": 121, "de": 96, "ar": 121})
    close_round(closed)
    closed.closed_on, closed.shown_on = date(2026, 6, 30), date(2026, 7, 1)
    closed.comments_keep_months = 36
    _decide_about_comments()
    finish_report(closed, LEAD)
    running = _round(OPEN, "Autumn 2026", datetime.now(UTC).date() + timedelta(days=25), FOR_RESPONDENTS)
    for group in running.groups:
        ratings = {factor: rated[group.key] for factor, rated in RATINGS.items() if group.key in rated}
        _answer(running, group, ANSWERED_SO_FAR[group.key], ratings, chance)
        _invite(group, PEOPLE[group.key] - ANSWERED_SO_FAR[group.key] if group.kind == "organisations" else 0)
    learners = next(group for group in running.groups if group.key == "learners")
    issue_codes(Batch(group=learners, channel="codes", label="Evening class"), 12)
    open_group_link(learners, label="All learners")
    _count_languages(running, {"en": 20, "de": 17, "ar": 20})
    add_member(LEAD, CITY, "lead")
    db.session.commit()
    sweep_remains()


def _round(key: str, title: str, closes_on: date, languages: tuple[str, ...] = ("en", "de", "ar")) -> Round:
    kinds = {"learners": "persons"}
    round_ = add_round(
        RoundPlan(
            key=key,
            city=CITY,
            invented=True,
            assessment="Language and introduction courses",
            title=title,
            pack="language-courses-1",
            factors=tuple(f"f{number}" for number in range(1, 10)),
            groups=tuple(GroupPlan(g, kinds.get(g, "organisations"), False, n) for g, n in PEOPLE.items()),
            languages=languages,
            self_group="city",
            threshold=5,
            closes_on=closes_on,
            texts={"contact": CONTACT, "next_steps": NEXT_STEPS},
            answers_export=False,
        )
    )
    open_round(round_)
    return round_


def _invite(group: StakeholderGroup, number: int) -> None:
    """By mail, to invented people; nothing has been sent to them yet."""
    batch = Batch(group=group, channel="personal")
    for place in range(number):
        invitation = Invitation(batch=batch)
        db.session.add(invitation)
        db.session.flush()
        email = f"{group.key.replace('_', '-')}-{place + 1}@example.org"
        db.session.add(Contact(invitation_id=invitation.id, email=email))
    db.session.flush()


def _decide_about_comments() -> None:
    decisions = {words: state for told in COMMENTS.values() for _, words, state in told}
    laid_out = select(Moderation, Comment.text).join(
        Comment, (Comment.response_id == Moderation.response_id) & (Comment.question == Moderation.question)
    )
    for moderation, words in db.session.execute(laid_out):
        moderation.state = decisions[words]


def _answer(
    round_: Round,
    group: StakeholderGroup,
    people: int,
    ratings: Mapping[str, Sequence[int]],
    chance: random.Random,
) -> None:
    """`people` answer: their ratings as counted, their concrete questions somewhere near."""
    channel = "personal" if group.kind == "organisations" else "codes"
    batch = Batch(group=group, channel=channel, label="" if channel == "personal" else "Morning classes")
    db.session.add(batch)
    db.session.flush()
    frozen = content(round_)
    given = [_one_person(frozen, group.key, draw, chance) for draw in _drawn(ratings, people, chance)]
    raised: Counter[Cell] = Counter()
    said = dict(enumerate(COMMENTS.get(group.key, ())))  # each by another person
    for person, answers in enumerate(given):
        key = random_key()
        place = {"round_id": round_.id, "group_id": group.id, "batch_id": batch.id}
        db.session.execute(insert(Response), [{"id": key, **place}])
        db.session.execute(
            insert(Answer), [{"response_id": key, "question": q, "choice": c} for q, c in answers.items()]
        )
        raised.update(cells(answers))
        if person in said:
            question, words, _ = said[person]
            db.session.execute(insert(Comment), [{"response_id": key, "question": question, "text": words}])
    raise_tally(round_.id, group.id, batch.id, raised)
    db.session.add_all(Invitation(batch=batch, status="answered") for _ in range(people))
    db.session.flush()


def _drawn(ratings: Mapping[str, Sequence[int]], people: int, chance: random.Random) -> list[dict[str, str]]:
    """Deals each factor's counts out to people; where fewer people are there than cards, some cards stay."""
    dealt: list[dict[str, str]] = [{} for _ in range(people)]
    for factor, counts in ratings.items():
        codes = ("0", "1", "2", "3", DONT_KNOW)
        cards: list[str | None] = [code for code, n in zip(codes, counts, strict=True) for _ in range(n)]
        cards += [None] * (people - len(cards))  # skipped
        chance.shuffle(cards)
        for person, code in zip(dealt, cards[:people], strict=True):
            if code is not None:
                person[factor] = code
    return dealt


def _one_person(
    frozen: Frozen, group: str, ratings: Mapping[str, str], chance: random.Random
) -> dict[str, str]:
    answers = dict(ratings)
    for factor in frozen.benchmark.factors:
        own = ratings.get(factor.key)
        for question in frozen.benchmark.asked(factor.key, group):
            codes = frozen.choices(question)
            if NOT_FOR_ME in codes and chance.random() < 0.4:
                answers[question.key] = NOT_FOR_ME
            elif own is None and chance.random() < 0.3:
                continue
            elif chance.random() < (0.6 if own == DONT_KNOW else 0.05):
                answers[question.key] = DONT_KNOW
            else:
                near = int(own) if own and own.isdigit() else chance.choice((0, 1, 1, 2, 2, 3))
                lean = sum(map(ord, question.key)) % 3 - 1  # one question of a factor is easier than another
                steps = [code for code in codes if code.isdigit()]
                answers[question.key] = steps[min(max(near + chance.choice((lean, 0, 0)), 0), len(steps) - 1)]
    return answers


def _count_languages(round_: Round, people: Mapping[str, int]) -> None:
    for language, number in people.items():
        raise_language(round_.id, language, number)
