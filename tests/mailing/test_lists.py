"""Lists as people have them: every oddity of spreadsheets and mail programs, and a report before anything is saved."""

import io
import re
import zipfile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook
from sqlalchemy import func, select

from surveyapp.database import db
from surveyapp.mailing import tables
from surveyapp.mailing.lists import Person, names_of, read_list
from surveyapp.mailing.optout import stop
from surveyapp.mailing.tables import Unreadable
from surveyapp.models import AuditEntry, Batch, Contact, Invitation
from surveyapp.tokens import link_token, token_hash
from tests.builders import draft_round, group, opened_round
from tests.mailing.post import lead_of, listed, path

ANNA = Person("anna@one.example", "Anna", "learners", "de")


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"email,name,group,language\nanna@one.example,Anna,learners,de\n",
        b"\xef\xbb\xbfE-Mail;Name;Gruppe;Sprache\r\nanna@one.example;Anna;Learners;Deutsch\r\n",
        b"language\tgroup\te-mail address\tname\nGerman\tLEARNERS\tAnna@One.Example\tAnna",
        "البريد الإلكتروني;الاسم;المجموعة;اللغة\nanna@one.example;Anna;learners;الألمانية".encode(),
        b"\n\nemail;group;language;name\n\n;;;\n anna@one.example ; learners ; DE ; Anna \n\n",
        '"email","name","group","language"\n"anna@one.example","Anna","learners","de"'.encode("utf-16"),
        b"Anna <anna@one.example>;learners;de",
        b"Anna;anna@one.example;Deutsch;learners",
        b"mailto:anna@one.example,Anna,learners,de",
        workbook(("E-Mail", "Name", "Group", "Language"), ("anna@one.example", "Anna", "learners", "de")),
        workbook((None,), ("group", "e-mail", "phone", "language", "name"), (),
                 ("learners", "anna@one.example", 4930123, "Deutsch", "Anna")),
    ],
)  # fmt: skip
def test_one_person_in_every_shape(app: Flask, data: bytes) -> None:
    report = read_list(data, names_of(draft_round()))
    assert report.faults == []
    assert report.good == [ANNA]


def test_names_of_groups_in_every_language_of_the_round(app: Flask) -> None:
    names = names_of(draft_round())
    assert names.groups["learners"] == "learners"
    german = next(name for name, key in names.groups.items() if key == "employers" and name != "employers")
    assert read_list(f"a@one.example;{german};en".encode(), names).good[0].group == "employers"


def test_the_old_letters_of_windows(app: Flask) -> None:
    report = read_list(
        b"email;name;group;language\nj@one.example;J\xf6rg;learners;de", names_of(draft_round())
    )
    assert report.good[0].name == "Jörg"


def test_what_the_page_says_stands_in_where_a_row_is_silent(app: Flask) -> None:
    report = read_list(b"a@one.example\nb@one.example;;en", names_of(draft_round()), "providers", "ar")
    assert report.good == [
        Person("a@one.example", "", "providers", "ar"),
        Person("b@one.example", "", "providers", "en"),
    ]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("anna(at)one.example;Anna;learners;de", "not an e-mail address"),
        ("anna@;Anna;learners;de", "not an e-mail address"),
        ("anna@one;Anna;learners;de", "not an e-mail address"),
        ("a@one.example b@one.example;Anna;learners;de", "not an e-mail address"),
        ("jörg@one.example;Jörg;learners;de", "not an e-mail address"),
        (";Anna;learners;de", "no e-mail address in this row"),
        ("anna@one.example;Anna;bakers;de", "“bakers” is not part of this round"),
        ("anna@one.example;Anna;learners;Klingon", "“Klingon” is not offered here"),
        ("anna@one.example;Anna;;de", "says no group"),
        ("anna@one.example;Anna;learners;", "says no language"),
        ("SAME@one.example;Anna;learners;de", "in line 2 already"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(app: Flask, row: str, says: str) -> None:
    data = f"email;name;group;language\nsame@one.example;;learners;de\n\n{row}\n"
    report = read_list(data.encode(), names_of(draft_round()))
    [fault] = report.faults
    assert says in fault.what
    assert fault.line == 4
    assert [person.email for person in report.good] == ["same@one.example"]


def test_a_domain_in_other_letters_is_kept_as_servers_write_it(app: Flask) -> None:
    report = read_list("info@müller.example;learners;de".encode(), names_of(draft_round()))
    assert report.good[0].email == "info@xn--mller-kva.example"


@pytest.mark.parametrize("data", [b"", b"\n\n \r\n", b"PK\x03\x04 this is no workbook", b"\xef\xbb\xbf"])
def test_what_is_no_list(app: Flask, data: bytes) -> None:
    with pytest.raises(Unreadable):
        read_list(data, names_of(draft_round()))


def test_files_that_are_meant_to_hurt(app: Flask, monkeypatch) -> None:
    names = names_of(draft_round())
    with pytest.raises(Unreadable, match="5 MB"):
        read_list(b"a@one.example\n" * 400_000, names)
    with pytest.raises(Unreadable, match="20,000"):
        read_list(b"a@one.example\n" * 20_002, names)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * 60_000_000)
    assert len(bomb.getvalue()) < 100_000
    with pytest.raises(Unreadable, match="larger than it looks"):
        read_list(bomb.getvalue(), names)
    good = workbook(("email",), ("a@one.example",))
    with pytest.raises(Unreadable):
        read_list(
            changed(good, "sheet1.xml", rb"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aa">]><worksheet'), names
        )
    far = changed(good, "sheet1.xml", rb'r="2"', b'r="1048576"')
    with pytest.raises(Unreadable, match="20,000"):
        read_list(changed(far, "sheet1.xml", rb'r="A2"', b'r="A1048576"'), names)
    assert tables.rows_of(changed(good, "sheet1.xml", rb'ref="[^"]*"', b'ref="A1:XFD1048576"'))[1][0] == 2


def changed(book: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """A workbook with one part of it rewritten."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as source, zipfile.ZipFile(file, "w") as target:
        for part in source.infolist():
            content = source.read(part)
            if part.filename.endswith(name):
                assert re.search(old, content)
                content = re.sub(old, new, content)
            target.writestr(part, content)
    return file.getvalue()


def check(client: FlaskClient, round_: object, data: bytes | str, **more: str):
    given = {"pasted": data} if isinstance(data, str) else {"file": (io.BytesIO(data), "list.xlsx")}
    return client.post(path(round_, "/add"), data={**given, **more}, content_type="multipart/form-data")


def parcel(page: str) -> str:
    return re.search(r'name="parcel" value="([^"]+)"', page)[1]


def test_from_the_list_through_the_report_to_the_people(each_app: Flask) -> None:
    round_ = opened_round()
    listed(round_, "there@one.example")
    stop(round_.assessment.city_id, "never@one.example")
    db.session.commit()
    client = lead_of(each_app, round_)
    answer = check(client, round_, workbook(
        ("E-Mail", "Group", "Language", "Name", "Phone"),
        ("anna@one.example", "learners", "de", "Anna", 1),
        ("there@one.example", "learners", "de", "", 2),
        ("never@one.example", "employers", "en", "", 3),
        ("broken", "employers", "en", "", 4),
        ("emil@one.example", "employers", "en", "Emil", 5),
    ))  # fmt: skip
    assert answer.status_code == 200
    assert "2 rows are good" in answer.text
    assert "3 rows cannot be used" in answer.text
    for said in ("on the list of this round already", "wants no mail", "not an e-mail address", "Phone"):
        assert said in answer.text
    assert re.findall(r">Line (\d+)<", answer.text) == ["3", "4", "5"]
    assert db.session.scalar(select(func.count()).select_from(Contact)) == 1, "nothing is saved yet"
    with client.session_transaction() as session:
        assert "anna" not in str(dict(session))
    saved = client.post(
        path(round_, "/add/save"), data={"parcel": parcel(answer.text)}, follow_redirects=True
    )
    assert "2 people were added" in saved.text
    again = client.post(
        path(round_, "/add/save"), data={"parcel": parcel(answer.text)}, follow_redirects=True
    )
    assert "0 people were added" in again.text
    rows = db.session.execute(
        select(Contact.email, Contact.name, Invitation.language, Invitation.status, Batch.group_id)
        .join(Invitation, Invitation.id == Contact.invitation_id)
        .join(Batch)
        .order_by(Contact.email)
    ).all()
    learners, employers = group(round_, "learners").id, group(round_, "employers").id
    assert [tuple(row) for row in rows] == [
        ("anna@one.example", "Anna", "de", "invited", learners),
        ("emil@one.example", "Emil", "en", "invited", employers),
        ("there@one.example", "", "en", "invited", learners),
    ]
    batches = db.session.scalars(select(Batch)).all()
    assert sorted((batch.channel, batch.label, batch.group_id) for batch in batches) == sorted(
        [("personal", "", learners), ("personal", "", employers)]
    )
    for invitation in db.session.scalars(select(Invitation)):
        assert invitation.token_hash == token_hash(link_token("personal", invitation.id, 1))
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "mail.imported")).one()
    assert entry.about == "2"


def test_a_list_that_was_changed_on_the_way(app: Flask) -> None:
    round_, other = opened_round(), opened_round(key="other", title="Other")
    client = lead_of(app, round_)
    sealed = parcel(check(client, round_, "a@one.example;learners;en").text)
    for wrong in ("", "x", sealed[:-2], "A" + sealed):
        answer = client.post(path(round_, "/add/save"), data={"parcel": wrong}, follow_redirects=True)
        assert "changed on the way" in answer.text
    client.post(path(other, "/add/save"), data={"parcel": sealed})
    assert db.session.scalars(select(Contact)).all() == [], "nor does it fit another round"


def test_a_list_that_cannot_be_read_is_said_beside_the_field(app: Flask) -> None:
    round_ = opened_round()
    client = lead_of(app, round_)
    for data in ("", b"PK\x03\x04 nonsense"):
        answer = check(client, round_, data, group="learners")
        assert answer.status_code == 422
        assert 'id="pasted-error"' in answer.text
        assert '<option value="learners" selected>' in answer.text, "nothing chosen is lost"
    assert check(client, round_, "a@one.example", group="nobody").status_code == 422


def test_what_is_shown_is_escaped(app: Flask) -> None:
    round_ = opened_round()
    page = check(lead_of(app, round_), round_, "email;name\n<script>alert(1)</script>;x\n").text
    assert "<script>" not in page


def test_a_list_of_the_largest_size_passes(app: Flask) -> None:
    round_ = opened_round()
    client = lead_of(app, round_)
    rows = "".join(f"person-{n}@organisation-{n}.example;Person {n};learners;en\n" for n in range(20_000))
    answer = check(client, round_, rows)
    assert answer.status_code == 200
    saved = client.post(path(round_, "/add/save"), data={"parcel": parcel(answer.text)})
    assert saved.status_code == 303
    assert db.session.scalar(select(func.count()).select_from(Contact)) == 20_000
