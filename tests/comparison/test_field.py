"""From the list of rounds to the moment when the results are shown: what each role sees at each step."""

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from surveyapp.database import db
from surveyapp.models import AuditEntry, Batch, City, Invitation, Mailing, Membership, Round
from surveyapp.models.counts import TOOK_PART, raise_tally
from tests.assessments.walking import seen
from tests.builders import codes, draft_round, group, lead, link, opened_round
from tests.comparison.closed import closed_round, sign_in
from tests.comparison.test_pages import RESULTS, counted

MOST_QUERIES = 12
ROLES = ("lead", "viewer", "facilitator", "translator")


def took_part(round_: Round, key: str, number: int, channel: str = "codes", **batch: object) -> Batch:
    made = Batch(group=group(round_, key), channel=channel, **batch)
    db.session.add(made)
    db.session.flush()
    raise_tally(round_.id, made.group_id, made.id, {TOOK_PART: number})
    db.session.commit()
    return made


def come_in(client: FlaskClient, city: City, role: str = "lead") -> FlaskClient:
    sign_in(client, lead(city, f"{role}@example.org", role))
    return client


def not_shown() -> Round:
    round_ = closed_round()
    round_.shown_on = None
    db.session.commit()
    return round_


# The list


def test_the_list_says_what_matters_next(app: Flask, client: FlaskClient) -> None:
    round_ = opened_round(closes_on=date(2026, 12, 18))
    took_part(round_, "city", 5)
    took_part(round_, "learners", 4)
    text = seen(come_in(client, round_.city).get("/rounds").text)
    assert "4 of 5 groups are still under the minimum, open until 18 December 2026." in text
    assert "New round" in text


def test_a_group_whose_answers_are_left_out_is_under_the_minimum(app: Flask, client: FlaskClient) -> None:
    round_ = opened_round(closes_on=date(2026, 12, 18))
    for key in ("city", "providers", "migrant_orgs", "employers"):
        took_part(round_, key, 5)
    batch = took_part(round_, "learners", 5)
    come_in(client, round_.city)
    assert "Every group has reached the minimum" in client.get("/rounds").text
    batch.left_out = "A robot"
    db.session.commit()
    assert "1 of 5 groups is still under the minimum" in seen(client.get("/rounds").text)


@pytest.mark.parametrize("role", ROLES)
def test_every_role_sees_its_rounds_and_only_leads_begin_new_ones(
    app: Flask, client: FlaskClient, role: str
) -> None:
    round_ = not_shown()
    text = seen(come_in(client, round_.city, role).get("/rounds").text)
    assert "Autumn 2026 City Testville" in text
    assert ("have not been shown yet" in text) == (role in ("lead", "viewer"))
    assert ("New round" in text) == (role == "lead")


def test_rounds_of_several_cities_and_archived_ones(app: Flask, client: FlaskClient) -> None:
    user = lead(closed_round().city)
    other = opened_round(key="other", city="Otherville", title="Spring 2027")
    db.session.add(Membership(user=user, city=other.city, role="viewer"))
    old = closed_round(key="old", city="Oldtown", title="Long ago")
    db.session.add(Membership(user=user, city=old.city, role="viewer"))
    old.state = "archived"
    closed_round(key="foreign", city="Elsewhere", title="Not mine")
    sign_in(client, user)
    page = client.get("/rounds").text
    text = seen(page)
    assert "Spring 2027 City Otherville" in text
    assert text.index("1 archived round") < text.index("Long ago City Oldtown")
    assert "<details" in page
    assert "Not mine" not in text


def test_the_list_takes_few_queries(app: Flask, client: FlaskClient) -> None:
    user = lead(opened_round().city)
    for number in range(5):
        opened_round(key=f"r{number}", title=f"Round {number}")
    sign_in(client, user)
    client.get("/rounds")
    with counted() as statements:
        assert client.get("/rounds").status_code == 200
    assert len(statements) <= MOST_QUERIES, "\n".join(statements)


# A draft


@pytest.mark.parametrize(
    ("role", "words"),
    [("lead", "Go on setting up"), ("viewer", "The lead is setting it up."),
     ("facilitator", "Codes and sheets"), ("translator", "Look at the questionnaires")],
)  # fmt: skip
def test_a_draft_shows_what_is_set_up_and_the_next_step(
    app: Flask, client: FlaskClient, role: str, words: str
) -> None:
    round_ = draft_round()
    text = seen(come_in(client, round_.city, role).get("/rounds/autumn").text)
    assert "Factors 9 Groups 5 Languages 3 Last day not set Contact for questions given" in text
    assert words in text


# While it is open


def test_the_field_tells_what_to_do_about_a_silent_group(app: Flask, client: FlaskClient) -> None:
    round_ = opened_round(closes_on=date(2026, 12, 18))
    link(round_, "providers")
    codes(round_, 12)
    took_part(round_, "employers", 3, "import", file_hash="x")
    took_part(round_, "migrant_orgs", 2, "paper")
    db.session.add(Mailing(round_id=round_.id, kind="reminder", due_on=date(2026, 12, 4)))
    db.session.commit()
    text = seen(come_in(client, round_.city).get("/rounds/autumn").text)
    for words in (
        "City administration Invited 0 Started, not sent 0 Answered 0 9 hoped for What to do 5 more are needed. "
        "Nobody in this group can answer yet.",
        "A reminder goes out by itself on 4 December 2026.",
        "Learners Invited 12",
        "Visit the class",
        "Employers Invited open to all Started, not sent 0 Answered 3",
        "2 more are needed. The imported file holds too few answers.",
        "Hand out the sheets in person",
        "Next reminder: 4 December 2026",
    ):
        assert words in text, words


def test_a_reminder_that_is_done_or_of_another_group_is_not_announced(
    app: Flask, client: FlaskClient
) -> None:
    round_ = opened_round()
    link(round_, "providers")
    day = date(2026, 12, 4)
    db.session.add(Mailing(round_id=round_.id, kind="reminder", due_on=day, state="done"))
    db.session.add(
        Mailing(round_id=round_.id, kind="reminder", due_on=day, group_id=group(round_, "city").id)
    )
    db.session.commit()
    text = seen(come_in(client, round_.city).get("/rounds/autumn").text)
    assert "No reminder is planned." in text
    assert "Next reminder" not in text


def test_paused_mail_is_said(app: Flask, client: FlaskClient) -> None:
    round_ = opened_round()
    link(round_, "providers")
    db.session.add(Mailing(round_id=round_.id, kind="reminder", due_on=date(2026, 12, 4)))
    round_.mail_paused = True
    db.session.commit()
    text = seen(come_in(client, round_.city).get("/rounds/autumn").text)
    assert text.count("Mail is paused") == 2
    assert "goes out by itself" not in text


def test_a_trial_counts_nowhere_and_left_out_answers_stand_apart(app: Flask, client: FlaskClient) -> None:
    round_ = opened_round()
    trial = took_part(round_, "city", 7, "trial")
    db.session.add_all(Invitation(batch=trial, status="started") for _ in range(3))
    took_part(round_, "learners", 6)
    took_part(round_, "learners", 4, left_out="A robot")
    db.session.commit()
    text = seen(come_in(client, round_.city).get("/rounds/autumn").text)
    assert "City administration Invited 0 Started, not sent 0 Answered 0 9 hoped for" in text
    assert "Learners Invited 0 Started, not sent 0 Answered 6 60 hoped for 4 more are left out" in text


@pytest.mark.parametrize("role", ROLES)
def test_who_sees_counts_while_the_round_is_open(app: Flask, client: FlaskClient, role: str) -> None:
    round_ = opened_round()
    took_part(round_, "learners", 41)
    come_in(client, round_.city, role)
    text = seen(client.get("/rounds/autumn").text)
    assert ("Answered 41" in text) == (role in ("lead", "facilitator"))
    assert ("Invitations and reminders" in text) == (role == "lead")
    assert client.get("/rounds/autumn/odd").status_code == (200 if role in ("lead", "facilitator") else 404)
    for path in RESULTS:
        assert client.get(path).status_code == 404


# Closed, and not shown yet


def test_the_lead_decides_to_show_the_results(app: Flask, client: FlaskClient) -> None:
    round_ = not_shown()
    come_in(client, round_.city)
    text = seen(client.get("/rounds/autumn").text)
    assert "338 people answered until 30 October 2026." in text
    assert "Whether to open the round again" in text
    assert "What to talk about first" not in text
    for path in RESULTS:
        assert client.get(path).status_code == 404
    asked = {"report_language": "en", "edition": "public"}
    assert client.post("/rounds/autumn/reports", data=asked).status_code == 404

    shown = client.post("/rounds/autumn/show")
    assert shown.status_code == 303
    page = client.get(shown.location)
    assert "What to talk about first" in page.text
    assert "The round cannot be opened again." in page.text
    assert all(client.get(path).status_code == 200 for path in RESULTS)
    client.post("/rounds/autumn/show")
    db.session.expire_all()
    assert db.session.get_one(Round, round_.id).shown_on is not None
    entries = db.session.scalars(select(AuditEntry)).all()
    assert [(e.who, e.action, e.round_key) for e in entries] == [
        ("lead@example.org", "round.results_shown", "autumn")
    ]


@pytest.mark.parametrize("made", [draft_round, opened_round])
def test_an_open_round_cannot_be_shown(app: Flask, client: FlaskClient, made: object) -> None:
    round_ = made()  # type: ignore[operator]
    come_in(client, round_.city)
    assert client.post("/rounds/autumn/show").status_code == 404
    db.session.expire_all()
    assert db.session.get_one(Round, round_.id).shown_on is None


@pytest.mark.parametrize("role", ["viewer", "facilitator", "translator"])
def test_only_the_lead_shows_results_and_only_viewers_see_them(
    app: Flask, client: FlaskClient, role: str
) -> None:
    round_ = not_shown()
    come_in(client, round_.city, role)
    assert client.post("/rounds/autumn/show").status_code == 404
    before = seen(client.get("/rounds/autumn").text)
    assert ("The results are not shown yet." in before) == (role == "viewer")
    assert "Show the results" not in before
    round_.shown_on = round_.closed_on
    db.session.commit()
    after = client.get("/rounds/autumn").text
    assert ("What to talk about first" in after) == (role == "viewer")
    for path in RESULTS:
        assert client.get(path).status_code == (200 if role == "viewer" else 404)
    asked = client.post("/rounds/autumn/reports", data={"report_language": "en", "edition": "secret"})
    assert asked.status_code == (400 if role == "viewer" else 404)


def test_unsent_answers_are_told(app: Flask, client: FlaskClient) -> None:
    round_ = not_shown()
    round_.unsent_drafts = 1
    round_.closed_on += timedelta(days=0)
    db.session.commit()
    assert "1 had begun and not sent: that was deleted." in seen(
        come_in(client, round_.city).get("/rounds/autumn").text
    )


@pytest.mark.parametrize("language", ["en", "de", "ar"])
@pytest.mark.parametrize("made", [draft_round, opened_round, not_shown])
def test_every_step_speaks_every_language(
    app: Flask, client: FlaskClient, made: object, language: str
) -> None:
    round_ = made()  # type: ignore[operator]
    come_in(client, round_.city)
    page = client.get(f"/rounds/autumn?language={language}")
    assert page.status_code == 200
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in page.text
    assert " style=" not in page.text
