"""Staff look at every page in every language and try it; what they try never counts and goes at opening."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from surveyapp.answering.forms import steps
from surveyapp.assessments.actions import close_round, open_round
from surveyapp.database import db, start_writing
from surveyapp.models import Answer, Round
from surveyapp.models.counts import TOOK_PART, tallied
from surveyapp.models.drafting import planned_content
from tests.builders import codes, draft_round, group, lead, link, opened_round
from tests.comparison.closed import sign_in
from tests.test_guards import parsed

LOOK = "/rounds/autumn/preview"


def staff(app: Flask, round_: Round, role: str = "lead") -> FlaskClient:
    client = app.test_client()
    sign_in(client, lead(round_.city, f"{role}@example.org", role))
    return client


@pytest.mark.parametrize("opened", [False, True])
def test_every_page_of_every_group_in_every_language(app: Flask, opened: bool) -> None:
    round_ = opened_round() if opened else draft_round()
    client, planned = staff(app, round_, "translator"), planned_content(round_)
    for language, direction in (("en", "ltr"), ("de", "ltr"), ("ar", "rtl")):
        for asked in round_.groups:
            for key in (*steps(planned, asked.key, asked.short), "end"):
                page = client.get(f"{LOOK}/{asked.key}/{key}?in={language}")
                root = parsed(page.text)
                assert (root.get("lang"), root.get("dir")) == (language, direction)
                assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]
                assert 'method="post"' not in page.text
                if key != "end" and key != "closing":
                    assert planned.text(f"{key}.title", language).replace("'", "&#39;") in page.text
    assert 'lang="en"' in client.get(LOOK).text, "the staff's own language stays"


def test_the_overview_frames_one_page(app: Flask) -> None:
    client = staff(app, draft_round())
    page = client.get(f"{LOOK}?group=learners&in=ar&page=f7")
    root = parsed(page.text)
    [frame] = root.iter("iframe")
    assert frame.get("src") == f"{LOOK}/learners/f7?in=ar"
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    [now] = [
        node for node in root.iter("a") if node.get("aria-current") == "page" and "page=" in node.get("href")
    ]
    assert "page=f7" in now.get("href")
    assert client.get(f"{LOOK}?group=learners&in=fr&page=nonsense").status_code == 200
    assert client.get(f"{LOOK}?group=nobody").status_code == 404
    for path in (f"{LOOK}/learners/f99", f"{LOOK}/nobody/f1"):
        assert client.get(path).status_code == 404
    assert "frame-src" not in client.get("/rounds").headers["Content-Security-Policy"]


def test_the_buttons_of_the_frame_turn_its_pages(app: Flask) -> None:
    round_ = draft_round()
    client, order = staff(app, round_), steps(planned_content(round_), "learners", False)
    here = f"{LOOK}/learners/{order[1]}"
    for go, target in (("next", order[2]), ("back", order[0]), (order[4], order[4])):
        assert client.get(f"{here}?in=de&go={go}").location == f"{LOOK}/learners/{target}?in=de"
    last = client.get(f"{LOOK}/learners/{order[-1]}?in=de&go=next").location
    assert last == f"{LOOK}/learners/end?in=de"


def test_who_may_look_and_who_may_try(app: Flask) -> None:
    round_ = draft_round()
    for role, look, attempt in (("lead", 200, 303), ("translator", 200, 404), ("viewer", 404, 404)):
        client = staff(app, round_, role)
        assert client.get(LOOK).status_code == look
        assert client.get(f"{LOOK}/city/f1").status_code == look
        assert client.post(f"{LOOK}/city/try").status_code == attempt
        assert ("Start a trial" in client.get(LOOK).text) == (role == "lead")
    assert client.post(f"{LOOK}/nobody/try").status_code == 404


def test_a_pack_that_lost_a_factor_is_told_kindly(app: Flask) -> None:
    round_ = draft_round()
    round_.factors = ["f1", "f99"]
    db.session.commit()
    client = staff(app, round_)
    for page in (client.get(LOOK), client.get(f"{LOOK}/city/f1"), client.post(f"{LOOK}/city/try")):
        assert page.status_code == 409
        assert "f99" in page.text


def counted(app: Flask) -> dict[str, int]:
    db.session.rollback()
    return {
        table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in db.metadata.sorted_tables
    }


def trial(client: FlaskClient, key: str = "learners", send: bool = True) -> None:
    assert client.post(f"{LOOK}/{key}/try").location == "/answer"
    assert client.get("/answer", follow_redirects=True).status_code == 200
    client.post("/answer/f7", data={"f7": "3", "f7:comment": "only a trial"})
    if send:
        assert client.post("/answer/send").location == "/answer/thanks"


def test_opening_leaves_nothing_of_a_trial(each_app: Flask) -> None:
    round_, other = draft_round(), draft_round(key="other", title="Other")
    client = staff(each_app, round_)
    codes(round_, 2)
    before = counted(each_app)
    trial(client)
    trial(client)
    trial(client, "city", send=False)
    client.post("/rounds/other/preview/learners/try")
    client.post("/answer/f7", data={"f7": "3"})
    client.post("/answer/send")
    raised = {name: n - before[name] for name, n in counted(each_app).items() if n != before[name]}
    assert raised == {
        "batches": 3, "invitations": 4, "drafts": 1, "draft_answers": 1, "draft_comments": 1,
        "responses": 3, "answers": 3, "comments": 2, "tally": 4, "language_counts": 2,
    }  # fmt: skip
    assert not any(cells.get(TOOK_PART) for cells in tallied(round_.id).values()), "a trial counts nowhere"

    round_ = db.session.get_one(Round, round_.id)
    open_round(round_)
    db.session.commit()
    raised = {name: n - before[name] for name, n in counted(each_app).items() if n != before[name]}
    assert raised == {
        "batches": 1, "invitations": 1, "responses": 1, "answers": 1, "tally": 2, "language_counts": 1,
    }, "only the other round's trial is left"  # fmt: skip
    assert db.session.scalar(select(func.count()).select_from(Answer)) == 1
    client.post(link(round_))
    assert client.get("/answer/f7").status_code == 200
    assert "Trial:" not in client.get("/answer/f7").text
    open_round(db.session.get_one(Round, other.id))
    db.session.commit()
    assert counted(each_app)["answers"] == 0


def test_a_trial_says_so_on_every_page_and_ends_when_the_round_opens(app: Flask) -> None:
    round_ = draft_round()
    client = staff(app, round_)
    trial(client, send=False)
    for path in ("/answer/f7", "/answer/review"):
        assert "Trial: these answers are deleted when the round opens." in client.get(path).text
    client.post("/answer/send")
    assert "Trial: these answers" in client.get("/answer/thanks").text
    trial(client, send=False)
    open_round(db.session.get_one(Round, round_.id))
    db.session.commit()
    for page in (
        client.get("/answer/f7"),
        client.post("/answer/f7", data={"f7": "1"}),
        client.post("/answer/send"),
    ):
        assert page.status_code == 403
    assert client.post(f"{LOOK}/learners/try").status_code == 404


def test_nothing_but_a_trial_answers_a_draft(app: Flask) -> None:
    """A round that opened has its links; a draft that was tried has content, and still takes no answer of a link."""
    round_ = draft_round()
    path, [code] = link(round_), codes(round_)
    trial(staff(app, round_))
    stranger = app.test_client()
    for start in (path, f"/join/{code}"):
        assert "not started yet" in stranger.get(start).text
        stranger.post(start)
        assert stranger.get("/answer/f7").status_code == 403


def test_what_is_asked_in_a_trial_is_what_is_planned_then(app: Flask) -> None:
    round_ = draft_round()
    client = staff(app, round_)
    trial(client)
    round_ = db.session.get_one(Round, round_.id)
    round_.own_questions = [
        {"key": "own-1", "factor": "f7", "groups": ["learners"], "texts": {"en": "Ours?"}}
    ]
    db.session.commit()
    trial(client, send=False)
    assert "Ours?" in client.get("/answer/f7").text
    open_round(db.session.get_one(Round, round_.id))
    db.session.commit()
    close_round(db.session.get_one(Round, round_.id))
    assert group(round_, "learners").id not in tallied(round_.id)


def test_a_trial_sent_while_the_round_opens_leaves_nothing(each_app: Flask) -> None:
    round_ = draft_round()
    client = staff(each_app, round_)
    trial(client, send=False)
    start_writing()
    open_round(db.session.get_one(Round, round_.id))  # not committed yet
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(client.post, "/answer/send")
        with pytest.raises(TimeoutError):
            sending.result(timeout=1)
        db.session.commit()
        assert sending.result().status_code in (403, 410)
    left = counted(each_app)
    assert {name: left[name] for name in ("responses", "answers", "comments", "drafts", "tally", "batches")} == {
        "responses": 0, "answers": 0, "comments": 0, "drafts": 0, "tally": 0, "batches": 0,
    }  # fmt: skip
