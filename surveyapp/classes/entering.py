"""Answers typed from paper: what was typed, read as answers, and how one sheet joins the round or leaves it again."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import delete, exists, insert, select

from surveyapp.classes.sheets import PaperPage
from surveyapp.clock import now
from surveyapp.database import db
from surveyapp.models import Answer, AuditEntry, Batch, Comment, LanguageCount, Response, Tally
from surveyapp.models.audit import record
from surveyapp.models.counts import cells, raise_language, raise_tally

# What fingers type for the marks on paper
SAME = {"؟": "?", "–": "-", "—": "-", "−": "-"}


@dataclass
class Typed:
    """One sheet: answers and comments that can be stored, and what was typed into the fields that cannot."""

    answers: dict[str, str] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    """Question -> the marks it takes, as people read them."""
    too_long: dict[str, int] = field(default_factory=dict)

    @property
    def faults(self) -> int:
        return len(self.wrong) + len(self.too_long)

    @property
    def empty(self) -> bool:
        return not (self.answers or self.comments or self.faults)


def read(pages: list[PaperPage], form: Mapping[str, str]) -> Typed:
    """A mark stands for the code beside whose box it is printed; an empty field is a question left out."""
    typed = Typed()
    for page in pages:
        for table in page.tables:
            for item, marks in table.items:
                mark = _mark(form.get(item.key, ""))
                code = next((code for code, printed in marks.items() if printed == mark), None)
                if code is not None:
                    typed.answers[item.key] = code
                elif mark:
                    typed.wrong[item.key] = "  ".join(marks.values())
        for text in page.texts:
            words = form.get(f"{text.key}:comment", "").replace("\x00", "").strip()
            if len(words) > text.max_chars:
                typed.too_long[text.key] = text.max_chars
            elif words:
                typed.comments[text.key] = words
    return typed


def _mark(typed: str) -> str:
    """Digits of every script count: a keyboard may write the ones of its own."""
    mark = typed.strip()
    mark = SAME.get(mark, mark)
    return str(int(mark)) if mark.isdecimal() and len(mark) <= 2 else mark


def enter(batch: Batch, key: str, language: str, typed: Typed) -> None:
    """One person's paper as a response of the batch, under a random key chosen before the page was shown: sending
    the page twice meets the same key and raises IntegrityError."""
    place = {"round_id": batch.group.round_id, "group_id": batch.group_id, "batch_id": batch.id}
    db.session.execute(insert(Response), [{"id": key, **place}])
    for table, rows in (
        (Answer, [{"response_id": key, "question": q, "choice": c} for q, c in typed.answers.items()]),
        (Comment, [{"response_id": key, "question": q, "text": t} for q, t in typed.comments.items()]),
    ):
        if rows:
            db.session.execute(insert(table), rows)
    raise_tally(**place, raised=dict.fromkeys(cells(typed.answers), 1))
    raise_language(batch.group.round_id, language)


def take_out(batch: Batch, key: str, language: str) -> bool:
    """The sheet that was entered last, as if it had never been; False where there is none under this key."""
    here = select(Response.id).where(Response.id == key, Response.batch_id == batch.id)
    if db.session.scalar(here.with_for_update()) is None:
        return False
    given = db.session.execute(select(Answer.question, Answer.choice).where(Answer.response_id == key))
    answers = dict(given.all())
    for table in (Comment, Answer):
        db.session.execute(delete(table).where(table.response_id == key))
    db.session.execute(delete(Response).where(Response.id == key))
    raise_tally(batch.group.round_id, batch.group_id, batch.id, raised=dict.fromkeys(cells(answers), -1))
    db.session.execute(delete(Tally).where(Tally.batch_id == batch.id, Tally.n == 0))
    raise_language(batch.group.round_id, language, -1)
    db.session.execute(
        delete(LanguageCount).where(LanguageCount.round_id == batch.group.round_id, LanguageCount.n == 0)
    )
    return True


def note_once_a_day(batch: Batch, who: str) -> None:
    """One line in the log for all that somebody enters of a batch on one day: a line for each would tell when."""
    round_ = batch.group.round
    known = select(
        exists().where(
            AuditEntry.city_id == round_.assessment.city_id,
            AuditEntry.who == who,
            AuditEntry.action == "paper.entered",
            AuditEntry.round_key == round_.key,
            AuditEntry.about == batch.label,
            AuditEntry.at >= now().replace(hour=0, minute=0, second=0),
        )
    )
    if not db.session.scalar(known):
        record(round_, who, "paper.entered", batch.label)
