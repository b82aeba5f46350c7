"""Rounds that strain a paper: it has to carry them without growing."""

from surveyapp.assessments.actions import open_round
from surveyapp.assessments.steps.groups import MOST_OWN
from surveyapp.assessments.steps.texts import LETTERS
from surveyapp.config import FOR_RESPONDENTS
from surveyapp.database import db
from surveyapp.demo.sample import COMMENTS, CONTACT, NEXT_STEPS
from surveyapp.models import Round, StakeholderGroup
from surveyapp.models.content import content
from tests.builders import draft_round
from tests.comparison.closed import answered, closed_round
from tests.moderation.said import say

LONG_NAME = "Libraries, museums and neighbourhood centres that lend their rooms to courses"


def full_round() -> Round:
    """Nine factors and five groups, the city's own words, comments that a person has released."""
    round_ = closed_round(
        languages=FOR_RESPONDENTS, texts={"contact": CONTACT, "next_steps": NEXT_STEPS}, invented=True
    )
    for group, told in COMMENTS.items():
        for factor, text, state in told:
            say(round_, group, {factor: text}, state=state)
    return round_


def strained_round() -> Round:
    """As many groups as a round can have, with long names; three factors that all find good, three that all find
    bad, three on which they are in two camps; texts as long as the form takes them, and long comments."""
    round_ = draft_round(languages=FOR_RESPONDENTS, texts={"contact": {}, "next_steps": {}})
    for number in range(MOST_OWN):
        named = dict.fromkeys(FOR_RESPONDENTS, f"{LONG_NAME} {number + 1}")
        own = StakeholderGroup(
            key=f"own-{number + 1}",
            kind="organisations",
            position=10 + number,
            based_on="providers",
            name=named,
        )
        round_.groups.append(own)
    db.session.commit()
    open_round(round_)
    high, low = (0, 1, 3, 36, 2), (30, 6, 3, 1, 2)
    keys = [group.key for group in round_.groups]
    everyone_high, everyone_low = dict.fromkeys(keys, high), dict.fromkeys(keys, low)
    camps = {key: high if place % 2 else low for place, key in enumerate(keys)}
    statements = {
        f"f{n}": told
        for n, told in enumerate(3 * [everyone_high] + 3 * [everyone_low] + 3 * [camps], start=1)
    }
    answered(round_, statements, dict.fromkeys(keys, 42))
    wording = content(round_).wording
    prose = {
        language: " ".join(words[f"f{n}.statement"] for n in range(1, 10))
        for language, words in wording.items()
    }
    round_.texts = {
        kind: {language: (2 * text)[: LETTERS[kind]] for language, text in prose.items()}
        for kind in ("contact", "next_steps")
    }
    for number in range(3):
        say(
            round_,
            "providers",
            {f"f{n}": f"{number} {prose['de'][:115]}" for n in range(1, 10)},
            state="kept",
        )
    return round_


def short_round() -> Round:
    """One group, nothing said by the city, too few to tell anything of most factors."""
    return closed_round({"f1": {"city": (0, 0, 2, 18, 0)}}, {"city": 20})
