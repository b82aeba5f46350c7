"""Recordings of questions and answers: who puts them in, where they are offered, and that they go again."""

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from surveyapp.database import db
from surveyapp.listening.actions import MOST_BYTES
from surveyapp.models import Assessment, AuditEntry, City, Recording, Round
from surveyapp.models.content import content
from surveyapp.models.recording import text_hash
from tests.answering.test_at_once import count
from tests.builders import PLAN, draft_round, lead, link, opened_round
from tests.comparison.closed import sign_in
from tests.test_guards import parsed

PAGE = "/rounds/autumn/recordings"
STATEMENT = "f7.plain_statement"
MP3 = b"ID3\x04\x00 a question"
SOUNDS = {
    "mp3": (MP3, "audio/mpeg"),
    "MP3": (b"\xff\xfb\x90 without a tag", "audio/mpeg"),
    "opus": (b"OggS\x00\x02 answer", "audio/ogg"),
    "m4a": (b"\x00\x00\x00\x20ftypM4A ", "audio/mp4"),
    "wav": (b"RIFF\x24\x00\x00\x00WAVEfmt ", "audio/wav"),
    "webm": (b"\x1aE\xdf\xa3\x01", "audio/webm"),
}
OFFERED = re.compile(r'<a class="say" href="/sound/([0-9a-f]{64})">')


def staff(app: Flask, round_: Round, role: str = "lead") -> FlaskClient:
    client = app.test_client()
    sign_in(client, lead(round_.city, f"{role}@{round_.key}.example", role))
    return client


def add(client: FlaskClient, files: dict[str, bytes], page: str = PAGE, **asked: str) -> TestResponse:
    sent = [(io.BytesIO(data), name) for name, data in files.items()]
    data = {"group": "learners", "in": "en", **asked, "files": sent}
    return client.post(page, data=data, content_type="multipart/form-data")


def lines(client: FlaskClient, **asked: str) -> dict[str, str]:
    """What the page says of each text, by the name of its file: an address, or "none"."""
    page = client.get(PAGE, query_string={"group": "learners", "in": "en", **asked}).text
    told = {}
    for row in parsed(page).iter("tr"):
        for name in row.iter("bdi"):
            [*sounds] = row.iter("audio")
            told[name.text] = sounds[0].get("src") if sounds else "none"
    return told


def offered(
    app: Flask, round_: Round, group: str = "learners", language: str = "en", key: str = "f7"
) -> list[str]:
    """Recordings on a page of questions, as somebody meets it who answers."""
    client = app.test_client()
    client.post(link(db.session.get_one(Round, round_.id), group), data={"language": language})
    page = client.get(f"/answer/{key}")
    parsed(page.text)
    return OFFERED.findall(page.text)


def test_from_the_file_to_the_page_of_questions(each_app: Flask) -> None:
    round_ = opened_round()
    client = staff(each_app, round_)
    keys = ("f7-lea-1", STATEMENT, "scale.plain.2")
    assert {lines(client)[key] for key in keys} == {"none"}
    told = add(client, {f"{key}.mp3": MP3 + key.encode() for key in keys})
    assert (told.status_code, told.location) == (303, f"{PAGE}?group=learners&in=en")
    page = client.get(told.location).text
    assert "3 recordings are there now." in page
    assert re.search(r"3 of \d+ texts are recorded\.", page)
    there = {key: address for key, address in lines(client).items() if address != "none"}
    assert sorted(there) == sorted(keys)
    sounds = {key: address.removeprefix("/sound/") for key, address in there.items()}
    assert [each_app.test_client().get(there[key]).data for key in keys] == [
        MP3 + key.encode() for key in keys
    ]

    heard = offered(each_app, round_)
    assert heard[0] == sounds["f7-lea-1"]
    assert sounds[STATEMENT] in heard
    assert heard.count(sounds["scale.plain.2"]) > 1, "wherever these very words are said"
    assert {*offered(each_app, round_, key="f6")} == {sounds["scale.plain.2"]}
    assert offered(each_app, round_, language="de") == []
    logged = db.session.execute(select(AuditEntry.action, AuditEntry.about)).all()
    assert ("recordings.added", "en: 3") in logged


@pytest.mark.parametrize("ending", SOUNDS)
def test_a_sound_is_public_safe_and_kept_by_browsers(app: Flask, ending: str) -> None:
    data, media_type = SOUNDS[ending]
    client = staff(app, draft_round())
    assert add(client, {f"f7-lea-2.{ending}": data}).status_code == 303
    answer = app.test_client().get(lines(client)["f7-lea-2"])
    assert (answer.status_code, answer.data, answer.mimetype) == (200, data, media_type)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "Content-Disposition" not in answer.headers, "no name of anybody's file"
    assert "Set-Cookie" not in answer.headers


def test_a_shared_device_is_given_its_cookie_but_no_cache_between(app: Flask) -> None:
    round_ = opened_round()
    editor = staff(app, round_)
    add(editor, {"f7-lea-2.mp3": MP3})
    client, path = app.test_client(), link(round_)
    client.post("/shared", data={"shared": "yes"})
    client.post(path)
    client.get("/answer/f7")
    answer = client.get(lines(editor)["f7-lea-2"])
    assert answer.headers["Cache-Control"].startswith("private,")


REFUSED = {
    "text that is called a sound": (
        "f7-lea-2.mp3",
        b"<script>alert(1)</script>",
        "This is no sound file that browsers play",
    ),
    "too large": ("f7-lea-2.mp3", MP3.ljust(MOST_BYTES + 1), "The file is larger than 1 MB."),
    "empty": ("f7-lea-2.mp3", b"", "The file is empty."),
    "of no text": ("f99.mp3", MP3, "No text of this group has this name."),
    "without a name of its own": (".mp3", MP3, "No text of this group has this name."),
    "a name with a folder": ("../f7.mp3", MP3, "No text of this group has this name."),
    "a name of signs": ("<b>f7</b>.mp3", MP3, "No text of this group has this name."),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_wrong_file_is_named_and_the_others_are_taken(each_app: Flask, what: str) -> None:
    name, data, why = REFUSED[what]
    client = staff(each_app, draft_round())
    told = add(client, {name: data, "f7-lea-1.mp3": MP3})
    assert told.status_code == 422
    [problem] = [node for node in parsed(told.text).iter("div") if node.get("role") == "alert"]
    said = " ".join("".join(problem.itertext()).split())
    assert said.startswith(f"1 file was not taken {name}: {why}")
    assert said.endswith("1 recording was taken.")
    assert count(Recording) == 1
    there = lines(client)
    assert there["f7-lea-2"] == "none"
    assert there["f7-lea-1"] != "none"


def test_no_file_and_the_largest_file(app: Flask) -> None:
    client = staff(app, draft_round())
    told = client.post(PAGE, data={"group": "learners", "in": "en"})
    assert told.status_code == 422
    assert "No file was chosen" in told.text
    assert (
        add(
            client, {"f7-lea-2.mp3": MP3.ljust(MOST_BYTES), "f6-lea-1.mp3": MP3.ljust(MOST_BYTES)}
        ).status_code
        == 303
    )
    assert count(Recording) == 2


def test_a_file_takes_the_place_of_an_earlier_one_and_can_be_removed(each_app: Flask) -> None:
    round_ = opened_round()
    client = staff(each_app, round_)
    add(client, {"f7-lea-2.mp3": MP3})
    first = lines(client)["f7-lea-2"]
    add(client, {"f7-lea-2.opus": SOUNDS["opus"][0], "f6-lea-1.mp3": MP3})
    assert each_app.test_client().get(lines(client)["f7-lea-2"]).mimetype == "audio/ogg"
    assert lines(client)["f6-lea-1"] == first, "the same sound, of other words"
    hashed = text_hash(content(db.session.get_one(Round, round_.id)).text("f7-lea-2", "en"))
    form = {"group": "learners", "in": "en", "text": hashed}
    client.post(f"{PAGE}/remove", data={**form, "in": "de"})
    assert lines(client)["f7-lea-2"] != "none", "of another language"
    second = lines(client)["f7-lea-2"]
    assert client.post(f"{PAGE}/remove", data=form).location == f"{PAGE}?group=learners&in=en"
    assert lines(client)["f7-lea-2"] == "none"
    assert each_app.test_client().get(second).status_code == 404
    assert each_app.test_client().get(first).status_code == 200
    assert offered(each_app, round_) == []


def test_a_recording_is_offered_only_where_these_very_words_stand(app: Flask) -> None:
    """Another round of the same city with the same words has it too; another city, and other words, have not."""
    round_ = opened_round()
    same = opened_round(key="spring", title="Spring 2027")
    elsewhere = opened_round(key="elsewhere", city="Otherville")
    add(staff(app, round_), {"f7-lea-2.mp3": MP3, "f7-lea-1.mp3": MP3})
    assert len(offered(app, round_)) == len(offered(app, same)) == 2
    assert offered(app, elsewhere) == []
    assert len(offered(app, round_, "city")) == 0, "the city is asked in other words"
    words = content(db.session.get_one(Round, round_.id)).text("f7-lea-2", "en")
    db.session.execute(
        db.update(Recording).where(Recording.text_hash == text_hash(words)).values(text_hash="old")
    )
    db.session.commit()
    add(staff(app, db.session.get_one(Round, round_.id), "translator"), {"f7-lea-1.mp3": MP3})
    assert len(offered(app, round_)) == 1


@pytest.mark.parametrize(("role", "may"), [("lead", 1), ("translator", 1), ("viewer", 0), ("facilitator", 0)])
def test_who_may_put_recordings_in(app: Flask, role: str, may: int) -> None:
    client = staff(app, draft_round(), role)
    assert client.get(PAGE).status_code == (200 if may else 404)
    assert add(client, {"f7-lea-2.mp3": MP3}).status_code == (303 if may else 404)
    assert count(Recording) == may


def test_another_citys_staff_see_and_change_nothing(each_app: Flask) -> None:
    round_, other = draft_round(), draft_round(key="other", city="Otherville")
    client, foreign = staff(each_app, round_), staff(each_app, other)
    add(client, {"f7-lea-2.mp3": MP3})
    address = lines(client)["f7-lea-2"]
    hashed = db.session.scalars(select(Recording.text_hash)).one()
    form = {"group": "learners", "in": "en", "text": hashed}
    assert foreign.get(PAGE).status_code == 404
    assert add(foreign, {"f7-lea-2.mp3": b"OggS"}).status_code == 404
    assert foreign.post(f"{PAGE}/remove", data=form).status_code == 404
    assert foreign.post("/rounds/other/recordings/remove", data=form).status_code == 303, (
        "of their own there is none"
    )
    assert address not in foreign.get("/rounds/other/recordings").text
    add(foreign, {"f7-lea-2.mp3": SOUNDS["opus"][0]}, "/rounds/other/recordings")
    assert lines(client)["f7-lea-2"] == address
    assert each_app.test_client().get(address).data == MP3
    nobody = each_app.test_client()
    for answer in (
        nobody.get(PAGE),
        add(nobody, {"f7-lea-2.mp3": MP3}),
        nobody.post(f"{PAGE}/remove", data=form),
    ):
        assert answer.status_code == 302
        assert answer.location.startswith("/sign-in")


def test_nothing_stays_when_the_city_is_deleted(each_app: Flask) -> None:
    for plan in ({}, {"key": "other", "city": "Otherville"}):
        round_ = draft_round(**plan)
        add(staff(each_app, round_), {"f7-lea-2.mp3": MP3}, f"/rounds/{round_.key}/recordings")
    city = select(City.id).where(City.name == PLAN.city).scalar_subquery()
    own = select(Assessment.id).where(Assessment.city_id == city)
    for gone in (
        delete(Round).where(Round.assessment_id.in_(own)),
        delete(Assessment).where(Assessment.city_id == city),
        delete(City).where(City.name == PLAN.city),
    ):
        db.session.execute(gone, execution_options={"synchronize_session": False})
    db.session.commit()
    assert count(Recording) == 1, "the other city has its own"
