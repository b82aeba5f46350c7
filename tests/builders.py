"""A city with a round to answer, made by the same actions that people use."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from surveyapp.assessments.actions import add_round, open_round
from surveyapp.assessments.plan import GroupPlan, RoundPlan
from surveyapp.database import db
from surveyapp.issuing import issue_codes, issue_links, open_group_link
from surveyapp.models import Batch, City, LanguageReview, Membership, Round, StakeholderGroup, User
from surveyapp.progress import fingerprint

GROUPS = (
    GroupPlan("city", "organisations", False, 9),
    GroupPlan("providers", "organisations", False, 15),
    GroupPlan("migrant_orgs", "organisations", False, 10),
    GroupPlan("employers", "organisations", True, 10),
    GroupPlan("learners", "persons", False, 60),
)
PLAN = RoundPlan(
    key="autumn",
    city="Testville",
    invented=False,
    assessment="Courses",
    title="Autumn 2026",
    pack="language-courses-1",
    factors=tuple(f"f{n}" for n in range(1, 10)),
    groups=GROUPS,
    languages=("en", "de", "ar"),
    self_group="city",
    threshold=5,
    closes_on=None,
    texts={"contact": {"en": "Ask us at 0100 555 010"}, "next_steps": {}},
    answers_export=False,
)
SMALL_PACK = Path(__file__).parent / "benchmark" / "packs" / "small-1"


def draft_round(**changes: object) -> Round:
    round_ = add_round(replace(PLAN, **changes))  # type: ignore[arg-type]
    db.session.commit()
    return round_


def opened_round(**changes: object) -> Round:
    round_ = draft_round(**changes)
    open_round(round_)
    db.session.commit()
    return round_


def review(city: City, *languages: str) -> None:
    """As if a native speaker had read these languages as they are now."""
    for language in languages:
        db.session.add(
            LanguageReview(
                city_id=city.id,
                language=language,
                who="reader@example.org",
                reviewed_on=date(2026, 11, 20),
                fingerprint=fingerprint(language),
            )
        )
    db.session.commit()


def group(round_: Round, key: str) -> StakeholderGroup:
    return next(group for group in round_.groups if group.key == key)


def link(round_: Round, key: str = "learners", language: str | None = None) -> str:
    """Path of a fresh personal link."""
    batch = Batch(group=group(round_, key), channel="personal")
    [(_, token)] = issue_links(batch, 1, language)
    db.session.commit()
    return f"/i/{token}"


def codes(round_: Round, number: int = 1, key: str = "learners") -> list[str]:
    batch = Batch(group=group(round_, key), channel="codes", label="Class A")
    issued = [code for _, code in issue_codes(batch, number)]
    db.session.commit()
    return issued


def group_code(round_: Round, key: str = "learners") -> str:
    _, code = open_group_link(group(round_, key))
    db.session.commit()
    return code


def lead(city: City, email: str = "lead@example.org", role: str = "lead") -> User:
    user = User(email=email, active=True, fs_uniquifier=email)
    db.session.add_all([user, Membership(user=user, city=city, role=role)])
    db.session.commit()
    return user
