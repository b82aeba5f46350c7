"""What may still change in a round after it was opened: its last day, its languages, and its later states."""

from datetime import UTC, date, datetime

from sqlalchemy import delete, select, update

from surveyapp.assessments.actions import CannotMove, hold
from surveyapp.benchmark.frozen import content_hash
from surveyapp.database import db
from surveyapp.models import Batch, Invitation, Moderation, Response, Round, StakeholderGroup
from surveyapp.models.drafting import wording
from surveyapp.models.mailing import move_last_reminder


def today() -> date:
    """The day as rounds count it: in UTC, everywhere."""
    return datetime.now(UTC).date()


def change_last_day(round_: Round, closes_on: date) -> None:
    """Another last day for an open round; a new warning comes before it."""
    _only_while(round_, "open")
    if closes_on < today():
        raise CannotMove(f"round {round_.key} cannot end in the past")
    move_last_reminder(round_.id, round_.closes_on, closes_on)
    round_.closes_on, round_.warned_on = closes_on, None


def add_language(round_: Round, language: str, texts: dict[str, str], is_draft: bool) -> None:
    """Offers one more language from now on, with the round's own texts in it.

    Of what was frozen at opening nothing changes: the new language is laid beside it, and where the pack has
    changed a sentence since, the source's frozen words stand in for a translation of other words.
    """
    _only_while(round_, "open")
    if language in round_.languages:
        raise CannotMove(f"round {round_.key} is asked in {language} already")
    assert round_.content is not None, "an open round has its content"
    frozen, source = round_.content["wording"], round_.content["benchmark"]["source_language"]
    if language not in frozen:
        now, translated = wording(round_, source), wording(round_, language)
        words = {
            key: translated[key] if now.get(key) == asked and key in translated else asked
            for key, asked in frozen[source].items()
        }
        round_.content = {**round_.content, "wording": {**frozen, language: words}}
        round_.content_hash = content_hash(round_.content)
    round_.languages = [*round_.languages, language]
    round_.texts = {
        **round_.texts,
        **{kind: {**round_.texts.get(kind, {}), language: text} for kind, text in texts.items()},
    }
    if is_draft and language not in round_.draft_languages:
        round_.draft_languages = [*round_.draft_languages, language]


def drop_language(round_: Round, language: str) -> None:
    """Offers a language no longer. What was answered in it stays, and so does its wording."""
    _only_while(round_, "open")
    if language not in round_.languages:
        raise CannotMove(f"round {round_.key} is not asked in {language}")
    if len(round_.languages) == 1:
        raise CannotMove(f"round {round_.key} needs at least one language")
    round_.languages = [code for code in round_.languages if code != language]


def reopen_round(round_: Round, closes_on: date) -> None:
    """Lets answers in again, only while nobody has seen a result: who has could see what the next answer changes.

    Drafts went when the round closed, so whoever had started begins afresh: an invitation may be used again,
    and what was left of a start on a group's link goes.
    """
    _only_while(round_, "closed")
    if round_.shown_on is not None:
        raise CannotMove(f"results of round {round_.key} were shown: it cannot be opened again")
    if closes_on < today():
        raise CannotMove(f"round {round_.key} cannot end in the past")
    responses = select(Response.id).where(Response.round_id == round_.id)
    db.session.execute(delete(Moderation).where(Moderation.response_id.in_(responses)))
    for joined, change in (
        (False, update(Invitation).values(status="invited")),
        (True, delete(Invitation)),
    ):
        batches = (
            select(Batch.id)
            .join(StakeholderGroup)
            .where(StakeholderGroup.round_id == round_.id, (Batch.channel == "group_link") == joined)
        )
        begun = change.where(Invitation.status == "started", Invitation.batch_id.in_(batches))
        db.session.execute(begun, execution_options={"synchronize_session": False})
    round_.state, round_.closed_on, round_.unsent_drafts = "open", None, None
    round_.closes_on, round_.warned_on = closes_on, None


def mark_reported(round_: Round) -> None:
    """The results have gone to those who answered."""
    _only_while(round_, "closed")
    if round_.shown_on is None:
        raise CannotMove(f"round {round_.key} has shown no result yet: there is nothing to report")
    round_.state = "reported"


def archive_round(round_: Round) -> None:
    """Put away for good; everything stays readable."""
    _only_while(round_, "closed", "reported")
    round_.state = "archived"


def _only_while(round_: Round, *states: str) -> None:
    hold(round_)
    if round_.state not in states:
        raise CannotMove(f"round {round_.key} is {round_.state}: it would have to be {' or '.join(states)}")
