"""Answers as a file, only where the round was opened with that promise."""

import csv
import random
from itertools import groupby
from typing import TextIO

from sqlalchemy import select

from surveyapp.analysis.rules import RULES
from surveyapp.database import db
from surveyapp.models import Answer, Batch, Response, Round
from surveyapp.models.content import content
from surveyapp.models.counts import COUNTS, TOOK_PART, tallied


class NotAllowed(Exception):
    """The round gives no answers away; the text says why."""


def write_answers(round_: Round, target: TextIO) -> int:
    """Writes one row per person and returns their number.

    Groups under their threshold are left out, and so are batches that count in no result; rows stand in random
    order; there are no comments.
    """
    if not round_.answers_export:
        raise NotAllowed(
            f"round {round_.key} was opened without export: people were promised that answers stay here"
        )
    if not round_.ended:
        raise NotAllowed(f"round {round_.key} is {round_.state}: answers leave only a closed round")
    counted = tallied(round_.id)
    shown = {
        group.id: group.key
        for group in round_.groups
        if counted.get(group.id, {}).get(TOOK_PART, 0)
        >= max(round_.threshold, RULES.persons_floor if group.kind == "persons" else 0)
    }
    frozen = content(round_)
    keys = sorted(
        {key for g in round_.groups if g.id in shown for key in frozen.questionnaire(g.key, g.short)}
    )
    rows = db.session.execute(
        select(Response.id, Response.group_id, Answer.question, Answer.choice)
        .join(Answer, Answer.response_id == Response.id)
        .join(Batch, Batch.id == Response.batch_id)
        .where(Response.round_id == round_.id, Response.group_id.in_(shown), COUNTS)
        .order_by(Response.id)
    )
    people = []
    for (_, group_id), answers in groupby(rows, key=lambda row: (row.id, row.group_id)):
        given = {row.question: row.choice for row in answers}
        people.append([shown[group_id], *(given.get(key, "") for key in keys)])
    random.SystemRandom().shuffle(people)
    writer = csv.writer(target)
    writer.writerow(["group", *keys])
    writer.writerows(people)
    return len(people)
