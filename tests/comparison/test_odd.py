"""Odd answers in open channels: found in counts, left out with a reason, and out of every result."""

from collections.abc import Sequence
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from surveyapp.analysis.rounding import Share
from surveyapp.answering.exporting import write_answers
from surveyapp.comparison.batches import open_channels
from surveyapp.database import db
from surveyapp.models import Answer, AuditEntry, Batch, Response, Round
from surveyapp.models.counts import TOOK_PART, LeftOut, left_out, mend, off, recount, stored, tallied
from surveyapp.models.figures import figures_csv
from surveyapp.models.perspectives import round_perspectives, show_results
from surveyapp.models.response import random_key
from surveyapp.reports.actions import report_html
from tests.assessments.walking import seen
from tests.builders import draft_round, group, lead, opened_round
from tests.comparison.closed import closed_round, sign_in

ODD = "/rounds/autumn/odd"
QUESTIONS = [f"f{n}" for n in range(1, 10)]


def answer(batch: Batch, sheets: Sequence[str]) -> None:
    """One response per sheet: a letter for each factor; what is counted follows from what was answered."""
    round_ = batch.group.round
    for sheet in sheets:
        response = Response(id=random_key(), round_id=round_.id, group_id=batch.group_id, batch_id=batch.id)
        db.session.add(response)
        db.session.flush()
        db.session.add_all(
            Answer(response_id=response.id, question=question, choice=choice)
            for question, choice in zip(QUESTIONS, sheet, strict=False)
        )
    db.session.flush()
    mend(round_.id, [counter for counter in off(round_.id) if counter.batch_id == batch.id])
    db.session.commit()


def channel(round_: Round, key: str = "learners", channel: str = "codes", **more: object) -> Batch:
    batch = Batch(group=group(round_, key), channel=channel, **more)
    db.session.add(batch)
    db.session.commit()
    return batch


def shown_later() -> Round:
    round_ = closed_round()
    round_.shown_on = None
    db.session.commit()
    return round_


def ended_round() -> Round:
    """Closed, and nobody has answered yet: what a test adds is all there is."""
    round_ = opened_round(key="ended")
    round_.state, round_.closed_on = "closed", date(2026, 10, 30)
    db.session.commit()
    return round_


def test_signs_are_counted(each_app: Flask) -> None:
    round_ = ended_round()
    batch = channel(round_, label="Class A", cap=6, hasty=2)
    answer(batch, ["222222222"] * 3 + ["012301230", "012301230", *["2222222"] * 5])
    calm = channel(round_, label="Class B", cap=30)
    answer(calm, ["222222222", "012301230", "333333333"])
    channel(round_, channel="personal", hasty=9)
    first, second = open_channels(round_)
    assert (first.answered, first.over, first.alike, first.batch.hasty) == (10, 4, Share("30 %", 30), 2)
    assert (second.answered, second.over, second.alike, second.odd) == (3, 0, None, False)


def test_that_all_answer_the_same_is_told_of_no_small_channel(each_app: Flask) -> None:
    """Nor while people answer: whoever fills in three sheets would see who fills in the same."""
    few, many = ["222222222"] * 9, ["222222222"] * 12
    open_, ended = opened_round(), ended_round()
    for round_, sheets in ((open_, many), (ended, few), (ended, many), (ended, [*many[:-1], "012301230"])):
        answer(channel(round_), sheets)
    assert [signs.alike for signs in open_channels(open_)] == [None]
    assert [signs.alike for signs in open_channels(ended)] == [None, *[Share(">=90 %", 90)] * 2]


def test_the_same_answers_to_other_questions_are_not_alike(each_app: Flask) -> None:
    round_ = ended_round()
    answer(channel(round_), ["12" * 4 + "1", "21" * 4 + "2", "11" + "22" * 3 + "1", *["1"] * 7])
    assert [(signs.alike_told, signs.alike) for signs in open_channels(round_)] == [(True, None)]


def test_the_page_tells_counts_and_proves_nothing(app: Flask, client: FlaskClient) -> None:
    round_ = ended_round()
    answer(channel(round_, label="Class A", cap=2, hasty=1), ["222222222"] * 3 + ["0"] * 7)
    answer(channel(round_, label="Class B"), ["222222222"] * 3)
    sign_in(client, lead(round_.city))
    text = seen(client.get("/rounds/ended/odd").text)
    assert "None of these signs proves anything." in text
    assert (
        "Codes: Class A Learners Answered 10 Over the limit 8 The same answers 30% Under 40 seconds 1 Counted Leave out"
        in text
    )
    assert "Class B Learners Answered 3 Over the limit no limit set The same answers – Under" in text


def test_a_batch_is_left_out_with_a_reason_and_taken_back(app: Flask, client: FlaskClient) -> None:
    round_ = shown_later()
    batch = channel(round_, label="Class A")
    answer(batch, ["222222222"] * 4)
    before = tallied(round_.id)
    sign_in(client, lead(round_.city))
    path = f"{ODD}/{batch.id}"
    refused = client.post(path, data={"reason": "  "})
    assert refused.status_code == 422
    assert "A reason is needed" in refused.text
    assert client.get(path).status_code == 200
    done = client.post(path, data={"reason": "  The link was\r\n posted in public "})
    assert done.status_code == 303
    text = seen(client.get(done.location).text)
    assert "Left out The link was posted in public Take back" in text
    learners = group(round_, "learners").id
    assert tallied(round_.id)[learners][TOOK_PART] == before[learners][TOOK_PART] - 4 == 300
    assert "304 people answered" not in client.get("/rounds/autumn").text

    client.post(f"{path}/back")
    assert tallied(round_.id) == before
    logged = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(entry.action, entry.about) for entry in logged] == [
        ("batch.left_out", "Class A"),
        ("batch.taken_back", "Class A"),
    ]


def test_nothing_is_left_out_or_taken_back_once_results_are_shown(app: Flask, client: FlaskClient) -> None:
    round_ = shown_later()
    batch, out = channel(round_), channel(round_, left_out="A robot")
    sign_in(client, lead(round_.city))
    show_results(round_)
    db.session.commit()
    assert client.get(f"{ODD}/{batch.id}").status_code == 404
    assert client.post(f"{ODD}/{batch.id}", data={"reason": "late"}).status_code == 404
    assert client.post(f"{ODD}/{out.id}/back").status_code == 404
    text = seen(client.get(ODD).text)
    assert "Nothing can be left out or taken back any more" in text
    assert "Take back" not in text
    db.session.expire_all()
    assert (batch.left_out, out.left_out) == (None, "A robot")


def test_only_open_channels_of_this_round_and_only_by_the_lead(app: Flask, client: FlaskClient) -> None:
    round_ = shown_later()
    personal = channel(round_, channel="personal")
    foreign = channel(opened_round(key="other", city="Otherville"))
    own = channel(round_)
    sign_in(client, lead(round_.city))
    for batch in (personal, foreign):
        assert client.post(f"{ODD}/{batch.id}", data={"reason": "why"}).status_code == 404
        assert client.post(f"{ODD}/{batch.id}/back").status_code == 404
    for role in ("viewer", "facilitator", "translator"):
        other = app.test_client()
        sign_in(other, lead(round_.city, f"{role}@example.org", role))
        assert other.get(ODD).status_code == (200 if role == "facilitator" else 404)
        assert "Leave out" not in other.get(ODD).text
        assert other.get(f"{ODD}/{own.id}").status_code == 404
        assert other.post(f"{ODD}/{own.id}", data={"reason": "why"}).status_code == 404
        assert other.post(f"{ODD}/{own.id}/back").status_code == 404
    db.session.expire_all()
    assert own.left_out is None


def test_a_draft_has_no_odd_answers(app: Flask, client: FlaskClient) -> None:
    sign_in(client, lead(draft_round().city))
    assert client.get(ODD).status_code == 404


@pytest.mark.parametrize(
    ("people", "told"), [(3, "few"), (7, "5-9"), (19, "10-19"), (20, 20)]
)  # fmt: skip
def test_what_was_left_out_is_told_in_bands(each_app: Flask, people: int, told: int | str) -> None:
    round_ = closed_round()
    answer(channel(round_, left_out="Posted in public"), ["222222222"] * people)
    assert left_out(round_) == (LeftOut("learners", 1, told, ("Posted in public",)),)


def test_left_out_answers_are_in_no_result_and_the_report_says_so(app: Flask) -> None:
    round_ = closed_round(answers_export=True)
    before = round_perspectives(round_)
    batch = channel(round_, left_out="Posted in public")
    answer(batch, ["000000000"] * 3)
    channel(round_, "city", left_out="Never used")
    after = round_perspectives(round_)
    assert after.findings == before.findings
    assert after.took_part == before.took_part
    assert after.snapshot != before.snapshot, "the report prints the reason"
    told = figures_csv(after).replace("round,,,learners,,people_left_out,few\n", "")
    assert told.replace(after.snapshot, before.snapshot) == figures_csv(before)
    html = report_html(round_, "en", "public")
    text = seen(html)
    said = "Learners: a few people. Reason: “Posted in public” (1 link, set of codes or file)"
    assert text.count(said) == 2, "under who answered, and in the method"
    assert "Never used" not in text
    assert "a few people" not in seen(
        report_html(closed_round(key="other", city="Otherville"), "en", "public")
    )


def test_left_out_answers_are_not_exported(each_app: Flask, tmp_path: object) -> None:
    import io

    round_ = closed_round(answers_export=True)
    db.session.execute(update(Batch).values(left_out=None))
    keep, drop = channel(round_), channel(round_)
    answer(keep, ["111111111"] * 2)
    answer(drop, ["000000000"] * 3)
    drop.left_out = "Posted in public"
    db.session.commit()
    out = io.StringIO()
    assert write_answers(round_, out) == 2
    assert "0,0" not in out.getvalue()


def test_the_recount_still_holds_everything(each_app: Flask) -> None:
    round_ = opened_round()
    batch = channel(round_, left_out="Posted in public")
    answer(batch, ["000000000"] * 3)
    assert recount(round_.id) == stored(round_.id)
    assert recount(round_.id)[batch.group_id, batch.id][TOOK_PART] == 3
    assert tallied(round_.id) == {}
